import { reportOfRun } from '../analysis/load/report-of-run.ts'
import type { Answer } from '../contract/instance.ts'
import type { Figure } from '../model/figure.ts'
import type { Finding } from '../model/finding.ts'
import { seriesKey } from '../model/measurements.ts'
import { metricNamed } from '../model/metric.ts'
import type { Plan } from '../model/plan.ts'
import { report, type Cell, type Report, type Table } from '../model/report.ts'
import type { Run } from '../model/run.ts'
import type { Statistic, ThresholdRule } from '../model/threshold.ts'
import type { Unit } from '../model/unit.ts'
import { plural } from '../model/text.ts'
import { worst } from '../model/verdict.ts'

type Results = Answer<'loadTestResults'>['data']
type Summary = NonNullable<Results['summary']>

/** How a load test of an instance was ordered, and how it ended. */
export interface RemoteOutcome {
  readonly plan: Plan
  readonly planHash: string
  readonly target: string
  readonly instance: string
  /** The thresholds of the plan, as they were judged, in its order. */
  readonly judged: readonly Finding[]
  readonly notes: readonly string[]
  readonly saved: string | undefined
  readonly interrupted: 'SIGINT' | 'SIGTERM' | undefined
  readonly startedAt: Date
  readonly finishedAt: Date
}

const titleOf = ({ testName }: Results, { target, instance }: RemoteOutcome): string => `load test "${testName}" against ${target}, run by ${instance}`

/** The report of a load test that an instance ran and told all of. */
export function wholeReport(run: Run, results: Results, outcome: RemoteOutcome): Report {
  const { judged, interrupted, saved } = outcome
  const whole = reportOfRun(run, { thresholds: judged, interrupted, saved })
  const failed = results.status === 'failed' && whole.unreachable !== true ? [notRun(results)] : []
  return { ...whole, title: titleOf(results, outcome), verdict: worst([whole.verdict, ...failed.map(({ verdict }) => verdict)]), findings: [...whole.findings, ...failed] }
}

/** The report of a load test of which an instance tells no more than is documented. */
export function remoteReport(results: Results, outcome: RemoteOutcome): Report {
  const { plan, judged, saved, interrupted, startedAt, finishedAt, planHash } = outcome
  const findings = [...judged, ...generalFindings(results, plan, interrupted !== undefined)]
  const { summary } = results
  return report({
    command: 'load', title: titleOf(results, outcome), verdict: worst(findings.map(({ verdict }) => verdict)), interrupted, startedAt, finishedAt,
    data: { planHash, ...results, thresholds: plan.thresholds.map((rule, index) => ({ metric: rule.metric, expression: rule.threshold.text, verdict: judged[index]?.verdict ?? 'unknown', observed: judged[index]?.observed ?? null, limit: rule.threshold.limit })) },
    findings,
    figures: [...thresholdFigures(plan.thresholds, judged), ...(summary ? summaryFigures(summary) : [])],
    facts: summary ? factsOf(summary, results) : [],
    tables: tablesOf(results),
    notes: [
      ...outcome.notes, ...(results.status === 'aborted' || interrupted ? [`this result is partial: ${interrupted ? 'the run was interrupted' : results.reason ?? 'the instance ended it early'}`] : []),
      ...(saved === undefined ? [] : [`saved to ${saved} as the instance told it, which is too little for compare and budget to go by`]),
    ],
  })
}

const notRun = ({ reason }: Results): Finding => ({ id: 'failed', verdict: 'fail', title: `the instance could not run it: ${reason ?? 'it gives no reason'}`, hint: 'the log of the instance says more' })

function generalFindings(results: Results, plan: Plan, isInterrupted: boolean): Finding[] {
  const { status, summary, reason, errors = [] } = results
  if (status === 'failed') return [notRun(results)]
  const ended: Finding[] = status === 'aborted' && !isInterrupted ? [{ id: 'aborted', verdict: 'fail', title: `the run was ended early: ${reason ?? 'no reason is known'}` }] : status === 'running' ? [{ id: 'running', verdict: 'unknown', title: 'the instance says that it still runs, long after it should have ended', hint: 'see what it is doing' }] : []
  if (!summary || summary.totalRequests === 0) return [...ended, { id: 'no-requests', verdict: 'unknown', title: 'no request was sent, so nothing was measured', observed: 0, unit: 'count', hint: 'see that the plan has arrivals, and what the instance allows' }]
  if (summary.failedRequests === 0 || plan.thresholds.some(({ metric }) => ['http.failed', 'http.succeeded'].includes(metricNamed(metric) ?? metric))) return ended
  const first = errors[0]
  return [...ended, {
    id: 'failed-requests', verdict: 'warn', metric: 'http.failed', observed: summary.failedRequests / summary.totalRequests, unit: 'ratio',
    title: `${plural(summary.failedRequests, 'request')} of ${summary.totalRequests} failed${first ? `, most of them with "${first.type}"` : ''}`, hint: 'say how many are too many with a threshold such as http_req_failed: rate<0.01',
  }]
}

