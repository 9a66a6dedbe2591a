import { UserError } from '../../model/error.ts'
import { parseDuration } from '../../model/unit.ts'
import * as z from 'zod/mini'
import { invalidValue } from './errors.ts'
import type { Spot } from './spot.ts'

/** A number as scenarios write it: bare, or as text that holds one. */
export const amount = z.union([z.number(), z.string()])
/** Yes or no, bare or as text. */
export const yesNo = z.union([z.boolean(), z.enum(['true', 'false'])])
/** One value of a header, cookie or environment. */
export const scalar = z.union([z.string(), z.number(), z.boolean()])

export type Amount = z.infer<typeof amount>

/** The longest duration that is believed, a year; more is a mistake in the unit. */
const LONGEST_MS = 366 * 86_400_000

// Artillery reads durations with the package `ms`, which knows the long names.
const LONG_NAMES: readonly (readonly [RegExp, string])[] = [
  [/(milliseconds?|msecs?)\b/gi, 'ms'],
  [/(seconds?|secs?)\b/gi, 's'],
  [/(minutes?|mins?)\b/gi, 'm'],
  [/(hours?|hrs?)\b/gi, 'h'],
  [/(days?)\b/gi, 'd'],
]

/** Whether a text holds a template, which only a running user can fill in. */
export function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{')
}

function refuseTemplate(value: Amount, spot: Spot): void {
  if (isTemplate(value)) throw invalidValue(spot, 'is needed before any user starts', value, 'write it out, set the environment variable it names, or pass it with --overrides')
}

/** A duration in milliseconds, 0 to a year; bare numbers count `bareMs` each. Throws UserError `INVALID_VALUE`. */
export function durationOf(value: Amount, spot: Spot, bareMs: number, least: 'zero' | 'more' = 'zero'): number {
  refuseTemplate(value, spot)
  const ms = typeof value === 'number' ? value * bareMs : parsed(value, spot, bareMs)
  if (!(ms >= 0) || ms > LONGEST_MS) throw invalidValue(spot, `must be a duration from 0 to 366 days`, value, 'write it like 30s, 5m or 1h30m')
  if (least === 'more' && ms === 0) throw invalidValue(spot, 'must be more than 0', value)
  return ms
}

function parsed(text: string, spot: Spot, bareMs: number): number {
  try {
    return parseDuration(LONG_NAMES.reduce((words, [name, unit]) => words.replace(name, unit), text), bareMs)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw invalidValue(spot, 'must be a duration', text, 'write it like 30s, 5m or 1h30m')
  }
}

/** A number between two limits, both included. Throws UserError `INVALID_VALUE`. */
export function numberOf(value: Amount, spot: Spot, least = 0, most = 1_000_000): number {
  refuseTemplate(value, spot)
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value)
  if (!(number >= least && number <= most)) throw invalidValue(spot, `must be a number from ${least} to ${most}`, value)
  return number
}

/** A whole number between two limits, both included. Throws UserError `INVALID_VALUE`. */
export function countOf(value: Amount, spot: Spot, least = 0, most = 1_000_000): number {
  const number = numberOf(value, spot, least, most)
  if (!Number.isInteger(number)) throw invalidValue(spot, 'must be a whole number', value)
  return number
}

/** Yes or no. */
export function isYes(value: z.infer<typeof yesNo> | undefined): boolean {
  return value === true || value === 'true'
}
