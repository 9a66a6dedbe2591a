import type { MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'

/** More series than any instance has. */
const MOST_SERIES = 5_000

/** Takes figures of one answer; those that are not known leave no trace. */
export interface Sheet {
  readonly samples: Samples
  set(metric: MetricName, value: number, tag?: string): void
}

/** A new sheet. Tags are text from outside: they are made plain and short. */
export function openSheet(): Sheet {
  const samples = new Map<MetricName, Map<string, number>>()
  let count = 0
  return {
    samples,
    set(metric, value, tag = '') {
      if (!Number.isFinite(value) || count >= MOST_SERIES) return
      count++
      const series = samples.get(metric)
      if (series) series.set(plain(tag, 100), value)
      else samples.set(metric, new Map([[plain(tag, 100), value]]))
    },
  }
}
