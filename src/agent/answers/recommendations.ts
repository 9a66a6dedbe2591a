import { issuesOf, type Issue } from '../../analysis/advice.ts'
import type { RecentMetric } from '../../analysis/recent/recent.ts'
import { foldSlots } from '../../analysis/recent/fold-slots.ts'
import { stillTells } from '../../analysis/stretch.ts'
import { figure } from '../../analysis/shape/figure.ts'
import { scoreOf } from '../../analysis/shape/summary-shape.ts'
import type { Handlers } from '../../contract/instance.ts'
import type { SourceKind } from '../../model/source.ts'
import type { Agent } from '../agent.ts'
import { instantOf } from './instant.ts'
import { issuesFor } from './issues-for.ts'
import { failingSources, type FailingSource } from './failing-sources.ts'

const HOUR_MS = 3_600_000

/** The documented categories, by what the names of metrics begin with. */
const CATEGORIES: readonly (readonly [prefix: string, category: string])[] = [['db.', 'database'], ['cache.', 'caching'], ['api.', 'api'], ['jobs.', 'jobs'], ['', 'infrastructure']]

/** The documented categories, by what a source is about. */
const KINDS: Readonly<Partial<Record<SourceKind, string>>> = { database: 'database', cache: 'caching', api: 'api', jobs: 'jobs' }

/** The documented goals: what is to be reached, from what, and the words for what is missing. */
const GOALS = {
  apiResponseTime: { metric: 'api.duration.avg', scale: 1, target: 100, isLowGood: true },
  databaseQueryTime: { metric: 'db.query.avg', scale: 1, target: 10, isLowGood: true },
  cacheHitRate: { metric: 'cache.hit_rate', scale: 100, target: 95, isLowGood: false },
} as const satisfies Readonly<Record<string, { readonly metric: RecentMetric; readonly scale: number; readonly target: number; readonly isLowGood: boolean }>>

/** Answers `GET recommendations`: what the last minutes say should be done, and how far the goals are. */
export function recommendationsAnswerOf(agent: Agent): Handlers['recommendations'] {
  return async (_, { caller }) => {
    const stretch = await agent.stretch()
    const issues = issuesOf(stretch)
    const failing = failingSources(agent, caller)
    const to = agent.wallTime().getTime()
    const goal = ({ metric, scale, target, isLowGood }: (typeof GOALS)[keyof typeof GOALS]) => {
      // The last hour is about now only where there is a now.
      if (!stillTells(stretch.last, metric)) return { current: null, target, improvement: null }
      const slots = agent.recent.slots(metric, { from: to - HOUR_MS, to, stepMs: 10_000 })
      const current = figure((slots.length > 0 ? foldSlots(slots, 'avg') : stretch.mean(metric)) * scale)
      return { current, target, improvement: improvementText(current, target, isLowGood) }
    }
    return {
      data: {
        analysisDate: instantOf(to),
        overallScore: scoreOf([...issues, ...failing]),
        recommendations: [...issuesFor(caller, issues).map(recommendationOf), ...failing.map(repairOf)],
        performanceGoals: { apiResponseTime: goal(GOALS.apiResponseTime), databaseQueryTime: goal(GOALS.databaseQueryTime), cacheHitRate: goal(GOALS.cacheHitRate) },
      },
    }
  }
}

function recommendationOf({ id, severity, metric, observed, limit, unit, title, advice }: Issue) {
  const category = CATEGORIES.find(([prefix]) => metric.startsWith(prefix))?.[1] ?? 'infrastructure'
  // What doing it would bring, and cost, is not known.
  return { id, category, priority: severity, title, description: title, impact: null, effort: null, details: { metric, current: figure(observed, 4), target: limit, unit }, actions: [advice] }
}

function repairOf({ id, severity, source, title, advice }: FailingSource) {
  return { id, category: KINDS[source.kind] ?? 'infrastructure', priority: severity, title, description: title, impact: null, effort: null, details: { source: source.id }, actions: [advice] }
}

/** `30% faster`, `11.5% increase`; null where nothing is missing or nothing is known. */
export function improvementText(current: number | null, target: number, isLowGood: boolean): string | null {
  if (current === null || current <= 0 || (isLowGood ? current <= target : current >= target)) return null
  const share = isLowGood ? (current - target) / current : (target - current) / current
  return `${figure(share * 100, 1)}% ${isLowGood ? 'faster' : 'increase'}`
}
