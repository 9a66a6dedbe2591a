/** The chances of a statistic under "nothing changed": as low as it is, as high as it is, and as far out to either side. */
export interface Tails {
  readonly less: number
  readonly greater: number
  /** Two-sided: twice the smaller tail, at most 1. */
  readonly p: number
  /** Whether the distribution was counted; else it is the normal approximation. */
  readonly exact: boolean
}

/** Two tails as chances in (0, 1]: rounding must not make a chance of nothing. */
export function tails(less: number, greater: number, exact: boolean): Tails {
  const chance = (value: number): number => Math.min(1, Math.max(value, Number.MIN_VALUE))
  return { less: chance(less), greater: chance(greater), p: chance(2 * Math.min(less, greater)), exact }
}

/** The tails at place `at` of weights that need not add up to 1. */
export function countedTails(weights: Float64Array, at: number): Tails {
  let [below, above] = [0, 0]
  for (let place = 0; place < at; place++) below += weights[place]!
  for (let place = weights.length - 1; place > at; place--) above += weights[place]!
  const here = weights[at]!
  const all = below + here + above
  return tails((below + here) / all, (above + here) / all, true)
}

/**
 * How many order statistics from either end an interval of the level 1 - alpha begins: the greatest k with P(statistic <= k - 1) <= alpha / 2; 0 when even the ends are too near.
 * `weights` are those of a statistic that is symmetric and has no ties.
 */
export function countedDepth(weights: Float64Array, alpha: number): number {
  let all = 0
  for (const weight of weights) all += weight
  let [depth, below] = [0, 0]
  // A hair more, so that 2/100 is found to be 2 %.
  while (depth < weights.length && (below += weights[depth]!) <= (alpha / 2) * all * (1 + 1e-12)) depth++
  return depth
}
