import type { MetricName } from '../model/metric.ts'

interface AlertThreshold {
  readonly title: string
  readonly metric: MetricName
  /** Of the metric; a number over the wire is `by` times one in it. */
  readonly unit: 'ms' | 'ratio'
  readonly by: number
  /** What the documentation calls the unit of a number over the wire. */
  readonly wireUnit: 'ms' | 'percentage'
  /** The most a number over the wire can be. */
  readonly most: number
  readonly isLowBad: boolean
  /** The documented defaults, as they are over the wire. */
  readonly warning: number
  readonly critical: number
}

/** From where on something is an alert where nobody has set it otherwise. What is too much of a resource for this tool itself are the targets of usage, `USAGE_LEVELS`. */
export const ALERT_THRESHOLDS = {
  responseTime: { title: 'response time', metric: 'api.duration.avg', unit: 'ms', by: 1, wireUnit: 'ms', most: 3_600_000, isLowBad: false, warning: 500, critical: 1_000 },
  errorRate: { title: 'errors', metric: 'api.errors', unit: 'ratio', by: 1, wireUnit: 'percentage', most: 1, isLowBad: false, warning: 0.05, critical: 0.1 },
  memoryUsage: { title: 'memory', metric: 'memory.usage', unit: 'ratio', by: 100, wireUnit: 'percentage', most: 100, isLowBad: false, warning: 80, critical: 90 },
  cpuUsage: { title: 'processors', metric: 'cpu.usage', unit: 'ratio', by: 100, wireUnit: 'percentage', most: 100, isLowBad: false, warning: 80, critical: 95 },
  cacheHitRate: { title: 'cache hit rate', metric: 'cache.hit_rate', unit: 'ratio', by: 1, wireUnit: 'percentage', most: 1, isLowBad: true, warning: 0.7, critical: 0.5 },
} as const satisfies Readonly<Record<string, AlertThreshold>>

/** The name of a threshold. */
export type AlertName = keyof typeof ALERT_THRESHOLDS
/** All of them, in the documented order. */
export const ALERT_NAMES = Object.keys(ALERT_THRESHOLDS) as readonly AlertName[] // Of a constant its own keys.
