import * as z from 'zod/mini'
import { waitText } from '../health-schema/parts.ts'
import { PRIORITIES } from '../model/source.ts'

/** What every source understands. */
export const COMMON = {
  /** Unique among the sources; made of the type where it is left out. */
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
  /** Time from one collection to the next while the machine has room. */
  interval: z.optional(waitText),
  /** For one collection. */
  timeout: z.optional(waitText),
  /** What is given up first when the machine fills up. */
  priority: z.optional(z.enum(PRIORITIES)),
  enabled: z.optional(z.boolean()),
} as const

/** An http(s) address. */
export const httpUrl = z.string().check(z.regex(/^https?:\/\/[^\s/]/i, 'must be an address such as http://127.0.0.1:4000/metrics'))
