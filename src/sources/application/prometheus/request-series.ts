import { plain } from '../../../model/text.ts'
import type { ExposedSample, Exposition } from './exposition.ts'
import type { RequestFamilies, RequestLabels, TimeFamily } from './families.ts'
import type { Counts } from './gains.ts'
import type { Bucket } from './quantile.ts'

/** Whose a count is. */
export interface Answered {
  /** Upper case; empty where it is not told. */
  readonly method: string
  readonly route: string
  /** 0 where it is not told; of a class such as `2xx` its first. */
  readonly status: number
}

/** One series of requests, as its labels tell them apart. */
export interface CountSeries extends Answered {
  /** The same for the same series at every look. */
  readonly key: string
  readonly count: number
}

/** One series of response times. */
export interface TimeSeries extends CountSeries {
  readonly seconds: number
  /** Ends in seconds; empty where the family has no classes. */
  readonly buckets: readonly Bucket[]
  /** What a summary says itself, seconds by share. */
  readonly quantiles: ReadonlyMap<number, number>
}

/** The series of requests and of times. */
export interface RequestSeries {
  readonly requests: readonly CountSeries[]
  readonly times: readonly TimeSeries[]
  /** The times of all in finer classes; undefined where there are none. */
  readonly finer: TimeSeries | undefined
}

/** Every count of the series, by key, to see what they gain. */
export function countsOf({ requests, times, finer }: RequestSeries): Map<string, readonly number[]> {
  const timed = [...times, ...(finer ? [finer] : [])]
  return new Map<string, readonly number[]>([
    ...requests.map(({ key, count }) => [key, [count]] as const),
    ...timed.map(({ key, count, seconds, buckets }) => [key, [count, seconds, ...buckets.map((bucket) => bucket.count)]] as const),
  ])
}

/** The series with what they have gained in place of their counts; with 0 where there was no look before. */
export function gained(series: RequestSeries, gains: Counts | null): RequestSeries {
  const of = (key: string, index: number): number => gains?.get(key)?.[index] ?? 0
  const timed = (each: TimeSeries): TimeSeries => ({ ...each, count: of(each.key, 0), seconds: of(each.key, 1), buckets: each.buckets.map(({ le }, index) => ({ le, count: of(each.key, index + 2) })) })
  return { requests: series.requests.map((each) => ({ ...each, count: of(each.key, 0) })), times: series.times.map(timed), finer: series.finer && timed(series.finer) }
}

/** Takes the series of an exposition's families apart; those of the path that is asked for the exposition itself are left out, for no user asks there. */
export function requestSeries(exposition: Exposition, { requests, times }: RequestFamilies, ownPath: string): RequestSeries {
  const isOwn = ({ route }: Answered): boolean => route === ownPath
  const timed = times ? timeSeries(exposition, times).filter((each) => !isOwn(each)) : []
  const counted = requests === undefined ? [] : requests.name === times?.name ? timed : countSeries(requests).filter((each) => !isOwn(each))
  const finer = times && times.finer !== '' ? timeSeries(exposition, { ...times, name: times.finer, samples: exposition.samples.get(`${times.finer}_count`) ?? [] })[0] : undefined
  return { requests: counted, times: timed, finer }
}

function countSeries({ name, samples, labels }: { readonly name: string; readonly samples: readonly ExposedSample[]; readonly labels: RequestLabels }): CountSeries[] {
  const known = new Map<string, CountSeries>()
  for (const sample of samples) {
    const key = keyOf(name, sample)
    if (isCount(sample.value) && !known.has(key)) known.set(key, { key, ...answered(sample, labels), count: sample.value })
  }
  return [...known.values()]
}

function timeSeries({ samples }: Exposition, { name, samples: counts, labels, scale }: Pick<TimeFamily, 'name' | 'samples' | 'labels' | 'scale'>): TimeSeries[] {
  const sums = new Map((samples.get(`${name}_sum`) ?? []).map((sample) => [keyOf(name, sample), sample.value]))
  const buckets = grouped(name, samples.get(`${name}_bucket`) ?? [], 'le')
  const quantiles = grouped(name, samples.get(name) ?? [], 'quantile')
  return countSeries({ name, samples: counts, labels }).map((series) => ({
    ...series,
    seconds: (sums.get(series.key) ?? Number.NaN) * scale,
    buckets: [...(buckets.get(series.key) ?? [])].filter(([, count]) => isCount(count)).map(([le, count]) => ({ le: le * scale, count })),
    quantiles: new Map([...(quantiles.get(series.key) ?? [])].map(([share, value]) => [share, value * scale])),
  }))
}

/** By the series they belong to, the values by the number that one label holds. */
function grouped(name: string, samples: readonly ExposedSample[], label: 'le' | 'quantile'): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const groups = new Map<string, Map<number, number>>()
  for (const sample of samples) {
    const at = sample.labels.get(label)
    const end = at === undefined || at === '' ? Number.NaN : Number(at.replace(/^\+?Inf$/, 'Infinity'))
    if (Number.isNaN(end)) continue
    const key = keyOf(name, sample)
    const group = groups.get(key)
    if (group) group.set(end, group.get(end) ?? sample.value)
    else groups.set(key, new Map([[end, sample.value]]))
  }
  return groups
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}

function keyOf(name: string, { labels }: ExposedSample): string {
  return JSON.stringify([name, ...[...labels].filter(([label]) => label !== 'le' && label !== 'quantile').toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

function answered({ labels }: ExposedSample, { method, route, status }: RequestLabels): Answered {
  const of = (label: string | undefined): string => (label === undefined ? '' : (labels.get(label) ?? ''))
  return { method: plain(of(method), 20).toUpperCase(), route: plain(of(route), 200), status: statusOf(of(status)) }
}

/** `404`; `4xx` counts as 400. */
function statusOf(text: string): number {
  const [, digits, klass] = /^(?:([1-5]\d\d)|([1-5])xx)$/i.exec(text) ?? []
  return digits !== undefined ? Number(digits) : klass !== undefined ? Number(klass) * 100 : 0
}
