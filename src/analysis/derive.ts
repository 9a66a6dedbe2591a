import type { MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'
import { DIFFERENCES, LEVELS, MAY_FALL, type Over } from './derivations.ts'

/** What a look at a system read, and when. */
export interface Look {
  readonly monotonicMs: number
  /** Milliseconds since 1970; nothing is derived from it, because it may be set. */
  readonly wallMs: number
  readonly samples: Samples
}

type Series = ReadonlyMap<string, number>
const NOTHING: Series = new Map()
type Derived = Map<MetricName, ReadonlyMap<string, number>>

/** Time below which two looks are one: what counters gained in it says nothing. */
const LEAST_ELAPSED_MS = 1

/**
 * The samples of a look and what follows from them: shares of levels at once; rates, shares of time and means when there was a look
 * before. A series that is new or whose counter went back (restarted, wrapped, another device of the same name) has none in that
 * tick. What the source already says itself stays as it is. Never gives NaN or less than 0.
 */
export function derive(before: Look | null, now: Look): Samples {
  const samples: Derived = new Map(now.samples)
  for (const level of LEVELS) {
    if (!samples.has(level.metric)) put(samples, level.metric, levelOf(samples, level.from, level.by))
  }
  const elapsedMs = before ? now.monotonicMs - before.monotonicMs : Number.NaN
  if (before && elapsedMs >= LEAST_ELAPSED_MS) deriveDifferences(samples, before.samples, elapsedMs)
  deriveHeadline(samples)
  return samples
}

function put(samples: Derived, metric: MetricName, series: Series | undefined): void {
  if (series && series.size > 0) samples.set(metric, series)
}

function levelOf(samples: Samples, from: readonly MetricName[], by: (...values: number[]) => number): Series | undefined {
  const [first, ...others] = from.map((metric) => samples.get(metric))
  if (!first || others.includes(undefined)) return undefined
  const found = new Map<string, number>()
  for (const [tag, value] of first) {
    const result = by(value, ...others.map((series) => series?.get(tag) ?? Number.NaN))
    if (Number.isFinite(result)) found.set(tag, Math.max(0, result))
  }
  return found
}

function deriveDifferences(samples: Derived, before: Samples, elapsedMs: number): void {
  const gains = new Map<MetricName, Series | undefined>()
  const sums = new Map<readonly MetricName[], Series | undefined>()
  const gainOf = (metric: MetricName): Series | undefined => {
    if (!gains.has(metric)) gains.set(metric, gainsOf(samples.get(metric), before.get(metric), MAY_FALL[metric] ?? 0))
    return gains.get(metric)
  }
  const sumOf = (metrics: readonly MetricName[]): Series | undefined => {
    const [only] = metrics
    if (metrics.length === 1 && only !== undefined) return gainOf(only)
    if (!sums.has(metrics)) sums.set(metrics, sumUp(metrics.map(gainOf)))
    return sums.get(metrics)
  }

  for (const { metric, of, over, idle, most } of DIFFERENCES) {
    if (samples.has(metric)) continue
    const amounts = sumOf(of)
    if (!amounts) continue
    const divisors = typeof over === 'string' ? undefined : sumOf(over)
    const divisor = typeof over === 'string' ? time(over, samples, elapsedMs) : Number.NaN
    const found = new Map<string, number>()
    for (const [tag, amount] of amounts) {
      const by = divisors?.get(tag) ?? divisor
      const value = by === 0 ? idle : amount / by
      if (Number.isFinite(value)) found.set(tag, Math.min(value, most))
    }
    put(samples, metric, found)
  }
}

/** What each counter gained; NaN where it went back, or is in one of the two looks only. */
function gainsOf(now: Series = NOTHING, before: Series = NOTHING, mayFall: number): Series | undefined {
  if (now.size === 0 && before.size === 0) return undefined
  const found = new Map<string, number>()
  let known = 0
  for (const [tag, value] of now) {
    const was = before.get(tag)
    if (was !== undefined) known++
    const gain = value - (was ?? Number.NaN)
    found.set(tag, gain >= 0 ? gain : gain >= -mayFall ? 0 : Number.NaN)
  }
  if (known < before.size) {
    for (const tag of before.keys()) if (!now.has(tag)) found.set(tag, Number.NaN)
  }
  return found
}

/** What a system does not count at all counts for nothing; one that is not known makes the sum unknown. */
function sumUp(all: readonly (Series | undefined)[]): Series | undefined {
  const known = all.filter((series) => series !== undefined)
  if (known.length === 0) return undefined
  const found = new Map<string, number>()
  for (const series of known) {
    for (const [tag, gain] of series) found.set(tag, (found.get(tag) ?? 0) + gain)
  }
  return found
}

function time(over: Over & string, samples: Samples, elapsedMs: number): number {
  if (over === 'seconds') return elapsedMs / 1_000
  return over === 'time' ? elapsedMs : elapsedMs * processors(samples)
}

/** How many processors the control group may use; a limit above what there is limits nothing. NaN where neither is known. */
function processors(samples: Samples): number {
  const limit = samples.get('cgroup.cpu.limit')?.get('') ?? Number.POSITIVE_INFINITY
  const cores = samples.get('cpu.cores')?.get('') ?? Number.POSITIVE_INFINITY
  const least = Math.min(limit, cores)
  return Number.isFinite(least) ? least : Number.NaN
}

/** The one figure for the processor: inside a limited control group what it uses of its limit. It does not change over to the machine's when that is unknown for a tick. */
function deriveHeadline(samples: Derived): void {
  if (samples.has('cpu.usage')) return
  const limited = samples.has('cgroup.cpu.limit') && samples.has('cgroup.cpu.time')
  const value = samples.get(limited ? 'cgroup.cpu.usage' : 'cpu.busy')?.get('')
  if (value !== undefined) samples.set('cpu.usage', new Map([['', value]]))
}
