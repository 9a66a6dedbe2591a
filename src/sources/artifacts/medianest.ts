import type { MeasuredSeries } from '../../model/measurements.ts'
import type { Run, RunTimes } from '../../model/run.ts'
import type { Unit } from '../../model/unit.ts'
import { VERDICTS, worst, type Verdict } from '../../model/verdict.ts'
import type { Content, JsonArtifact } from './artifact.ts'
import { broken, failedRun, lacks } from './errors.ts'
import { at, instantOf, isRecord, textAt, type Entries } from './json-value.ts'
import { AVG, catalogued, COUNT, failures, figure, MAX, MIN, named, p, RATE, requestRate, share, sum, times } from './series.ts'

/** Results of our own load tests, alone or as `--format json` tells them. */
export const medianest: JsonArtifact = {
  kind: 'json',
  format: 'medianest',
  name: 'medianest-perf load',
  mark: 'testId, planHash and timeline',
  recognise: (value) => isRun(value) || isRun(at(value, 'data')) || (textAt(value, 'command') === 'load' && at(value, 'success') === false),
  async read(value, reading): Promise<Content> {
    if (at(value, 'success') === false && !isRun(value)) throw failedRun(reading.file, 'the load test', textAt(value, 'error', 'message') ?? 'nothing')
    const { RUN_VERSION, runSchema } = await import('../../model/run.ts')
    const data = isRun(value) ? value : at(value, 'data')
    if (at(data, 'version') !== RUN_VERSION) throw broken(reading.file, `it is a result of version ${String(JSON.stringify(at(data, 'version')))}, version ${RUN_VERSION} is known`, undefined, 'read it with the version of this program that wrote it')
    const parsed = runSchema.safeParse(data)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw lacks(reading, `"${(issue?.path ?? []).map(String).join('.')}" is missing or is not what it must be`)
    }
    const told = VERDICTS.find((verdict) => verdict === textAt(value, 'verdict'))
    return { ...contentOf(parsed.data, reading.per === 'slice'), outcome: { verdict: told ?? ownVerdict(parsed.data), isPartial: parsed.data.partial } }
  },
}

/** What the run's thresholds said; null where it had none. */
function ownVerdict({ thresholds }: Run): Verdict | null {
  return thresholds.length === 0 ? null : worst(thresholds.map(({ verdict }) => verdict))
}

function isRun(value: unknown): value is Entries {
  return isRecord(value) && textAt(value, 'testId') !== undefined && textAt(value, 'planHash') !== undefined && Array.isArray(at(value, 'timeline'))
}

function contentOf(run: Run, sliced: boolean): Content {
  const { environment, summary, arrivals } = run
  // The last window ends with the run, wherever it is then: a short one is not like the others.
  const longest = Math.max(0, ...run.timeline.map(({ duration }) => duration))
  const windows = run.timeline.filter(({ duration }) => duration >= 0.9 * longest)
  const slices = sliced && windows.length >= 2 ? windows : []
  const whole = { requests: summary.totalRequests, failed: summary.failedRequests }
  return {
    surroundings: {
      cpu: environment.cpu, cores: environment.cores, memoryBytes: environment.memoryBytes, os: `${environment.os} ${environment.arch}`,
      tool: `${environment.tool} (${run.engine} engine, Node ${environment.node})`, plan: run.planHash,
    },
    takenAt: instantOf(run.startedAt),
    series: [
      ...(slices.length > 0 ? overSlices(slices) : [...timesOf('http.duration', summary), requestRate([summary.requestRate]), failures([shareOf(whole)])]),
      ...sum('http.requests', 'count', summary.totalRequests),
      ...timesOf('http.service_time', summary.serviceTime),
      ...timesOf('http.waiting', summary.timeToFirstByte),
      ...sum('data.received', 'bytes', summary.bytesReceived),
      ...sum('data.sent', 'bytes', summary.bytesSent),
      figure('data.received', 'bytes_per_second', 'neither', 'sampled', RATE, [summary.throughputBytesPerSecond]),
      figure('iterations.dropped', 'count', 'lower', 'sampled', COUNT, [arrivals.dropped]),
      figure('iterations.failed', 'count', 'lower', 'sampled', COUNT, [arrivals.failed]),
      ...run.endpoints.flatMap((endpoint) => [
        ...timesOf('http.duration', endpoint, endpoint.name),
        requestRate([endpoint.requestRate], { of: endpoint.name }),
        failures([shareOf({ requests: endpoint.requests, failed: endpoint.failedRequests })], { of: endpoint.name }),
      ]),
      ...run.checks.map(({ name, passes, fails }) => share('checks', 'higher', [{ yes: passes, total: passes + fails }], { of: name })),
      ...Object.entries(run.metrics).flatMap(([name, statistics]) => fed(name, statistics)),
    ],
    notes: [
      ...(run.partial ? [`the run is not whole (${run.status}${run.reason === null ? '' : `: ${run.reason}`}); its figures are of what was done`] : []),
      ...(sliced && slices.length === 0 ? ['the run is too short for slices: one value of each figure'] : []),
      ...run.notes,
    ],
  }
}

function shareOf({ requests, failed }: { readonly requests: number; readonly failed: number }): { yes: number; total: number } {
  return { yes: failed, total: requests }
}

function overSlices(windows: Run['timeline']): MeasuredSeries[] {
  const of = (key: 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'max', statistic: MeasuredSeries['statistic']): MeasuredSeries =>
    figure('http.duration', 'ms', 'lower', 'sampled', statistic, windows.map((window) => window[key] ?? undefined))
  return [
    of('mean', AVG), of('max', MAX), of('p50', p(50)), of('p90', p(90)), of('p95', p(95)), of('p99', p(99)),
    requestRate(windows.map(({ rate }) => rate)),
    failures(windows.map(shareOf)),
  ]
}

/** Where nothing answered there is no time, and that is told as one. */
function timesOf(metric: string, run: RunTimes, of = ''): MeasuredSeries[] {
  const list = [[AVG, run.avgResponseTime], [MIN, run.minResponseTime], [MAX, run.maxResponseTime], [p(50), run.p50], [p(90), run.p90], [p(95), run.p95], [p(99), run.p99]] as const
  return times(metric, list.map(([statistic, value]) => [statistic, value ?? Number.NaN] as const), 1, { of })
}

const STATISTICS: Readonly<Record<string, MeasuredSeries['statistic']>> = { rate: RATE, value: { kind: 'value' }, avg: AVG, min: MIN, max: MAX, p50: p(50), p90: p(90), p95: p(95), p99: p(99) }

/** A metric that the scenario fed; the unit is the catalogue's. */
function fed(name: string, statistics: Readonly<Record<string, number | null>>): MeasuredSeries[] {
  const known = catalogued(name)
  return Object.entries(statistics).flatMap(([key, value]) => {
    const statistic = Object.hasOwn(STATISTICS, key) ? STATISTICS[key] : undefined
    if (!statistic || value === null) return []
    const rate = statistic.kind === 'rate'
    const unit: Unit = rate && known?.kind !== 'rate' ? 'per_second' : (known?.unit ?? 'count')
    return [figure(named(name), unit, known?.better ?? 'neither', rate && known?.kind === 'rate' ? 'rate' : 'sampled', statistic, [value])]
  })
}
