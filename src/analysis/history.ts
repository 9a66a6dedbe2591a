import type { MetricName } from '../model/metric.ts'
import { valueOf, type Application, type ProcessTable, type Snapshot } from '../model/snapshot.ts'
import { Columns } from './columns.ts'
import type { Moment, Peak } from './moment.ts'
import { ProcessRing } from './process-ring.ts'

/**
 * The last ticks of a system, ten minutes at one a second, in typed arrays that are written over for ever.
 *
 * A tick is a tick however long it took: where the source was silent for a while there is no gap in `series`, and `times` tells.
 * Levels, rates and shares are kept, counters only of the newest tick but for a few that are shown; of the processes of a tick the
 * 20 most important ones.
 */
export class History {
  readonly #capacity: number
  readonly #times: Float64Array
  readonly #steps: Float64Array
  readonly #columns: Columns
  readonly #processes: ProcessRing
  #newest: Snapshot | null = null
  /** How many ticks there have been; the newest has the number before. */
  #ticks = 0

  constructor(capacity = 600) {
    this.#capacity = capacity
    this.#times = new Float64Array(capacity)
    this.#steps = new Float64Array(capacity)
    this.#columns = new Columns(capacity)
    this.#processes = new ProcessRing(capacity)
  }

  push(snapshot: Snapshot): void {
    const tick = this.#ticks++
    const slot = tick % this.#capacity
    this.#times[slot] = snapshot.at
    this.#steps[slot] = snapshot.elapsedMs
    this.#columns.write(tick, snapshot.samples)
    this.#processes.put(slot, snapshot.processes)
    this.#newest = snapshot
  }

  /** How many ticks are known. */
  get length(): number {
    return Math.min(this.#ticks, this.#capacity)
  }

  /** How many series are kept. */
  get seriesCount(): number {
    return this.#columns.size
  }

  /** When the newest tick was, milliseconds since 1970; NaN where there is none. */
  get newestAt(): number {
    return this.#newest?.at ?? Number.NaN
  }

  /** The instant so many ticks back, 0 for the newest; null where it is not known. It holds until the next tick. */
  moment(back: number): Moment | null {
    if (!this.#newest || back < 0 || back >= this.length) return null
    return new Instant(this.#ticks - 1 - back, this.length - back, back === 0 ? this.#newest : null, this.#capacity, this.#times, this.#steps, this.#columns, this.#processes)
  }

  clear(): void {
    this.#ticks = 0
    this.#newest = null
    this.#columns.clear()
    this.#processes.clear()
  }
}

class Instant implements Moment {
  readonly length: number
  readonly #tick: number
  /** The snapshot itself where it is the newest. */
  readonly #snapshot: Snapshot | null
  readonly #capacity: number
  readonly #times: Float64Array
  readonly #steps: Float64Array
  readonly #columns: Columns
  readonly #ring: ProcessRing
  #table: ProcessTable | null | undefined

  constructor(tick: number, length: number, snapshot: Snapshot | null, capacity: number, times: Float64Array, steps: Float64Array, columns: Columns, ring: ProcessRing) {
    this.length = length
    this.#tick = tick
    this.#snapshot = snapshot
    this.#capacity = capacity
    this.#times = times
    this.#steps = steps
    this.#columns = columns
    this.#ring = ring
  }

  get #slot(): number {
    return this.#tick % this.#capacity
  }

  get at(): number {
    return this.#times[this.#slot] ?? Number.NaN
  }

  get stepMs(): number {
    return this.#steps[this.#slot] ?? Number.NaN
  }

  value(metric: MetricName, tag = ''): number {
    if (this.#snapshot) return valueOf(this.#snapshot, metric, tag)
    return this.#columns.get(metric, tag)?.values[this.#slot] ?? Number.NaN
  }

  tags(metric: MetricName): readonly string[] {
    if (this.#snapshot) return [...(this.#snapshot.samples.get(metric)?.keys() ?? [])]
    const found: string[] = []
    for (const [tag, { values }] of this.#columns.of(metric) ?? []) if (!Number.isNaN(values[this.#slot])) found.push(tag)
    return found
  }

  series(metric: MetricName, tag: string, count: number): Float32Array {
    const values = this.#columns.get(metric, tag)?.values
    return this.#overRing(new Float32Array(this.#reach(count)), (slot) => values?.[slot] ?? Number.NaN)
  }

  times(count: number): Float64Array {
    return this.#overRing(new Float64Array(this.#reach(count)), (slot) => this.#times[slot] ?? Number.NaN)
  }

  peak(metric: MetricName, tag: string, count: number): Peak | null {
    const values = this.#columns.get(metric, tag)?.values
    let best: { readonly value: number; readonly slot: number } | null = null
    for (let left = this.#reach(count); values && left > 0; left--) {
      const slot = (this.#tick - left + 1) % this.#capacity
      const value = values[slot] ?? Number.NaN
      if (!Number.isNaN(value) && !(best && best.value >= value)) best = { value, slot }
    }
    if (!best) return null
    const culprit = this.#ring.busiest(best.slot)
    return { value: best.value, at: this.#times[best.slot] ?? Number.NaN, culprit: culprit && `${culprit.name}(${culprit.pid})` }
  }

  get processes(): ProcessTable | null {
    if (this.#snapshot) return this.#snapshot.processes
    if (this.#table === undefined) this.#table = this.#ring.table(this.#slot)
    return this.#table
  }

  processSeries(key: string, count: number): Float32Array {
    const [pid = Number.NaN, startedAt = Number.NaN] = key.split('@').map(Number)
    return this.#overRing(new Float32Array(this.#reach(count)), (slot) => this.#ring.cpuOf(slot, pid, startedAt))
  }

  get application(): Application | null {
    return this.#snapshot?.application ?? null
  }

  #reach(count: number): number {
    return Math.max(0, Math.min(Math.floor(count), this.length))
  }

  /** Fills an array with the last values up to this instant, oldest first. */
  #overRing<Values extends Float32Array | Float64Array>(into: Values, valueAt: (slot: number) => number): Values {
    for (let index = 0; index < into.length; index++) into[index] = valueAt((this.#tick - into.length + 1 + index) % this.#capacity)
    return into
  }
}
