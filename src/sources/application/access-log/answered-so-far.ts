import type { Application } from '../../../model/snapshot.ts'
import type { Traffic } from '../../../model/traffic.ts'
import { keyOf, OTHER_ROUTE } from './request-window.ts'
import { RouteCounts } from './route-counts.ts'

const MOST_ROUTES = 200

/** All that was answered since the beginning, by route: the first 200 routes have places of their own, in each window those with most requests first; the others share one. */
export class AnsweredSoFar {
  readonly #places = new Map<string, RouteCounts>()
  readonly #other = new RouteCounts('', OTHER_ROUTE)

  readonly isKnown = (key: string): boolean => this.#places.has(key)

  /** Adds a window. What it comes to by route, most requests first. */
  add(window: Iterable<RouteCounts>): Application['endpoints'] {
    const rest = new RouteCounts('', OTHER_ROUTE)
    const endpoints: RouteCounts[] = []
    for (const counts of [...window].sort((one, other) => other.count - one.count)) {
      const place = this.#placeOf(counts)
      place.add(counts)
      if (place === this.#other) rest.add(counts)
      else endpoints.push(counts)
    }
    if (rest.count > 0) endpoints.push(rest)
    return endpoints.map(({ method, route, count, timed, seconds, errors }) => ({ method, path: route, count, avgMs: timed === 0 ? Number.NaN : (seconds / timed) * 1_000, errors: errors / count }))
  }

  traffic(): Traffic {
    return [...this.#places.values(), ...(this.#other.count > 0 ? [this.#other] : [])].map((each) => each.traffic())
  }

  #placeOf({ method, route }: RouteCounts): RouteCounts {
    const key = keyOf(method, route)
    const known = this.#places.get(key)
    if (known) return known
    if (route === OTHER_ROUTE || this.#places.size >= MOST_ROUTES) return this.#other
    const place = new RouteCounts(method, route)
    this.#places.set(key, place)
    return place
  }
}
