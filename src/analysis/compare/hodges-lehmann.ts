import { mannWhitneyDepth } from './mann-whitney.ts'
import { signedRankDepth } from './wilcoxon.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Where the middle is, and the interval that holds it with the chance 1 - alpha; null where there are too few values for one. */
export interface Location {
  readonly estimate: number
  readonly interval: Interval | null
}

/** How many of many values are at most `limit`, and the two of them around it. */
interface Split {
  readonly count: number
  readonly below: number
  readonly above: number
}

/** The value of a given rank, from 1, found by halving the range between real values: no list of all of them is ever made. */
function valueAt(nth: number, least: number, most: number, split: (limit: number) => Split): number {
  let [low, high] = [least, most]
  while (low < high) {
    const middle = low + (high - low) / 2
    // Between two neighbouring numbers there is nothing, and rounding may go up: each step must leave one out.
    const { count, below, above } = split(middle < high ? middle : low)
    if (count >= nth) high = below
    else low = above
  }
  return low
}

/** The middle and the interval that leaves out `depth - 1` values at either end. */
function locate(total: number, depth: number, valueOf: (nth: number) => number): Location {
  const middle = valueOf((total + 1) >> 1)
  const estimate = total % 2 === 1 ? middle : middle + (valueOf(total / 2 + 1) - middle) / 2
  return { estimate, interval: depth === 0 ? null : { low: valueOf(depth), high: valueOf(total + 1 - depth) } }
}

/**
 * The middle of differences: the median of their Walsh averages (means of all pairs, each with itself too), and the exact interval that inverts the signed-rank test.
 * At least one value, all of them finite. Time: n log n for each bit; memory: n. With ties the interval is on the safe side.
 * Source: J. L. Hodges, E. L. Lehmann, Ann. Math. Stat. 34 (1963); interval: J. W. Tukey; M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods, 3.2 and 3.3.
 */
export function walshCentre(differences: readonly number[], alpha: number): Location {
  const sorted = Float64Array.from(differences).sort()
  const n = sorted.length
  const average = (i: number, j: number): number => sorted[i]! / 2 + sorted[j]! / 2
  const split = (limit: number): Split => {
    let [count, below, above] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    // For each first value, from the least: how far the second, not less than the first, may go.
    for (let i = 0, j = n - 1; i < n; i++) {
      while (j >= i && average(i, j) > limit) j--
      if (j >= i) {
        count += j - i + 1
        below = Math.max(below, average(i, j))
      }
      const next = Math.max(i, j + 1)
      if (next < n) above = Math.min(above, average(i, next))
    }
    return { count, below, above }
  }
  return locate((n * (n + 1)) / 2, signedRankDepth(n, alpha), (nth) => valueAt(nth, average(0, 0), average(n - 1, n - 1), split))
}

/**
 * How far head lies above base: the median of the differences of all pairs, and the exact interval that inverts the Mann-Whitney test.
 * At least one value a side, all of them finite. Time: (m + n) for each bit; memory: m + n. With ties the interval is on the safe side. Sources as above, 4.2 and 4.3.
 */
export function shiftBetween(base: readonly number[], head: readonly number[], alpha: number): Location {
  const [x, y] = [Float64Array.from(base).sort(), Float64Array.from(head).sort()]
  const [m, n] = [x.length, y.length]
  const split = (limit: number): Split => {
    let [count, below, above] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let i = 0, j = 0; i < m; i++) {
      while (j < n && y[j]! - x[i]! <= limit) j++
      count += j
      if (j > 0) below = Math.max(below, y[j - 1]! - x[i]!)
      if (j < n) above = Math.min(above, y[j]! - x[i]!)
    }
    return { count, below, above }
  }
  return locate(m * n, mannWhitneyDepth(m, n, alpha), (nth) => valueAt(nth, y[0]! - x[m - 1]!, y[n - 1]! - x[0]!, split))
}
