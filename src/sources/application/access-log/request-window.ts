import { Distribution } from '../../../analysis/histogram.ts'
import type { NameRoute } from '../../../analysis/route-name.ts'
import type { LoggedRequest } from './logged-request.ts'
import { RouteCounts } from './route-counts.ts'

/** Routes that are told apart within one window. */
const MOST_IN_WINDOW = 2_000
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'PROPFIND', 'PROPPATCH', 'MKCOL', 'COPY', 'MOVE', 'LOCK', 'UNLOCK', 'REPORT', 'SEARCH', 'PURGE'])

/** The route of all that have no place of their own. */
export const OTHER_ROUTE = '(other)'
/** The route of what was no HTTP: TLS on a plain port, scans. */
const MALFORMED = '(malformed)'
const SWITCHED = 101
const NOT_FOUND = 404

/**
 * What was answered since the last collection. An error is a status of 400 and more, as in the reports of load tests; so is 499 (nginx: the client did not wait) and 0 (nobody was there to
 * be answered), for nobody got what they asked for. The time of a 101 is how long a WebSocket lived, and is left out.
 */
export class RequestWindow {
  readonly times = new Distribution()
  readonly routes = new Map<string, RouteCounts>()
  requests = 0
  errors = 0
  bytes = 0
  sized = 0
  /** Lines about something else, lines that cannot be read, the first of each, and lines longer than 64 kB. */
  aside = 0
  asideExample = ''
  strange = 0
  example = ''
  overlong = 0

  /** Takes one request of a route; `isKnown` tells which routes have a place already. */
  take(request: LoggedRequest, nameRoute: NameRoute, isKnown: (key: string) => boolean): void {
    const { status, bytes } = request
    const isError = status >= 400 || status === 0
    const seconds = status === SWITCHED ? Number.NaN : request.seconds
    this.requests++
    if (isError) this.errors++
    if (!Number.isNaN(bytes)) {
      this.bytes += bytes
      this.sized++
    }
    if (!Number.isNaN(seconds)) this.times.record(seconds * 1_000)
    this.#countsOf(request, nameRoute, isKnown).take(status, isError, seconds)
  }

  reset(): void {
    if (this.times.count > 0) this.times.reset()
    this.routes.clear()
    this.requests = this.errors = this.bytes = this.sized = this.aside = this.strange = this.overlong = 0
    this.example = this.asideExample = ''
  }

  #countsOf({ method, target, status }: LoggedRequest, nameRoute: NameRoute, isKnown: (key: string) => boolean): RouteCounts {
    const upper = method.toUpperCase()
    const verb = method === '' || METHODS.has(upper) ? upper : 'OTHER'
    const route = target === '' ? MALFORMED : nameRoute(target)
    const key = keyOf(verb, route)
    const counts = this.routes.get(key)
    if (counts) return counts
    // Scanners ask for thousands of things that are not there: none of them is a route.
    const hasPlace = this.routes.size < MOST_IN_WINDOW && (status !== NOT_FOUND || isKnown(key))
    return this.#place(hasPlace ? key : keyOf('', OTHER_ROUTE), hasPlace ? verb : '', hasPlace ? route : OTHER_ROUTE)
  }

  #place(key: string, method: string, route: string): RouteCounts {
    const counts = this.routes.get(key) ?? new RouteCounts(method, route)
    this.routes.set(key, counts)
    return counts
  }
}

/** What a method and route are found by. */
export function keyOf(method: string, route: string): string {
  return `${method} ${route}`
}
