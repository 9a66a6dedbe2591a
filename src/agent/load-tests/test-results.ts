import type { Answer } from '../../contract/instance.ts'
import type { Run, RunTimes } from '../../model/run.ts'
import { progressOf, type LoadTest } from './load-test.ts'
import { reportOfTest } from './test-report.ts'

type Results = Answer<'loadTestResults'>['data']

/** What is known of a test: how far it is while it runs, afterwards the documented result; with `isDetailed` all that was measured. */
export function resultsOf(test: LoadTest, isDetailed: boolean, now: number): Results {
  const { order, state, run, reason, startedAt, completedAt } = test
  const base = { testId: order.testId, testName: order.testName, status: state, duration: run?.duration ?? null, startedAt: startedAt.toISOString(), completedAt: completedAt?.toISOString() ?? null, ...(reason === null ? {} : { reason }) }
  if (state === 'running') return { ...base, progress: progressOf(test, now) }
  if (!run) return { ...base, verdict: 'unknown', progress: progressOf(test, now) }
  const { verdict, findings } = reportOfTest(test)
  return {
    ...base,
    verdict, targetUrl: run.target,
    ...(isDetailed ? { ...detailed(run), findings, startedBy: test.startedBy } : documented(run)),
    errors: run.errors, resourceUsage: run.resourceUsage, recommendations: run.recommendations,
  }
}

function documented({ summary, phases, endpoints }: Run): Pick<Results, 'summary' | 'phases' | 'endpoints'> {
  const { totalRequests, successfulRequests, failedRequests, successRate, requestRate, throughput, throughputBytesPerSecond } = summary
  return {
    summary: { totalRequests, successfulRequests, failedRequests, successRate, ...times(summary), requestRate, throughput, throughputBytesPerSecond },
    phases: phases.map(({ name, duration, requests, successRate: share, avgResponseTime, requestRate: rate }) => ({ name, duration, requests, successRate: share, avgResponseTime, requestRate: rate })),
    endpoints: endpoints.map(({ path, method, requests, successRate: share, avgResponseTime, p95 }) => ({ path, method, requests, successRate: share, avgResponseTime, p95 })),
  }
}

function times({ avgResponseTime, minResponseTime, maxResponseTime, p50, p90, p95, p99 }: RunTimes): RunTimes {
  return { avgResponseTime, minResponseTime, maxResponseTime, p50, p90, p95, p99 }
}

function detailed({ summary, phases, endpoints, thresholds, checks, statusCodes, metrics, arrivals, timeline, histograms, seed, planHash, environment, notes }: Run): Pick<Results, 'summary' | 'phases' | 'endpoints'> {
  return { summary, phases, endpoints, thresholds, checks, statusCodes, metrics, arrivals, timeline, histograms, seed, planHash, environment, notes } as Pick<Results, 'summary' | 'phases' | 'endpoints'>
}
