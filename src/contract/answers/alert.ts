import * as z from 'zod/mini'
import { instant } from '../parts.ts'

/** Something that is wrong right now. */
export const alertSchema = z.looseObject({
  level: z.enum(['info', 'warning', 'critical']),
  message: z.string(),
  metric: z.optional(z.string()),
  component: z.optional(z.string()),
  value: z.optional(z.number()),
  threshold: z.optional(z.number()),
  recommendation: z.optional(z.string()),
  timestamp: z.optional(instant),
})
