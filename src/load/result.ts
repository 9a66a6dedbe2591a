import type { Distribution } from '../analysis/histogram.ts'
import type { MachineUsage, MachineUsageSummary } from '../model/machine.ts'
import type { Plan } from '../model/plan.ts'
import { RUN_VERSION, type Run, type RunTimes } from '../model/run.ts'
import { showBytes } from '../model/unit.ts'
import type { Finding } from '../model/finding.ts'
import type { Statistic } from '../model/threshold.ts'
import type { LoadRecord } from './record.ts'

/** What is known of a run besides its traffic. */
export interface ResultContext {
  readonly plan: Plan
  readonly planHash: string
  readonly target: string
  readonly testId: string
  readonly seed: number
  readonly engine: Run['engine']
  readonly startedAt: Date
  readonly completedAt: Date
  readonly environment: Run['environment']
  readonly machine: MachineUsageSummary
  readonly thresholds: readonly Finding[]
  readonly recommendations: Run['recommendations']
  readonly notes: readonly string[]
}

/** The documented result of a load test. */
export function resultOf(record: LoadRecord, context: ResultContext): Run {
  const { recorder, elapsedMs } = record
  const seconds = elapsedMs / 1_000
  const perSecond = (count: number): number => (seconds > 0 ? round(count / seconds, 3) : 0)
  const { requests, failed } = recorder
  const bytesPerSecond = seconds > 0 ? recorder.bytesReceived / seconds : 0
  return {
    version: RUN_VERSION,
    testId: context.testId,
    testName: context.plan.name,
    status: record.interrupted ? 'interrupted' : record.abortReason !== null ? 'aborted' : 'completed',
    partial: record.interrupted || record.abortReason !== null,
    reason: record.abortReason,
    engine: context.engine,
    target: context.target,
    source: context.plan.source,
    duration: round(seconds, 3),
    startedAt: context.startedAt.toISOString(),
    completedAt: context.completedAt.toISOString(),
    planHash: context.planHash,
    seed: context.seed,
    summary: {
      totalRequests: requests,
      successfulRequests: requests - failed,
      failedRequests: failed,
      successRate: percent(requests - failed, requests),
      ...timesOf(recorder.timeline.total),
      requestRate: perSecond(requests),
      throughput: `${showBytes(bytesPerSecond)}/s`,
      throughputBytesPerSecond: round(bytesPerSecond, 1),
      bytesReceived: recorder.bytesReceived,
      bytesSent: recorder.bytesSent,
      connections: record.connections,
      serviceTime: timesOf(recorder.serviceTimes),
      timeToFirstByte: timesOf(recorder.waitingTimes),
    },
    arrivals: { ...record.counts, latestMs: round(record.counts.latestMs, 3), maxUsers: record.maxUsers, generatorCpu: round(record.generatorCpu, 3) },
    phases: recorder.lanes.flatMap((lane, index) =>
      lane.phases.list.flatMap((phase, position) => {
        const tally = lane.tallies[position]
        const begun = phase.startMs < elapsedMs
        if (!tally || !begun) return []
        const phaseSeconds = Math.min(phase.durationMs, elapsedMs - phase.startMs) / 1_000
        return [{
          name: phase.name,
          workload: context.plan.workloads[index]?.name ?? '',
          duration: round(phaseSeconds, 3),
          requests: tally.requests,
          failedRequests: tally.failed,
          successRate: percent(tally.requests - tally.failed, tally.requests),
          requestRate: phaseSeconds > 0 ? round(tally.requests / phaseSeconds, 3) : 0,
          ...timesOf(tally.times),
        }]
      }),
    ),
    endpoints: [...recorder.endpoints.values()]
      .sort((a, b) => b.requests - a.requests)
      .map(({ name, method, path, requests: count, failed: lost, times }) => ({
        name, method, path, requests: count, failedRequests: lost, successRate: percent(count - lost, count), requestRate: perSecond(count), ...timesOf(times),
      })),
    errors: errorsOf(recorder.errors, requests),
    statusCodes: Object.fromEntries([...recorder.statuses].sort(([a], [b]) => a - b).map(([status, count]) => [String(status), count])),
    checks: [...recorder.checks.values()].map(({ text, passes, fails }) => ({ name: text, passes, fails, passRate: round(passes / (passes + fails), 6) })),
    metrics: Object.fromEntries([...recorder.fed].map(([name, series]) => [name, statistics((statistic) => series.statistic(statistic, elapsedMs))])),
    thresholds: context.plan.thresholds.map((rule, index) => ({
      metric: rule.metric,
      ...(Object.keys(rule.tags).length === 0 ? {} : { tags: { ...rule.tags } }),
      expression: rule.threshold.text,
      verdict: context.thresholds[index]?.verdict ?? 'unknown',
      observed: context.thresholds[index]?.observed ?? null,
      limit: rule.threshold.limit,
    })),
    resourceUsage: { peak: usageOf(context.machine.peak), average: usageOf(context.machine.average) },
    recommendations: context.recommendations,
    timeline: recorder.timeline.windows.map((window) => ({
      at: round(window.startMs / 1_000, 3),
      duration: round(window.durationMs / 1_000, 3),
      requests: window.requests,
      failed: window.failed,
      rate: round(window.rate, 3),
      mean: value(window.mean), p50: value(window.p50), p90: value(window.p90), p95: value(window.p95), p99: value(window.p99), max: value(window.max),
      users: window.users, waiting: window.waiting, dropped: window.dropped,
      bytesReceived: window.bytesReceived,
      generatorCpu: round(window.generatorCpu, 3),
    })),
    histograms: { duration: recorder.timeline.total.encode(), serviceTime: recorder.serviceTimes.encode(), timeToFirstByte: recorder.waitingTimes.encode() },
    environment: context.environment,
    notes: [...context.notes],
  }
}

