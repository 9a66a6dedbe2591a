import type { Measure, Range } from '../model/health.ts'
import { readLevel } from '../health-schema/level.ts'
import { showQuantity, type Unit } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Remark } from './remark.ts'

/** Levels as a configuration has them. */
export type LevelsText = { readonly warning?: string | number | undefined; readonly critical?: string | number | undefined } | 'off' | undefined

/** Levels in the unit of what they judge; undefined judges nothing. */
export interface Levels {
  readonly warning: number | undefined
  readonly critical: number | undefined
}

/** Reads levels, which replace the preset's; one that is left out of a pair that is given is off. */
export function readLevels(given: LevelsText, unit: Unit, preset: Levels = { warning: undefined, critical: undefined }): Levels {
  if (given === undefined) return preset
  if (given === 'off') return { warning: undefined, critical: undefined }
  const read = (level: string | number | undefined): number | undefined => (level === undefined ? undefined : readLevel(level, unit))
  return { warning: read(given.warning), critical: read(given.critical) }
}

/** A figure, and which side of its levels is bad. */
export interface Judged {
  readonly name: string
  readonly of?: string | undefined
  readonly value: number
  readonly unit: Unit
  readonly levels: Levels
  /** `above`: at a level or beyond is bad; `below`: at it or under. */
  readonly bad: 'above' | 'below'
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** What is said where it is bad: a text for the value, shown with its unit, to which the level is added. */
  readonly say: (value: string) => string
  readonly recommendation?: string | undefined
}

/** A figure as a measure, and what there is to remark on it: null where it is good, `unknown` where it is not known and has levels. */
export function judge({ name, of, value, unit, levels: { warning, critical }, bad, min, max, say, recommendation }: Judged): { readonly measure: Measure; readonly remark: Remark | null } {
  const range = (level: number | undefined): Range | undefined => (level === undefined ? undefined : bad === 'above' ? { from: Number.NEGATIVE_INFINITY, to: level, isInside: false } : { from: level, to: Number.POSITIVE_INFINITY, isInside: false })
  const measure: Measure = { name, of, value, unit, warning: range(warning), critical: range(critical), min, max }
  const reaches = (level: number | undefined): boolean => level !== undefined && (bad === 'above' ? value >= level : value <= level)
  if (Number.isNaN(value)) return { measure, remark: warning === undefined && critical === undefined ? null : { verdict: 'unknown', text: `${name}${of === undefined ? '' : ` of ${of}`} could not be told` } }
  const verdict: Verdict = reaches(critical) ? 'fail' : reaches(warning) ? 'warn' : 'ok'
  if (verdict === 'ok') return { measure, remark: null }
  const level = (verdict === 'fail' ? critical : warning) ?? Number.NaN
  const show = (shown: number): string => showQuantity({ value: shown, unit })
  return { measure, remark: { verdict, text: `${say(show(value))} (${verdict === 'fail' ? 'critical' : 'warning'} at ${show(level)})`, recommendation } }
}
