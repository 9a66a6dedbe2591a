import { applicationShape } from '../../analysis/shape/application-shape.ts'
import { figure } from '../../analysis/shape/figure.ts'
import { foldSlots, type Aggregation } from '../../analysis/recent/fold-slots.ts'
import type { RecentMetric } from '../../analysis/recent/recent.ts'
import { seesAll, type Answer, type Handlers } from '../../contract/instance.ts'
import { parseDuration } from '../../model/unit.ts'
import { plain } from '../../model/text.ts'
import { expectNoBreaker, SHARED_MS, type Agent } from '../agent.ts'
import { conditionOf } from '../source-condition.ts'
import { instantOf } from './instant.ts'
import { COMPONENTS, type Component } from '../../contract/question-words.ts'

/** A figure that is made of the whole time: where it stands, what it is made of, and by what it is multiplied. `asked` is by the aggregation that was asked for. */
interface Figure {
  readonly component: Component
  readonly place: readonly [group: string, field: string]
  readonly metric: RecentMetric
  readonly by: Aggregation | 'asked'
  readonly scale?: number
}

const FIGURES: readonly Figure[] = [
  { component: 'api', place: ['requestRate', 'avg'], metric: 'api.request_rate', by: 'avg' },
  { component: 'api', place: ['requestRate', 'peak'], metric: 'api.request_rate', by: 'max' },
  { component: 'api', place: ['responseTime', 'avg'], metric: 'api.duration.avg', by: 'asked' },
  { component: 'api', place: ['responseTime', 'p50'], metric: 'api.duration.p50', by: 'asked' },
  { component: 'api', place: ['responseTime', 'p95'], metric: 'api.duration.p95', by: 'asked' },
  { component: 'api', place: ['responseTime', 'p99'], metric: 'api.duration.p99', by: 'asked' },
  { component: 'api', place: ['errorRate', 'avg'], metric: 'api.errors', by: 'asked', scale: 100 },
  { component: 'database', place: ['connectionPool', 'active'], metric: 'db.pool.active', by: 'asked' },
  { component: 'database', place: ['connectionPool', 'idle'], metric: 'db.pool.idle', by: 'asked' },
  { component: 'database', place: ['connectionPool', 'waiting'], metric: 'db.pool.waiting', by: 'asked' },
  { component: 'database', place: ['queryPerformance', 'avgQueryTime'], metric: 'db.query.avg', by: 'asked' },
  { component: 'database', place: ['queryPerformance', 'cacheHitRate'], metric: 'db.cache.hits', by: 'asked', scale: 100 },
  { component: 'cache', place: ['redis', 'hitRate'], metric: 'cache.hit_rate', by: 'asked', scale: 100 },
  { component: 'cache', place: ['redis', 'operationsPerSecond'], metric: 'cache.operations.rate', by: 'asked' },
  { component: 'cache', place: ['redis', 'evictionRate'], metric: 'cache.evictions.rate', by: 'asked' },
]

type Parts = Record<string, Record<string, Record<string, unknown>> | null>

/** Answers `GET application`: what is now, and over the time range what was; a part nothing is known of is null. */
export function applicationAnswerOf(agent: Agent): Handlers['application'] {
  return async ({ query: { component, timeRange, aggregation } }, { caller }) => {
    const components = component === 'all' ? COMPONENTS : [component]
    if (component !== 'all') expectNoBreaker(agent, component)
    const snapshot = await agent.current(agent.settings.intervalMs + SHARED_MS)
    const to = agent.wallTime().getTime()
    const rangeMs = parseDuration(timeRange)
    const window = { from: to - rangeMs, to, stepMs: agent.recent.stepFor(rangeMs, 10_000) }
    const data = applicationShape(snapshot, components) as Parts // parts of groups of figures
    let dataPoints = 0
    for (const { component: part, place: [group, field], metric, by, scale = 1 } of FIGURES) {
      const figures = data[part]?.[group]
      const slots = figures ? agent.recent.slots(metric, window) : []
      if (!figures || slots.length === 0) continue
      figures[field] = figure(foldSlots(slots, by === 'asked' ? aggregation : by) * scale)
      dataPoints = Math.max(dataPoints, slots.length)
    }
    withPresent(data['api'])
    const redis = data['cache']?.['redis']
    if (redis && typeof redis['hitRate'] === 'number') redis['missRate'] = figure(100 - redis['hitRate'])
    const resting = agent.collector.states.filter(({ openUntil, isDisabled }) => !isDisabled && openUntil !== null).map(({ source }) => source.id)
    return {
      data: data, // the shape is the documented one, of which only numbers were changed
      meta: { timeRange, aggregation, dataPoints, lastUpdate: lastUpdateOf(agent), recordedSince: instantOf(agent.recent.since()), ...(resting.length > 0 ? { leftAlone: resting } : {}), ...(seesAll(caller) ? troubleOf(agent) : {}) },
    }
  }
}

/** What waits in a batch is no past yet, and yet it was measured: no peak is below the present, and until there is a past the present is all of it. */
function withPresent(api: Parts[string] | undefined): void {
  const { requestRate, errorRate } = api ?? {}
  const now = requestRate?.['current']
  if (requestRate && typeof now === 'number') {
    requestRate['avg'] ??= now
    requestRate['peak'] = Math.max(now, typeof requestRate['peak'] === 'number' ? requestRate['peak'] : now)
  }
  if (errorRate) errorRate['avg'] ??= errorRate['current'] ?? null
}

/** When a source of the application last told something. */
function lastUpdateOf({ collector }: Agent): string | null {
  const times = collector.states.flatMap(({ source, last }) => (source.kind !== 'system' && last ? [last.wallMs] : []))
  return times.length === 0 ? null : instantOf(Math.max(...times))
}

/** Which sources are not well, and why, and the zone where it is not green; nothing where all is well. */
function troubleOf({ collector, now }: Agent): Pick<NonNullable<Answer<'application'>['meta']>, 'sources' | 'zone'> {
  const sources = collector.states.flatMap((state) => {
    const { health, problem, hint } = conditionOf(collector, state, now())
    const { id, kind } = state.source
    if (kind === 'system' || health === 'healthy') return []
    const partial = state.last?.collected.problems ?? []
    return [{ id: plain(id, 200), kind, health, problem: problem ?? (partial.length > 0 ? plain(partial.join('; '), 400) : null), hint }]
  })
  return { ...(sources.length > 0 ? { sources } : {}), ...(collector.zone === 'green' ? {} : { zone: collector.zone }) }
}
