import type { MetricName } from '../../model/metric.ts'
import { Ring, type Slot, type Span } from './ring.ts'

/** What the recent past is kept of; of what is told of several things the total (`totalsOf`). */
export const RECENT_METRICS = [
  'cpu.usage', 'memory.usage', 'swap.usage', 'load.1', 'filesystem.usage', 'disk.read.rate', 'disk.write.rate', 'network.receive.rate', 'network.send.rate',
  'api.request_rate', 'api.duration.avg', 'api.duration.p50', 'api.duration.p95', 'api.duration.p99', 'api.errors', 'api.connections',
  'db.query.avg', 'db.pool.active', 'db.pool.idle', 'db.pool.waiting', 'db.pool.usage', 'db.cache.hits',
  'cache.hit_rate', 'cache.operations.rate', 'cache.evictions.rate', 'cache.memory', 'jobs.waiting', 'jobs.active', 'self.cpu', 'self.memory',
] as const satisfies readonly MetricName[]

/** A metric the recent past is kept of. */
export type RecentMetric = (typeof RECENT_METRICS)[number]

const NAMES: ReadonlySet<string> = new Set(RECENT_METRICS)

/** Whether the recent past is kept of a metric. */
export function isRecent(metric: string): metric is RecentMetric {
  return NAMES.has(metric)
}

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000]
/** How finely it is kept, and for how long: an hour, a day, a week. */
const RINGS = [[10 * SECOND, HOUR], [MINUTE, DAY], [15 * MINUTE, 7 * DAY]] as const

/** A stretch of the past, and in which steps it is wanted. */
export interface Window {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly stepMs: number
}

/**
 * The recent past in memory: means and extremes at 10 seconds for an hour, at a minute for a day, at a quarter of an hour for a week. It takes 50 kB for
 * each metric that has ever had a value: some 550 kB for a machine, 1.5 MB with everything an application tells. Nothing of it outlives the process.
 */
export class Recent {
  readonly #rings = RINGS.map(([stepMs, spanMs]) => new Ring<RecentMetric>(stepMs, spanMs))
  readonly #since = new Map<RecentMetric, number>()

  /** Takes values of one step of the finest ring. */
  add(metric: RecentMetric, span: Span): void {
    if (span.count === 0 || !Number.isFinite(span.sum)) return
    if (!this.#since.has(metric)) this.#since.set(metric, span.at)
    for (const ring of this.#rings) ring.add(metric, span)
  }

  /** Since when there are values, of one metric or of any, milliseconds since 1970; null for none. */
  since(metric?: RecentMetric): number | null {
    if (metric !== undefined) return this.#since.get(metric) ?? null
    return this.#since.size === 0 ? null : Math.min(...this.#since.values())
  }

  /** The step in which a range is answered when one is wanted: that one, or the finest that is kept for so long. */
  stepFor(rangeMs: number, stepMs: number): number {
    return Math.max(stepMs, this.#ringFor(rangeMs, stepMs).stepMs)
  }

  /** The steps of a window that have a value, oldest first; steps are counted from 1970 on. */
  slots(metric: RecentMetric, { from, to, stepMs }: Window): readonly Slot[] {
    const ring = this.#ringFor(to - from, stepMs)
    return widen(ring.slots(metric, from, to), Math.max(stepMs, ring.stepMs))
  }

  #ringFor(rangeMs: number, stepMs: number): Ring<RecentMetric> {
    const reaching = this.#rings.filter(({ spanMs }) => spanMs >= rangeMs)
    const [finest = this.#rings.at(-1)] = reaching
    const fitting = reaching.findLast((ring) => ring.stepMs <= stepMs && stepMs % ring.stepMs === 0)
    return fitting ?? finest ?? new Ring(MINUTE, MINUTE)
  }
}

/** Makes steps wider; what counts in a mean stays what was counted. */
function widen(slots: readonly Slot[], stepMs: number): Slot[] {
  const wide: Slot[] = []
  for (const slot of slots) {
    const at = Math.floor(slot.at / stepMs) * stepMs
    const last = wide.at(-1)
    if (last?.at !== at) wide.push({ ...slot, at })
    else {
      const count = last.count + slot.count
      wide[wide.length - 1] = { at, count, mean: (last.mean * last.count + slot.mean * slot.count) / count, min: Math.min(last.min, slot.min), max: Math.max(last.max, slot.max) }
    }
  }
  return wide
}
