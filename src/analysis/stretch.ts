import type { MetricName } from '../model/metric.ts'
import { tagsOf, valueOf, type Snapshot } from '../model/snapshot.ts'

/** Several looks at a system taken together. NaN is what is not known. */
export interface Stretch {
  readonly looks: number
  /** From the first look to the last, milliseconds. */
  readonly spanMs: number
  readonly last: Snapshot
  /** NaN also where the last look knows no more of it: what is gone is no figure of now. */
  mean(metric: MetricName, tag?: string): number
  latest(metric: MetricName, tag?: string): number
  /** By how much a counter grew from the first look to the last; NaN where it began anew. */
  growth(metric: MetricName, tag?: string): number
  tags(metric: MetricName): readonly string[]
}

/** Of what there was none there is no mean and no share: these are silent with their sources well, as long as the count of what they are about is told. */
const COUNTED_BY: Readonly<Partial<Record<MetricName, MetricName>>> = {
  'api.duration.avg': 'api.request_rate', 'api.duration.p50': 'api.request_rate', 'api.duration.p95': 'api.request_rate', 'api.duration.p99': 'api.request_rate', 'api.errors': 'api.request_rate',
  'cache.hit_rate': 'cache.operations.rate', 'db.query.avg': 'db.queries.rate',
}
/** What sources of an application tell: they come and go, while what a look at a machine leaves out is there again with the next. */
const OF_APPLICATIONS = /^(?:api|cache|db|jobs)\./

/** Whether a look still tells a metric, or tells that there was nothing to measure it by. */
export function stillTells({ samples }: Pick<Snapshot, 'samples'>, metric: MetricName): boolean {
  const count = COUNTED_BY[metric]
  return !OF_APPLICATIONS.test(metric) || samples.has(metric) || (count !== undefined && samples.has(count))
}

interface Total {
  sum: number
  count: number
}

/** Takes looks together as they come, the oldest first; what it keeps does not grow with their number. */
export class Stretcher {
  readonly #totals = new Map<MetricName, Map<string, Total>>()
  #first: Snapshot | undefined
  #last: Snapshot | undefined
  #looks = 0
  #spanMs = 0

  add(look: Snapshot): void {
    if (this.#first && Number.isFinite(look.elapsedMs)) this.#spanMs += look.elapsedMs
    this.#first ??= look
    this.#last = look
    this.#looks++
    for (const [metric, series] of look.samples) {
      let totals = this.#totals.get(metric)
      if (!totals) this.#totals.set(metric, (totals = new Map<string, Total>()))
      for (const [tag, value] of series) {
        const total = totals.get(tag)
        if (!total) totals.set(tag, { sum: value, count: 1 })
        else {
          total.sum += value
          total.count++
        }
      }
    }
  }

  /** All looks so far; null for none. */
  stretch(): Stretch | null {
    const [first, last, totals] = [this.#first, this.#last, this.#totals]
    if (!first || !last) return null
    return {
      looks: this.#looks,
      spanMs: this.#spanMs,
      last,
      mean: (metric, tag = '') => {
        if (!stillTells(last, metric)) return Number.NaN
        const { sum, count } = totals.get(metric)?.get(tag) ?? { sum: Number.NaN, count: 1 }
        return sum / count
      },
      latest: (metric, tag) => valueOf(last, metric, tag),
      growth: (metric, tag) => {
        const growth = valueOf(last, metric, tag) - valueOf(first, metric, tag)
        return growth >= 0 ? growth : Number.NaN
      },
      tags: (metric) => tagsOf(last, metric),
    }
  }
}
