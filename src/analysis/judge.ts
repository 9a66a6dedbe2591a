import type { Finding } from '../model/finding.ts'
import { METRICS, metricNamed, type Metric, type MetricKind } from '../model/metric.ts'
import { holds, limitUnit, type ThresholdRule } from '../model/threshold.ts'
import type { Unit } from '../model/unit.ts'

/** Judges one threshold by what was observed: NaN is unknown, never passed. */
export function judge(rule: ThresholdRule, observed: number): Finding {
  const name = ruleName(rule)
  const unit = limitUnit(rule.threshold.statistic, unitOf(rule.metric))
  const base = { id: `threshold:${name}:${rule.threshold.text}`, metric: rule.metric, limit: rule.threshold.limit, unit, where: rule.where }
  if (Number.isNaN(observed)) {
    return { ...base, verdict: 'unknown', observed: null, title: `${name}: ${rule.threshold.text} could not be judged`, hint: 'nothing was measured; see that a step feeds this metric, and that its tags match' }
  }
  const held = holds(rule.threshold, observed)
  return {
    ...base,
    verdict: held ? 'ok' : rule.strict ? 'fail' : 'warn',
    observed,
    title: `${name}: ${rule.threshold.text} ${held ? 'holds' : 'is crossed'}`,
  }
}

/** A rule's metric with its tags, as it was written: `http.duration{scenario:load}`. */
export function ruleName({ metric, tags }: Pick<ThresholdRule, 'metric' | 'tags'>): string {
  const pairs = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`)
  return pairs.length > 0 ? `${metric}{${pairs.join(',')}}` : metric
}

function unitOf(metric: string): Unit {
  const name = metricNamed(metric)
  const known: Metric | undefined = name && METRICS[name]
  return known?.unit ?? 'count'
}

/** The kind of a metric: the catalogue's, or the one the scenario declared. */
export function kindOf(metric: string, declared: Readonly<Record<string, MetricKind>>): MetricKind | undefined {
  const name = metricNamed(metric)
  return name ? METRICS[name].kind : declared[metric]
}
