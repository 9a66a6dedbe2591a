import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type JsHistogram } from 'hdr-histogram-js'
import type { Statistic } from '../model/threshold.ts'

/** Values are kept as whole thousandths: microseconds when they are milliseconds. */
const SCALE = 1_000
/** One hour in microseconds: longer than any timeout; greater values count as this. */
const HIGHEST = 3_600_000_000

/** Values below 2048 have a bucket each; from there on every power of two is cut into 1024 (HdrHistogram's layout for three digits). */
const FINE_BITS = 11
const HALF = 2 ** (FINE_BITS - 1)
const BUCKETS = bucketOf(HIGHEST) + 1

/**
 * The distribution of many values: count, mean, extremes and percentiles to three significant digits, in 94 KB however many there are (up to 4,294,967,295 in one bucket).
 * An HdrHistogram (hdrhistogram.org), so it can be merged without losing a percentile. The counts are our own, because every request
 * of a run is recorded several times over; the package knows the format they travel in.
 */
export class Distribution {
  readonly #counts = new Uint32Array(BUCKETS)
  #count = 0
  #sum = 0
  #least = Number.POSITIVE_INFINITY
  #most = Number.NEGATIVE_INFINITY

  /** Takes one value, >= 0 (what is below counts as 0), in the unit of the series. */
  record(value: number): void {
    const scaled = value > 0 ? Math.min(Math.round(value * SCALE), HIGHEST) : 0
    // Non-null: no scaled value is above HIGHEST.
    this.#counts[bucketOf(scaled)]!++
    this.#count++
    this.#sum += value
    if (value < this.#least) this.#least = value
    if (value > this.#most) this.#most = value
  }

  get count(): number {
    return this.#count
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
    // One part in 10^12 less, so that 99 % of 100 values are 99 of them whatever binary fractions make of it.
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.#count * (1 - 1e-12)))
    let bucket = 0
    for (let seen = this.#counts[0]!; seen < wanted; seen += this.#counts[bucket]!) bucket++
    return Math.min((lowestIn(bucket + 1) - 1) / SCALE, this.#most)
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
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.#counts[bucket]! += other.#counts[bucket]!
    this.#count += other.#count
    this.#sum += other.#sum
    this.#least = Math.min(this.#least, other.#least)
    this.#most = Math.max(this.#most, other.#most)
  }

  reset(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#sum = 0
    this.#least = Number.POSITIVE_INFINITY
    this.#most = Number.NEGATIVE_INFINITY
  }

  /** HdrHistogram's V2 compressed form in base64, microseconds; any HdrHistogram library reads it. */
  encode(): string {
    const histogram = build({ bitBucketSize: 64, lowestDiscernibleValue: 1, highestTrackableValue: HIGHEST, numberOfSignificantValueDigits: 3 })
    this.#counts.forEach((count, bucket) => {
      if (count > 0) histogram.recordValueWithCount(lowestIn(bucket), count)
    })
    return encodeIntoCompressedBase64(histogram)
  }

  /** Reads what `encode` wrote; mean and extremes are as exact as the buckets. */
  static decode(text: string): Distribution {
    const histogram = decodeFromCompressedBase64(text, 64) as JsHistogram // what it makes unless asked for WebAssembly
    const distribution = new Distribution()
    for (let index = 0; index < histogram.countsArrayLength; index++) {
      const count = histogram.getCountAtIndex(index)
      if (count > 0) distribution.#counts[bucketOf(Math.min(histogram.valueFromIndex(index), HIGHEST))]! += count
    }
    distribution.#count = histogram.totalCount
    if (histogram.totalCount > 0) {
      distribution.#sum = (histogram.mean * histogram.totalCount) / SCALE
      distribution.#least = histogram.minNonZeroValue / SCALE
      distribution.#most = histogram.maxValue / SCALE
    }
    return distribution
  }
}

/** The bucket of a whole value below 2^32. */
function bucketOf(value: number): number {
  const power = value < 2 * HALF ? 0 : 32 - FINE_BITS - Math.clz32(value)
  return power * HALF + (value >>> power)
}

/** The lowest value in a bucket. */
function lowestIn(bucket: number): number {
  const power = bucket < 2 * HALF ? 0 : Math.floor(bucket / HALF) - 1
  return (bucket - power * HALF) * 2 ** power
}
