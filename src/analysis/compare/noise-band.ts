import { median } from './ranks.ts'

/** Where the values of a history usually lie. */
export interface NoiseBand {
  readonly median: number
  /** Two robust deviations around the median, in the unit of the values. */
  readonly low: number
  readonly high: number
  /** One robust deviation as a share of the median: 0.05 is 5 %. */
  readonly spread: number
  readonly n: number
}

/** The MAD of normal values is this much smaller than their deviation. */
const MAD_TO_DEVIATION = 1.4826
const LEAST = 10

/**
 * The band of noise of ten runs or more, by median and median absolute deviation of the logarithms; null for fewer, or when a value is not above zero.
 * Source: F. R. Hampel, JASA 69 (1974).
 */
export function noiseBand(values: readonly number[]): NoiseBand | null {
  if (values.length < LEAST || !values.every((value) => value > 0 && value < Number.POSITIVE_INFINITY)) return null
  const logs = values.map(Math.log)
  const middle = median(logs)
  const deviation = MAD_TO_DEVIATION * median(logs.map((value) => Math.abs(value - middle)))
  return { median: Math.exp(middle), low: Math.exp(middle - 2 * deviation), high: Math.exp(middle + 2 * deviation), spread: Math.expm1(deviation), n: values.length }
}
