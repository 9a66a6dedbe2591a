import { bodies, contentOf, textOf, timeOf, under } from '../body.ts'
import { readBytes, readNumber, readPercent, readShare, readTime } from '../figure.ts'
import { type Reading, reading } from '../reading.ts'
import { openSheet, type Sheet } from '../sheet.ts'
import { readDatabase } from './application-database.ts'

/** The documented `application`: shares of errors are in percent; hit rates have been seen as either and go by their range. */
export function readApplication(body: unknown): Reading {
  const data = contentOf(body)
  const sheet = openSheet()
  readApi(under(data, 'api'), sheet)
  readDatabase(under(data, 'database'), sheet)
  readCache(under(data, 'cache', 'redis') ?? under(data, 'cache'), sheet)
  readQueues(under(data, 'jobs', 'queues'), sheet)
  readBusiness(under(data, 'business'), sheet)
  const endpoints = bodies(under(data, 'api', 'endpoints'), 100).map((each) => ({
    method: textOf(each['method'], 10), path: textOf(each['path']), count: readNumber(each['requestCount']), avgMs: readTime(each['avgResponseTime']), errors: readPercent(each['errorRate']),
  }))
  const queries = bodies(under(data, 'database', 'slowestQueries'), 100).map((each) => ({ query: textOf(each['query'], 500), count: readNumber(each['count']), avgMs: readTime(each['avgTime']) }))
  return reading({ at: timeOf(under(body, 'meta', 'lastUpdate')), samples: sheet.samples, application: { endpoints, queries } })
}

function readApi(api: unknown, sheet: Sheet): void {
  const rate = under(api, 'requestRate')
  sheet.set('api.request_rate', currentOf(rate) / (/min/.test(textOf(under(rate, 'unit'))) ? 60 : 1))
  const times = under(api, 'responseTime')
  const bareMs = /^s(ec|$)/.test(textOf(under(times, 'unit'))) ? 1_000 : 1
  for (const [key, metric] of [['avg', 'api.duration.avg'], ['p50', 'api.duration.p50'], ['p95', 'api.duration.p95'], ['p99', 'api.duration.p99']] as const) sheet.set(metric, readTime(under(times, key), bareMs))
  const errors = under(api, 'errorRate')
  const isFraction = /ratio|fraction/.test(textOf(under(errors, 'unit')))
  sheet.set('api.errors', isFraction ? readShare(currentOf(errors)) : readPercent(currentOf(errors)))
  sheet.set('api.connections', readNumber(under(api, 'activeConnections')))
  for (const probe of bodies(under(api, 'probes'), 200)) {
    const target = textOf(probe['target'], 100)
    if (target === '') continue
    if (typeof probe['up'] === 'boolean') sheet.set('api.probe.up', probe['up'] ? 1 : 0, target)
    sheet.set('api.probe.duration', readTime(probe['duration']), target)
  }
}

// What is now, else the mean, else the figure itself where it comes bare.
function currentOf(value: unknown): number {
  return [under(value, 'current'), under(value, 'avg'), value].map(readNumber).find((each) => !Number.isNaN(each)) ?? Number.NaN
}

function readCache(cache: unknown, sheet: Sheet): void {
  const [hits, misses] = [readNumber(under(cache, 'hitRate')), readNumber(under(cache, 'missRate'))]
  // Where both are told their sum shows what they are counted in: about 1, or about 100.
  const told = hits + misses
  sheet.set('cache.hit_rate', Math.abs(told - 100) < 2 ? readPercent(hits) : readShare(under(cache, 'hitRate')))
  sheet.set('cache.memory', readBytes(under(cache, 'memoryUsageBytes') ?? under(cache, 'memoryUsage')))
  sheet.set('cache.memory.limit', readBytes(under(cache, 'memoryLimitBytes')))
  sheet.set('cache.clients', readNumber(under(cache, 'connectionCount')))
  sheet.set('cache.keys', readNumber(under(cache, 'totalKeys')))
  sheet.set('cache.operations.rate', readNumber(under(cache, 'operationsPerSecond')))
  // No unit is documented, and a rate of evictions may be a share; whoever tells the limit in bytes speaks our words, where it is a second.
  if (under(cache, 'memoryLimitBytes') !== undefined) sheet.set('cache.evictions.rate', readNumber(under(cache, 'evictionRate')))
}

function readQueues(queues: unknown, sheet: Sheet): void {
  for (const queue of bodies(queues, 200)) {
    const name = textOf(queue['name'], 100)
    if (name === '') continue
    for (const [key, metric] of [['active', 'jobs.active'], ['waiting', 'jobs.waiting'], ['delayed', 'jobs.delayed'], ['completed', 'jobs.completed'], ['failed', 'jobs.failed']] as const) sheet.set(metric, readNumber(queue[key]), name)
    // No unit is documented; downloads and syncs that take 45 and 126 of it take seconds.
    sheet.set('jobs.duration.avg', readTime(queue['avgProcessingTime'], 1_000), name)
  }
}

function readBusiness(business: unknown, sheet: Sheet): void {
  sheet.set('business.processing_failures', readPercent(under(business, 'processingFailureRate')))
  sheet.set('business.user_errors', readPercent(under(business, 'userErrorRate')))
  sheet.set('business.processing_time', readTime(under(business, 'avgProcessingTime')))
  sheet.set('business.active_users', readNumber(under(business, 'activeUsers')))
  sheet.set('business.backlog', readNumber(under(business, 'backlog')))
}
