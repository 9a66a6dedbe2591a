import * as z from 'zod/mini'
import { parseThreshold, type ThresholdRule } from '../../model/threshold.ts'
import { unsupported } from './errors.ts'
import type { KnownMetric, MetricBook } from './metrics.ts'
import { amount, isYes, numberOf, yesNo } from './quantity.ts'
import type { Spot } from './spot.ts'
import { judgeable, statisticNamed } from './thresholds.ts'

const LEGACY = ['min', 'max', 'median', 'p95', 'p99'] as const

/** Artillery's `ensure`: limits by metric, conditions, and the basic checks of its first version. */
export const ensureSchema = z.strictObject({
  thresholds: z.optional(z.array(z.record(z.string(), amount))),
  conditions: z.optional(z.array(z.strictObject({ expression: z.string(), strict: z.optional(yesNo) }))),
  min: z.optional(amount),
  max: z.optional(amount),
  median: z.optional(amount),
  p95: z.optional(amount),
  p99: z.optional(amount),
  maxErrorRate: z.optional(amount),
})

/** Thresholds from Artillery's `ensure`. Throws UserError `UNKNOWN_METRIC`, `INVALID_THRESHOLD` or `UNSUPPORTED`. */
export function readEnsure(ensure: z.infer<typeof ensureSchema> | undefined, spot: Spot, metrics: MetricBook): ThresholdRule[] {
  if (!ensure) return []
  const limits = (ensure.thresholds ?? []).flatMap((byName, index) =>
    Object.entries(byName).map(([name, limit]) => {
      const place = spot.at('thresholds', index, name)
      return rule(name, '<', numberOf(limit, place, -1e15, 1e15), true, place, metrics)
    }),
  )
  const conditions = (ensure.conditions ?? []).flatMap(({ expression, strict }, index) => {
    const place = spot.at('conditions', index, 'expression')
    return comparisons(expression, place).map(({ name, operator, limit }) => rule(name, operator, limit, strict === undefined || isYes(strict), place, metrics))
  })
  const basic = LEGACY.flatMap((key) => (ensure[key] === undefined ? [] : [rule(key, '<', numberOf(ensure[key], spot.at(key), 0, 1e15), true, spot.at(key), metrics)]))
  const errors = ensure.maxErrorRate === undefined ? [] : [rule('http_req_failed', '<=', numberOf(ensure.maxErrorRate, spot.at('maxErrorRate'), 0, 100) / 100, true, spot.at('maxErrorRate'), metrics)]
  return [...limits, ...conditions, ...basic, ...errors]
}

// condition = comparison { ("and" | "&&") comparison }, in parentheses or not
// comparison = metric operator number
const COMPARISON = /^\s*([\w.$/:-]+)\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*$/

interface Comparison {
  readonly name: string
  readonly operator: string
  readonly limit: number
}

function comparisons(expression: string, spot: Spot): Comparison[] {
  return expression.split(/\band\b|&&/i).map((part) => {
    const [, name, operator, limit] = COMPARISON.exec(part.replace(/^\s*\((.*)\)\s*$/s, '$1')) ?? []
    if (name === undefined || operator === undefined) {
      throw unsupported(`the condition "${expression.slice(0, 200)}"`, 'compare one metric with one number, and join comparisons with "and": http.response_time.p95 < 250 and http.request_rate > 100', spot.where())
    }
    return { name, operator, limit: Number(limit) }
  })
}

function rule(name: string, operator: string, limit: number, strict: boolean, spot: Spot, metrics: MetricBook): ThresholdRule {
  const { metric, statistic, tags } = meaning(name, spot, metrics)
  const threshold = judgeable(parseThreshold(`${statistic}${operator}${limit}`, spot.where()), metric, spot)
  return { metric: metric.name, tags, threshold, abortOnFail: false, delayAbortEvalMs: 0, strict, where: spot.where() }
}

interface Meaning {
  readonly metric: KnownMetric
  readonly statistic: string
  readonly tags: Readonly<Record<string, string>>
}

/** Artillery writes the statistic behind the metric, `http.response_time.p95`, and status codes as metrics of their own. */
function meaning(written: string, spot: Spot, metrics: MetricBook): Meaning {
  const name = written.replace(/^(engine|core)\./, '').replace(/^(vusers\.\w+)\.total$/, '$1')
  const status = /^http\.codes\.(\d{3})$/.exec(name)?.[1]
  if (status !== undefined) return { metric: metrics.need('http.requests', spot.where()), statistic: 'count', tags: { status } }
  const whole = metrics.find(name)
  // A metric's own name says what Artillery reports of it: a rate where its name ends so, else the sum or share.
  if (whole) return { metric: whole, statistic: name.endsWith('_rate') || whole.kind === 'rate' ? 'rate' : whole.kind === 'gauge' ? 'value' : 'count', tags: {} }
  const dot = name.lastIndexOf('.')
  const statistic = statisticNamed(name.slice(dot + 1))
  const base = dot < 0 ? 'http.response_time' : name.slice(0, dot)
  if (statistic === undefined || (dot >= 0 && !metrics.find(base))) metrics.need(statistic === undefined ? name : base, spot.where())
  return { metric: metrics.need(base, spot.where()), statistic: statistic ?? 'count', tags: {} }
}
