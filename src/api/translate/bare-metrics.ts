import { type Body, bodies, textOf, timeOf, under } from '../body.ts'
import { readBytes, readNumber, readPercent, readTime } from '../figure.ts'
import { type Reading, reading } from '../reading.ts'
import { openSheet } from '../sheet.ts'
import { readLoad } from './documented-metrics.ts'
import { readCache } from './grouped-metrics.ts'

/**
 * What running servers answer without an envelope: `performance`, `system`, `cache`, `endpoints`. Shares of errors are in percent, the hit
 * rate is a fraction; memory, processor time and uptime are those of the server's own process, not of its machine.
 */
export function readBareMetrics(data: Body): Reading {
  const sheet = openSheet()
  const { performance, system } = data
  const uptime = readTime(under(system, 'uptime'), 1_000)
  sheet.set('instance.uptime', uptime)
  sheet.set('api.request_rate', readNumber(under(performance, 'totalRequests')) / (countedMs(data['timeWindow'], uptime) / 1_000))
  sheet.set('api.duration.avg', readTime(under(performance, 'averageResponseTime')))
  sheet.set('api.errors', readPercent(under(performance, 'errorRate')))
  readLoad(under(system, 'loadAverage'), sheet)
  // The same sizes come rounded to whole megabytes, and exact.
  const exact = under(performance, 'memoryStats', 'current')
  for (const [key, metric] of [['heapUsed', 'heap.used'], ['heapTotal', 'heap.total'], ['rss', 'instance.memory']] as const) {
    const bytes = readBytes(under(exact, key))
    sheet.set(metric, Number.isNaN(bytes) ? readBytes(under(system, 'memory', key)) : bytes)
  }
  // Microseconds, as `process.cpuUsage()` gives them.
  sheet.set('instance.cpu.time', (readNumber(under(system, 'cpuUsage', 'user')) + readNumber(under(system, 'cpuUsage', 'system'))) / 1_000)
  readCache(data['cache'], sheet)
  const endpoints = readEndpoints(data)
  return reading({ at: timeOf(data['timestamp']), samples: sheet.samples, application: endpoints.length > 0 ? { endpoints, queries: [] } : null })
}

/** Requests are counted over a window, but not from before the server began. */
function countedMs(window: unknown, uptime: number): number {
  const minutes = /^\s*(\d+(?:\.\d+)?)\s*(?:m|min|minutes?)?\s*$/.exec(typeof window === 'string' && window.length < 40 ? window : '')?.[1]
  const ms = Number(minutes ?? 'NaN') * 60_000
  return uptime > 0 ? Math.min(Number.isNaN(ms) ? uptime : ms, uptime) : ms
}

function readEndpoints(data: Body): { method: string; path: string; count: number; avgMs: number; errors: number }[] {
  const detailed = bodies(data['endpoints'], 100)
  const listed = detailed.length > 0 ? detailed : bodies(under(data, 'performance', 'topSlowPaths'), 100)
  return listed.map((each) => ({
    method: textOf(each['method'], 10),
    path: textOf(each['path']),
    count: readNumber(each['requestCount'] ?? each['count']),
    avgMs: readTime(each['averageTime']),
    errors: readPercent(under(each, 'metrics', 'errorRate') ?? each['errorRate']),
  }))
}
