import { paintSpans, spansWidth, type Span } from './span.ts'

/** A line and its rank: the higher, the sooner it is left out where there is no room. */
export interface Row {
  readonly rank: number
  readonly spans: readonly Span[]
}

/** Below this many cells lines are folded into two. */
export const NARROW = 59
/** A line that parts others. */
export const blank: Row = { rank: 9, spans: [] }

/** As many of the rows as there is height for. */
export function fit(rows: readonly Row[], height: number): readonly Row[] {
  let left = rows
  while (left.length > Math.max(1, height)) {
    const rank = Math.max(...left.map((row) => row.rank))
    const least = left.findLastIndex((row) => row.rank === rank)
    left = left.filter((_, index) => index !== least)
  }
  return left
}

/** Left part, then the right part at the far end; the left gives way. */
export function apart(left: readonly Span[], right: readonly Span[], width: number): Span[] {
  const room = width - spansWidth(right) - 2
  if (room < 8) return [...left, '  ', ...right]
  const shown = spansWidth(left) <= room ? left : [paintSpans(left, room, { color: false, unicode: true })]
  return [...shown, ' '.repeat(Math.max(2, width - spansWidth(shown) - spansWidth(right))), ...right]
}
