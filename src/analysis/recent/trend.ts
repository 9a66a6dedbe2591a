import type { Slot } from './ring.ts'

/** Which way a figure goes. */
export interface Trend {
  readonly trend: 'improving' | 'stable' | 'degrading' | 'unknown'
  /** From the first half of the time to the second, in percent of the first; null where it is not known. */
  readonly change: number | null
  /** The time it is known for, milliseconds. */
  readonly periodMs: number
  /** Why it is not known; null where it is. */
  readonly reason: string | null
}

/** A trend is spoken of after an hour, and from this many steps in each half on. */
const LEAST_MS = 3_600_000
const LEAST_STEPS = 10
/** Less than this is no change, whatever the noise. */
const LEAST_CHANGE = 0.05
/** How many standard errors of the halves' medians apart a change must be; 1.2533 is what a median's error is of a mean's, 1.4826 makes a deviation of a MAD. */
const ERRORS = 3
const MEDIAN_ERROR = 1.2533 * 1.4826

/**
 * The trend of a series: how the median of its later half differs from that of its earlier half. It is stable where that is less than 5 % or within the
 * noise of the steps themselves, and unknown before an hour has been seen.
 */
export function trendOf(slots: readonly Slot[], better: 'lower' | 'higher', stepMs: number): Trend {
  const [first, last] = [slots[0], slots.at(-1)]
  const periodMs = first && last ? last.at + stepMs - first.at : 0
  const unknown = (reason: string): Trend => ({ trend: 'unknown', change: null, periodMs, reason })
  if (!first || !last) return unknown('nothing is known of it')
  if (periodMs < LEAST_MS) return unknown('a trend needs an hour at least')
  const middle = first.at + periodMs / 2
  const halves = [slots.filter(({ at }) => at < middle), slots.filter(({ at }) => at >= middle)].map((half) => half.map(({ mean }) => mean))
  const [before = [], after = []] = halves
  if (Math.min(before.length, after.length) < LEAST_STEPS) return unknown('too much of the time is missing')
  const [from, to] = [median(before), median(after)]
  const noise = MEDIAN_ERROR * Math.sqrt(spread(before) ** 2 / before.length + spread(after) ** 2 / after.length)
  const change = from === 0 ? null : ((to - from) / Math.abs(from)) * 100
  const isChange = Math.abs(to - from) > Math.max(ERRORS * noise, LEAST_CHANGE * Math.abs(from))
  const isBetter = better === 'lower' ? to < from : to > from
  return { trend: !isChange ? 'stable' : isBetter ? 'improving' : 'degrading', change, periodMs, reason: null }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Median of the distances from the median. */
function spread(values: readonly number[]): number {
  const centre = median(values)
  return median(values.map((value) => Math.abs(value - centre)))
}
