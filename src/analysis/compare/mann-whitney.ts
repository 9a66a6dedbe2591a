import { normalTail } from './normal.ts'
import { chosenSums, chosenSumsCost } from './rank-sums.ts'
import { rank } from './ranks.ts'
import { countedDepth, countedTails, tails, type Tails } from './tails.ts'

/**
 * Up to so many additions (50 values a side, or 5 beside 950; some 30 ms) the distribution is counted; beyond, the normal approximation is taken,
 * which near p = .02 then is within a few per cent of it.
 */
const COUNTED_UP_TO = 5e7

export interface MannWhitney extends Tails {
  /** In how many of all pairs the head's value is the greater; half for those that are equal. */
  readonly u: number
}

/**
 * Mann and Whitney's U of two samples: `greater` is the chance of a head as high as this when nothing changed. Exact by the permutation distribution of the mid-ranks, ties included;
 * for large samples the normal approximation with correction for ties and continuity. Both sides need a value, all of them numbers.
 * Source: H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947); ties: E. L. Lehmann, Nonparametrics (1975), 1.4.
 */
export function mannWhitney(base: readonly number[], head: readonly number[]): MannWhitney {
  const [m, n] = [base.length, head.length]
  const { doubled, ties } = rank([...base, ...head])
  const sum = doubled.subarray(m).reduce((total, value) => total + value, 0)
  const u = sum / 2 - (n * (n + 1)) / 2
  if (chosenSumsCost(m + n, Math.min(m, n)) <= COUNTED_UP_TO) {
    // The smaller side is counted; what is high for it is low for the other.
    if (n <= m) {
      const { weights, place } = chosenSums(doubled, n)
      return { u, ...countedTails(weights, place(sum)) }
    }
    const { weights, place } = chosenSums(doubled, m)
    const { less, greater } = countedTails(weights, place(doubled.reduce((total, value) => total + value, 0) - sum))
    return { u, ...tails(greater, less, true) }
  }
  const all = m + n
  const tied = ties.reduce((total, size) => total + size ** 3 - size, 0)
  const deviation = Math.sqrt(((m * n) / 12) * (all + 1 - tied / (all * (all - 1))))
  if (deviation === 0) return { u, ...tails(1, 1, false) }
  const above = u - (m * n) / 2
  return { u, ...tails(normalTail(-(above + 0.5) / deviation), normalTail((above - 0.5) / deviation), false) }
}

/** How many of the sorted differences between the sides lie outside of an interval of the level 1 - alpha, at either end; 0 where so few values cannot give one. */
export function mannWhitneyDepth(m: number, n: number, alpha: number): number {
  const size = Math.min(m, n)
  if (size === 0) return 0
  if (chosenSumsCost(m + n, size) <= COUNTED_UP_TO) return countedDepth(chosenSums(Int32Array.from({ length: m + n }, (_, index) => index + 1), size).weights, alpha)
  const deviation = Math.sqrt((m * n * (m + n + 1)) / 12)
  return normalDepth((m * n) / 2, deviation, alpha)
}

/** The same by the normal approximation with continuity, for a symmetric statistic of whole numbers. */
export function normalDepth(mean: number, deviation: number, alpha: number): number {
  let [depth, beyond] = [0, Math.ceil(mean)]
  while (depth + 1 < beyond) {
    const middle = (depth + beyond) >> 1
    if (normalTail((mean - middle + 0.5) / deviation) <= alpha / 2) depth = middle
    else beyond = middle
  }
  return depth
}
