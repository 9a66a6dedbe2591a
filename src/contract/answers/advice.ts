import * as z from 'zod/mini'
import { alertSchema } from './alert.ts'
import { instant, number } from '../parts.ts'

const trend = z.looseObject({ trend: z.enum(['improving', 'stable', 'degrading', 'unknown']), change: number, period: z.string() })

/** `GET summary`: `errorRate` 0..1, shares in percent, score of 100. */
export const summaryAnswer = z.looseObject({
  status: z.enum(['optimal', 'good', 'degraded', 'critical']),
  score: z.number(),
  currentMetrics: z.looseObject({ responseTime: number, memoryUsage: number, cpuUsage: number, errorRate: number }),
  trends: z.looseObject({ responseTime: trend, memory: trend, cache: trend }),
  recentOptimizations: z.array(z.looseObject({ timestamp: instant, action: z.string(), description: z.string(), impact: z.string() })),
  recommendations: z.array(z.string()),
  alerts: z.array(alertSchema),
})

const goal = z.looseObject({ current: number, target: number, improvement: z.nullable(z.string()) })

/** `GET /api/v1/performance/recommendations`. Goals in milliseconds and percent. */
export const recommendationsAnswer = z.looseObject({
  analysisDate: instant,
  overallScore: number,
  recommendations: z.array(z.looseObject({
    category: z.string(), priority: z.enum(['low', 'medium', 'high', 'critical']), title: z.string(), description: z.string(),
    impact: z.nullable(z.enum(['low', 'medium', 'high'])), effort: z.nullable(z.enum(['low', 'medium', 'high'])), details: z.record(z.string(), z.unknown()), actions: z.array(z.string()),
  })),
  performanceGoals: z.looseObject({ apiResponseTime: goal, databaseQueryTime: goal, cacheHitRate: goal }),
})

const insight = z.looseObject({
  id: z.string(), type: z.enum(['bottleneck', 'anomaly', 'optimization']), severity: z.enum(['low', 'medium', 'high', 'critical']), title: z.string(), description: z.string(), impact: z.nullable(z.string()),
  recommendation: z.string(), metrics: z.array(z.string()), timestamp: z.number(), confidence: number,
})
const correlation = z.looseObject({ sources: z.array(z.string()), correlation: z.number(), insight: z.string() })
const applied = z.looseObject({ rule: z.string(), applied: z.boolean(), impact: z.string() })
const systemHealth = z.enum(['excellent', 'good', 'fair', 'poor', 'critical'])

/** `GET /api/performance/report`; `timestamp`s in milliseconds since 1970, `resourceUtilization` in percent. */
export const reportAnswer = z.looseObject({
  report: z.looseObject({
    timestamp: z.number(), summary: z.looseObject({ totalMetrics: z.number(), activeSources: z.number(), systemHealth, resourceUtilization: number }),
    insights: z.array(insight), correlations: z.array(correlation), recommendations: z.array(z.string()), optimizations: z.array(applied),
  }),
})

/** `GET /api/performance/insights`. */
export const insightsAnswer = z.looseObject({ insights: z.array(insight), correlations: z.array(correlation) })

/** `GET /api/performance/recommendations`. */
export const adviceAnswer = z.looseObject({ recommendations: z.array(z.string()), optimizations: z.array(applied), systemHealth, resourceUtilization: number })

/** `GET /api/performance/sources`; `lastCollection` in milliseconds since 1970. */
export const sourcesAnswer = z.looseObject({
  sources: z.array(z.looseObject({
    source: z.looseObject({ id: z.string(), name: z.string(), priority: z.enum(['critical', 'high', 'medium', 'low']), enabled: z.boolean(), intervalMs: z.number() }),
    lastCollection: number, health: z.enum(['healthy', 'degraded', 'unhealthy', 'disabled', 'pending']),
    /** Why it is not healthy, and what to do. */ problem: z.optional(z.string()), hint: z.optional(z.string()),
    /** What the last collection could not tell, and what is to be known of it. */ notes: z.optional(z.array(z.string())),
    /** The interval as it is now. */ currentIntervalMs: z.optional(z.number()), /** What the last collection took, milliseconds. */ lastDurationMs: z.optional(number), collections: z.optional(z.number()), failures: z.optional(z.number()),
  })),
  /** How full the machine is: `green`, `yellow`, `orange`, `red`, `critical`. */
  zone: z.optional(z.enum(['green', 'yellow', 'orange', 'red', 'critical'])),
  /** What the agent itself costs: share of one processor, bytes. */
  cost: z.optional(z.looseObject({ cpu: number, memory: number })),
})
