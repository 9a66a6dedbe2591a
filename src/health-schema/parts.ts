import * as z from 'zod/mini'
import type { Unit } from '../model/unit.ts'
import { readLevel } from './level.ts'

const pattern = (regex: RegExp, demand: string): z.ZodMiniString => z.string().check(z.regex(regex, demand))

/** A duration as people write it; a bare number counts seconds. */
export const durationText = z.union([z.number().check(z.gte(0)), pattern(/^\s*(\d+(\.\d+)?|\d+(\.\d+)?\s*(us|µs|ms|sec|s|min|m|h|d)(\s*\d+(\.\d+)?\s*(us|µs|ms|sec|s|min|m|h|d))*)\s*$/, 'must be a duration such as 250ms, 30s or 5m')])
/** A share: `85%`, or a number from 0 to 1. */
export const ratioText = z.union([z.number().check(z.gte(0), z.lte(1)), pattern(/^\s*(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%\s*$/, 'must be a share such as 85% or 0.85')])
/** A size: `1.5GB` (10^9), `2GiB` (2^30), or a number of bytes. */
export const bytesText = z.union([z.number().check(z.gte(0)), pattern(/^\s*\d+(\.\d+)?(\s*([kKMGTP]?B|[KMGTP]iB))?\s*$/, 'must be a size such as 500MB or 2GiB')])
/** A plain number. */
export const countNumber = z.number()

/** NaN for what is no such level, of which the schema has its own word. */
function valueOf(level: string | number, unit: Unit): number {
  try {
    return readLevel(level, unit)
  } catch {
    return Number.NaN
  }
}

const DAY_MS = 86_400_000

/** A duration that is waited for: a day at most, for a timer that is set for some weeks goes off at once. */
export const waitText = durationText.check(({ value, issues }) => {
  if (valueOf(value, 'ms') > DAY_MS) issues.push({ code: 'custom', input: value, message: 'must be at most a day' })
})

type Level = typeof durationText | typeof countNumber

const UNITS: ReadonlyMap<Level, Unit> = new Map<Level, Unit>([[durationText, 'ms'], [ratioText, 'ratio'], [bytesText, 'bytes'], [countNumber, 'count']])

/**
 * Where a value begins to deserve a warning, and where it is critical; `off` judges nothing by it. Of what is bad `above` its levels the critical one is not below
 * the warning, of what is bad `below` them not above: the warning would never be given.
 */
export const levels = <const L extends Level>(level: L, bad: 'above' | 'below' = 'above') => z.optional(z.union([z.strictObject({ warning: z.optional(level), critical: z.optional(level) }), z.literal('off')]).check(({ value, issues }) => {
  if (value === 'off') return
  const { warning, critical } = value
  if (warning === undefined && critical === undefined) issues.push({ code: 'custom', input: value, message: 'must have a warning or a critical level; to judge nothing by it write off' })
  if (warning === undefined || critical === undefined) return
  const [first, second] = [warning, critical].map((each) => valueOf(each, UNITS.get(level) ?? 'count')) as [number, number] // two of two
  if (bad === 'above' ? first > second : first < second) issues.push({ code: 'custom', path: ['critical'], input: critical, message: `must not be ${bad === 'above' ? 'below' : 'above'} the warning level (${warning}): ${bad === 'above' ? 'more' : 'less'} is worse` })
}))

/** A secret itself, or better where it is: a file, or a variable of the environment. */
export const secret = z.union([z.string().check(z.minLength(1)), z.strictObject({ file: z.string() }), z.strictObject({ env: z.string() })])

/** A secret as it is written. */
export type SecretText = z.infer<typeof secret>

/** A TCP port. */
export const port = z.int().check(z.gte(1), z.lte(65_535))

/** What every check understands. */
export const COMMON = {
  /** Unique among the checks; the type where it is left out. */
  name: z.optional(z.string().check(z.regex(/^[^\u0000-\u001f'=|,]{1,80}$/, "must be a name of up to 80 characters without quotes, commas, = or |"))),
  /** Where it stands in the documented answer: `database`, `filesystem`; the type's own where it is left out. */
  component: z.optional(z.string()),
  /** One that fails is a warning and no more. */
  optional: z.optional(z.boolean()),
  /** It belongs to somebody else; such a check is optional unless it says otherwise. */
  external: z.optional(z.boolean()),
  timeout: z.optional(waitText),
  /** How often it is tried again after it failed or could not tell. */
  retries: z.optional(z.int().check(z.gte(0), z.lte(10))),
  /** Between two tries. */
  pause: z.optional(waitText),
  /** Checks it needs; where one of them fails, this one is not looked at. */
  dependsOn: z.optional(z.union([z.string(), z.array(z.string())])),
} as const

/** Text, or several. */
export const texts = z.union([z.string(), z.array(z.string()).check(z.minLength(1))])
