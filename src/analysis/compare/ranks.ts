/** Values in order: each one's rank times two, and how many share each rank. */
export interface Ranks {
  /** For each value; equal values have the mean of their ranks, which times two is whole. */
  readonly doubled: Int32Array
  /** Sizes of the groups of equal values, of those with more than one. */
  readonly ties: readonly number[]
}

/** Mid-ranks from 1 (times two), equal values sharing their mean; all values must be numbers. Source: W. H. Kruskal, JASA 47 (1952). */
export function rank(values: readonly number[]): Ranks {
  const order = Array.from(values, (_, index) => index).sort((a, b) => values[a]! - values[b]!)
  const doubled = new Int32Array(values.length)
  const ties: number[] = []
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    // Ranks from+1 .. to have the mean (from + 1 + to) / 2.
    for (let at = from; at < to; at++) doubled[order[at]!] = from + 1 + to
    if (to - from > 1) ties.push(to - from)
    from = to
  }
  return { doubled, ties }
}

/** The middle of values, the mean of the two middle ones where there are two; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
