import type { Alert } from '../../model/report.ts'
import type { Issue } from '../advice.ts'
import type { Stretch } from '../stretch.ts'
import { usableMemory } from './usable-memory.ts'
import { figure, percent } from './figure.ts'
import { shortDuration } from './metrics-shape.ts'
import type { Severity } from '../usage-alert.ts'

/** How a system is, by the worst that was seen of it. */
export type SummaryStatus = 'optimal' | 'good' | 'degraded' | 'critical'

const STATUS: Readonly<Record<Severity, SummaryStatus>> = { critical: 'critical', high: 'degraded', medium: 'good' }
/** What an issue costs of a score of 100. */
const PENALTY: Readonly<Record<Severity, number>> = { critical: 30, high: 20, medium: 10 }

/** The status that the issues, the worst first, amount to. */
export function statusOf(issues: readonly Pick<Issue, 'severity'>[]): SummaryStatus {
  const worst = issues[0]
  return worst ? STATUS[worst.severity] : 'optimal'
}

/** 100 less 30, 20 or 10 for each critical, high or medium issue; never below 0. */
export function scoreOf(issues: readonly Pick<Issue, 'severity'>[]): number {
  return Math.max(0, 100 - issues.reduce((sum, { severity }) => sum + PENALTY[severity], 0))
}

/** The documented answer of `/summary` from a stretch of looks. Trends need a history, which there is none of: that is said, not guessed. */
export function summaryShape(stretch: Stretch, issues: readonly Issue[], alerts: readonly Alert[]) {
  const trend = { trend: 'unknown', change: null, period: shortDuration(stretch.spanMs), reason: 'no history is recorded yet' }
  const usage = stretch.mean('memory.usage')
  return {
    status: statusOf(issues),
    score: scoreOf(issues),
    currentMetrics: {
      responseTime: figure(stretch.mean('api.duration.avg')),
      memoryUsage: percent(Number.isNaN(usage) ? usableMemory(stretch.last).usage : usage),
      cpuUsage: percent(stretch.mean('cpu.usage')),
      errorRate: figure(stretch.mean('api.errors'), 4),
    },
    trends: { responseTime: trend, memory: trend, cache: trend },
    recentOptimizations: [],
    recommendations: issues.length === 0 ? ['nothing that was measured is above its target'] : issues.map(({ title, advice }) => `${title}: ${advice}`),
    alerts,
    issues: issues.map(({ id, severity, metric, observed, limit, unit }) => ({ id, severity, metric, observed: figure(observed, 4), limit, unit })),
  }
}
