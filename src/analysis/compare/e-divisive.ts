import { randomStream, shuffle, type RandomStream } from './random.ts'
import { median } from './ranks.ts'

/** A place in a history where the values became others. */
export interface ChangePoint {
  /** The first value of the new stretch, counted from 0. */
  readonly index: number
  /** Medians of the stretches before and after. */
  readonly before: number
  readonly after: number
  /** after / before - 1. */
  readonly change: number
  /** By permutation, within the stretch that was cut. */
  readonly p: number
}

/** How hard it looks: shuffles of each stretch, the chance it must stay below, the least values of a stretch, the least change of the median, the most values it looks at (the newest). */
export interface ChangeSearch {
  readonly seed: number
  readonly shuffles: number
  readonly below: number
  readonly leastSegment: number
  readonly leastChange: number
  readonly most: number
}

/** 199 shuffles, p < .02, stretches of five, 5 %. */
export const CHANGE_SEARCH: ChangeSearch = { seed: 1, shuffles: 199, below: 0.02, leastSegment: 5, leastChange: 0.05, most: 500 }

interface Cut {
  readonly at: number
  readonly weight: number
}

/**
 * The places where a history changed: E-divisive on the logarithms, each cut proven by a permutation test with seeded shuffles. Cuts between stretches whose medians differ by less than
 * the least change are taken back. All values must be above zero and finite, else (or for fewer than two stretches' worth) there are none.
 * Source: D. S. Matteson, N. A. James, JASA 109 (2014), alpha = 1; for performance: D. Daly et al., ICPE 2020.
 */
export function changePoints(values: readonly number[], search: ChangeSearch = CHANGE_SEARCH): ChangePoint[] {
  const from = Math.max(0, values.length - search.most)
  const seen = values.slice(from)
  if (!seen.every((value) => value > 0 && value < Number.POSITIVE_INFINITY)) return []
  const cuts = cutsOf(Float64Array.from(seen, Math.log), 0, search, randomStream(search.seed)).sort((a, b) => a.index - b.index)
  return describe(seen, cuts, search.leastChange).map((point) => ({ ...point, index: point.index + from }))
}

function cutsOf(logs: Float64Array, offset: number, search: ChangeSearch, random: RandomStream): { index: number; p: number }[] {
  const n = logs.length
  if (n < 2 * search.leastSegment) return []
  const order = Int32Array.from(logs, (_, index) => index)
  const found = bestCut(logs, order, search.leastSegment)
  if (found.weight <= 0) return []
  let asGood = 1
  for (let nth = 0; nth < search.shuffles; nth++) if (bestCut(logs, shuffle(order, random), search.leastSegment).weight >= found.weight) asGood++
  const p = asGood / (search.shuffles + 1)
  if (p >= search.below) return []
  return [...cutsOf(logs.slice(0, found.at), offset, search, random), { index: offset + found.at, p }, ...cutsOf(logs.slice(found.at), offset + found.at, search, random)]
}

/** The cut with the greatest distance between what is left and right of it: m n / (m + n) x (twice the mean distance between, less the mean distances within). */
function bestCut(logs: Float64Array, order: Int32Array, leastSegment: number): Cut {
  const n = order.length
  // Sums of distances; value by value moves from the right to the left.
  let [left, right, between] = [0, 0, 0]
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) right += Math.abs(logs[order[i]!]! - logs[order[j]!]!)
  let best: Cut = { at: 0, weight: 0 }
  for (let at = 1; at <= n - leastSegment; at++) {
    const moved = logs[order[at - 1]!]!
    let [toLeft, toRight] = [0, 0]
    for (let i = 0; i < at - 1; i++) toLeft += Math.abs(logs[order[i]!]! - moved)
    for (let i = at; i < n; i++) toRight += Math.abs(logs[order[i]!]! - moved)
    left += toLeft
    right -= toRight
    between += toRight - toLeft
    if (at < leastSegment) continue
    const rest = n - at
    const distance = (2 * between) / (at * rest) - (2 * left) / (at * (at - 1)) - (2 * right) / (rest * (rest - 1))
    const weight = ((at * rest) / n) * distance
    if (weight > best.weight) best = { at, weight }
  }
  return best
}

/** Change points between stretches; the least of those that do not matter is taken back first, for its stretches then are one. */
function describe(values: readonly number[], cuts: readonly { readonly index: number; readonly p: number }[], leastChange: number): ChangePoint[] {
  const points = cuts.map(({ index, p }, nth) => {
    const before = median(values.slice(cuts[nth - 1]?.index ?? 0, index))
    const after = median(values.slice(index, cuts[nth + 1]?.index))
    return { index, p, before, after, change: after / before - 1 }
  })
  const size = ({ before, after }: ChangePoint): number => Math.abs(Math.log(after / before))
  const least = points.toSorted((a, b) => size(a) - size(b))[0]
  if (!least || size(least) >= Math.log1p(leastChange)) return points
  return describe(values, cuts.filter(({ index }) => index !== least.index), leastChange)
}
