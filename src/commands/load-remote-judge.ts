import * as z from 'zod/mini'
import { judge } from '../analysis/judge.ts'
import type { Answer } from '../contract/instance.ts'
import type { Finding } from '../model/finding.ts'
import { metricNamed } from '../model/metric.ts'
import type { Plan } from '../model/plan.ts'
import { parseThreshold, type Statistic, type ThresholdRule } from '../model/threshold.ts'

type Results = Answer<'loadTestResults'>['data']
type Summary = NonNullable<Results['summary']>

/** The thresholds of a plan, judged by what the instance observed, else by the documented figures of its results. */
export function judgeRemote({ thresholds }: Plan, results: Results): Finding[] {
  return thresholds.map((rule) => {
    const value = toldOf(rule, results) ?? figureOf(rule, results)
    return { ...judge(rule, value), ...(Number.isNaN(value) ? { hint: 'the instance tells no such figure of a load test; judge it where this machine sends the requests' } : {}) }
  })
}

/** What an instance says that a threshold observed. */
function toldOf({ metric, tags, threshold: { statistic, operator, limit } }: ThresholdRule, results: Results): number | undefined {
  const name = metricNamed(metric) ?? metric
  const wanted = JSON.stringify([name, Object.entries(tags), statistic, operator, limit])
  const list: readonly unknown[] = Array.isArray(results['thresholds']) ? results['thresholds'] : []
  for (const each of list) {
    const { data } = z.safeParse(toldThreshold, each)
    if (!data || data.observed === null) continue
    const read = statedThreshold(data.expression)
    if (read && JSON.stringify([metricNamed(data.metric) ?? data.metric, Object.entries(data.tags ?? {}), read.statistic, read.operator, read.limit]) === wanted) return data.observed
  }
  return undefined
}

const toldThreshold = z.object({ metric: z.string(), tags: z.optional(z.record(z.string(), z.string())), expression: z.string(), observed: z.nullable(z.number()) })

function statedThreshold(text: string): ReturnType<typeof parseThreshold> | null {
  try {
    return parseThreshold(text)
  } catch {
    return null
  }
}

/** What a threshold is about, from the documented results; NaN where they do not say. */
function figureOf({ metric, tags, threshold: { statistic } }: ThresholdRule, { summary, duration }: Results): number {
  if (!summary || Object.keys(tags).length > 0) return Number.NaN
  const failed = summary.totalRequests > 0 ? summary.failedRequests / summary.totalRequests : Number.NaN
  const name = metricNamed(metric) ?? metric
  if (name === 'http.duration') return timeOf(statistic, summary) ?? Number.NaN
  if (name === 'http.failed' && statistic.kind === 'rate') return failed
  if (name === 'http.succeeded' && statistic.kind === 'rate') return 1 - failed
  if (name === 'http.requests' && statistic.kind === 'count') return summary.totalRequests
  if (name === 'http.requests' && statistic.kind === 'rate') return summary.requestRate ?? (duration !== null && duration > 0 ? summary.totalRequests / duration : Number.NaN)
  return Number.NaN
}

function timeOf(statistic: Statistic, { avgResponseTime, minResponseTime, maxResponseTime, p50, p90, p95, p99 }: Summary): number | null | undefined {
  if (statistic.kind === 'p') return new Map([[50, p50], [90, p90], [95, p95], [99, p99], [100, maxResponseTime], [0, minResponseTime]]).get(statistic.percent)
  return new Map([['avg', avgResponseTime], ['min', minResponseTime], ['max', maxResponseTime], ['med', p50]]).get(statistic.kind)
}
