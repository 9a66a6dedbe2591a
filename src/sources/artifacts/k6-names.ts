import type { MeasuredSeries } from '../../model/measurements.ts'
import type { Statistic } from '../../model/threshold.ts'
import type { Unit } from '../../model/unit.ts'
import { isRecord, type Entries } from './json-value.ts'
import { AVG, catalogued, COUNT, figure, MAX, MIN, named, p, RATE, share } from './series.ts'

/** What k6 keeps of a metric, and what its values are (https://grafana.com/docs/k6/latest/using-k6/metrics/). */
export interface K6Metric {
  readonly type: 'trend' | 'counter' | 'rate' | 'gauge'
  readonly contains: string
}

/** `http_req_duration{name:items}`: the metric and what it is of. */
export function splitKey(key: string): { readonly name: string; readonly of: string } {
  const match = /^([^{]*)\{(.*)\}$/s.exec(key)
  return match ? { name: match[1] ?? '', of: match[2] ?? '' } : { name: key, of: '' }
}

const UNITS: Readonly<Record<string, Unit>> = { time: 'ms', data: 'bytes' }

/** The unit of a metric's values: all of k6's times are milliseconds. */
export function unitOf(name: string, { contains }: Pick<K6Metric, 'contains'>): Unit {
  return UNITS[contains] ?? (/^(http_req|grpc_req|ws|browser|group|iteration)_.*(duration|blocked|connecting|tls_handshaking|sending|waiting|receiving)$/.test(name) ? 'ms' : 'count')
}

/** The statistic that k6 calls so; undefined for what is none. */
export function statisticOf(name: string): Statistic | undefined {
  const percent = /^p\((\d+(?:\.\d+)?)\)$/.exec(name)?.[1]
  if (percent !== undefined) return Number(percent) <= 100 ? p(Number(percent)) : undefined
  return new Map<string, Statistic>([['avg', AVG], ['min', MIN], ['max', MAX], ['med', p(50)]]).get(name)
}

/** Which way is better: as the catalogue says; times are better short; of what is not known nothing is said. */
export function betterOf(name: string, unit: Unit): MeasuredSeries['better'] {
  return catalogued(name)?.better ?? (unit === 'ms' ? 'lower' : 'neither')
}

const number = (values: Entries, name: string): number | undefined => {
  const found = Object.hasOwn(values, name) ? values[name] : undefined
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/** The series of one metric of a summary; `shareKey` is what the kind of summary calls the value of a rate. */
export function summarySeries(key: string, metric: K6Metric, values: Entries, shareKey: 'rate' | 'value'): MeasuredSeries[] {
  const { name, of } = splitKey(key)
  const unit = unitOf(name, metric)
  const better = betterOf(name, unit)
  const known = named(name)
  switch (metric.type) {
    case 'trend': {
      // k6 fills what was never measured with zeros; a request or a flow cannot have taken none.
      const never = number(values, 'count') === 0 || (/^(http_req_duration|iteration_duration)$/.test(name) && number(values, 'max') === 0)
      const found = new Map(Object.keys(values).flatMap((statistic) => {
        const kind = statisticOf(statistic)
        return kind && number(values, statistic) !== undefined ? [[`${kind.kind} ${kind.kind === 'p' ? kind.percent : ''}`, { kind, value: never ? Number.NaN : number(values, statistic) }] as const] : []
      }))
      return [...found.values()].map(({ kind, value }) => figure(known, unit, better, 'sampled', kind, [value], { of }))
    }
    case 'counter': {
      const perSecond = unit === 'bytes' ? 'bytes_per_second' : 'per_second'
      const counted = number(values, 'count')
      const rate = number(values, 'rate')
      return [
        ...(counted === undefined ? [] : [figure(known, unit, 'neither', 'sampled', COUNT, [counted], { of })]),
        ...(rate === undefined ? [] : [figure(known, perSecond, better, 'sampled', RATE, [rate], { of })]),
      ]
    }
    case 'rate': {
      // Both kinds of summary call those that said yes "passes", also of http_req_failed, where they are the failed ones.
      const [yes, no, rate] = [number(values, 'passes'), number(values, 'fails'), number(values, shareKey)]
      if (yes !== undefined && no !== undefined) return [share(known, better, [{ yes, total: yes + no }], { of })]
      return rate === undefined ? [] : [figure(known, 'ratio', better, 'rate', RATE, [rate], { of })]
    }
    case 'gauge': {
      const value = number(values, 'value')
      return value === undefined ? [] : [figure(known, unit, better, 'sampled', { kind: 'value' }, [value], { of })]
    }
  }
}

/** What the reader should know of the thresholds a run was judged by; `passed` tells one from its entry. */
export function thresholdNotes(metrics: Entries, passed: (entry: unknown) => boolean): string[] {
  const judged = Object.entries(metrics).flatMap(([key, metric]) => {
    const thresholds = isRecord(metric) ? metric['thresholds'] : undefined
    return isRecord(thresholds) ? Object.entries(thresholds).map(([expression, entry]) => ({ text: `${key}: ${expression}`, passed: passed(entry) })) : []
  })
  const crossed = judged.filter((each) => !each.passed)
  if (crossed.length === 0) return []
  return [`${crossed.length} of k6's own ${judged.length} thresholds ${crossed.length === 1 ? 'was' : 'were'} crossed: ${crossed.slice(0, 5).map(({ text }) => text).join('; ')}`]
}

/** Says which percentiles of the response time k6 was not asked for. */
export function missingPercentiles(series: readonly MeasuredSeries[]): string[] {
  const has = (percent: number): boolean => series.some(({ metric, statistic }) => metric === 'http.duration' && statistic?.kind === 'p' && statistic.percent === percent)
  const missing = [95, 99].filter((percent) => !has(percent))
  if (missing.length === 0 || !series.some(({ metric }) => metric === 'http.duration')) return []
  return [`k6 wrote no ${missing.map((percent) => `p(${percent})`).join(' and ')} of the response time: add it to summaryTrendStats`]
}
