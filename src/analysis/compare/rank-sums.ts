/** Whole ranks as steps above their least, in the largest step that fits them all. */
function inSteps(ranks: Int32Array): { readonly least: number; readonly step: number; readonly steps: Int32Array } {
  const least = ranks.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const step = ranks.reduce((divisor, value) => commonDivisor(divisor, value - least), 0) || 1
  return { least, step, steps: ranks.map((value) => (value - least) / step) }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

/** How often each sum comes about; `place` is where in `weights` a sum stands. */
export interface SumDistribution {
  readonly weights: Float64Array
  readonly place: (sum: number) => number
}

/** What counting the sums of `size` of these ranks costs, in additions. */
export function chosenSumsCost(ranks: number, size: number): number {
  return ranks * size * 2 * size * ranks
}

/**
 * The sums of all choices of `size` out of whole ranks, counted by dynamic programming, so ties are exact: the permutation distribution of a rank sum.
 * Counts are doubles: right to 15 digits, and finite below 1000 ranks. Time: ranks x size x greatest sum. Source: M. Pagano, D. Tritchler, JASA 78 (1983).
 */
export function chosenSums(ranks: Int32Array, size: number): SumDistribution {
  const { least, step, steps } = inSteps(ranks)
  const sorted = steps.toSorted()
  const greatest = sorted.subarray(sorted.length - size).reduce((sum, value) => sum + value, 0)
  const rows = Array.from({ length: size + 1 }, () => new Float64Array(greatest + 1))
  rows[0]![0] = 1
  let reach = 0
  sorted.forEach((value, index) => {
    reach = Math.min(greatest, reach + value)
    for (let taken = Math.min(index + 1, size); taken >= 1; taken--) {
      const [to, from] = [rows[taken]!, rows[taken - 1]!]
      for (let sum = reach; sum >= value; sum--) to[sum]! += from[sum - value]!
    }
  })
  // What stands first is the least sum there is.
  const first = sorted.subarray(0, size).reduce((sum, value) => sum + value, 0)
  return { weights: rows[size]!.subarray(first), place: (sum) => (sum - size * least) / step - first }
}

/**
 * The sums of whole ranks each of which is taken or not with the same chance: the distribution of a signed-rank statistic, ties and left-out ranks included.
 * The weights are chances. Time: ranks x their sum.
 */
export function halvedSums(ranks: Int32Array): SumDistribution {
  const step = ranks.reduce((divisor, value) => commonDivisor(divisor, value), 0) || 1
  const weights = new Float64Array(ranks.reduce((sum, value) => sum + value, 0) / step + 1)
  weights[0] = 1
  let reach = 0
  for (const value of ranks.map((each) => each / step)) {
    reach += value
    for (let sum = reach; sum >= value; sum--) weights[sum] = (weights[sum]! + weights[sum - value]!) / 2
    for (let sum = value - 1; sum >= 0; sum--) weights[sum]! /= 2
  }
  return { weights, place: (sum) => sum / step }
}
