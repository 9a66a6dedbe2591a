import { type Body, bodies, textOf, timeOf, under } from '../body.ts'
import { readBytes, readNumber, readPercent, readShare, readTime } from '../figure.ts'
import { facts, type Reading, reading } from '../reading.ts'
import { openSheet, type Sheet } from '../sheet.ts'
import { readLoad, readMachine } from './documented-metrics.ts'

/** The other documented `metrics`, with `api`, `database`, `system` and `cache`: `errorRate` and `hitRate` are fractions, the rest of the shares percentages. */
export function readGroupedMetrics(data: Body): Reading {
  const sheet = openSheet()
  readApi(data['api'], sheet)
  readDatabase(data['database'], sheet)
  readMachine(data['system'], sheet)
  readLoad(under(data['system'], 'loadAverage'), sheet)
  readCache(data['cache'], sheet)
  const endpoints = bodies(under(data, 'api', 'slowestEndpoints'), 100).map((each) => ({
    method: textOf(each['method'], 10), path: textOf(each['path']), count: readNumber(each['count']), avgMs: readTime(each['averageTime']), errors: readShare(each['errorRate']),
  }))
  return reading({
    at: timeOf(data['timestamp']),
    samples: sheet.samples,
    application: endpoints.length > 0 ? { endpoints, queries: [] } : null,
    facts: facts({ cores: readNumber(under(data, 'system', 'cpu', 'cores')) }),
  })
}

function readApi(api: unknown, sheet: Sheet): void {
  sheet.set('api.request_rate', readNumber(under(api, 'requestsPerMinute')) / 60)
  sheet.set('api.duration.avg', readTime(under(api, 'averageResponseTime')))
  sheet.set('api.duration.p50', readTime(under(api, 'p50ResponseTime')))
  sheet.set('api.duration.p95', readTime(under(api, 'p95ResponseTime')))
  sheet.set('api.duration.p99', readTime(under(api, 'p99ResponseTime')))
  sheet.set('api.errors', readShare(under(api, 'errorRate')))
  sheet.set('api.connections', readNumber(under(api, 'activeConnections')))
}

function readDatabase(database: unknown, sheet: Sheet): void {
  sheet.set('db.query.avg', readTime(under(database, 'averageQueryTime')))
  sheet.set('db.query.slow', readNumber(under(database, 'slowQueries')))
  sheet.set('db.pool.usage', readPercent(under(database, 'connectionPoolUsage')))
  sheet.set('db.pool.active', readNumber(under(database, 'activeConnections')))
}

/** The cache, as the documented and the seen answers both have it; sizes are as Redis writes them. */
export function readCache(cache: unknown, sheet: Sheet): void {
  sheet.set('cache.hit_rate', readShare(under(cache, 'hitRate')))
  sheet.set('cache.keys', readNumber(under(cache, 'totalKeys')))
  sheet.set('cache.memory', readBytes(under(cache, 'memoryUsage')))
  sheet.set('cache.evictions', readNumber(under(cache, 'evictions')))
}
