import type { MetricName } from '../model/metric.ts'
import type { Application, ProcessTable } from '../model/snapshot.ts'

/** One instant of a system with what came before it: all that a painter may look at, live or back in time. */
export interface Moment {
  /** Wall clock, milliseconds since 1970. */
  readonly at: number
  /** How many ticks are known up to here, this one included. */
  readonly length: number
  /** Time from tick to tick, milliseconds: of the last two; NaN at the first. */
  readonly stepMs: number
  /** NaN where it is not known. */
  value(metric: MetricName, tag?: string): number
  /** Tags of the metric that have a value at this instant, in the order of the source. */
  tags(metric: MetricName): readonly string[]
  /** The last `count` values up to this instant, oldest first; shorter when less is known, NaN where there is a gap. */
  series(metric: MetricName, tag: string, count: number): Float32Array
  /** When each of the last `count` values was taken, oldest first; milliseconds since 1970. */
  times(count: number): Float64Array
  /** The greatest of the last `count` values, when it was, and what used the processor most then. */
  peak(metric: MetricName, tag: string, count: number): Peak | null
  /** The processes of this instant: all of them now, the most important ones back in time. */
  readonly processes: ProcessTable | null
  /** Processor use (share of one) of a process (`processKey`) in the last `count` ticks, oldest first; 0 where it was not among the most important, NaN where processes were not looked at. */
  processSeries(key: string, count: number): Float32Array
  /** Lists of an application; only of the newest instant. */
  readonly application: Application | null
}

export interface Peak {
  readonly value: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** `node(3121)`; null where processes were not looked at. Untrusted text. */
  readonly culprit: string | null
}
