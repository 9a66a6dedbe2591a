/** Counts that only grow, and what they have gained in the last minutes. */
export interface RecentGains<Row> {
  /** Notes where all of them stand. */
  note(standings: ReadonlyMap<Row, readonly number[]>, atMs: number): void
  /** What each has gained in the last five minutes, or since the beginning where that is not so long ago. */
  gains(): ReadonlyMap<Row, readonly number[]>
}

/** The time that lists of endpoints tell of, whoever tells them. */
const RECENT_MS = 5 * 60_000
/** Notes closer together are not all kept: the time may be so much longer. */
const APART_MS = 5_000

interface Note<Row> {
  readonly at: number
  readonly standings: ReadonlyMap<Row, readonly number[]>
}

/** Begins with all counts at 0. */
export function keepRecent<Row>(): RecentGains<Row> {
  let last: Note<Row> = { at: Number.NEGATIVE_INFINITY, standings: new Map() }
  let kept: readonly Note<Row>[] = [last]
  return {
    note(standings, atMs) {
      last = { at: atMs, standings }
      // One that is older than the time is kept: it is where the time begins.
      const begin = kept.findLastIndex(({ at }) => at <= atMs - RECENT_MS)
      const isApart = atMs - (kept.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= APART_MS
      kept = [...kept.slice(Math.max(0, begin)), ...(isApart ? [last] : [])]
    },
    gains() {
      const before = kept[0]?.standings
      return new Map([...last.standings].map(([row, counts]) => [row, counts.map((count, index) => count - (before?.get(row)?.[index] ?? 0))]))
    },
  }
}
