import { median } from './compare/ranks.ts'

/** Values in a few numbers, in their own unit. */
export interface Spread {
  readonly n: number
  readonly min: number
  readonly mean: number
  readonly median: number
  /** By nearest rank; null of fewer than 20 values, whose 95th percentile would be their largest. */
  readonly p95: number | null
  readonly max: number
  /** Of the sample (n - 1); null of fewer than two values. */
  readonly deviation: number | null
}

/** From so many values on one of them stands beyond the 95th percentile. */
const LEAST_FOR_P95 = 20

/** What finite values come to; null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [n, min, max] = [sorted.length, sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) return null
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    n, min, mean, max,
    median: median(sorted),
    p95: n < LEAST_FOR_P95 ? null : (sorted[Math.ceil(0.95 * n) - 1] ?? null),
    deviation: n < 2 ? null : Math.sqrt(squares / (n - 1)),
  }
}
