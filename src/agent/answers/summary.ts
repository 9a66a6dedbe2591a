import { issuesOf } from '../../analysis/advice.ts'
import type { RecentMetric } from '../../analysis/recent/recent.ts'
import { trendOf } from '../../analysis/recent/trend.ts'
import { figure } from '../../analysis/shape/figure.ts'
import { shortDuration } from '../../analysis/shape/metrics-shape.ts'
import { scoreOf, statusOf, summaryShape } from '../../analysis/shape/summary-shape.ts'
import type { Handlers } from '../../contract/instance.ts'
import type { Agent } from '../agent.ts'
import { failingSources } from './failing-sources.ts'
import { issuesFor } from './issues-for.ts'
import { alertsFor } from './open-alerts.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Answers `GET summary`: the last minutes, and how they differ from the hours before. */
export function summaryAnswerOf(agent: Agent): Handlers['summary'] {
  return async (_, { caller }) => {
    const stretch = await agent.stretch()
    const issues = issuesFor(caller, issuesOf(stretch))
    // Everybody is told the same status and score; what is behind it is for who sees all.
    const { trends: _none, ...shape } = summaryShape(stretch, issuesOf(stretch), [])
    const told = summaryShape(stretch, issues, [])
    const failing = failingSources(agent, caller)
    const all = [...issuesOf(stretch), ...failing]
    const repairs = failing.map(({ title, advice }) => `${title}: ${advice}`)
    const alerts = alertsFor(agent, caller)
    const to = agent.wallTime().getTime()
    const trend = (metric: RecentMetric, better: 'lower' | 'higher') => {
      const { trend: word, change, periodMs, reason } = trendOf(agent.recent.slots(metric, { from: to - DAY_MS, to, stepMs: MINUTE_MS }), better, MINUTE_MS)
      return { trend: word, change: change === null ? null : figure(change, 1), period: shortDuration(periodMs), ...(reason === null ? {} : { reason }) }
    }
    return {
      data: {
        ...shape, status: statusOf(all), score: scoreOf(all), alerts,
        recommendations: issues.length === 0 && repairs.length > 0 ? repairs : [...told.recommendations, ...repairs],
        issues: [...told.issues, ...failing.map(({ id, severity, source, title }) => ({ id, severity, source: source.id, title }))],
        trends: { responseTime: trend('api.duration.avg', 'lower'), memory: trend('memory.usage', 'lower'), cache: trend('cache.hit_rate', 'higher') },
      },
      alerts,
    }
  }
}
