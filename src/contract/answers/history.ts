import * as z from 'zod/mini'
import { instant, number } from '../parts.ts'

/** `GET history`: milliseconds for `response_time`, percent for the others. Without `metric`, the first of all that are in `series`. */
export const historyAnswer = z.looseObject({
  period: z.string(), metric: z.string(), granularity: z.string(),
  dataPoints: z.array(z.looseObject({ timestamp: instant, value: number, p95: z.optional(number), p99: z.optional(number) })),
  summary: z.looseObject({ average: number, min: number, max: number, p95: number, p99: number }),
})

/** What is said of what is kept: nothing outlives a restart where `recorded` is false. */
export const historyMeta = z.looseObject({ recorded: z.boolean(), recordedSince: z.nullable(instant), dataPoints: z.number(), note: z.optional(z.string()) })

const level = z.looseObject({ warning: z.number(), critical: z.number(), unit: z.string() })

/** `GET` and `PUT alerts`: `responseTime` in milliseconds, `errorRate` and `cacheHitRate` 0..1, the others in percent. */
export const alertsAnswer = z.looseObject({
  enabled: z.boolean(),
  thresholds: z.looseObject({ responseTime: level, errorRate: level, memoryUsage: level, cpuUsage: level, cacheHitRate: level }),
  notifications: z.looseObject({ email: z.array(z.string()), webhook: z.nullable(z.string()), discord: z.boolean() }),
})

const optimization = z.looseObject({ type: z.optional(z.string()), id: z.optional(z.string()), name: z.optional(z.string()), status: z.optional(z.string()), description: z.optional(z.string()), estimatedDuration: z.optional(z.string()), risk: z.optional(z.string()), rollbackAvailable: z.optional(z.boolean()) })

/** `POST optimize`; `estimatedDuration` in seconds. */
export const optimizeAnswer = z.looseObject({
  optimizationId: z.string(), status: z.enum(['started', 'scheduled', 'running', 'completed', 'failed']), estimatedDuration: z.optional(z.number()), scheduledFor: z.optional(instant), optimizations: z.array(optimization),
  estimatedImprovement: z.optional(z.record(z.string(), z.string())), rollbackPlan: z.optional(z.looseObject({ automatic: z.boolean(), triggers: z.array(z.string()), duration: z.string() })),
})

/** `GET optimize/{optimizationId}`; `duration` in seconds. */
export const optimizationAnswer = z.looseObject({
  optimizationId: z.string(), status: z.string(), startedAt: z.nullable(instant), completedAt: z.nullable(instant), duration: number,
  results: z.array(z.looseObject({ type: z.string(), status: z.string(), improvements: z.record(z.string(), z.string()), actions: z.array(z.string()) })),
})
