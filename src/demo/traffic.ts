import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the server has seen so far; its own pages (`/__stats`, `/__arrivals`) are not counted. */
export interface TrafficStats {
  readonly requests: number
  /** Requests received and not yet answered, now. */
  readonly inFlight: number
  readonly maxInFlight: number
  /** Requests whose client went away before the answer was whole. */
  readonly aborted: number
  readonly byStatus: Readonly<Record<string, number>>
  /** By method and route, such as `GET /api/v1/media/:id`; HEAD counts as GET, unknown paths as `unmatched`. */
  readonly byPath: Readonly<Record<string, number>>
}

/** When requests arrived, in the order they did. */
export interface Arrivals {
  /** Monotonic milliseconds; add `originMs` for milliseconds since 1970. */
  readonly atMs: Float64Array
  /** The number each request carried in its header `x-due`; NaN where there was none. */
  readonly due: Float64Array
  readonly originMs: number
  /** Requests that came after the record was full. */
  readonly dropped: number
}

/** Counts requests and, if asked to, keeps their times of arrival. */
export interface Traffic {
  arrive(request: IncomingMessage, response: ServerResponse, atMs: number): void
  visit(route: string): void
  stats(): TrafficStats
  /** null unless arrivals are recorded. */
  arrivals(): Arrivals | null
}

const KEPT_ARRIVALS = 100_000

/** Counters at zero; memory for the arrivals is taken now, so that recording one is two writes. */
export function createTraffic(options: { readonly recordArrivals: boolean; readonly originMs: number }): Traffic {
  const kept = options.recordArrivals ? KEPT_ARRIVALS : 0
  const times = new Float64Array(kept)
  const dues = new Float64Array(kept)
  const byStatus = new Map<number, number>()
  const byPath = new Map<string, number>()
  let requests = 0
  let inFlight = 0
  let maxInFlight = 0
  let aborted = 0

  function leave(this: ServerResponse): void {
    inFlight--
    if (!this.writableFinished) aborted++
    else byStatus.set(this.statusCode, (byStatus.get(this.statusCode) ?? 0) + 1)
  }

  return {
    arrive(request, response, atMs) {
      if (requests < kept) {
        const due = request.headers['x-due']
        times[requests] = atMs
        dues[requests] = typeof due === 'string' && due !== '' ? Number(due) : Number.NaN
      }
      requests++
      inFlight++
      if (inFlight > maxInFlight) maxInFlight = inFlight
      response.once('close', leave)
    },
    visit(route) {
      byPath.set(route, (byPath.get(route) ?? 0) + 1)
    },
    stats: () => ({ requests, inFlight, maxInFlight, aborted, byStatus: Object.fromEntries(byStatus), byPath: Object.fromEntries(byPath) }),
    arrivals() {
      if (!options.recordArrivals) return null
      const filled = Math.min(requests, kept)
      return { atMs: times.slice(0, filled), due: dues.slice(0, filled), originMs: options.originMs, dropped: requests - filled }
    },
  }
}
