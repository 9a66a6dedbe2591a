import type { StatementLook, Tally } from './statements.ts'

/** What statements have gained from one look to the next; null where their counters were set to zero in between. A statement whose counters went back has gained nothing that is known. */
export function gainsOf(before: StatementLook, now: StatementLook): { readonly gains: ReadonlyMap<string, Tally>; readonly hiddenCalls: number } | null {
  if (before.resetAt !== now.resetAt || now.hiddenCalls < before.hiddenCalls) return null
  const gains = new Map<string, Tally>()
  let gone = 0
  for (const [id, { calls, ms }] of now.statements) {
    const was = before.statements.get(id)
    // One that is new has run since, but only if all were told before.
    if (was === undefined && !before.isWhole) continue
    const gain = { calls: calls - (was?.calls ?? 0), ms: ms - (was?.ms ?? 0) }
    if (gain.calls < 0 || gain.ms < 0) gone++
    else if (gain.calls > 0) gains.set(id, gain)
  }
  // Before PostgreSQL 14 nothing tells of a reset but that all have fallen.
  return gone > 0 && gone === [...now.statements.keys()].filter((id) => before.statements.has(id)).length ? null : { gains, hiddenCalls: now.hiddenCalls - before.hiddenCalls }
}

/** Keeps a look that is from one to two spans old, or the first while there is none so old. */
export interface Baseline<T> {
  /** The look to compare with; undefined before the first. */
  readonly look: T | undefined
  keep(look: T, atMs: number): void
  clear(): void
}

/** An empty one; `spanMs` is half the longest time that is looked back. */
export function openBaseline<T>(spanMs: number): Baseline<T> {
  let older: { readonly look: T; readonly atMs: number } | undefined
  let newer: typeof older
  return {
    get look() {
      return older?.look
    },
    keep(look, atMs) {
      if (older === undefined) older = { look, atMs }
      else if (newer === undefined ? atMs - older.atMs >= spanMs : atMs - newer.atMs >= spanMs) [older, newer] = [newer ?? older, { look, atMs }]
    },
    clear() {
      older = newer = undefined
    },
  }
}
