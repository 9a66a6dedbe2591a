import * as z from 'zod/mini'
import { choice, flag, list, names, whole } from './parts.ts'
import { AGGREGATIONS, COMPONENTS, GRANULARITIES, HISTORY_METRICS, INTERVALS, PERIODS, SEVERITIES, TIME_RANGES, TOPICS } from './question-words.ts'

/** `GET metrics`. `samples` adds every value this tool knows, for its own commands. */
export const metricsQuery = z.object({ timeRange: choice(TIME_RANGES, '1h'), interval: choice(INTERVALS, '1m'), metrics: list(TOPICS), format: choice(['json', 'prometheus'], 'json'), samples: flag(false) })
/** `GET metrics/real-time`; `interval` in seconds. */
export const liveQuery = z.object({ metrics: list(TOPICS), interval: whole(1, 60, 5), samples: flag(false) })
/** `GET application`. */
export const applicationQuery = z.object({ component: choice(['all', ...COMPONENTS], 'all'), timeRange: choice(TIME_RANGES, '1h'), aggregation: choice(AGGREGATIONS, 'avg') })
/** `GET health`; `timeout` in seconds. */
export const healthQuery = z.object({ detailed: flag(false), timeout: whole(1, 300, 30), components: names() })
/** `GET history`. */
export const historyQuery = z.object({ period: choice(PERIODS, '24h'), metric: z.optional(z.enum(HISTORY_METRICS)), granularity: choice(GRANULARITIES, '5m') })
/** `GET load-test/{testId}/results`. */
export const resultsQuery = z.object({ format: choice(['json', 'html', 'pdf'], 'json'), detailed: flag(false) })
/** `GET insights`; `timeRange` in seconds. */
export const insightsQuery = z.object({ severity: z.optional(z.enum(SEVERITIES)), timeRange: whole(1, 30 * 86_400, 3_600) })

const limits = z.strictObject({ warning: z.optional(z.number()), critical: z.optional(z.number()), unit: z.optional(z.string()) })

/** `PUT alerts`: what is left out stays as it is. */
export const alertsBody = z.strictObject({
  enabled: z.optional(z.boolean()),
  thresholds: z.optional(z.strictObject({ responseTime: z.optional(limits), errorRate: z.optional(limits), memoryUsage: z.optional(limits), cpuUsage: z.optional(limits), cacheHitRate: z.optional(limits) })),
  notifications: z.optional(z.strictObject({ email: z.optional(z.array(z.string().check(z.maxLength(320))).check(z.maxLength(50))), webhook: z.optional(z.nullable(z.string().check(z.maxLength(2_000)))), discord: z.optional(z.boolean()) })),
})

/** `POST optimize`. */
export const optimizeBody = z.strictObject({
  optimizations: z.array(z.string().check(z.minLength(1), z.maxLength(100))).check(z.minLength(1), z.maxLength(50)),
  aggressive: z.optional(z.boolean()),
  scheduleFor: z.optional(z.iso.datetime({ offset: true })),
  autoRollback: z.optional(z.boolean()),
  notifications: z.optional(z.array(z.enum(['email', 'webhook'])).check(z.maxLength(10))),
})

const phase = z.strictObject({
  duration: z.number().check(z.gt(0), z.lte(86_400)), arrivalRate: z.number().check(z.gte(0), z.lte(1_000_000)), rampTo: z.optional(z.number().check(z.gte(0), z.lte(1_000_000))), name: z.optional(z.string().check(z.maxLength(200))),
})

/** `POST load-test`: durations in seconds, rates a second. `target` of a scenario is a path; `targetUrl` must be one of those the instance allows, and is the first of them where it is left out. */
export const loadTestBody = z.strictObject({
  testName: z.string().check(z.minLength(1), z.maxLength(200)),
  duration: z.optional(z.number().check(z.gt(0), z.lte(86_400))),
  targetUrl: z.optional(z.string().check(z.maxLength(2_000))),
  scenarios: z.array(z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(200)), weight: z.optional(z.number().check(z.gt(0), z.lte(1_000_000))),
    target: z.string().check(z.minLength(1), z.maxLength(2_000)), method: z.optional(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])),
    parameters: z.optional(z.record(z.string(), z.unknown())), headers: z.optional(z.record(z.string(), z.string())), body: z.optional(z.unknown()),
  })).check(z.minLength(1), z.maxLength(100)),
  load: z.strictObject({ phases: z.array(phase).check(z.minLength(1), z.maxLength(100)) }),
  thresholds: z.optional(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
})

/** `POST /api/performance`: one measurement of a browser, milliseconds (of `CLS` the score). */
export const clientMetric = z.strictObject({
  clientId: z.optional(z.string().check(z.maxLength(200))),
  page: z.string().check(z.minLength(1), z.maxLength(2_000)),
  component: z.optional(z.string().check(z.maxLength(200))),
  type: z.string().check(z.minLength(1), z.maxLength(200)),
  value: z.number().check(z.gte(0), z.lte(86_400_000)),
  metadata: z.optional(z.record(z.string(), z.unknown())),
})
/** One, or several at once. */
export const clientMetricsBody = z.union([clientMetric, z.array(clientMetric).check(z.minLength(1), z.maxLength(100)), z.strictObject({ metrics: z.array(clientMetric).check(z.minLength(1), z.maxLength(100)) })])
