import type { MeasuredSeries } from '../model/measurements.ts'
import type { Statistic } from '../model/threshold.ts'
import { SliceRecorder, type SliceTally } from './slice-recorder.ts'
import type { Slice } from './slices.ts'

/** Processor time that a side's own processes used in a slice, and the smallest step that can be told, milliseconds. */
export interface SliceCpu {
  readonly ms: number
  readonly stepMs: number
}

const STATISTICS: readonly Statistic[] = [{ kind: 'p', percent: 50 }, { kind: 'avg' }, { kind: 'p', percent: 95 }]
const MEDIAN = STATISTICS.slice(0, 1)

/** What a slice measured, as series of one value each: response times, failures and rate, the median of each request where there are several, and processor time per answer where it is known. */
export function sliceFigures({ recorder, rate }: Pick<Slice, 'recorder' | 'rate'>, cpu: SliceCpu | null): MeasuredSeries[] {
  const { total, endpoints, answered } = recorder
  return [
    ...times(total, STATISTICS, ''),
    failures(total, ''),
    { metric: 'http.requests', statistic: { kind: 'rate' }, of: '', unit: 'per_second', better: 'higher', class: 'sampled', values: [rate] },
    ...(cpu ? [{ metric: 'cpu.per_request', statistic: null, of: '', unit: 'ms', better: 'lower', class: 'sampled', values: [cpu.ms / answered], ...(cpu.stepMs > 0 ? { resolution: cpu.stepMs / answered } : {}) } as const] : []),
    ...[...endpoints].flatMap(([name, tally]) => [...times(tally, MEDIAN, name), failures(tally, name)]),
  ]
}

/** The figures that slices of such requests will have, without values. */
export function figuresOf(names: readonly string[], hasCpu: boolean): MeasuredSeries[] {
  const recorder = new SliceRecorder(names.length > 1 ? names : [], () => ({ from: 0, to: 0 }))
  return sliceFigures({ recorder, rate: Number.NaN }, hasCpu ? { ms: Number.NaN, stepMs: 0 } : null)
}

function times({ times: distribution }: SliceTally, statistics: readonly Statistic[], of: string): MeasuredSeries[] {
  return statistics.map((statistic) => ({ metric: 'http.duration', statistic, of, unit: 'ms', better: 'lower', class: 'sampled', values: [distribution.statistic(statistic)] }))
}

function failures({ requests, failed }: SliceTally, of: string): MeasuredSeries {
  return { metric: 'http.failed', statistic: { kind: 'rate' }, of, unit: 'ratio', better: 'lower', class: 'rate', values: [requests > 0 ? failed / requests : Number.NaN], events: [{ yes: failed, total: requests }] }
}
