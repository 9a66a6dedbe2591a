import { METRICS, type MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'

/** The values of one series, a place for each tick of the ring; NaN where there was none. */
export interface Column {
  readonly values: Float32Array | Float64Array
  /** The last tick that had a value. */
  lastTick: number
}

/** Counters that are kept back in time, because they are shown as they are; of others only the newest value is known. */
const SHOWN_COUNTERS: ReadonlySet<MetricName> = new Set<MetricName>(['network.received', 'network.sent', 'memory.oom_kills', 'cgroup.oom_kills'])

/** More than any machine has; what makes up names must not fill the memory. */
const MOST_SERIES = 4_000
/** How many of those that fell silent are given up at once when there are too many. */
const GIVEN_UP = 400

// Sizes and counts are exact to the last digit; shares, rates and times are never shown with more than the seven digits of single precision.
const isExact = (metric: MetricName): boolean => METRICS[metric].unit === 'bytes' || METRICS[metric].unit === 'count'
const isKept = (metric: MetricName): boolean => METRICS[metric].kind === 'gauge' || SHOWN_COUNTERS.has(metric)

/** The series of a ring: they come when they are first seen, and go when all of the ring is empty of them or when others need the place. */
export class Columns {
  readonly #byMetric = new Map<MetricName, Map<string, Column>>()
  readonly #capacity: number
  #size = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** How many series there are. */
  get size(): number {
    return this.#size
  }

  get(metric: MetricName, tag: string): Column | undefined {
    return this.#byMetric.get(metric)?.get(tag)
  }

  of(metric: MetricName): ReadonlyMap<string, Column> | undefined {
    return this.#byMetric.get(metric)
  }

  /** Writes a tick; ticks count up by one. */
  write(tick: number, samples: Samples): void {
    const slot = tick % this.#capacity
    let madeRoom = false
    for (const [metric, series] of samples) {
      if (series.size === 0 || !isKept(metric)) continue
      let columns = this.#byMetric.get(metric)
      if (!columns) this.#byMetric.set(metric, (columns = new Map<string, Column>()))
      for (const [tag, value] of series) {
        let column = columns.get(tag)
        if (!column) {
          if (this.#size >= MOST_SERIES && !madeRoom) {
            madeRoom = true
            this.#makeRoom(tick)
          }
          if (this.#size >= MOST_SERIES) continue
          columns.set(tag, (column = this.#newColumn(metric)))
        }
        column.values[slot] = value
        column.lastTick = tick
      }
    }
    this.#blank(tick, slot)
  }

  #newColumn(metric: MetricName): Column {
    this.#size++
    const values = isExact(metric) ? new Float64Array(this.#capacity) : new Float32Array(this.#capacity)
    return { values: values.fill(Number.NaN), lastTick: -1 }
  }

  /** What had no value in a tick has a gap there; what has nothing but gaps goes. */
  #blank(tick: number, slot: number): void {
    for (const columns of this.#byMetric.values()) {
      for (const [tag, column] of columns) {
        if (column.lastTick === tick) continue
        column.values[slot] = Number.NaN
        if (tick - column.lastTick >= this.#capacity) this.#drop(columns, tag)
      }
    }
  }

  #makeRoom(tick: number): void {
    const silent = [...this.#byMetric.values()].flatMap((columns) => [...columns].filter(([, { lastTick }]) => lastTick < tick - 1).map(([tag, { lastTick }]) => ({ columns, tag, lastTick })))
    for (const { columns, tag } of silent.sort((one, other) => one.lastTick - other.lastTick).slice(0, GIVEN_UP)) this.#drop(columns, tag)
  }

  #drop(columns: Map<string, Column>, tag: string): void {
    columns.delete(tag)
    this.#size--
  }

  clear(): void {
    this.#byMetric.clear()
    this.#size = 0
  }
}
