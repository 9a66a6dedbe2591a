import type { MetricName } from '../../../model/metric.ts'
import { histogramQuantile } from './quantile.ts'
import type { RequestSeries, TimeSeries } from './request-series.ts'
import { isFailed } from './tally.ts'

const SHARES = { 'api.duration.p50': 0.5, 'api.duration.p95': 0.95, 'api.duration.p99': 0.99 } as const satisfies Partial<Record<MetricName, number>>

/** What was answered in a time, from what the series gained in it: NaN for what nothing tells of. Errors are answers of status 400 or more. */
export function apiRates({ requests, times, finer }: RequestSeries, elapsedMs: number): [MetricName, number][] {
  const count = sum(requests.map((each) => each.count))
  const told = sum(requests.filter(({ status }) => status > 0).map((each) => each.count))
  const failed = sum(requests.filter(({ status }) => isFailed(status)).map((each) => each.count))
  const buckets = finer?.buckets ?? times.flatMap((each) => each.buckets)
  const mean = sum(times.map(({ seconds }) => seconds)) / sum(times.map((each) => each.count))
  return [
    ['api.request_rate', elapsedMs > 0 ? count / (elapsedMs / 1_000) : Number.NaN],
    ['api.errors', failed / told],
    ['api.duration.avg', mean * 1_000],
    ...Object.entries(SHARES).map(([metric, share]): [MetricName, number] => [metric as MetricName, histogramQuantile(share, buckets) * 1_000]), // the keys are such names
  ]
}

/** What a summary says of its own last minutes; only where it is one series, for quantiles of several cannot be put together. */
export function summaryQuantiles(times: readonly TimeSeries[]): [MetricName, number][] {
  const [only, ...more] = times.filter(({ quantiles }) => quantiles.size > 0)
  if (!only || more.length > 0) return []
  return Object.entries(SHARES).map(([metric, share]): [MetricName, number] => [metric as MetricName, (only.quantiles.get(share) ?? Number.NaN) * 1_000]) // likewise
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
