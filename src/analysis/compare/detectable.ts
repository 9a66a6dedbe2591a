import type { Interval } from './hodges-lehmann.ts'
import { normalQuantile } from './normal.ts'

/** How often a change of the size we call detectable must be found. */
const POWER = 0.8

/**
 * The smallest change that data like these would show as one with the chance 80 %, on the scale of the interval (logarithms of ratios, or points): large enough that the interval of
 * the level 1 - alpha leaves zero out and the estimate reaches the least effect that matters. The scatter is taken from the interval's own width, so it needs no normal values.
 * Source: the normal power formula, J. Cohen, Statistical Power Analysis (1988), ch. 2, with the interval's half width over its quantile as the standard error (E. L. Lehmann, Nonparametrics, 2.5).
 */
export function detectableChange({ low, high }: Interval, alpha: number, minimumEffect: number): number {
  const [level, power] = [normalQuantile(alpha / 2), normalQuantile(1 - POWER)]
  const error = (high - low) / 2 / level
  return Math.max((level + power) * error, minimumEffect + power * error)
}