function timesOf(times: Distribution): RunTimes {
  return {
    avgResponseTime: value(times.mean),
    minResponseTime: value(times.min),
    maxResponseTime: value(times.max),
    p50: value(times.percentile(50)),
    p90: value(times.percentile(90)),
    p95: value(times.percentile(95)),
    p99: value(times.percentile(99)),
  }
}

function errorsOf(errors: ReadonlyMap<string, { readonly count: number; readonly message: string }>, requests: number): Run['errors'] {
  return [...errors]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([type, { count, message }]) => ({ type, count, percentage: requests > 0 ? round((count / requests) * 100, 3) : 0, message }))
}

const SHOWN: readonly (readonly [string, Statistic])[] = [
  ['count', { kind: 'count' }], ['rate', { kind: 'rate' }], ['value', { kind: 'value' }], ['avg', { kind: 'avg' }], ['min', { kind: 'min' }], ['max', { kind: 'max' }],
  ['p50', { kind: 'p', percent: 50 }], ['p90', { kind: 'p', percent: 90 }], ['p95', { kind: 'p', percent: 95 }], ['p99', { kind: 'p', percent: 99 }],
]

function statistics(of: (statistic: Statistic) => number): Record<string, number> {
  return Object.fromEntries(SHOWN.map(([name, statistic]) => [name, of(statistic)] as const).filter(([, number]) => !Number.isNaN(number)).map(([name, number]) => [name, round(number, 6)]))
}

/** As documented: percent with one decimal, network in MB/s. */
function usageOf({ cpu, memory, disk, network }: MachineUsage): Run['resourceUsage']['peak'] {
  const share = (ratio: number): number | null => (Number.isNaN(ratio) ? null : round(ratio * 100, 1))
  return { cpu: share(cpu), memory: share(memory), disk: share(disk), network: Number.isNaN(network) ? null : round(network / 1e6, 2) }
}

function percent(part: number, whole: number): number | null {
  return whole > 0 ? round((part / whole) * 100, 4) : null
}

function value(ms: number): number | null {
  return Number.isFinite(ms) ? round(ms, 3) : null
}

function round(number: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(number * factor) / factor
}
