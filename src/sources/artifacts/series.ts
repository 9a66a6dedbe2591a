import type { MeasuredSeries, SeriesClass } from '../../model/measurements.ts'
import { METRICS, metricNamed, type Metric } from '../../model/metric.ts'
import type { Statistic } from '../../model/threshold.ts'
import type { Unit } from '../../model/unit.ts'

/** The `percent`-th percentile; medians are `p(50)` whatever the tool calls them, so that they meet. */
export const p = (percent: number): Statistic => ({ kind: 'p', percent })
/** Statistics by one word. */
export const AVG: Statistic = { kind: 'avg' }
export const MIN: Statistic = { kind: 'min' }
export const MAX: Statistic = { kind: 'max' }
export const RATE: Statistic = { kind: 'rate' }
export const COUNT: Statistic = { kind: 'count' }

/** What is said of a series beyond its name and values. */
export interface About {
  readonly of?: string
  readonly resolution?: number | undefined
}

/** A tool's name for a metric, or the catalogue's where it means the same. */
export function named(name: string): string {
  return metricNamed(name) ?? name
}

/** What the catalogue knows of a name or alias. */
export function catalogued(name: string): Metric | undefined {
  const known = metricNamed(name)
  return known === undefined ? undefined : METRICS[known]
}

/** Any series; a value that overflowed is not there. */
export function figure(metric: string, unit: Unit, better: MeasuredSeries['better'], kind: SeriesClass, statistic: Statistic | null, values: readonly (number | undefined)[], { of = '', resolution }: About = {}): MeasuredSeries {
  return { metric, statistic, of, unit, better, class: kind, values: values.map((value) => (value !== undefined && Number.isFinite(value) ? value : Number.NaN)), ...(resolution === undefined ? {} : { resolution }) }
}

/** Times, one series for each statistic that is there; `perUnit` milliseconds are in one of the tool's units. */
export function times(metric: string, statistics: readonly (readonly [Statistic, number | undefined])[], perUnit: number, about: About = {}): MeasuredSeries[] {
  return statistics.flatMap(([statistic, value]) => (value === undefined ? [] : [figure(metric, 'ms', 'lower', 'sampled', statistic, [value * perUnit], about)]))
}

/** Requests per second: more is better. */
export function requestRate(values: readonly (number | undefined)[], about: About = {}): MeasuredSeries {
  return figure('http.requests', 'per_second', 'higher', 'sampled', RATE, values, about)
}

/** What was counted over a run, which depends on how long that was: told, but neither good nor bad. */
export function sum(metric: string, unit: Unit, value: number | undefined, about: About = {}): MeasuredSeries[] {
  return value === undefined ? [] : [figure(metric, unit, 'neither', 'sampled', COUNT, [value], about)]
}

/** How many of how many events said yes. */
export interface Share {
  readonly yes: number
  readonly total: number
}

/** A share of events; NaN where there were none. */
export function share(metric: string, better: MeasuredSeries['better'], events: readonly Share[], about: About = {}): MeasuredSeries {
  return { ...figure(metric, 'ratio', better, 'rate', RATE, events.map(({ yes, total }) => (total > 0 ? yes / total : Number.NaN)), about), events }
}

/** Requests that failed: no response, or a status of 400 or more. */
export function failures(events: readonly Share[], about: About = {}): MeasuredSeries {
  return share('http.failed', 'lower', events, about)
}
