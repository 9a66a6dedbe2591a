import * as z from 'zod/mini'
import { instant, number, text } from '../parts.ts'

/** `POST /api/performance`. */
export const submittedAnswer = z.looseObject({ accepted: z.number(), /** Not kept, for there is too much already. */ dropped: z.number() })

/** Values of one metric of one page: the 75th percentile is what Core Web Vitals are judged by. */
const figure = z.looseObject({ metric: z.string(), page: z.string(), count: z.number(), p75: number, p50: number, p95: number, rating: z.nullable(z.enum(['good', 'needs-improvement', 'poor'])) })

/** `GET /api/performance/me`: the latest that this user's browsers told (of all users, for an administrator who asks), and what they come to. `metadata` is JSON text. */
export const meAnswer = z.looseObject({
  metrics: z.array(z.looseObject({ id: z.number(), client_id: z.string(), page: z.string(), component: text, metric_type: z.string(), value: z.number(), timestamp: instant, user_agent: text, metadata: text })),
  summary: z.optional(z.array(figure)),
})
