import { Distribution } from '../../analysis/histogram.ts'
import type { Share } from './series.ts'

/** What is kept of a metric: all values' distribution, a sum, or how many said yes. */
export type Fold = 'trend' | 'counter' | 'rate'

/** One metric over the slices of a run, or over the whole of it (one value each). */
export interface Folded {
  readonly fold: Fold
  /** NaN where nothing was measured. */
  readonly avg: number[]
  readonly max: number[]
  readonly p50: number[]
  readonly p90: number[]
  readonly p95: number[]
  readonly p99: number[]
  /** Of counters: the sum, and the sum per second. */
  readonly sum: number[]
  readonly perSecond: number[]
  readonly events: Share[]
}

/** Slices that may still get values: records come a little out of order, because they are written when they end. */
const OPEN = 8
/** Longer than any test: more slices are not kept, the run is told as a whole. */
const MOST_SLICES = 50_000
const MOST_METRICS = 60

interface Cell {
  readonly distribution: Distribution | null
  sum: number
  yes: number
  total: number
}

interface Slot {
  readonly fold: Fold
  readonly whole: Cell
  readonly open: Map<number, Cell>
  readonly closed: Folded
}

/** Folds single requests into slices of time, keeping a few open at a time, so that memory does not grow with the run. */
export class Slices {
  readonly #sliceMs: number
  readonly #slots = new Map<string, Slot>()
  readonly #spare: Distribution[] = []
  #start = Number.NaN
  #last = Number.NaN
  /** The first slice that is still open. */
  #from = 0
  #late = 0
  #taken = 0
  #tooMany = false
  #dropped = new Set<string>()

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs
  }

  /** Takes a value at an instant (milliseconds since 1970 or since anything). */
  take(metric: string, fold: Fold, instant: number, value: number): void {
    const slot = this.#slots.get(metric) ?? this.#begin(metric, fold)
    if (!slot) return
    if (Number.isNaN(this.#start)) this.#start = this.#last = instant
    if (instant > this.#last) this.#last = instant
    this.#taken++
    add(slot.whole, value)
    const index = Math.max(0, Math.floor((instant - this.#start) / this.#sliceMs))
    if (index >= MOST_SLICES) this.#tooMany = true
    if (this.#tooMany) return
    while (index >= this.#from + OPEN) this.#close()
    if (index < this.#from) {
      this.#late++
      return
    }
    const cell = slot.open.get(index) ?? this.#cell(slot, index)
    add(cell, value)
  }

  /** When the first and the last value were taken. */
  get span(): { readonly start: number; readonly ms: number } {
    return { start: this.#start, ms: this.#last - this.#start }
  }

  /** Metrics that were too many to keep. */
  get left(): readonly string[] {
    return [...this.#dropped]
  }

  /** Every metric over its slices; undefined where these would not tell the truth. Ends the taking of values. */
  sliced(): ReadonlyMap<string, Folded> | undefined {
    // Files put together from several are not in order of time: their slices would lack values.
    if (this.#tooMany || this.#late > this.#taken / 100) return undefined
    const spanMs = this.#last - this.#start
    const count = Math.floor(spanMs / this.#sliceMs) + 1
    const lastMs = spanMs - (count - 1) * this.#sliceMs
    // A short last one is not like the others.
    const kept = lastMs >= 0.9 * this.#sliceMs ? count : count - 1
    if (kept < 2) return undefined
    while (this.#from < count) this.#close()
    return new Map([...this.#slots].map(([metric, { closed }]) => [metric, cutTo(closed, kept)]))
  }

  /** Every metric over the whole run. */
  whole(): ReadonlyMap<string, Folded> {
    const seconds = this.span.ms > 0 ? this.span.ms / 1_000 : Number.NaN
    return new Map([...this.#slots].map(([metric, { fold, whole }]) => {
      const folded = nothing(fold)
      push(folded, whole, seconds)
      return [metric, folded]
    }))
  }

  #begin(metric: string, fold: Fold): Slot | undefined {
    if (this.#slots.size >= MOST_METRICS) {
      if (this.#dropped.size < 10) this.#dropped.add(metric)
      return undefined
    }
    const closed = nothing(fold)
    const slot: Slot = { fold, whole: emptyCell(fold), open: new Map(), closed }
    // It may begin late; until then there was nothing of it.
    for (let index = 0; index < this.#from; index++) push(closed, emptyCell('counter'), this.#sliceMs / 1_000)
    this.#slots.set(metric, slot)
    return slot
  }

  #cell(slot: Slot, index: number): Cell {
    const cell: Cell = { distribution: slot.fold === 'trend' ? (this.#spare.pop() ?? new Distribution()) : null, sum: 0, yes: 0, total: 0 }
    slot.open.set(index, cell)
    return cell
  }

  #close(): void {
    for (const { open, closed } of this.#slots.values()) {
      const cell = open.get(this.#from)
      push(closed, cell ?? emptyCell('counter'), this.#sliceMs / 1_000)
      open.delete(this.#from)
      if (cell?.distribution) {
        cell.distribution.reset()
        this.#spare.push(cell.distribution)
      }
    }
    this.#from++
  }
}

function emptyCell(fold: Fold): Cell {
  return { distribution: fold === 'trend' ? new Distribution() : null, sum: 0, yes: 0, total: 0 }
}

function nothing(fold: Fold): Folded {
  return { fold, avg: [], max: [], p50: [], p90: [], p95: [], p99: [], sum: [], perSecond: [], events: [] }
}

function add(cell: Cell, value: number): void {
  cell.distribution?.record(value)
  cell.sum += value
  cell.total++
  if (value !== 0) cell.yes++
}

function push(folded: Folded, { distribution, sum, yes, total }: Cell, seconds: number): void {
  if (folded.fold === 'trend') {
    folded.avg.push(distribution?.mean ?? Number.NaN)
    folded.max.push(distribution?.max ?? Number.NaN)
    folded.p50.push(distribution?.percentile(50) ?? Number.NaN)
    folded.p90.push(distribution?.percentile(90) ?? Number.NaN)
    folded.p95.push(distribution?.percentile(95) ?? Number.NaN)
    folded.p99.push(distribution?.percentile(99) ?? Number.NaN)
  }
  folded.sum.push(sum)
  folded.perSecond.push(sum / seconds)
  folded.events.push({ yes, total })
}

function cutTo(folded: Folded, length: number): Folded {
  const { fold, avg, max, p50, p90, p95, p99, sum, perSecond, events } = folded
  const cut = <T>(list: readonly T[]): T[] => list.slice(0, length)
  return { fold, avg: cut(avg), max: cut(max), p50: cut(p50), p90: cut(p90), p95: cut(p95), p99: cut(p99), sum: cut(sum), perSecond: cut(perSecond), events: cut(events) }
}
