import { normalDepth } from './mann-whitney.ts'
import { normalTail } from './normal.ts'
import { halvedSums } from './rank-sums.ts'
import { rank } from './ranks.ts'
import { countedDepth, countedTails, tails, type Tails } from './tails.ts'

/** Up to so many differences the distribution is counted (about 50 ms); the normal approximation is within one per cent of it by then. */
const COUNTED_UP_TO = 300

export interface SignedRanks extends Tails {
  /** The sum of the ranks of the differences above zero. */
  readonly w: number
}

/**
 * Wilcoxon's signed-rank test of differences: `greater` is the chance of sums as high as this when they are as likely above zero as below. Zeros are ranked with the others and
 * then left out (Pratt): were they dropped before, a sample could prove more by moving towards zero. Ties are exact. All differences must be numbers; without any but zeros the chances are 1.
 * Source: F. Wilcoxon, Biometrics Bull. 1 (1945); zeros: J. W. Pratt, JASA 54 (1959).
 */
export function signedRanks(differences: readonly number[]): SignedRanks {
  const { doubled } = rank(differences.map(Math.abs))
  const ranks = doubled.filter((_, index) => differences[index] !== 0)
  const sum = doubled.reduce((total, value, index) => (differences[index]! > 0 ? total + value : total), 0)
  const w = sum / 2
  if (ranks.length === 0) return { w, ...tails(1, 1, true) }
  if (ranks.length <= COUNTED_UP_TO) {
    const { weights, place } = halvedSums(ranks)
    return { w, ...countedTails(weights, place(sum)) }
  }
  const mean = ranks.reduce((total, value) => total + value, 0) / 4
  // Doubled ranks squared are four times too large, and each is taken or not: a quarter again.
  const deviation = Math.sqrt(ranks.reduce((total, value) => total + value * value, 0) / 16)
  return { w, ...tails(normalTail(-(w - mean + 0.5) / deviation), normalTail((w - mean - 0.5) / deviation), false) }
}

/** How many of the sorted Walsh averages of n differences lie outside of an interval of the level 1 - alpha, at either end; 0 where so few cannot give one. */
export function signedRankDepth(n: number, alpha: number): number {
  if (n <= COUNTED_UP_TO) return countedDepth(halvedSums(Int32Array.from({ length: n }, (_, index) => index + 1)).weights, alpha)
  return normalDepth((n * (n + 1)) / 4, Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24), alpha)
}
