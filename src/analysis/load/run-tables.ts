import type { Cell, Chart, Report, Table } from '../../model/report.ts'
import type { Run, RunTimes } from '../../model/run.ts'
import type { Unit } from '../../model/unit.ts'

/** The tables of a load test that have something to tell. */
export function runTables(run: Run): Table[] {
  return [timesTable(run), phaseTable(run), endpointTable(run), checkTable(run), metricTable(run), errorTable(run), adviceTable(run)].filter(({ rows }) => rows.length > 0)
}

const quantity = (value: number | null, unit: Unit): Cell => (value === null ? null : { value, unit })
const percent = (value: number | null): Cell => (value === null ? null : { value: value / 100, unit: 'ratio' })

/** The figures that a load test is known by. */
export function runFacts({ summary, arrivals, duration }: Run): Report['facts'] {
  return [
    { label: 'duration', value: quantity(duration * 1_000, 'ms') },
    { label: 'requests', value: quantity(summary.totalRequests, 'count') },
    { label: 'rate', value: quantity(summary.requestRate, 'per_second') },
    { label: 'succeeded', value: percent(summary.successRate) },
    { label: 'throughput', value: quantity(summary.throughputBytesPerSecond, 'bytes_per_second') },
    { label: 'users at most', value: quantity(arrivals.maxUsers, 'count') },
    { label: 'connections', value: quantity(summary.connections, 'count') },
    ...(arrivals.late > 0 ? [{ label: 'late arrivals', value: quantity(arrivals.late, 'count') }] : []),
    ...(arrivals.dropped > 0 ? [{ label: 'dropped arrivals', value: { text: String(arrivals.dropped), tone: 'fail' as const } }] : []),
  ]
}

const TIMES = [
  ['mean', 'avgResponseTime'], ['min', 'minResponseTime'], ['p50', 'p50'], ['p90', 'p90'], ['p95', 'p95'], ['p99', 'p99'], ['max', 'maxResponseTime'],
] as const satisfies readonly (readonly [string, keyof RunTimes])[]

const right = (label: string): Table['columns'][number] => ({ label, align: 'right' })
const timeColumns = (labels: readonly string[]): Table['columns'][number][] => TIMES.filter(([label]) => labels.includes(label)).map(([label]) => right(label))
const timeCells = (times: RunTimes, labels: readonly string[]): Cell[] => TIMES.filter(([label]) => labels.includes(label)).map(([, key]) => quantity(times[key], 'ms'))

const ALL = TIMES.map(([label]) => label)
const MAIN = ['p50', 'p95', 'p99', 'max']

function timesTable({ summary }: Run): Table {
  return {
    title: 'Response times',
    columns: [{ label: '' }, ...timeColumns(ALL)],
    rows: summary.p50 === null ? [] : [
      ['from due to done', ...timeCells(summary, ALL)],
      ['from sent to done', ...timeCells(summary.serviceTime, ALL)],
      ['to first byte', ...timeCells(summary.timeToFirstByte, ALL)],
    ],
  }
}

function phaseTable({ phases }: Run): Table {
  return {
    title: 'Phases',
    columns: [{ label: 'name' }, right('requests'), right('rate'), right('ok'), ...timeColumns(MAIN)],
    rows: phases.length > 1 ? phases.map((phase) => [phase.name, phase.requests, quantity(phase.requestRate, 'per_second'), percent(phase.successRate), ...timeCells(phase, MAIN)]) : [],
  }
}

function endpointTable({ endpoints }: Run): Table {
  return {
    title: 'Endpoints',
    columns: [{ label: 'name' }, right('requests'), right('ok'), ...timeColumns(MAIN)],
    rows: endpoints.map((endpoint) => [endpoint.name, endpoint.requests, percent(endpoint.successRate), ...timeCells(endpoint, MAIN)]),
  }
}

function checkTable({ checks }: Run): Table {
  return {
    title: 'Checks',
    columns: [{ label: 'expectation' }, right('held'), right('broken'), right('share')],
    rows: checks.map(({ name, passes, fails, passRate }) => [name, passes, fails > 0 ? { text: String(fails), tone: 'fail' } : 0, quantity(passRate, 'ratio')]),
  }
}

function metricTable({ metrics }: Run): Table {
  const keys = ['count', 'rate', 'value', 'avg', 'p50', 'p95', 'max']
  return {
    title: 'Metrics fed by steps',
    columns: [{ label: 'metric' }, ...keys.map(right)],
    rows: Object.entries(metrics).map(([name, values]) => [name, ...keys.map((key) => values[key] ?? null)]),
  }
}

function errorTable({ errors }: Run): Table {
  return {
    title: 'Errors',
    columns: [{ label: 'kind' }, right('count'), right('of all'), { label: 'what happened' }],
    rows: errors.map(({ type, count, percentage, message }) => [{ text: type, tone: 'fail' }, count, percent(percentage), message]),
  }
}

function adviceTable({ recommendations }: Run): Table {
  return { title: 'Recommendations', columns: [{ label: 'about' }, { label: 'what to do' }, { label: 'because' }], rows: recommendations.map(({ category, message, details }) => [category, message, details]) }
}

/** How the run went, second by second; none for a run of less than three windows. */
export function runCharts({ timeline }: Run): Chart[] {
  // The last window ends with the run and may be a sliver that tells nothing.
  const usual = timeline[0]?.duration ?? 0
  const whole = timeline.filter(({ duration }, index) => index < timeline.length - 1 || duration >= usual / 2)
  if (whole.length < 3) return []
  const stepMs = usual * 1_000
  return [
    { title: 'requests per second', unit: 'per_second', stepMs, series: [{ name: 'rate', values: whole.map(({ rate }) => rate) }] },
    { title: 'response time', unit: 'ms', stepMs, series: [{ name: 'p50', values: whole.map(({ p50 }) => p50 ?? Number.NaN) }, { name: 'p95', values: whole.map(({ p95 }) => p95 ?? Number.NaN) }] },
  ]
}

/** How the run went, window by window. */
export function timelineTable({ timeline }: Run): Table {
  return {
    title: 'Timeline',
    columns: [right('at'), right('requests'), right('failed'), right('rate'), ...timeColumns(MAIN), right('users')],
    rows: timeline.map((window) => [
      quantity(window.at * 1_000, 'ms'), window.requests, window.failed, quantity(window.rate, 'per_second'), quantity(window.p50, 'ms'), quantity(window.p95, 'ms'), quantity(window.p99, 'ms'), quantity(window.max, 'ms'), window.users,
    ]),
  }
}
