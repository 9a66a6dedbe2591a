import { totalsOf } from '../analysis/totals.ts'
import type { MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'
import type { Source } from '../model/source.ts'
import { foldValues, singleValue, type Batch, type BatchValue } from './batch.ts'
import type { Log } from './log.ts'

/** Where batches go. */
export interface Sink {
  readonly name: string
  /** Whether it keeps such values; what no sink keeps is in no batch. */
  keeps(metric: MetricName, tag: string): boolean
  /** Takes a batch. One that throws is given the batch again with the next. */
  write(batch: Batch): void | Promise<void>
}

export interface BatcherOptions {
  /** Most values before a batch is flushed, and how long it may wait. */
  readonly size: number
  readonly flushMs: number
  readonly sinks: readonly Sink[]
  /** Share of the values that is to be folded away now. */
  readonly fold: () => number
  readonly log: Log
}

/** Batches that a sink could not take are kept for it, up to so many. */
const MOST_WAITING = 20

/** Collected values on their way to the sinks; nothing is lost when it is closed. */
export class Batcher {
  readonly #options: BatcherOptions
  readonly #waiting = new Map<Sink, Batch[]>()
  readonly #writing = new Map<Sink, Promise<void>>()
  readonly #busy = new Set<Sink>()
  #values: BatchValue[] = []
  #timer: NodeJS.Timeout | undefined
  /** Values taken, and those of the last batch. */
  taken = 0
  lastSize = 0
  lost = 0

  constructor(options: BatcherOptions) {
    this.#options = options
  }

  /** Takes what a source brought; `at` is the wall clock, milliseconds since 1970. */
  add({ id, priority }: Pick<Source, 'id' | 'priority'>, at: number, samples: Samples): void {
    const take = (metric: MetricName, tag: string, value: number): void => {
      if (!Number.isFinite(value) || !this.#options.sinks.some((sink) => sink.keeps(metric, tag))) return
      this.#values.push(singleValue({ source: id, priority, metric, tag, at, value }))
      this.taken++
    }
    for (const [metric, series] of samples) for (const [tag, value] of series) take(metric, tag, value)
    for (const [metric, value] of totalsOf(samples)) take(metric, '', value)
    if (this.#values.length >= this.#options.size) void this.flush()
    else if (this.#values.length > 0) this.#timer ??= setTimeout(() => void this.flush(), this.#options.flushMs)
  }

  /** Gives the sinks what there is; resolves when they have taken it. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const values = this.#values
    this.#values = []
    if (values.length > 0) {
      const batch = { values: foldValues(values, this.#options.fold()), taken: values.length }
      this.lastSize = batch.values.length
      for (const sink of this.#options.sinks) this.#queue(sink).push({ ...batch, values: batch.values.filter(({ metric, tag }) => sink.keeps(metric, tag)) })
    }
    await Promise.all(this.#options.sinks.map((sink) => this.#write(sink)))
  }

  #queue(sink: Sink): Batch[] {
    let queue = this.#waiting.get(sink)
    if (!queue) this.#waiting.set(sink, (queue = []))
    if (queue.length >= MOST_WAITING) this.lost += queue.shift()?.taken ?? 0
    return queue
  }

  /** One batch after another; who comes while a sink is written to waits for that, and what has come meanwhile is written too. */
  async #write(sink: Sink): Promise<void> {
    // A sink in memory has it all when this returns, before anybody can ask.
    if (!this.#busy.has(sink)) this.#writing.set(sink, this.#writeAll(sink, this.#waiting.get(sink) ?? []))
    await this.#writing.get(sink)
  }

  async #writeAll(sink: Sink, queue: Batch[]): Promise<void> {
    this.#busy.add(sink)
    try {
      for (let batch = queue[0]; batch; batch = queue[0]) {
        const written = sink.write(batch)
        if (written) await written
        // It may have been given up meanwhile.
        if (queue[0] === batch) queue.shift()
      }
    } catch (error) {
      this.#options.log('warn', `${sink.name} could not take what was collected; it is given it again`, { error })
    } finally {
      this.#busy.delete(sink)
    }
  }

  /** Flushes for the last time. */
  async close(): Promise<void> {
    await this.flush()
    // What came to a sink that was just failing is given to it once more.
    if ([...this.#waiting.values()].some((queue) => queue.length > 0)) await this.flush()
    clearTimeout(this.#timer)
  }
}
