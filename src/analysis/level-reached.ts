import type { Measure, Range } from '../model/health.ts'

/** A level of a measure. */
export type Level = 'warning' | 'critical'

/** The worse level that a measure has reached; null for none. An upper end is reached where the value is at it, a lower one where it is below. */
export function levelReached(measure: Measure): Level | null {
  return (['critical', 'warning'] as const).find((level) => reaches(measure.value, measure[level])) ?? null
}

function reaches(value: number, range: Range | undefined): boolean {
  if (range === undefined || Number.isNaN(value)) return false
  const { from, to, isInside } = range
  return isInside ? value >= from && value <= to : value < from || value >= to
}
