/** Values of one series over some time: enough to add them to others without losing mean or extremes. */
export interface Span {
  /** Wall clock of the last of them, milliseconds since 1970. */
  readonly at: number
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

/** What is known of one step of time. */
export interface Slot {
  /** When it begins, milliseconds since 1970. */
  readonly at: number
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly max: number
}

interface Column {
  readonly count: Uint32Array
  readonly sum: Float64Array
  readonly min: Float32Array
  readonly max: Float32Array
}

/** Steps of time on the wall clock, the oldest overwritten by the newest; a series takes 20 bytes a step from its first value on. */
export class Ring<Name extends string> {
  readonly stepMs: number
  readonly spanMs: number
  readonly #size: number
  /** Which step each place holds at present. */
  readonly #steps: Float64Array
  readonly #columns = new Map<Name, Column>()

  constructor(stepMs: number, spanMs: number) {
    this.stepMs = stepMs
    this.spanMs = spanMs
    // One more than the span has, for its first and last steps are both in part.
    this.#size = Math.ceil(spanMs / stepMs) + 1
    this.#steps = new Float64Array(this.#size).fill(Number.NaN)
  }

  add(name: Name, { at, count, sum, min, max }: Span): void {
    const step = Math.floor(at / this.stepMs)
    const place = step % this.#size
    // A clock that was set back has made another future of what stands there.
    if (this.#steps[place] !== step) {
      this.#steps[place] = step
      for (const each of this.#columns.values()) each.count[place] = 0
    }
    const column = this.#column(name)
    const known = column.count[place] ?? 0
    column.count[place] = known + count
    column.sum[place] = known === 0 ? sum : (column.sum[place] ?? 0) + sum
    column.min[place] = known === 0 ? min : Math.min(column.min[place] ?? min, min)
    column.max[place] = known === 0 ? max : Math.max(column.max[place] ?? max, max)
  }

  /** The steps from one moment to another that have a value, oldest first. */
  slots(name: Name, from: number, to: number): Slot[] {
    const column = this.#columns.get(name)
    if (!column) return []
    const slots: Slot[] = []
    const last = Math.floor(to / this.stepMs)
    for (let step = Math.max(Math.floor(from / this.stepMs), last - this.#size + 1); step <= last; step++) {
      const place = step % this.#size
      const count = column.count[place] ?? 0
      if (this.#steps[place] === step && count > 0) slots.push({ at: step * this.stepMs, count, mean: (column.sum[place] ?? 0) / count, min: column.min[place] ?? Number.NaN, max: column.max[place] ?? Number.NaN })
    }
    return slots
  }

  #column(name: Name): Column {
    let column = this.#columns.get(name)
    if (!column) {
      column = { count: new Uint32Array(this.#size), sum: new Float64Array(this.#size), min: new Float32Array(this.#size), max: new Float32Array(this.#size) }
      this.#columns.set(name, column)
    }
    return column
  }
}
