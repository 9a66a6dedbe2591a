import type { Issue } from '../advice.ts'
import type { Stretch } from '../stretch.ts'
import { figure, percent } from './figure.ts'
import { scoreOf } from './summary-shape.ts'

/** What a metric is about, by what its name begins with. */
const CATEGORIES: readonly (readonly [prefix: string, category: string])[] = [
  ['cgroup', 'container'], ['cpu', 'processor'], ['tasks', 'processor'], ['load', 'processor'], ['pressure', 'pressure'], ['memory', 'memory'], ['swap', 'memory'], ['filesystem', 'storage'], ['disk', 'storage'], ['network', 'network'], ['tcp', 'network'],
  ['api', 'api'], ['http', 'api'], ['db', 'database'], ['cache', 'caching'], ['jobs', 'jobs'],
]
/** The documented goals: milliseconds, milliseconds, percent. */
const GOALS = { apiResponseTime: { target: 100, isLowBad: false }, databaseQueryTime: { target: 10, isLowBad: false }, cacheHitRate: { target: 95, isLowBad: true } } as const

/** The documented answer of `/recommendations` from a stretch of looks: what is measured above its target, the worst first. What a change would bring, and cost, nobody has measured: null. */
export function recommendationsShape(stretch: Stretch, issues: readonly Issue[]) {
  const [api, query, hits] = [figure(stretch.mean('api.duration.avg')), figure(stretch.mean('db.query.avg')), percent(stretch.mean('cache.hit_rate'))]
  return {
    analysisDate: new Date(stretch.last.at).toISOString(),
    overallScore: scoreOf(issues),
    recommendations: issues.map(({ metric, severity, title, advice, observed, limit, unit, id }) => ({
      category: CATEGORIES.find(([prefix]) => metric.startsWith(prefix))?.[1] ?? 'system', priority: severity, title, description: `${title}: ${advice}`, impact: null, effort: null,
      details: { id, metric, observed: figure(observed, 4), limit, unit }, actions: [advice],
    })),
    performanceGoals: { apiResponseTime: goal('apiResponseTime', api), databaseQueryTime: goal('databaseQueryTime', query), cacheHitRate: goal('cacheHitRate', hits) },
  }
}

function goal(name: keyof typeof GOALS, current: number | null) {
  const { target, isLowBad } = GOALS[name]
  if (current === null) return { current, target, improvement: null }
  const isReached = isLowBad ? current >= target : current <= target
  const change = Math.round(Math.abs((target - current) / current) * 1_000) / 10
  return { current, target, improvement: isReached ? 'reached' : !Number.isFinite(change) ? null : isLowBad ? `${change}% increase` : `${change}% faster` }
}
