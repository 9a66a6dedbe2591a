import type { Caller } from '../../contract/instance.ts'
import type { MetricName } from '../../model/metric.ts'
import type { Samples } from '../../model/snapshot.ts'
import { WEB_METRICS, type WebMetricName } from '../../model/web-metrics.ts'
import { KeptRows } from './kept-rows.ts'
import { metricNameOf, OTHER_PAGE, SeriesByPage } from './page-series.ts'
import { rate, type Rating } from './rating.ts'
import { summaryOf, type ValueSummary } from './sliding-values.ts'
import { userMetricRow, type ClientMetric, type UserMetricRow } from './user-metric-row.ts'
import { webFamilies, type SummaryFamily } from './web-families.ts'

/** The bounds of an intake. */
export interface IntakeLimits {
  /** Clients whose latest rows are kept. */
  readonly maxClients: number
  /** Rows that are kept of all clients, and of one. */
  readonly maxRows: number
  readonly maxRowsPerClient: number
  /** Pages that are told apart, and how many of them one client may bring up in an hour. */
  readonly maxPages: number
  readonly maxPagesPerClient: number
  /** Metrics of pages that are summed up, each at most 26 kB. */
  readonly maxSeries: number
  /** Values that are taken of one client in an hour. */
  readonly maxPerHour: number
  /** How long values count, milliseconds. */
  readonly windowMs: number
}

/** About 10 MB of distributions and 6 MB of rows when all is full. */
const LIMITS: IntakeLimits = { maxClients: 500, maxRows: 2_000, maxRowsPerClient: 100, maxPages: 100, maxPagesPerClient: 25, maxSeries: 400, maxPerHour: 10_000, windowMs: 86_400_000 }
const HOUR_MS = 3_600_000
const EXPIRE_EACH_MS = 60_000

/** What values of one metric of one page come to: milliseconds, of `web.cls` the score; null where there are none. */
export interface UserFigure {
  /** A name of the catalogue (`web.lcp`), `navigation.dns` and the like, or what the browser calls it. */
  readonly metric: string
  /** Identifiers in it replaced; `(other)` for pages that have no place of their own. */
  readonly page: string
  readonly count: number
  readonly p50: number | null
  readonly p75: number | null
  readonly p95: number | null
  /** Of the 75th percentile, where Web Vitals have limits for it. */
  readonly rating: Rating | null
}

/** What is to be summed up: all where nothing is said. */
export interface FigureFilter {
  /** Only the latest that this client told. */
  readonly client?: string | undefined
  readonly metric?: string | undefined
  readonly page?: string | undefined
}

/** Measurements of browsers, taken in and kept for a day. Times are milliseconds since 1970. */
export interface UserMetricsIntake {
  /** Takes measurements that their schema has passed; those beyond the caller's share of the hour are dropped. */
  take(caller: Pick<Caller, 'id'>, metrics: ClientMetric | readonly ClientMetric[], now: number, userAgent: string | null): { readonly accepted: number; readonly dropped: number }
  /** The latest of one caller, newest first. */
  ofClient(callerId: string, now: number): UserMetricRow[]
  /** The latest of all, newest first. */
  ofAll(now: number): UserMetricRow[]
  /** By metric and page, most values first. */
  summary(filter: FigureFilter, now: number): UserFigure[]
  /** The 75th percentile of each metric of the catalogue over all pages. */
  samples(now: number): Samples
  families(now: number): SummaryFamily[]
  /** What there is: nothing of it grows without end. */
  counts(): { readonly clients: number; readonly rows: number; readonly series: number; readonly accepted: number; readonly dropped: number }
}

interface Share {
  readonly since: number
  taken: number
  pages: number
}

/** Opens an intake for measurements of browsers, bounded for each client and page. */
export function openUserMetrics(limits: Partial<IntakeLimits> = {}): UserMetricsIntake {
  const bounds = { ...LIMITS, ...limits }
  const rows = new KeptRows(bounds)
  const series = new SeriesByPage(bounds)
  const shares = new Map<string, Share>()
  let [serial, accepted, dropped, expiredAt] = [0, 0, 0, Number.NEGATIVE_INFINITY]

  const shareOf = (id: string, now: number): Share => {
    const known = shares.get(id)
    const share = known && now - known.since < HOUR_MS && now >= known.since ? known : { since: now, taken: 0, pages: 0 }
    shares.delete(id)
    shares.set(id, share)
    if (shares.size > bounds.maxClients) shares.delete(shares.keys().next().value ?? id)
    return share
  }

  const takeOne = (id: string, metric: ClientMetric, share: Share, now: number, userAgent: string | null): void => {
    const row = userMetricRow(++serial, id, metric, now, userAgent)
    const page = series.pageOf(row)
    const isNew = !series.isKnown(page)
    const mayName = !isNew || share.pages < bounds.maxPagesPerClient
    rows.add(id, row, now)
    series.add(row, mayName ? page : OTHER_PAGE, now)
    if (isNew && series.isKnown(page)) share.pages++
  }

  return {
    take(caller, metrics, now, userAgent) {
      if (now - expiredAt > EXPIRE_EACH_MS) {
        expiredAt = now
        rows.expire(now)
        series.expire(now)
      }
      const list = [metrics].flat()
      const share = shareOf(caller.id, now)
      const room = list.slice(0, Math.max(0, bounds.maxPerHour - share.taken))
      for (const metric of room) takeOne(caller.id, metric, share, now, userAgent)
      share.taken += room.length
      accepted += room.length
      dropped += list.length - room.length
      return { accepted: room.length, dropped: list.length - room.length }
    },
    ofClient: (callerId, now) => rows.ofClient(callerId, now),
    ofAll: (now) => rows.ofAll(now),
    summary({ client, metric, page }, now) {
      const figures = client === undefined ? series.all().map((each) => figureOf(each.metric, each.page, each.values.summary(now))) : figuresOf(rows.ofClient(client, now), series)
      return figures.filter((each) => each.count > 0 && (metric === undefined || each.metric === metric) && (page === undefined || each.page === page)).sort((one, other) => other.count - one.count)
    },
    samples(now) {
      const samples = new Map<MetricName, ReadonlyMap<string, number>>()
      for (const name of Object.keys(WEB_METRICS) as WebMetricName[]) {
        const [first, ...others] = series.all().filter(({ metric }) => metric === name).map(({ values }) => values)
        if (first === undefined) continue
        const { count, percentile } = first.summary(now, others)
        if (count > 0) samples.set(name, new Map([['', percentile(75)]]))
      }
      return samples
    },
    families: (now) => webFamilies(series.all(), now),
    counts: () => ({ clients: rows.clients, rows: rows.count, series: series.all().length, accepted, dropped }),
  }
}

function figuresOf(rows: readonly UserMetricRow[], series: SeriesByPage): UserFigure[] {
  const groups = new Map<string, { metric: string; page: string; values: number[] }>()
  for (const row of rows) {
    const [metric, page] = [metricNameOf(row), series.pageOf(row)]
    const group = groups.get(`${metric}\n${page}`) ?? { metric, page, values: [] }
    groups.set(`${metric}\n${page}`, group)
    group.values.push(row.value)
  }
  return [...groups.values()].map(({ metric, page, values }) => figureOf(metric, page, summaryOf(values)))
}

function figureOf(metric: string, page: string, { count, percentile }: ValueSummary): UserFigure {
  const [p50, p75, p95] = [50, 75, 95].map((percent) => (count === 0 ? null : percentile(percent))) as [number | null, number | null, number | null] // three of three
  return { metric, page, count, p50, p75, p95, rating: rate(metric, p75) }
}