const WORDS = { ok: 'holds', warn: 'crossed', unknown: 'not measured', fail: 'crossed' } as const

function thresholdFigures(rules: readonly ThresholdRule[], judged: readonly Finding[]): Figure[] {
  return rules.flatMap(({ metric, threshold: { statistic, operator } }, index) => {
    const finding = judged[index]
    if (!finding) return []
    return [{
      name: seriesKey({ metric: metricNamed(metric) ?? metric, statistic, of: '' }), section: 'thresholds', unit: finding.unit ?? 'count', better: operator.startsWith('<') ? 'lower' : operator.startsWith('>') ? 'higher' : 'neither',
      value: finding.observed ?? null, limit: finding.limit ?? null, verdict: finding.verdict, word: WORDS[finding.verdict], decides: true, finding: finding.id,
    } satisfies Figure]
  })
}

function summaryFigures({ p50, p95, p99, requestRate, totalRequests, failedRequests }: Summary): Figure[] {
  const figure = (metric: string, statistic: Statistic, unit: Unit, better: Figure['better'], value: number | null): Figure => ({ name: `${seriesKey({ metric, statistic, of: '' })}`, section: '', unit, better, value, verdict: 'ok', word: value === null ? 'not measured' : 'measured', decides: false })
  return [
    ...([[50, p50], [95, p95], [99, p99]] as const).map(([percent, value]) => figure('http.duration', { kind: 'p', percent }, 'ms', 'lower', value)),
    figure('http.requests', { kind: 'rate' }, 'per_second', 'higher', requestRate), figure('http.failed', { kind: 'rate' }, 'ratio', 'lower', totalRequests === 0 ? null : failedRequests / totalRequests),
  ]
}

const quantity = (value: number | null | undefined, unit: Unit): Cell => (value === null || value === undefined ? null : { value, unit })
const ms = (value: number | null | undefined): Cell => quantity(value, 'ms')
const percent = (value: number | null): Cell => (value === null ? null : { value: value / 100, unit: 'ratio' })
const right = (label: string): Table['columns'][number] => ({ label, align: 'right' })

function factsOf({ totalRequests, requestRate, successRate, throughput, throughputBytesPerSecond }: Summary, { duration }: Results): Report['facts'] {
  return [
    { label: 'duration', value: duration === null ? null : quantity(duration * 1_000, 'ms') }, { label: 'requests', value: totalRequests }, { label: 'rate', value: quantity(requestRate, 'per_second') }, { label: 'succeeded', value: percent(successRate) },
    { label: 'throughput', value: throughputBytesPerSecond === null ? throughput : quantity(throughputBytesPerSecond, 'bytes_per_second') },
  ]
}

function tablesOf({ summary, phases = [], endpoints = [], errors = [], recommendations = [] }: Results): Table[] {
  const tables: Table[] = [
    { title: 'Response times', columns: ['mean', 'min', 'p50', 'p90', 'p95', 'p99', 'max'].map(right), rows: !summary || summary.p50 === null ? [] : [[ms(summary.avgResponseTime), ms(summary.minResponseTime), ms(summary.p50), ms(summary.p90), ms(summary.p95), ms(summary.p99), ms(summary.maxResponseTime)]] },
    { title: 'Phases', columns: [{ label: 'name' }, right('requests'), right('rate'), right('ok'), right('mean')], rows: phases.length > 1 ? phases.map((phase) => [phase.name, phase.requests, quantity(phase.requestRate, 'per_second'), percent(phase.successRate), ms(phase.avgResponseTime)]) : [] },
    { title: 'Endpoints', columns: [{ label: 'path' }, right('requests'), right('ok'), right('mean'), right('p95')], rows: endpoints.map((endpoint) => [endpoint.path, endpoint.requests, percent(endpoint.successRate), ms(endpoint.avgResponseTime), ms(endpoint.p95)]) },
    { title: 'Errors', columns: [{ label: 'kind' }, right('count'), right('of all'), { label: 'what happened' }], rows: errors.map(({ type, count, percentage, message }) => [{ text: type, tone: 'fail' }, count, percent(percentage), message]) },
    { title: 'Recommendations', columns: [{ label: 'about' }, { label: 'what to do' }, { label: 'because' }], rows: recommendations.map(({ category, message, details }) => [category, message, details]) },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}
