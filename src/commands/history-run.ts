import type { Answer } from '../contract/instance.ts'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import { metricNamed, type MetricName } from '../model/metric.ts'
import { nearest } from '../model/nearest.ts'
import { report, type Cell, type Chart, type Report, type Table } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { parseDuration } from '../model/unit.ts'
import { noInstance, openAsked } from './asked-instance.ts'
import type { Context } from './command.ts'
import type { HISTORY_FLAGS } from './history.ts'
import { HISTORY_METRICS } from '../contract/question-words.ts'

type HistoryContext = Pick<Context<typeof HISTORY_FLAGS>, 'host' | 'config' | 'flags' | 'instances' | 'global'>
type HistoryMetric = (typeof HISTORY_METRICS)[number]
type History = Answer<'history'>['data']
type Point = History['dataPoints'][number]

/** What the documented names are called, what they are in, and what a number is divided by to be in it. */
const SHOWN: Readonly<Record<HistoryMetric, { readonly title: string; readonly unit: 'ms' | 'ratio'; readonly by: number }>> = {
  response_time: { title: 'response time', unit: 'ms', by: 1 }, memory: { title: 'memory', unit: 'ratio', by: 100 }, cpu: { title: 'processors', unit: 'ratio', by: 100 }, cache_hit_rate: { title: 'cache hit rate', unit: 'ratio', by: 100 },
}
const CATALOGUED: Partial<Readonly<Record<MetricName, HistoryMetric>>> = {
  'http.duration': 'response_time', 'api.duration.avg': 'response_time', 'api.duration.p50': 'response_time', 'api.duration.p95': 'response_time', 'api.duration.p99': 'response_time', 'cpu.usage': 'cpu', 'memory.usage': 'memory', 'cache.hit_rate': 'cache_hit_rate',
}
/** A table of more is for a spreadsheet: `--format json` has all. */
const MOST_ROWS = 12
/** More steps than any screen has room for. */
const MOST_STEPS = 20_000

/** Asks an instance for the history of one figure. Throws UserError `NO_INSTANCE` where none is named. */
export async function runHistory(context: HistoryContext): Promise<Report> {
  const { host, flags } = context
  const metric = flags.metric === undefined ? 'response_time' : documentedName(flags.metric)
  const asked = await openAsked(context)
  if (asked === null) throw noInstance('nothing is recorded on this machine yet, so it has no history')
  const startedAt = host.wallTime()
  try {
    const { data, meta, alerts } = await asked.ask('history', { query: { period: flags.period, metric, granularity: flags.granularity } })
    return historyReport(data, meta, { name: asked.name, metric, startedAt, finishedAt: host.wallTime(), alerts })
  } finally {
    await asked.close()
  }
}

function documentedName(name: string): HistoryMetric {
  const own = HISTORY_METRICS.find((each) => each === name)
  const catalogued = metricNamed(name)
  const found = own ?? (catalogued && CATALOGUED[catalogued])
  if (found !== undefined) return found
  const near = nearest(name, [...HISTORY_METRICS, ...Object.keys(CATALOGUED)])
  throw new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `--metric: instances keep no history of "${plain(name, 60)}", only of ${HISTORY_METRICS.join(', ')}`, hint: near === undefined ? undefined : `did you mean "${near}"?` })
}

function historyReport(data: History, meta: Answer<'history'>['meta'], { name, metric, startedAt, finishedAt, alerts = [] }: { readonly name: string; readonly metric: HistoryMetric; readonly alerts: Answer<'history'>['alerts'] } & Pick<Report, 'startedAt' | 'finishedAt'>): Report {
  const told = HISTORY_METRICS.find((each) => each === data.metric) ?? metric
  const { title, unit, by } = SHOWN[told]
  const points = data.dataPoints.filter(({ value }) => value !== null)
  const cell = (value: number | null | undefined): Cell => (value === null || value === undefined ? null : { value: value / by, unit })
  const findings: Finding[] = points.length > 0 ? [] : [{ id: 'no-history', verdict: 'unknown', title: `the instance has no value of ${title} for ${plain(data.period)}`, observed: null, hint: meta?.recordedSince ? `it has kept values since ${meta.recordedSince} only` : 'ask for another figure or a longer period, or later' }]
  const { average, min, max, p95, p99 } = data.summary
  return report({
    command: 'history', title: `history of ${title} of ${name} over ${data.period}`, verdict: points.length > 0 ? 'ok' : 'unknown', startedAt, finishedAt, data, meta, findings,
    alerts: alerts.map(({ level, message, metric: about, component, value, threshold, recommendation }) => ({ level, message, metric: about ?? component ?? '', value, threshold, recommendation })),
    facts: points.length === 0 ? [] : [['mean', average], ['least', min], ['most', max], ['p95', p95], ['p99', p99]].flatMap(([label, value]) => (value === null ? [] : [{ label: label as string, value: cell(value as number) }])), // Pairs of a label and a number.
    charts: chartOf(data, title, unit, by),
    tables: points.length === 0 ? [] : [tableOf(data.dataPoints, cell)],
    notes: [
      `${plural(points.length, 'value')}, one every ${data.granularity}`,
      ...(meta && !meta.recorded ? [`this instance keeps nothing beyond a restart${meta.recordedSince === null || meta.note !== undefined ? '' : `; it has kept values since ${meta.recordedSince}`}`] : []),
      ...(meta?.note === undefined ? [] : [meta.note]),
    ],
  })
}

function tableOf(points: readonly Point[], cell: (value: number | null | undefined) => Cell): Table {
  const shown = points.slice(-MOST_ROWS)
  const extras = (['p95', 'p99'] as const).filter((key) => shown.some((point) => typeof point[key] === 'number'))
  return {
    title: shown.length < points.length ? `The latest ${shown.length} of ${points.length} values` : 'Values',
    columns: [{ label: 'at' }, { label: 'value', align: 'right' }, ...extras.map((label) => ({ label, align: 'right' as const }))],
    rows: shown.map((point) => [point.timestamp, cell(point.value), ...extras.map((key) => cell(point[key]))]),
  }
}

/** Values at a regular step: what is missing is a gap. */
function chartOf({ dataPoints, granularity }: History, title: string, unit: Chart['unit'], by: number): Chart[] {
  const stepMs = /^\d+[smhd]$/.test(granularity) ? parseDuration(granularity) : Number.NaN
  const times = dataPoints.map(({ timestamp }) => Date.parse(timestamp))
  const [first, last] = times.reduce(([least, most], at) => [Math.min(least, at), Math.max(most, at)] as const, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const)
  const steps = Math.floor((last - first) / stepMs) + 1
  if (!(steps >= 2 && steps <= MOST_STEPS)) return []
  const series = (['value', 'p95', 'p99'] as const).map((key) => {
    const values = new Array<number>(steps).fill(Number.NaN)
    for (const [index, point] of dataPoints.entries()) {
      const value = point[key]
      if (typeof value === 'number') values[Math.round(((times[index] ?? first) - first) / stepMs)] = value / by
    }
    return { name: key === 'value' ? title : key, values }
  })
  return [{ title, unit, stepMs, series: series.filter(({ values }) => values.some(Number.isFinite)) }]
}
