import type { MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'
import { DIFFERENCES, LEVELS, MAY_FALL, MODES, type Over } from './derivations.ts'

/** What a look at a system read, and when. */
export interface Look {
  readonly monotonicMs: number
  /** Milliseconds since 1970; nothing is derived from it, because it may be set. */
  readonly wallMs: number
  readonly samples: Samples
  /** Idle time was measured, not counted in ticks of the clock as the other modes of a processor are: so it is on Linux. */
  readonly idleIsMeasured?: boolean
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
  if (before && elapsedMs >= LEAST_ELAPSED_MS) {
    deriveDifferences(samples, before.samples, elapsedMs)
    if (now.idleIsMeasured) settleProcessors(samples, before.samples, elapsedMs)
  }
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

const COUNTED_MODES = ['cpu.user', 'cpu.system', 'cpu.steal'] as const

/**
 * Takes what processors did not idle for busy, and divides that by the modes' ticks. Ticks alone are a sample: work that goes in step with the clock,
 * as that of many timers does, is met by all of them or by none, and the modes of a second then come to much more or less than a second.
 */
function settleProcessors(samples: Derived, before: Samples, elapsedMs: number): void {
  const [busy, waited] = [samples.get('cpu.busy'), samples.get('cpu.iowait')]
  if (!busy) return
  const cores = coresOf(samples)
  const same = cores === coresOf(before)
  const settled = new Map(busy)
  const waits = new Map(waited)
  const modes = COUNTED_MODES.map((metric) => [metric, new Map(samples.get(metric))] as const)
  for (const [tag, ticked] of busy) {
    const totalMs = elapsedMs * (tag === '' ? cores : 1)
    if (totalMs === 0 || (tag === '' && !same)) continue
    const gained = (metric: MetricName): number => Math.max(0, (samples.get(metric)?.get(tag) ?? 0) - (before.get(metric)?.get(tag) ?? 0))
    const [idleMs, waitMs] = [gained('cpu.time.idle'), gained('cpu.time.iowait')]
    // A virtual machine that was stopped has neither worked nor idled: there only the modes tell.
    if (MODES.reduce((sum, mode) => sum + gained(mode), 0) < totalMs / 2) continue
    const share = Math.min(1, Math.max(0, 1 - (idleMs + waitMs) / totalMs))
    settled.set(tag, share)
    if (waits.has(tag)) waits.set(tag, Math.min(1 - share, waitMs / totalMs))
    for (const [, series] of modes) series.set(tag, ticked > 0 ? ((series.get(tag) ?? 0) * share) / ticked : 0)
  }
  put(samples, 'cpu.busy', settled)
  put(samples, 'cpu.iowait', waits)
  for (const [metric, series] of modes) if (samples.has(metric)) put(samples, metric, series)
}

/** Processors with a series of their own. */
function coresOf(samples: Samples): number {
  const tags = samples.get('cpu.time.idle')
  return tags ? tags.size - (tags.has('') ? 1 : 0) : 0
}
