/** Neighbouring buckets differ by 2 %, so a percentile is right within 1 %. */
const STEP = Math.log(1.02)
/** Up to 10 minutes in tenths of a millisecond; what is longer counts as this. */
const BUCKETS = 790
/** Values slide out of the window an eighth at a time. */
const CELLS = 8

interface Cell {
  /** Which stretch of time this is of. */
  index: number
  readonly counts: Uint32Array
  count: number
  least: number
  most: number
}

/** The distribution of the values of the last day, or another window, to within 1 %; 26 kB at most however many there are. */
export class SlidingValues {
  readonly #cellMs: number
  readonly #scale: number
  readonly #cells: Cell[] = []

  /** `scale` is how many of the smallest value that is told apart are one. */
  constructor(windowMs: number, scale: number) {
    this.#cellMs = windowMs / CELLS
    this.#scale = scale
  }

  /** Takes a value, >= 0, told at a time. */
  record(value: number, now: number): void {
    const cell = this.#cellAt(Math.floor(now / this.#cellMs))
    const scaled = value * this.#scale
    const bucket = scaled < 1 ? 0 : Math.min(1 + Math.floor(Math.log(scaled) / STEP), BUCKETS - 1)
    cell.counts[bucket]! += 1 // Non-null: below the number of buckets.
    cell.count++
    cell.least = Math.min(cell.least, value)
    cell.most = Math.max(cell.most, value)
  }

  #cellAt(index: number): Cell {
    const known = this.#cells.find((each) => each.index === index)
    if (known) return known
    if (this.#cells.length < CELLS) {
      const cell = { index, counts: new Uint32Array(BUCKETS), count: 0, least: Number.POSITIVE_INFINITY, most: 0 }
      this.#cells.push(cell)
      return cell
    }
    const oldest = this.#cells.reduce((one, other) => (other.index < one.index ? other : one))
    oldest.counts.fill(0)
    return Object.assign(oldest, { index, count: 0, least: Number.POSITIVE_INFINITY, most: 0 })
  }

  /** What the values of the window ending now come to, together with those of others of the same scale. */
  summary(now: number, others: readonly SlidingValues[] = []): ValueSummary {
    const last = Math.floor(now / this.#cellMs)
    const cells = [this, ...others].flatMap((each) => each.#cells.filter(({ index }) => index > last - CELLS))
    const count = cells.reduce((sum, each) => sum + each.count, 0)
    const least = Math.min(...cells.map((each) => each.least))
    const most = Math.max(...cells.map((each) => each.most))
    return {
      count,
      percentile: (percent) => {
        if (count === 0) return Number.NaN
        const wanted = Math.max(1, Math.ceil((percent / 100) * count * (1 - 1e-12)))
        let seen = 0
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          seen += cells.reduce((sum, { counts }) => sum + (counts[bucket] ?? 0), 0)
          // The last bucket has no upper end.
          if (seen >= wanted) return bucket === BUCKETS - 1 ? most : Math.min(Math.max(bucket === 0 ? 0 : Math.exp((bucket - 0.5) * STEP) / this.#scale, least), most)
        }
        return most
      },
    }
  }
}

/** Figures of many values. */
export interface ValueSummary {
  readonly count: number
  /** The value that `percent` (0..100) of all do not exceed; NaN for no values. */
  readonly percentile: (percent: number) => number
}

/** Figures of values that are all there. */
export function summaryOf(values: readonly number[]): ValueSummary {
  const sorted = [...values].sort((one, other) => one - other)
  return { count: sorted.length, percentile: (percent) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length * (1 - 1e-12)) - 1)] ?? Number.NaN }
}
