import type { MeasuredSeries } from '../../model/measurements.ts'
import { metricNamed } from '../../model/metric.ts'
import type { Content, JsonArtifact } from './artifact.ts'
import { holdsNothing } from './errors.ts'
import { at, isRecord, listAt, numberAt, recordAt, type Entries } from './json-value.ts'
import { AVG, catalogued, failures, figure, MAX, MIN, named, p, requestRate, sum, type Share } from './series.ts'

const STATISTICS = [['mean', AVG], ['min', MIN], ['max', MAX], ['p50', p(50)], ['p75', p(75)], ['p90', p(90)], ['p95', p(95)], ['p99', p(99)], ['p999', p(99.9)]] as const
const ENDPOINT = 'plugins.metrics-by-endpoint.response_time.'
const BY_CLASS = 'http.response_time.'

/** What `artillery run --output` writes: milliseconds in `aggregate`, and once more for every period of ten seconds. */
export const artillery: JsonArtifact = {
  kind: 'json',
  format: 'artillery',
  name: 'artillery run --output',
  mark: 'aggregate.counters and intermediate',
  recognise: (value) => isRecord(at(value, 'aggregate', 'counters')) && Array.isArray(at(value, 'intermediate')),
  read(value, reading): Content {
    const aggregate = recordAt(value, 'aggregate') ?? {}
    // The first and the last period are cut by the beginning and the end of the run.
    const periods = (listAt(value, 'intermediate') ?? []).filter(isRecord).slice(1, -1)
    const sliced = reading.per === 'slice' && periods.length >= 2
    const parts = sliced ? periods : [aggregate]
    const requests = numberAt(aggregate, 'counters', 'http.requests')
    const own = numberAt(aggregate, 'rates', 'http.request_rate')
    const summaries = summariesOf(parts)
    const series = [
      ...summaries,
      ...(requests === undefined ? [] : [requestRate(parts.map((part) => rateOf(part, sliced)), sliced ? { resolution: 0.1 } : {}), failures(parts.map(failuresOf))]),
      ...Object.keys(recordAt(aggregate, 'counters') ?? {}).flatMap((name) => counted(name, numberAt(aggregate, 'counters', name))),
    ]
    if (summaries.length === 0 && requests === undefined) throw holdsNothing(reading)
    return {
      surroundings: { tool: 'Artillery' },
      takenAt: numberAt(aggregate, 'firstMetricAt') ?? null,
      series,
      notes: [
        ...(sliced ? [`one value for each of ${periods.length} periods of ten seconds; the first and the last, which are not whole, are left out`] : []),
        ...(own !== undefined && !sliced ? [`Artillery's own request rate, ${own}/s, is a mean of its periods' whole numbers; the requests are divided by their time here`] : []),
      ],
    }
  },
}

function placeOf(name: string): { readonly metric: string; readonly of: string } {
  if (name.startsWith(ENDPOINT)) return { metric: 'http.duration', of: name.slice(ENDPOINT.length) }
  if (name.startsWith(BY_CLASS)) return { metric: 'http.duration', of: name.slice(BY_CLASS.length) }
  return { metric: named(name), of: '' }
}

/** Of every summary that the parts know, one series a statistic. */
function summariesOf(parts: readonly Entries[]): MeasuredSeries[] {
  const names = new Set(parts.flatMap((part) => Object.keys(recordAt(part, 'summaries') ?? {})))
  return [...names].flatMap((name) => {
    const { metric, of } = placeOf(name)
    const isTime = catalogued(metric)?.unit === 'ms' || /(response_time|session_length|duration|latency|ttfb)/.test(name)
    return STATISTICS.flatMap(([key, statistic]) => {
      const values = parts.map((part) => numberAt(part, 'summaries', name, key) ?? (key === 'p50' ? numberAt(part, 'summaries', name, 'median') : undefined))
      if (values.every((value) => value === undefined)) return []
      // Response times go in as whole milliseconds; all percentiles are given with one decimal.
      return [figure(metric, isTime ? 'ms' : 'count', isTime ? 'lower' : 'neither', 'sampled', statistic, values, { of, ...(isTime ? { resolution: metric === 'http.duration' ? 1 : 0.1 } : {}) })]
    })
  })
}

const TEN_SECONDS = 10

function rateOf(part: Entries, whole: boolean): number | undefined {
  const requests = numberAt(part, 'counters', 'http.requests') ?? 0
  if (whole) return requests / TEN_SECONDS
  const [first, last] = [numberAt(part, 'firstCounterAt'), numberAt(part, 'lastCounterAt')]
  return first !== undefined && last !== undefined && last > first ? (requests * 1_000) / (last - first) : numberAt(part, 'rates', 'http.request_rate')
}

function failuresOf(part: Entries): Share {
  const counters = recordAt(part, 'counters') ?? {}
  const requests = numberAt(counters, 'http.requests') ?? 0
  const unanswered = Math.max(0, requests - (numberAt(counters, 'http.responses') ?? 0))
  const bad = Object.keys(counters).filter((name) => /^http\.codes\.[4-9]\d\d$/.test(name)).reduce((total, name) => total + (numberAt(counters, name) ?? 0), 0)
  return { yes: Math.min(requests, unanswered + bad), total: requests }
}

function counted(name: string, value: number | undefined): MeasuredSeries[] {
  const known = metricNamed(name)
  const metric = known === undefined ? undefined : catalogued(known)
  if (known === undefined || metric?.kind !== 'counter') return []
  if (known === 'iterations.failed' || known === 'iterations.dropped') return [figure(known, 'count', 'lower', 'sampled', { kind: 'count' }, [value])]
  return sum(known, metric.unit, value)
}
