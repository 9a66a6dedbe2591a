import type { Snapshot } from '../../model/snapshot.ts'
import { cacheShape, currentCacheShape } from './cache-shape.ts'
import { currentDatabaseShape, databaseShape } from './database-shape.ts'
import { figure, percent } from './figure.ts'
import { jobsShape } from './jobs-shape.ts'
import { reader } from './machine-shape.ts'
import { partsOf } from './part.ts'
import { COMPONENTS, type Component } from '../../contract/question-words.ts'

const PREFIXES: Readonly<Record<Component, string>> = { api: 'api.', database: 'db.', cache: 'cache.', jobs: 'jobs.' }

/** Whether anything is known of a part of the application. */
export function knows(snapshot: Snapshot, component: Component): boolean {
  const lists = component === 'api' ? snapshot.application?.endpoints : component === 'database' ? snapshot.application?.queries : undefined
  return (lists?.length ?? 0) > 0 || [...snapshot.samples.keys()].some((metric) => metric.startsWith(PREFIXES[component]))
}

/** The documented answer of `/application` from one look: a part nothing is known of is null, and so is what one look cannot tell (peaks, means over time). */
export function applicationShape(snapshot: Snapshot, components: readonly Component[] = COMPONENTS) {
  const shapes = { api: apiShape, database: databaseShape, cache: cacheShape, jobs: jobsShape }
  const business = COMPONENTS.every((component) => components.includes(component)) ? businessShape(snapshot) : null
  return { ...Object.fromEntries(components.map((component) => [component, knows(snapshot, component) ? shapes[component](snapshot) : null])), ...(business === null ? {} : { business }) }
}

/** What the people who run the application count: rates in percent, times in milliseconds; null where nothing of it is known. */
function businessShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  if (![...snapshot.samples.keys()].some((metric) => metric.startsWith('business.'))) return null
  return {
    processingFailureRate: percent(value('business.processing_failures')), userErrorRate: percent(value('business.user_errors')), avgProcessingTime: figure(value('business.processing_time')),
    activeUsers: figure(value('business.active_users')), backlog: figure(value('business.backlog')),
  }
}

function apiShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const [probes, connections] = [partsOf(snapshot, 'api.probe.up', 'api.probe.duration'), figure(value('api.connections'), 0)]
  return {
    requestRate: { current: figure(value('api.request_rate')), avg: null, peak: null, unit: 'requests/second' },
    responseTime: { avg: figure(value('api.duration.avg')), p50: figure(value('api.duration.p50')), p95: figure(value('api.duration.p95')), p99: figure(value('api.duration.p99')), unit: 'milliseconds' },
    errorRate: { current: percent(value('api.errors')), avg: null, unit: 'percentage' },
    endpoints: (snapshot.application?.endpoints ?? []).map(({ path, method, count, avgMs, errors }) => ({ path, method, requestCount: figure(count), avgResponseTime: figure(avgMs), errorRate: percent(errors) })),
    ...(probes.length > 0 ? { probes: probes.map((target) => ({ target, up: Number.isNaN(value('api.probe.up', target)) ? null : value('api.probe.up', target) === 1, duration: figure(value('api.probe.duration', target)) })) } : {}),
    ...(connections === null ? {} : { activeConnections: connections }),
  }
}

/** `api`, `database` and `cache` as `/metrics` documents them: rates of errors and hits are shares there, and the time of a part nothing is known of is null. */
export function currentApplicationShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  return {
    api: knows(snapshot, 'api')
      ? {
          requestsPerMinute: figure(value('api.request_rate') * 60), averageResponseTime: figure(value('api.duration.avg')), p95ResponseTime: figure(value('api.duration.p95')), p99ResponseTime: figure(value('api.duration.p99')),
          errorRate: figure(value('api.errors'), 4), activeConnections: figure(value('api.connections')),
          slowestEndpoints: (snapshot.application?.endpoints ?? []).toSorted((a, b) => b.avgMs - a.avgMs).slice(0, 10).map(({ path, method, avgMs, count }) => ({ path, method, averageTime: figure(avgMs), count: figure(count) })),
        }
      : null,
    database: knows(snapshot, 'database') ? currentDatabaseShape(snapshot) : null,
    cache: knows(snapshot, 'cache') ? currentCacheShape(snapshot) : null,
  }
}
