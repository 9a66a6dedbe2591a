import { seriesKey, type MeasuredSeries } from '../../model/measurements.ts'
import { metricNamed } from '../../model/metric.ts'
import type { Statistic } from '../../model/threshold.ts'

/** One figure as two sides have it; a side that lacks it is undefined, but never both. */
export interface Pair {
  readonly key: string
  readonly base: MeasuredSeries | undefined
  readonly head: MeasuredSeries | undefined
}

/** The figures of two sides by what they are of, in the order of the baseline; what only the other side has stands last. */
export function pairSeries(base: readonly MeasuredSeries[], head: readonly MeasuredSeries[]): Pair[] {
  const [bases, heads] = [base, head].map((side) => new Map(side.map((series) => [seriesKey(series), series])))
  return [...new Set([...base, ...head].map(seriesKey))].map((key) => ({ key, base: bases?.get(key), head: heads?.get(key) }))
}

/** What the medians of all requests together are of, each held against its own of the other side: where fast and slow ones are mixed, the median of all falls between them and jumps. */
export const LIKE_FOR_LIKE = 'like for like'

/** The times that decide where there are any; of other times all decide. One of them is enough: figures that tell the same make each other's test harder. */
const TIMES = ['http.duration', 'time', 'largest-contentful-paint']
/** The statistic that decides, the first that is there: a tail has more noise in it than change. */
const STATISTICS = ['p(50)', 'avg', 'rate', '', 'value', 'max', 'count']

/** The keys of the figures that decide unless somebody says otherwise: the median of the response time (like for like where there is one) or its mean, error rates, and what is counted exactly. */
export function usualGates(pairs: readonly Pair[]): Set<string> {
  const times = pairs.filter((pair) => isTime(anyOf(pair)))
  const preferred = TIMES.find((metric) => times.some((pair) => anyOf(pair).metric === metric))
  const chosen = [...new Set(times.map((pair) => anyOf(pair).metric))].filter((metric) => preferred === undefined || metric === preferred)
  return new Set([
    ...chosen.flatMap((metric) => {
      const alike = times.filter((pair) => anyOf(pair).metric === metric && anyOf(pair).of === LIKE_FOR_LIKE)
      return ofMetric(alike.length > 0 ? alike : times, metric)
    }),
    ...ofMetric(pairs, 'http.failed'),
    ...pairs.filter((pair) => anyOf(pair).class === 'exact' && anyOf(pair).better !== 'neither').map(({ key }) => key),
  ])
}

/** The keys that decide, and names that mean nothing: by what somebody wrote, several separated by commas (a whole key may have commas of its own), or the usual ones. */
export function gatesFor(pairs: readonly Pair[], texts: readonly string[] | undefined): ReturnType<typeof namedGates> {
  if (texts === undefined) return { gates: usualGates(pairs), strangers: [] }
  return namedGates(pairs, texts.flatMap((text) => (pairs.some(({ key }) => key === text) ? [text] : text.split(',').map((name) => name.trim()).filter((name) => name !== ''))))
}

/** The keys that names of people mean, and the names that mean nothing: a metric or an alias (its median), with a statistic (`http_req_duration p(95)`), a whole key, or `all` that is good or bad. */
export function namedGates(pairs: readonly Pair[], names: readonly string[]): { readonly gates: Set<string>; readonly strangers: readonly string[] } {
  const found = names.map((name) => [name, keysOf(pairs, name)] as const)
  return { gates: new Set(found.flatMap(([, keys]) => keys)), strangers: found.filter(([, keys]) => keys.length === 0).map(([name]) => name) }
}

function keysOf(pairs: readonly Pair[], name: string): readonly string[] {
  if (name === 'all') return pairs.filter((pair) => anyOf(pair).better !== 'neither').map(({ key }) => key)
  const [first = '', ...rest] = name.split(' ')
  const known = [metricNamed(first) ?? first, ...rest].join(' ')
  const whole = pairs.filter(({ key }) => key === name || key === known)
  if (whole.length > 0) return whole.map(({ key }) => key)
  const byMetric = ofMetric(pairs, known)
  return byMetric.length > 0 ? byMetric : pairs.filter(({ key }) => key.startsWith(`${known} `)).map(({ key }) => key)
}

/** The deciding statistic of a metric: of all together where that is told, otherwise of each endpoint or command. */
function ofMetric(pairs: readonly Pair[], metric: string): string[] {
  const all = pairs.filter((pair) => anyOf(pair).metric === metric)
  const together = all.filter((pair) => anyOf(pair).of === '')
  const parts = new Map<string, Pair[]>()
  for (const pair of together.length > 0 ? together : all) parts.set(anyOf(pair).of, [...(parts.get(anyOf(pair).of) ?? []), pair])
  return [...parts.values()].flatMap((part) => {
    const best = STATISTICS.map((statistic) => part.find((pair) => word(anyOf(pair).statistic) === statistic)).find((pair) => pair !== undefined)
    return best ? [best.key] : []
  })
}

function isTime({ unit, better, class: kind, statistic }: MeasuredSeries): boolean {
  return unit === 'ms' && better === 'lower' && kind === 'sampled' && ['p(50)', 'avg', ''].includes(word(statistic))
}

function word(statistic: Statistic | null): string {
  return statistic === null ? '' : statistic.kind === 'p' ? `p(${statistic.percent})` : statistic.kind
}

function anyOf({ base, head }: Pair): MeasuredSeries {
  // Non-null: a pair has one side at least.
  return (base ?? head)!
}
