import * as z from 'zod/mini'
import { instant, number, text } from '../parts.ts'

/** `GET application`: response times in milliseconds, rates of errors and hits in percent, processing times of jobs in seconds, of business in milliseconds. A part nothing is known of is null. */
export const applicationAnswer = z.looseObject({
  api: z.optional(z.nullable(z.looseObject({
    requestRate: z.looseObject({ current: number, avg: number, peak: number, unit: z.literal('requests/second') }),
    responseTime: z.looseObject({ avg: number, p50: number, p95: number, p99: number, unit: z.literal('milliseconds') }),
    errorRate: z.looseObject({ current: number, avg: number, unit: z.literal('percentage') }),
    probes: z.optional(z.array(z.looseObject({ target: z.string(), up: z.nullable(z.boolean()), duration: number }))),
    endpoints: z.array(z.looseObject({ path: z.string(), method: z.string(), requestCount: number, avgResponseTime: number, errorRate: number })),
  }))),
  database: z.optional(z.nullable(z.looseObject({
    connectionPool: z.looseObject({ size: number, active: number, idle: number, waiting: number }),
    queryPerformance: z.looseObject({ avgQueryTime: number, slowQueries: number, totalQueries: number, cacheHitRate: number }),
    slowestQueries: z.array(z.looseObject({ query: z.string(), avgTime: number, count: number })),
  }))),
  cache: z.optional(z.nullable(z.looseObject({
    redis: z.looseObject({ hitRate: number, missRate: number, evictionRate: number, memoryUsage: text, memoryUsageBytes: number, connectionCount: number, operationsPerSecond: number }),
  }))),
  jobs: z.optional(z.nullable(z.looseObject({
    queues: z.array(z.looseObject({ name: z.string(), active: number, waiting: number, completed: number, failed: number, avgProcessingTime: number })),
  }))),
  business: z.optional(z.nullable(z.looseObject({ processingFailureRate: number, userErrorRate: number, avgProcessingTime: number, activeUsers: number, backlog: number }))),
})

/** What is said of the looks behind it; to who sees all, the sources that are not well, and the zone of the machine where it is not green. */
export const applicationMeta = z.looseObject({
  timeRange: text, aggregation: text, dataPoints: z.number(), lastUpdate: z.nullable(instant), recordedSince: z.optional(z.nullable(instant)),
  sources: z.optional(z.array(z.looseObject({ id: z.string(), kind: z.string(), health: z.string(), problem: text, hint: text }))),
  zone: z.optional(z.string()),
})
