import * as z from 'zod/mini'
import { instant, number, text } from '../parts.ts'

const status = z.string()

/** `GET health`: response times in milliseconds, score of 100. */
export const healthAnswer = z.looseObject({
  overall: z.looseObject({ status, score: number, lastCheck: instant, uptime: text }),
  components: z.record(z.string(), z.looseObject({ status, responseTime: z.optional(number), details: z.optional(z.record(z.string(), z.unknown())) })),
  dependencies: z.looseObject({ external: z.record(z.string(), z.looseObject({ status, responseTime: z.optional(number), lastCheck: z.optional(instant) })) }),
})

/** `GET /health/live` and `/health/ready`. */
export const probeAnswer = z.looseObject({ status: z.enum(['ok', 'unavailable']), version: z.string(), uptime: z.number(), reason: z.optional(z.string()) })
