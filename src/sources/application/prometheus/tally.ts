import type { Application } from '../../../model/snapshot.ts'
import { TIME_BUCKETS, type Traffic } from '../../../model/traffic.ts'
import { keepRecent } from '../recent-gains.ts'
import { countsUpTo } from './quantile.ts'
import type { Answered, CountSeries, RequestSeries, TimeSeries } from './request-series.ts'

/** What was answered since the source began to count. */
export interface Tally {
  /** Adds what was gained since the look before; `told` are the same series as they stand. */
  add(gained: RequestSeries, told: RequestSeries, atMs: number): void
  traffic(): Traffic
  /** What was answered in the last five minutes, the busiest first. */
  endpoints(): Application['endpoints']
}

/** Most methods and routes that are told apart; what comes later is one route of its own. */
export const MOST_ROUTES = 200
/** What they are called together. */
export const OTHER_ROUTES = '(other)'
interface Row {
  readonly method: string
  readonly route: string
  readonly statuses: Map<number, number>
  /** Null until times are told. */
  times: { count: number; seconds: number; readonly buckets: number[] | null } | null
}

/** What a row had counted: answers, those with a status, those of them that failed, those with a time, and their seconds. */
type Standing = readonly [count: number, told: number, failed: number, timed: number, seconds: number]

/** Begins to count at 0. */
export function beginTally(): Tally {
  const rows = new Map<string, Row>()
  const recent = keepRecent<Row>()

  function rowOf({ method, route }: Answered): Row {
    const key = JSON.stringify([method, route])
    const known = rows.get(key)
    if (known) return known
    if (rows.size >= MOST_ROUTES && route !== OTHER_ROUTES) return rowOf({ method: '', route: OTHER_ROUTES, status: 0 })
    const row: Row = { method, route, statuses: new Map(), times: null }
    rows.set(key, row)
    return row
  }

  return {
    add(gained, told, atMs) {
      for (const { index } of busiest(told.requests)) {
        const { status, count, ...whose } = gained.requests[index] as CountSeries // both have the same series
        const { statuses } = rowOf({ ...whose, status })
        statuses.set(status, (statuses.get(status) ?? 0) + count)
      }
      for (const { index } of busiest(told.times)) addTimes(rowOf, gained.times[index] as TimeSeries) // likewise
      recent.note(new Map([...rows.values()].map((row) => [row, standingOf(row)])), atMs)
    },
    traffic: () => [...rows.values()].map(({ method, route, statuses, times }) => ({
      method, route, statuses: new Map(statuses),
      buckets: times?.buckets?.map((count) => Math.floor(count + 1e-6)) ?? null,
      seconds: times?.seconds ?? Number.NaN,
    })),
    endpoints() {
      const isRouted = [...rows.values()].some(({ route }) => route !== '')
      return [...recent.gains()].flatMap(([row, gains]) => {
        const [count, told, failed, timed, seconds] = gains as unknown as Standing // it has as many
        return count === 0 || (row.route === '' && isRouted) ? [] : [{ method: row.method, path: row.route, count, avgMs: (seconds / timed) * 1_000, errors: failed / told }]
      }).toSorted((a, b) => b.count - a.count)
    },
  }
}

/** Where series stand, those with most answers first: they get a route of their own. */
function busiest(series: readonly CountSeries[]): { readonly index: number }[] {
  return series.map(({ count }, index) => ({ index, count })).toSorted((a, b) => b.count - a.count)
}

function addTimes(rowOf: (whose: Answered) => Row, series: TimeSeries): void {
  const row = rowOf(series)
  const times = (row.times ??= { count: 0, seconds: 0, buckets: series.buckets.length === 0 ? null : TIME_BUCKETS.map(() => 0) })
  times.count += series.count
  times.seconds += series.seconds
  if (times.buckets === null || series.count === 0) return
  for (const [index, count] of countsUpTo(TIME_BUCKETS, series.buckets).entries()) times.buckets[index] = (times.buckets[index] ?? 0) + count
}

function standingOf({ statuses, times }: Row): Standing {
  const sum = (keep: (status: number) => boolean): number => [...statuses].reduce((all, [status, count]) => (keep(status) ? all + count : all), 0)
  return [statuses.size === 0 ? (times?.count ?? 0) : sum(() => true), sum((status) => status > 0), sum(isFailed), times?.count ?? Number.NaN, times?.seconds ?? Number.NaN]
}

/** Whether an answer failed: its status is 400 or more, as in a load test. */
export function isFailed(status: number): boolean {
  return status >= 400
}
