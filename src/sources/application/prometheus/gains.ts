/** Counts of series by their key; all numbers of one series begin anew together. */
export type Counts = ReadonlyMap<string, readonly number[]>

/** What is remembered of the look before. */
export interface CountsBefore {
  readonly counts: Counts
  /** When the process began, seconds since 1970; NaN where it does not say. */
  readonly startedAt: number
}

/** Most series that are remembered though they are not told of any more. */
const MOST_GONE = 10_000

/**
 * What each series has gained since the look before, none of it below 0; one that is new has gained all it has. Counts begin anew with their process: that is seen by when it
 * began, or where it does not say by half of its counts having fallen. A series that falls while its process goes on has been reset by itself.
 */
export function gainsOf(before: CountsBefore, now: CountsBefore): Counts {
  const isNew = hasRestarted(before, now)
  return new Map([...now.counts].map(([key, counts]) => {
    const old = before.counts.get(key)
    return [key, isNew || old === undefined || hasFallen(old, counts) ? counts : counts.map((count, index) => count - (old[index] ?? 0))]
  }))
}

/** What to remember for the next look: a series that is left out once may come back with what it had. */
export function remembered(before: CountsBefore | undefined, now: CountsBefore): CountsBefore {
  if (!before || hasRestarted(before, now)) return now
  const gone = [...before.counts].filter(([key]) => !now.counts.has(key)).slice(0, MOST_GONE)
  return gone.length === 0 ? now : { ...now, counts: new Map([...gone, ...now.counts]) }
}

/** Whether the process has begun anew since the look before. */
export function hasRestarted(before: CountsBefore, now: CountsBefore): boolean {
  // Some libraries reckon it anew from the clock at every look.
  const moved = Math.abs(now.startedAt - before.startedAt)
  if (!Number.isNaN(moved)) return moved > 1
  const begun = [...before.counts].filter(([, [count = 0]]) => count > 0)
  const fallen = begun.filter(([key, old]) => hasFallen(old, now.counts.get(key) ?? old))
  const gone = begun.filter(([key]) => !now.counts.has(key))
  return fallen.length > 0 && (fallen.length + gone.length) * 2 >= begun.length
}

function hasFallen(old: readonly number[], counts: readonly number[]): boolean {
  return old.length !== counts.length || counts.some((count, index) => count < (old[index] ?? 0))
}
