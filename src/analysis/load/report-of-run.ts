import type { Finding } from '../../model/finding.ts'
import { report, type Report } from '../../model/report.ts'
import type { Run } from '../../model/run.ts'
import { plural } from '../../model/text.ts'
import { parseThreshold, type ThresholdRule } from '../../model/threshold.ts'
import { showDuration } from '../../model/unit.ts'
import { worst } from '../../model/verdict.ts'
import { judge } from '../judge.ts'
import { loadFigures } from './load-figures.ts'
import { runCharts, runFacts, runTables } from './run-tables.ts'

/** Above these the generator, not the system, may be what was measured: share of arrivals begun late (of which one or two prove nothing), share of one core. */
const GENERATOR_BOUND = { late: 0.01, leastLate: 10, cpu: 0.9 }

/** What is known of a run beside what it left behind. */
export interface RunAsides {
  /** The thresholds as they were judged, which know the lines that asked for them. */
  readonly thresholds?: readonly Finding[]
  /** Dropped arrivals do not fail the run. */
  readonly allowDropped?: boolean
  /** The target is an http address of a server that speaks TLS. */
  readonly wantsTls?: boolean
  readonly interrupted?: 'SIGINT' | 'SIGTERM' | undefined
  /** The file it was saved to. */
  readonly saved?: string | undefined
}

/** The report of a load test that has ended, made from its result alone; whoever ran it may know a little more. */
export function reportOfRun(run: Run, asides: RunAsides = {}): Report {
  const rules = rulesOf(run)
  const thresholds = asides.thresholds ?? rules.map((rule, nth) => judge(rule, run.thresholds[nth]?.observed ?? Number.NaN))
  const findings = [...thresholds, ...generalFindings(run, rules, asides)]
  return report({
    command: 'load',
    title: `load test "${run.testName}" against ${run.target}`,
    verdict: worst(findings.map(({ verdict }) => verdict)),
    interrupted: asides.interrupted,
    unreachable: isUnanswered(run),
    data: run,
    findings,
    figures: loadFigures(run, rules, thresholds),
    facts: runFacts(run),
    tables: runTables(run),
    charts: runCharts(run),
    notes: [...run.notes, ...(run.partial ? [`this result is partial: ${run.reason ?? 'the run was interrupted'}`] : []), ...(asides.saved === undefined ? [] : [`saved to ${asides.saved}`])],
    startedAt: new Date(run.startedAt),
    finishedAt: new Date(run.completedAt),
  })
}

/** The thresholds a run was judged by, as far as its result tells: not the lines they stand in, nor whether they would have ended it. */
function rulesOf({ thresholds }: Run): ThresholdRule[] {
  return thresholds.map(({ metric, tags = {}, expression, verdict }) => ({ metric, tags, threshold: parseThreshold(expression), abortOnFail: false, delayAbortEvalMs: 0, strict: verdict !== 'warn' }))
}

/** Whether requests were sent and not one of them was answered. */
function isUnanswered({ summary, statusCodes }: Run): boolean {
  return summary.totalRequests > 0 && Object.values(statusCodes).every((count) => count === 0)
}

function generalFindings(run: Run, rules: readonly ThresholdRule[], { allowDropped = false, wantsTls = false }: RunAsides): Finding[] {
  const findings: Finding[] = []
  const { summary, arrivals } = run
  if (run.status === 'aborted') findings.push({ id: 'aborted', verdict: 'fail', title: `the run was ended early: ${run.reason ?? 'no reason is known'}` })
  if (summary.totalRequests === 0) {
    findings.push({ id: 'no-requests', verdict: 'unknown', title: 'no request was sent, so nothing was measured', observed: 0, unit: 'count', hint: 'see that the plan has arrivals or users, and that its flows have requests' })
  } else if (isUnanswered(run)) {
    const first = run.errors[0]
    findings.push({ id: 'unreachable', verdict: 'fail', title: `nothing answered at ${run.target}${first ? `: ${first.message}` : ''}`, metric: 'http.failed', observed: 1, unit: 'ratio', hint: wantsTls ? `the server speaks TLS: use ${run.target.replace(/^http:/, 'https:')}` : 'see that the target is right and that it is running' })
  } else if (summary.failedRequests > 0 && !rules.some(({ metric }) => ['http.failed', 'http.succeeded', 'checks'].includes(metric))) {
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
