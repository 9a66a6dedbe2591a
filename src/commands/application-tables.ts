import { knows } from '../analysis/shape/application-shape.ts'
import { partsOf } from '../analysis/shape/part.ts'
import { METRICS, type MetricName } from '../model/metric.ts'
import { valueOf, type Snapshot } from '../model/snapshot.ts'
import type { Cell, Table } from '../model/report.ts'
import type { Unit } from '../model/unit.ts'
import type { Component } from '../contract/question-words.ts'

const FIGURES: Readonly<Record<Exclude<Component, 'jobs'>, readonly (readonly [string, MetricName])[]>> = {
  api: [['requests', 'api.request_rate'], ['mean', 'api.duration.avg'], ['p50', 'api.duration.p50'], ['p95', 'api.duration.p95'], ['p99', 'api.duration.p99'], ['errors', 'api.errors']],
  database: [['pool', 'db.pool.size'], ['active', 'db.pool.active'], ['waiting', 'db.pool.waiting'], ['used', 'db.pool.usage'], ['queries', 'db.queries.rate'], ['mean query', 'db.query.avg'], ['slow', 'db.query.slow'], ['cache hits', 'db.cache.hits'], ['commits', 'db.commits.rate'], ['rollbacks', 'db.rollbacks.rate'], ['lock waits', 'db.locks.waiting']],
  cache: [['hits', 'cache.hit_rate'], ['memory', 'cache.memory'], ['limit', 'cache.memory.limit'], ['keys', 'cache.keys'], ['clients', 'cache.clients'], ['operations', 'cache.operations.rate'], ['evictions', 'cache.evictions']],
}
const BUSINESS: readonly (readonly [string, MetricName])[] = [['failures', 'business.processing_failures'], ['user errors', 'business.user_errors'], ['time', 'business.processing_time'], ['active users', 'business.active_users'], ['backlog', 'business.backlog']]
const TITLES = { api: 'API', database: 'Database', cache: 'Cache' } as const
const MOST_ROWS = 10

/** The tables of an application's figures; a part nothing is known of has none. */
export function applicationTables(snapshot: Snapshot, components: readonly Component[]): Table[] {
  const cell = (metric: MetricName, tag = ''): Cell => known(valueOf(snapshot, metric, tag), METRICS[metric].unit)
  const right = (label: string): Table['columns'][number] => ({ label, align: 'right' })
  const figures = (component: keyof typeof FIGURES): Table[] =>
    components.includes(component) && knows(snapshot, component) ? [{ title: TITLES[component], columns: FIGURES[component].map(([label]) => right(label)), rows: [FIGURES[component].map(([, metric]) => cell(metric))] }] : []
  const endpoints = (snapshot.application?.endpoints ?? []).toSorted((a, b) => b.avgMs - a.avgMs).slice(0, MOST_ROWS)
  const queries = (snapshot.application?.queries ?? []).toSorted((a, b) => b.avgMs - a.avgMs).slice(0, MOST_ROWS)
  const tables = partsOf(snapshot, 'db.table.size').toSorted((a, b) => valueOf(snapshot, 'db.table.size', b) - valueOf(snapshot, 'db.table.size', a)).slice(0, MOST_ROWS)
  const queues = partsOf(snapshot, 'jobs.active', 'jobs.waiting', 'jobs.delayed', 'jobs.completed', 'jobs.failed')
  const probes = partsOf(snapshot, 'api.probe.up').slice(0, MOST_ROWS)
  const business = BUSINESS.filter(([, metric]) => cell(metric) !== null)
  return [
    ...figures('api'),
    ...(components.includes('api') && probes.length > 0 ? [{ title: 'Synthetic requests', columns: [{ label: 'request' }, { label: 'answer' }, right('time')], rows: probes.map((probe) => [probe, valueOf(snapshot, 'api.probe.up', probe) === 1 ? 'as expected' : 'failed', cell('api.probe.duration', probe)]) }] : []),
    ...(components.includes('api') && endpoints.length > 0 ? [{ title: 'Slowest endpoints', columns: [{ label: 'endpoint' }, right('requests'), right('mean'), right('errors')], rows: endpoints.map(({ method, path, count, avgMs, errors }) => [`${method} ${path}`.trim(), known(count, 'count'), known(avgMs, 'ms'), known(errors, 'ratio')]) }] : []),
    ...figures('database'),
    ...(components.includes('database') && queries.length > 0 ? [{ title: 'Slowest queries', columns: [{ label: 'query' }, right('times'), right('mean')], rows: queries.map(({ query, count, avgMs }) => [query, known(count, 'count'), known(avgMs, 'ms')]) }] : []),
    ...(components.includes('database') && tables.length > 0 ? [{ title: 'Largest tables', columns: [{ label: 'table' }, right('size'), right('rows'), right('dead'), right('read whole'), right('by index')], rows: tables.map((table) => [table, ...(['db.table.size', 'db.table.rows', 'db.table.dead', 'db.table.scans', 'db.table.index_scans'] as const).map((metric) => cell(metric, table))]) }] : []),
    ...figures('cache'),
    ...(components.includes('jobs') && queues.length > 0 ? [{ title: 'Job queues', columns: [{ label: 'queue' }, right('active'), right('waiting'), right('delayed'), right('done'), right('failed'), right('mean')], rows: queues.map((queue) => [queue, ...(['jobs.active', 'jobs.waiting', 'jobs.delayed', 'jobs.completed', 'jobs.failed', 'jobs.duration.avg'] as const).map((metric) => cell(metric, queue))]) }] : []),
    ...(business.length > 0 ? [{ title: 'Business', columns: business.map(([label]) => right(label)), rows: [business.map(([, metric]) => cell(metric))] }] : []),
  ]
}

/** A value with its unit; nothing where it is not known. */
export function known(value: number, unit: Unit): Cell {
  return Number.isFinite(value) ? { value, unit } : null
}
