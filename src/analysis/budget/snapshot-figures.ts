import { countedDisks } from '../shape/part.ts'
import type { MeasuredSeries, Measurements } from '../../model/measurements.ts'
import { METRICS, type Metric, type MetricName } from '../../model/metric.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import type { Statistic } from '../../model/threshold.ts'
import type { Unit } from '../../model/unit.ts'

/** What an instance calls its figures, and what they are called in a load result: limits of either name find them. */
const ALSO: readonly (readonly [MetricName, MetricName, Statistic])[] = [
  ['api.duration.avg', 'http.duration', { kind: 'avg' }],
  ['api.duration.p50', 'http.duration', { kind: 'p', percent: 50 }],
  ['api.duration.p95', 'http.duration', { kind: 'p', percent: 95 }],
  ['api.duration.p99', 'http.duration', { kind: 'p', percent: 99 }],
  ['api.errors', 'http.failed', { kind: 'rate' }],
  ['api.request_rate', 'http.requests', { kind: 'rate' }],
  ['db.query.avg', 'db.query.duration', { kind: 'avg' }],
]

/** One look at an instance or a machine as results that budgets can be held against; `name` is what it is called as their source. */
export function snapshotFigures(name: string, { at, samples, application }: Pick<Snapshot, 'at' | 'samples' | 'application'>): Measurements {
  const valueOf = (metric: MetricName): number => samples.get(metric)?.get('') ?? Number.NaN
  const known = [...samples].flatMap(([metric, tagged]) => [...tagged].map(([of, value]) => figure(metric, null, of, value)))
  const renamed = ALSO.map(([own, metric, statistic]) => figure(metric, statistic, '', valueOf(own)))
  const endpoints = (application?.endpoints ?? []).flatMap(({ method, path, avgMs, errors }) => {
    const of = `${method} ${path}`.trim()
    return [figure('http.duration', { kind: 'avg' }, of, avgMs), figure('http.failed', { kind: 'rate' }, of, errors)]
  })
  return {
    file: name, format: 'measurements', takenAt: at, notes: [],
    surroundings: { cpu: null, cores: null, memoryBytes: null, os: null, tool: null, plan: null },
    series: [...known, ...renamed, ...operations({ samples }), ...endpoints].filter(({ values }) => values.every(Number.isFinite)),
  }
}

function figure(metric: MetricName, statistic: Statistic | null, of: string, value: number): MeasuredSeries {
  const { unit, better, kind }: Metric = METRICS[metric]
  const perSecond: Unit = metric === 'http.requests' ? 'per_second' : unit
  return { metric, statistic, of, unit: perSecond, better, class: kind === 'rate' ? 'rate' : 'sampled', values: [value] }
}

/** Reads and writes together, per second, of every disk and of all: the catalogue has them apart. */
function operations(snapshot: Pick<Snapshot, 'samples'>): MeasuredSeries[] {
  const rates = (['disk.reads.rate', 'disk.writes.rate'] as const).flatMap((metric) => countedDisks(snapshot).map((disk) => [disk, snapshot.samples.get(metric)?.get(disk) ?? Number.NaN] as const))
  const of = (name: string, wanted: (disk: string) => boolean): MeasuredSeries => ({
    metric: 'disk.operations.rate', statistic: null, of: name, unit: 'per_second', better: 'lower', class: 'sampled', values: [rates.filter(([disk]) => wanted(disk)).reduce((sum, [, rate]) => sum + rate, 0)],
  })
  return rates.length === 0 ? [] : [of('', () => true), ...countedDisks(snapshot).map((disk) => of(disk, (each) => each === disk))]
}
