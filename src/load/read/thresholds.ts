import * as z from 'zod/mini'
import type { MetricKind } from '../../model/metric.ts'
import { parseThreshold, parseThresholdKey, type Statistic, type Threshold, type ThresholdRule } from '../../model/threshold.ts'
import { invalidThreshold } from './errors.ts'
import type { KnownMetric, MetricBook } from './metrics.ts'
import { amount, durationOf } from './quantity.ts'
import type { Spot } from './spot.ts'

const entry = z.union([z.string(), z.strictObject({ threshold: z.string(), abortOnFail: z.optional(z.boolean()), delayAbortEval: z.optional(amount) })])

/** k6's `thresholds`: by metric, an expression, one with options, or a list of them. */
export const thresholdsSchema = z.record(z.string(), z.union([entry, z.array(entry)]))

/** Which statistics a kind of metric has (k6: using-k6/thresholds). */
const STATISTICS: Readonly<Record<MetricKind, readonly Statistic['kind'][]>> = {
  trend: ['avg', 'min', 'max', 'med', 'p'],
  counter: ['count', 'rate'],
  rate: ['rate'],
  gauge: ['value'],
}

/** Reads k6's thresholds. Throws UserError `INVALID_THRESHOLD` or `UNKNOWN_METRIC` with the place. */
export function readThresholds(thresholds: z.infer<typeof thresholdsSchema> | undefined, spot: Spot, metrics: MetricBook): ThresholdRule[] {
  return Object.entries(thresholds ?? {}).flatMap(([key, entries]) => {
    const keySpot = spot.at(key)
    const { metric: name, tags } = parseThresholdKey(key, keySpot.keyWhere())
    const metric = metrics.need(name, keySpot.keyWhere())
    const list = Array.isArray(entries) ? entries.map((each, index) => [each, keySpot.at(index)] as const) : [[entries, keySpot] as const]
    return list.map(([each, place]): ThresholdRule => {
      const { threshold: text, abortOnFail = false, delayAbortEval = 0 } = typeof each === 'string' ? { threshold: each } : each
      return {
        metric: metric.name,
        tags,
        threshold: judgeable(parseThreshold(text, place.where()), metric, place),
        abortOnFail,
        delayAbortEvalMs: durationOf(delayAbortEval, place.at('delayAbortEval'), 1),
        strict: true,
        where: place.where(),
      }
    })
  })
}

/** The threshold, when its statistic and unit fit the metric. Throws UserError `INVALID_THRESHOLD`. */
export function judgeable(threshold: Threshold, metric: KnownMetric, spot: Spot): Threshold {
  const { statistic, text } = threshold
  if (!STATISTICS[metric.kind].includes(statistic.kind)) {
    const offers = STATISTICS[metric.kind].map((kind) => (kind === 'p' ? 'p(95)' : kind)).join(', ')
    throw invalidThreshold(text, `${metric.name} is a ${metric.kind} and has no "${statistic.kind === 'p' ? `p(${statistic.percent})` : statistic.kind}"`, `a ${metric.kind} has: ${offers}`, spot.where())
  }
  const unit = /(us|ms|s|m|%|\/s)\s*$/i.exec(text.replace(/^.*[<>=]/, ''))?.[1]?.toLowerCase()
  const fitting = unit === undefined || (unit === '/s' ? metric.kind === 'counter' && statistic.kind === 'rate' : unit === '%' ? metric.unit === 'ratio' : metric.unit === 'ms')
  if (!fitting) throw invalidThreshold(text, `"${unit}" is not a unit of ${metric.name}`, 'leave the unit out or correct it', spot.where())
  return threshold
}

/** The threshold of a statistic written as one word (`p95`, `median`, `mean`, `p999`); undefined for another word. */
export function statisticNamed(word: string): string | undefined {
  const percent = /^p(\d{1,2})(\d*)$/.exec(word)
  if (percent) return `p(${percent[1]}${percent[2] ? `.${percent[2]}` : ''})`
  return { min: 'min', max: 'max', mean: 'avg', avg: 'avg', median: 'med', med: 'med', count: 'count', rate: 'rate', value: 'value' }[word]
}
