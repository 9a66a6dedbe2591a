import type { MetricName } from '../model/metric.ts'
import { tagsOf, valueOf, type Snapshot } from '../model/snapshot.ts'

/** Several looks at a system taken together. NaN is what is not known. */
export interface Stretch {
  readonly looks: number
  /** From the first look to the last, milliseconds. */
  readonly spanMs: number
  readonly last: Snapshot
  mean(metric: MetricName, tag?: string): number
  latest(metric: MetricName, tag?: string): number
  /** By how much a counter grew from the first look to the last; NaN where it began anew. */
  growth(metric: MetricName, tag?: string): number
  tags(metric: MetricName): readonly string[]
}

/** Takes looks together, the oldest first; null for none. */
export function stretchOf(looks: readonly Snapshot[]): Stretch | null {
  const [first, last] = [looks[0], looks.at(-1)]
  if (!first || !last) return null
  return {
    looks: looks.length,
    spanMs: looks.slice(1).reduce((sum, { elapsedMs }) => sum + (Number.isFinite(elapsedMs) ? elapsedMs : 0), 0),
    last,
    mean: (metric, tag) => {
      const values = looks.map((look) => valueOf(look, metric, tag)).filter((value) => !Number.isNaN(value))
      return values.reduce((sum, value) => sum + value, 0) / values.length
    },
    latest: (metric, tag) => valueOf(last, metric, tag),
    growth: (metric, tag) => {
      const growth = valueOf(last, metric, tag) - valueOf(first, metric, tag)
      return growth >= 0 ? growth : Number.NaN
    },
    tags: (metric) => tagsOf(last, metric),
  }
}
