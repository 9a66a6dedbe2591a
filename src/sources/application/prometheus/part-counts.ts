import type { MetricName } from '../../../model/metric.ts'
import type { ExposedSample, Exposition } from './exposition.ts'
import { scaleOf } from './families.ts'
import type { Counts } from './gains.ts'

const PROCESSOR = /(?:^|_)process_cpu_seconds_total$/
const QUERIES = /(?:^|_)(?:db|database|pg|postgres|postgresql|mysql|prisma_client|prisma|sequelize|knex|typeorm)_(?:client_)?(?:quer(?:y|ies)(?:_execution)?|operations?)_(?:duration|latency|time)(?:_histogram)?(?:_seconds|_milliseconds|_ms)?$/
const HITS = /(?:^|_)cache_hits(?:_total)?$/
const MISSES = /(?:^|_)cache_misses(?:_total)?$/
const LOOKUPS = /(?:^|_)cache_(?:gets|requests|operations|lookups|accesses)(?:_total)?$/
/** The labels by which one family of look-ups counts both. */
const RESULTS = ['result', 'status', 'outcome', 'hit', 'type']

/** What an application counts besides its answers, to see what it gains: processor seconds, queries with their seconds, hits and misses of its cache. What it does not count is not there. */
export function partCounts(exposition: Exposition): Map<string, readonly number[]> {
  const { samples, types } = exposition
  const counts = new Map<string, readonly number[]>()
  const named = (pattern: RegExp): string | undefined => [...samples.keys()].find((name) => pattern.test(name))
  const add = (key: string, values: readonly number[]): void => void (values.every(Number.isFinite) && counts.set(key, values))
  add('processor', [total(samples.get(named(PROCESSOR) ?? ''))])
  const counted = named(new RegExp(`${QUERIES.source.slice(0, -1)}_count$`))?.replace(/_count$/, '')
  if (counted !== undefined) add('queries', [total(samples.get(`${counted}_count`)), total(samples.get(`${counted}_sum`)) * scaleOf(counted, exposition)])
  // A gauge goes up and down, which would look as if its process had begun anew.
  const counter = (pattern: RegExp): string | undefined => [...samples.keys()].find((name) => pattern.test(name) && (name.endsWith('_total') || types.get(name) === 'counter'))
  const [hits, misses, lookups] = [counter(HITS), counter(MISSES), counter(LOOKUPS)]
  if (hits !== undefined && misses !== undefined) {
    add('hits', [total(samples.get(hits))])
    add('misses', [total(samples.get(misses))])
  } else if (lookups !== undefined) {
    const said = (word: RegExp): ExposedSample[] => (samples.get(lookups) ?? []).filter(({ labels }) => RESULTS.some((label) => word.test(labels.get(label) ?? '')))
    const [found, missed] = [said(/^(?:hits?|true)$/i), said(/^(?:miss(?:es)?|false)$/i)]
    if (found.length + missed.length > 0) {
      add('hits', [total(found)])
      add('misses', [total(missed)])
    }
  }
  return counts
}

/** What those gains come to in a time: NaN where nothing was gained, or nothing is counted. */
export function partRates(gains: Counts, elapsedMs: number): [MetricName, number][] {
  const [queries, seconds] = gains.get('queries') ?? []
  const [hits, misses] = [gains.get('hits')?.[0], gains.get('misses')?.[0]]
  return [
    ['instance.cpu', elapsedMs > 0 ? (gains.get('processor')?.[0] ?? Number.NaN) / (elapsedMs / 1_000) : Number.NaN],
    ['db.query.avg', ((seconds ?? Number.NaN) / (queries ?? Number.NaN)) * 1_000],
    ['cache.hit_rate', (hits ?? Number.NaN) / ((hits ?? Number.NaN) + (misses ?? Number.NaN))],
  ]
}

function total(samples: readonly ExposedSample[] | undefined): number {
  return samples ? samples.reduce((sum, { value }) => sum + value, 0) : Number.NaN
}
