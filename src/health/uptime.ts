import { timesOf, type Stretch } from './history.ts'

/** How much of a window a check was up. */
export interface Uptime {
  /** Time it was up (ok or warn) of the time it was up or down, from 0 to 1; null where it was never known to be either. */
  readonly share: number | null
  /** How much of the window was watched, from 0 to 1: up, down, or looked at in vain (`unknown`, which is left out of the share). An excused check is not watched. */
  readonly watched: number
}

/** The windows uptime is told for, milliseconds. */
export const WINDOWS = { '24h': 86_400_000, '7d': 7 * 86_400_000, '30d': 30 * 86_400_000 } as const

/**
 * Uptime of the window that ends now. Of what was summed up and lies across the window's beginning the same share of each state is taken as of its time;
 * there are sums where a check has more than 2,000 stretches in 30 days; they are an hour long, a day at most where hundreds of checks are remembered.
 */
export function uptimeOf(history: readonly Stretch[], at: number, windowMs: number): Uptime {
  let up = 0
  let down = 0
  let unknown = 0
  for (const stretch of history) {
    const overlap = Math.min(stretch.until, at) - Math.max(stretch.from, at - windowMs)
    if (overlap <= 0) continue
    const part = overlap / (stretch.until - stretch.from)
    const times = timesOf(stretch)
    up += ((times.ok ?? 0) + (times.warn ?? 0)) * part
    down += (times.fail ?? 0) * part
    unknown += (times.unknown ?? 0) * part
  }
  return { share: up + down > 0 ? up / (up + down) : null, watched: Math.min(1, (up + down + unknown) / windowMs) }
}

const FIRST_GAP_MS = 3_600_000

/** Distances between runs that are remembered. */
export const GAPS = 20

/** The longest time between two looks that still counts as watched, milliseconds: three times the usual one (median of the last 20); an hour before there is a usual one. */
export function longestGap(gaps: readonly number[]): number {
  if (gaps.length === 0) return FIRST_GAP_MS
  const sorted = gaps.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return 3 * (((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2)
}
