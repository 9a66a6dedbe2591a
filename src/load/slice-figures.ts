import { LIKE_FOR_LIKE } from '../analysis/compare/gates.ts'
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
/** A slice, and the processor time its side's build used in it. */
export interface MeasuredSlice {
  readonly slice: Pick<Slice, 'recorder' | 'rate'>
  readonly cpu: SliceCpu | null
}

/** What both slices of a pair measured. Requests count for the median like for like by their answers on both sides, so that another mix of them is no change; those that only one side has answered do not. */
export function pairFigures(base: MeasuredSlice, head: MeasuredSlice): readonly [base: MeasuredSeries[], head: MeasuredSeries[]] {
  const others = head.slice.recorder.endpoints
  const weights = new Map([...base.slice.recorder.endpoints].flatMap(([name, { times: own }]): [string, number][] => {
    const other = others.get(name)?.times
    return other && own.count > 0 && other.count > 0 ? [[name, own.count + other.count]] : []
  }))
  return [sliceFigures(base, weights), sliceFigures(head, weights)]
}

/** What a slice measured, as series of one value each: response times, failures and rate, the median of each request where there are several, and processor time per answer where it is known. */
function sliceFigures({ slice: { recorder, rate }, cpu }: MeasuredSlice, weights: ReadonlyMap<string, number>): MeasuredSeries[] {
  const { total, endpoints, answered } = recorder
  return [
    ...(endpoints.size > 0 ? [time({ kind: 'p', percent: 50 }, LIKE_FOR_LIKE, likeForLike(recorder, weights))] : []),
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
  return sliceFigures({ slice: { recorder, rate: Number.NaN }, cpu: hasCpu ? { ms: Number.NaN, stepMs: 0 } : null }, new Map())
}

/** The geometric mean of the medians, so that a change in percent counts alike for the fast and the slow. */
function likeForLike({ endpoints }: SliceRecorder, weights: ReadonlyMap<string, number>): number {
  let [sum, weight] = [0, 0]
  for (const [name, each] of weights) {
    sum += each * Math.log(endpoints.get(name)?.times.percentile(50) ?? Number.NaN)
    weight += each
  }
  return weight > 0 ? Math.exp(sum / weight) : Number.NaN
}

function time(statistic: Statistic, of: string, value: number): MeasuredSeries {
  return { metric: 'http.duration', statistic, of, unit: 'ms', better: 'lower', class: 'sampled', values: [value] }
}

function times({ times: distribution }: SliceTally, statistics: readonly Statistic[], of: string): MeasuredSeries[] {
  return statistics.map((statistic) => time(statistic, of, distribution.statistic(statistic)))
}

function failures({ requests, failed }: SliceTally, of: string): MeasuredSeries {
  return { metric: 'http.failed', statistic: { kind: 'rate' }, of, unit: 'ratio', better: 'lower', class: 'rate', values: [requests > 0 ? failed / requests : Number.NaN], events: [{ yes: failed, total: requests }] }
}
