import type { Finding } from '../model/finding.ts'
import type { Plan } from '../model/plan.ts'
import { report, type Cell, type Chart, type Report, type Table } from '../model/report.ts'
import type { Run, RunTimes } from '../model/run.ts'
import type { Unit } from '../model/unit.ts'
import { showDuration } from '../model/unit.ts'
import { plural } from '../model/text.ts'
import { worst } from '../model/verdict.ts'
import { loadFigures } from './load-figures.ts'
import type { Recorder } from '../load/recorder.ts'
import type { Window } from '../load/timeline.ts'

/** Above these the generator, not the system, may be what was measured: share of arrivals begun late (of which one or two prove nothing), share of one core. */
const GENERATOR_BOUND = { late: 0.01, leastLate: 10, cpu: 0.9 }

interface LoadOutcome {
  readonly plan: Plan
  readonly thresholds: readonly Finding[]
  /** Requests that got a response. */
  readonly responses: number
  readonly windows: readonly Window[]
  readonly allowDropped: boolean
  /** The target is an http address of a server that speaks TLS. */
  readonly wantsTls: boolean
  readonly interrupted: 'SIGINT' | 'SIGTERM' | undefined
  readonly saved: string | undefined
  readonly startedAt: Date
  readonly finishedAt: Date
}

/** The report of a load test that has ended. */
export function loadReport(run: Run, outcome: LoadOutcome): Report {
  const findings = [...outcome.thresholds, ...generalFindings(run, outcome)]
  return report({
    command: 'load',
    title: `load test "${run.testName}" against ${run.target}`,
    verdict: worst(findings.map(({ verdict }) => verdict)),
    interrupted: outcome.interrupted,
    unreachable: run.summary.totalRequests > 0 && outcome.responses === 0,
    data: run,
    findings,
    figures: loadFigures(run, outcome.plan.thresholds, outcome.thresholds),
    facts: facts(run),
    tables: [timesTable(run), phaseTable(run), endpointTable(run), checkTable(run), metricTable(run), errorTable(run), adviceTable(run)].filter((table) => table.rows.length > 0),
    charts: charts(outcome.windows),
    notes: [...run.notes, ...(run.partial ? [`this result is partial: ${run.reason ?? 'the run was interrupted'}`] : []), ...(outcome.saved === undefined ? [] : [`saved to ${outcome.saved}`])],
    startedAt: outcome.startedAt,
    finishedAt: outcome.finishedAt,
  })
}

function generalFindings(run: Run, { plan, responses, allowDropped, wantsTls }: LoadOutcome): Finding[] {
  const findings: Finding[] = []
  const { summary, arrivals } = run
  if (run.status === 'aborted') findings.push({ id: 'aborted', verdict: 'fail', title: `the run was ended early: ${run.reason ?? 'no reason is known'}` })
  if (summary.totalRequests === 0) {
    findings.push({ id: 'no-requests', verdict: 'unknown', title: 'no request was sent, so nothing was measured', observed: 0, unit: 'count', hint: 'see that the plan has arrivals or users, and that its flows have requests' })
  } else if (responses === 0) {
    const first = run.errors[0]
    findings.push({ id: 'unreachable', verdict: 'fail', title: `nothing answered at ${run.target}${first ? `: ${first.message}` : ''}`, metric: 'http.failed', observed: 1, unit: 'ratio', hint: wantsTls ? `the server speaks TLS: use ${run.target.replace(/^http:/, 'https:')}` : 'see that the target is right and that it is running' })
  } else if (summary.failedRequests > 0 && !plan.thresholds.some(({ metric }) => ['http.failed', 'http.succeeded', 'checks'].includes(metric))) {
    const first = run.errors[0]
    findings.push({
      id: 'failed-requests', verdict: 'warn', metric: 'http.failed', observed: summary.failedRequests / summary.totalRequests, unit: 'ratio',
      title: `${plural(summary.failedRequests, 'request')} of ${summary.totalRequests} failed${first ? `, most of them with "${first.type}"` : ''}`,
      hint: 'say how many are too many with a threshold such as http_req_failed: rate<0.01',
    })
  }
  if (arrivals.dropped > 0) {
    findings.push({
      id: 'dropped-arrivals', verdict: allowDropped ? 'warn' : 'fail', metric: 'iterations.dropped', observed: arrivals.dropped, limit: 0, unit: 'count',
      title: `${plural(arrivals.dropped, 'arrival')} of ${arrivals.started + arrivals.dropped} never began, so the load was less than what was asked for`,
      hint: 'raise the cap of users, ask for less, or accept it with --allow-dropped',
    })
  }
  const isLate = arrivals.late >= GENERATOR_BOUND.leastLate && arrivals.late > GENERATOR_BOUND.late * arrivals.started
  if (isLate || arrivals.generatorCpu > GENERATOR_BOUND.cpu) {
    const lateness = `${plural(arrivals.late, 'arrival')} began late (by up to ${showDuration(arrivals.latestMs)})`
    findings.push({
      id: 'generator-bound', verdict: 'warn', observed: arrivals.generatorCpu, limit: GENERATOR_BOUND.cpu, unit: 'ratio',
      title: `generator-bound: the generator used ${Math.round(arrivals.generatorCpu * 100)}% of a core${isLate ? ` and ${lateness}` : ''}, so the system may be faster than measured`,
      hint: 'give the generator a core of its own, or ask for less load',
    })
  }
  return findings
}

const quantity = (value: number | null, unit: Unit): Cell => (value === null ? null : { value, unit })
const percent = (value: number | null): Cell => (value === null ? null : { value: value / 100, unit: 'ratio' })

function facts({ summary, arrivals, duration }: Run): Report['facts'] {
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

function charts(windows: readonly Window[]): Chart[] {
  // The last window ends with the run and may be a sliver that tells nothing.
  const usual = windows[0]?.durationMs ?? 0
  const whole = windows.filter(({ durationMs }, index) => index < windows.length - 1 || durationMs >= usual / 2)
  if (whole.length < 3) return []
  return [
    { title: 'requests per second', unit: 'per_second', stepMs: usual, series: [{ name: 'rate', values: whole.map(({ rate }) => rate) }] },
    { title: 'response time', unit: 'ms', stepMs: usual, series: [{ name: 'p50', values: whole.map(({ p50 }) => p50) }, { name: 'p95', values: whole.map(({ p95 }) => p95) }] },
  ]
}

/** One window of a run that goes on, for those who follow a stream. */
export function interimReport(plan: Plan, window: Window, recorder: Recorder, startedAt: Date, now: Date): Report {
  return report({
    command: 'load', title: `load test "${plan.name}"`, interim: true, startedAt, finishedAt: now,
    data: { window, totalRequests: recorder.requests, failedRequests: recorder.failed },
  })
}
