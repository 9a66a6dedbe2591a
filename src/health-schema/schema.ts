import * as z from 'zod/mini'
import type { CheckType } from '../model/health.ts'
import { DATABASE_CHECKS } from './database.ts'
import { NETWORK_CHECKS } from './network.ts'
import { secret, texts, waitText } from './parts.ts'
import { SYSTEM_CHECKS } from './system.ts'

const checkSchema = z.discriminatedUnion('type', [...SYSTEM_CHECKS, ...NETWORK_CHECKS, ...DATABASE_CHECKS])

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** A time in which nobody is to be woken: once (`2026-11-22T02:00` to `2026-11-22T04:00`), or every day, or on some days (`02:00` to `04:00`). */
const windowSchema = z.strictObject({
  name: z.optional(z.string()),
  /** Names of checks or components it holds for; all where it is left out. */
  checks: z.optional(texts),
  from: z.string().check(z.regex(/^(\d{4}-\d\d-\d\dT)?\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/, 'must be a time such as 02:00 or 2026-11-22T02:00')),
  to: z.string().check(z.regex(/^(\d{4}-\d\d-\d\dT)?\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/, 'must be a time such as 04:00 or 2026-11-22T04:00')),
  days: z.optional(z.array(z.enum(DAYS)).check(z.minLength(1))),
  /** `Europe/Berlin`; the machine's own where it is left out. */
  timezone: z.optional(z.string()),
})

/** The `health` section of the configuration. */
export const healthSchema = z.strictObject({
  /** Checks of this machine besides those listed: `local` adds them, and is what there is where nothing is listed. */
  preset: z.optional(z.enum(['local', 'none'])),
  checks: z.optional(z.array(checkSchema)),
  maintenance: z.optional(z.array(windowSchema)),
  /** For all checks together. */
  timeout: z.optional(waitText),
  state: z.optional(z.string()),
  lock: z.optional(z.union([z.boolean(), z.string()])),
  ping: z.optional(secret),
  jitter: z.optional(waitText),
})

/** The section as it is written. */
export type HealthFile = z.infer<typeof healthSchema>
/** One check as it is written. */
export type CheckConfig = z.infer<typeof checkSchema>
/** A check of one type as it is written. */
export type ConfigOf<T extends CheckType> = Extract<CheckConfig, { readonly type: T }>
/** A window of maintenance as it is written. */
export type WindowConfig = z.infer<typeof windowSchema>
