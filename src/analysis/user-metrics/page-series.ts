import { routeNamer } from '../route-name.ts'
import { SlidingValues } from './sliding-values.ts'
import type { UserMetricRow } from './user-metric-row.ts'
import { navigationPhaseOf, webMetricOf } from './web-metric.ts'

/** The page of all that have no series of their own. */
export const OTHER_PAGE = '(other)'
/** Kinds of measurements that no catalogue knows. */
const MOST_STRANGERS = 50

/** All values of one metric of one page. */
export interface PageSeries {
  /** A name of the catalogue (`web.lcp`), `navigation.PHASE`, or what the browser calls it. */
  readonly metric: string
  readonly page: string
  readonly values: SlidingValues
  /** Of all values since the series began. */
  count: number
  sum: number
  lastAt: number
}

/** How many pages and series there are, and over how long. */
export interface SeriesLimits {
  readonly maxPages: number
  readonly maxSeries: number
  readonly windowMs: number
}

/** What a measurement is called in summaries. */
export function metricNameOf({ metric_type: type, component }: Pick<UserMetricRow, 'metric_type' | 'component'>): string {
  const phase = navigationPhaseOf(type, component ?? '')
  return webMetricOf(type, component ?? '') ?? (phase === undefined ? type : `navigation.${phase}`)
}

/** Values by metric and page, identifiers taken out of paths; pages beyond the limits share one series for each metric. */
export class SeriesByPage {
  readonly #limits: SeriesLimits
  readonly #series = new Map<string, PageSeries>()
  readonly #pages = new Set<string>()
  readonly #strangers = new Set<string>()
  readonly #nameRoute = routeNamer()

  constructor(limits: SeriesLimits) {
    this.#limits = limits
  }

  all(): PageSeries[] {
    return [...this.#series.values()]
  }

  /** The page a row is summed up under. */
  pageOf({ page }: Pick<UserMetricRow, 'page'>): string {
    return page.startsWith('/') ? this.#nameRoute(page) : page
  }

  isKnown(page: string): boolean {
    return this.#pages.has(page)
  }

  /** Takes a row in, under the page given if there is room for it. */
  add(row: UserMetricRow, page: string, now: number): void {
    const metric = metricNameOf(row)
    if (metric === row.metric_type && !this.#takesStranger(metric)) return
    const series = this.#seriesOf(metric, page, now)
    series.values.record(row.value, now)
    series.count++
    series.sum += row.value
    series.lastAt = now
  }

  /** Forgets series nothing was told of within the window. */
  expire(now: number): void {
    for (const [key, { lastAt }] of this.#series) if (lastAt <= now - this.#limits.windowMs) this.#series.delete(key)
    this.#pages.clear()
    for (const { page } of this.#series.values()) if (page !== OTHER_PAGE) this.#pages.add(page)
    for (const name of this.#strangers) if (!this.all().some(({ metric }) => metric === name)) this.#strangers.delete(name)
  }

  #takesStranger(name: string): boolean {
    if (this.#strangers.size < MOST_STRANGERS) this.#strangers.add(name)
    return this.#strangers.has(name)
  }

  #seriesOf(metric: string, page: string, now: number): PageSeries {
    const known = this.#series.get(keyOf(metric, page))
    if (known) return known
    const hasRoom = this.#series.size < this.#limits.maxSeries && (this.#pages.has(page) || this.#pages.size < this.#limits.maxPages)
    const place = hasRoom ? page : OTHER_PAGE
    const shared = this.#series.get(keyOf(metric, place))
    if (shared) return shared
    if (place !== OTHER_PAGE) this.#pages.add(place)
    const series = { metric, page: place, values: new SlidingValues(this.#limits.windowMs, metric === 'web.cls' ? 10_000 : 10), count: 0, sum: 0, lastAt: now }
    this.#series.set(keyOf(metric, place), series)
    return series
  }
}

function keyOf(metric: string, page: string): string {
  return `${metric}\n${page}`
}
