import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js'
import type { Statistic } from '../model/threshold.ts'

/** Values are kept as whole thousandths: microseconds when they are milliseconds. */
const SCALE = 1_000
/** One hour in microseconds: longer than any timeout; greater values count as this. */
const HIGHEST = 3_600_000_000

/**
 * The distribution of many values: count, mean, extremes and percentiles to three significant digits, in 70 to 90 KB however many there are.
 * An HdrHistogram (hdrhistogram.org), so it can be merged without losing a percentile.
 */
export class Distribution {
  readonly #histogram: Histogram
  #sum = 0
  #least = Number.POSITIVE_INFINITY
  #most = Number.NEGATIVE_INFINITY

  constructor(histogram: Histogram = build({ bitBucketSize: 64, lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST, numberOfSignificantValueDigits: 3 })) {
    this.#histogram = histogram
  }

  /** Takes one value, >= 0 (what is below counts as 0), in the unit of the series. */
  record(value: number): void {
    const scaled = value > 0 ? Math.min(Math.round(value * SCALE), HIGHEST) : 0
    this.#histogram.recordValue(scaled)
    this.#sum += value
    if (value < this.#least) this.#least = value
    if (value > this.#most) this.#most = value
  }

  get count(): number {
    return this.#histogram.totalCount
  }

  /** NaN for no values, as all that follow. */
  get mean(): number {
    return this.count === 0 ? Number.NaN : this.#sum / this.count
  }

  get min(): number {
    return this.count === 0 ? Number.NaN : this.#least
  }

  get max(): number {
    return this.count === 0 ? Number.NaN : this.#most
  }

  /** The value that `percent` (0..100) of all values do not exceed. */
  percentile(percent: number): number {
    if (this.count === 0) return Number.NaN
    if (percent >= 100) return this.#most
    return Math.min(this.#histogram.getValueAtPercentile(percent) / SCALE, this.#most)
  }

  statistic(statistic: Statistic): number {
    switch (statistic.kind) {
      case 'p': return this.percentile(statistic.percent)
      case 'avg': return this.mean
      case 'min': return this.min
      case 'max': return this.max
      case 'med': return this.percentile(50)
      case 'count': return this.count
      case 'rate':
      case 'value': return Number.NaN
    }
  }

  /** Adds all values of another. */
  merge(other: Distribution): void {
    this.#histogram.add(other.#histogram)
    this.#sum += other.#sum
    this.#least = Math.min(this.#least, other.#least)
    this.#most = Math.max(this.#most, other.#most)
  }

  reset(): void {
    this.#histogram.reset()
    this.#sum = 0
    this.#least = Number.POSITIVE_INFINITY
    this.#most = Number.NEGATIVE_INFINITY
  }

  /** HdrHistogram's V2 compressed form in base64, microseconds; any HdrHistogram library reads it. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram)
  }

  /** Reads what `encode` wrote; mean and extremes are as exact as the buckets. */
  static decode(text: string): Distribution {
    const histogram = decodeFromCompressedBase64(text, 64)
    const distribution = new Distribution(histogram)
    if (histogram.totalCount > 0) {
      distribution.#sum = (histogram.mean * histogram.totalCount) / SCALE
      distribution.#least = histogram.minNonZeroValue / SCALE
      distribution.#most = histogram.maxValue / SCALE
    }
    return distribution
  }
}
