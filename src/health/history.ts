import type { Verdict } from '../model/verdict.ts'

/** What a check can be while it is watched; excused is neither up nor down. */
export type Kept = Verdict | 'excused'

/** Milliseconds spent in each. */
export type Times = Readonly<Partial<Record<Kept, number>>>

/** Watched time, milliseconds since 1970: in one state from its beginning to its end, or, where it was too much to remember each, how long in which. */
export interface Stretch {
  readonly of: Kept | Times
  readonly from: number
  readonly until: number
}

const HOUR_MS = 3_600_000

/** How far back a history goes, milliseconds: 30 days. */
export const HISTORY_MS = 30 * 24 * HOUR_MS

/** What may be summed up to one: an hour where that is enough. */
const SPANS_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS] as const

/** How long a stretch was in which state, milliseconds. */
export function timesOf({ of, from, until }: Stretch): Times {
  return typeof of === 'string' ? { [of]: until - from } : of
}

/** A history with one more stretch in it; what is known already stays as it is, so that no time is told twice when a clock was set back. */
export function remember(history: readonly Stretch[], stretch: Stretch): readonly Stretch[] {
  if (stretch.until <= stretch.from) return history
  const last = history.at(-1)
  if (last === undefined) return [stretch]
  if (last.until <= stretch.from) return [...history.slice(0, -1), ...joined([last, stretch])]
  let unknown: readonly Stretch[] = [stretch]
  for (const known of history) unknown = unknown.flatMap((part) => without(part, known))
  return joined([...history, ...unknown].toSorted((a, b) => a.from - b.from))
}

/** A history of 30 days and at most so many stretches (100 or more): where there are too many the oldest are summed up, so that shares of long windows stay right. */
export function bounded(history: readonly Stretch[], at: number, most: number): readonly Stretch[] {
  let kept = (history[0]?.until ?? at) > at - HISTORY_MS ? history : history.filter(({ until }) => until > at - HISTORY_MS)
  // What lies ahead was told by a wrong clock and is the first to go.
  if (kept.length > most) kept = kept.filter(({ from }) => from <= at)
  for (const span of SPANS_MS) {
    // Somewhat fewer than there may be, so that this is not done each time.
    if (kept.length > most) kept = summedUp(kept, span, Math.floor(most * 0.75))
  }
  return kept
}

function joined(history: readonly Stretch[]): readonly Stretch[] {
  const all: Stretch[] = []
  for (const stretch of history) {
    const last = all.at(-1)
    if (last && typeof last.of === 'string' && last.of === stretch.of && last.until === stretch.from) all[all.length - 1] = { ...last, until: stretch.until }
    else all.push(stretch)
  }
  return all
}

function without(part: Stretch, known: Stretch): readonly Stretch[] {
  if (known.until <= part.from || known.from >= part.until) return [part]
  return [{ ...part, until: known.from }, { ...part, from: known.until }].filter(({ from, until }) => until > from)
}

function summedUp(history: readonly Stretch[], spanMs: number, wanted: number): readonly Stretch[] {
  const summed: Stretch[] = []
  let excess = history.length - wanted
  for (const stretch of history) {
    const last = summed.at(-1)
    if (last && excess > 0 && stretch.until - last.from <= spanMs) {
      summed[summed.length - 1] = { of: added(timesOf(last), timesOf(stretch)), from: last.from, until: stretch.until }
      excess--
    } else summed.push(stretch)
  }
  return summed
}

function added(a: Times, b: Times): Times {
  const sum: Partial<Record<Kept, number>> = { ...a }
  for (const [state, ms] of Object.entries(b) as [Kept, number][]) sum[state] = (sum[state] ?? 0) + ms
  return sum
}
