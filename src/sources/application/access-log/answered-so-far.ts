import type { Application } from '../../../model/snapshot.ts'
import type { Traffic } from '../../../model/traffic.ts'
import { keepRecent } from '../recent-gains.ts'
import { keyOf, OTHER_ROUTE } from './request-window.ts'
import { RouteCounts } from './route-counts.ts'

const MOST_ROUTES = 200

/** All that was answered since the beginning, by route: the first 200 routes have places of their own, in each window those with most requests first; the others share one. */
export class AnsweredSoFar {
  readonly #places = new Map<string, RouteCounts>()
  readonly #other = new RouteCounts('', OTHER_ROUTE)
  readonly #recent = keepRecent<RouteCounts>()

  readonly isKnown = (key: string): boolean => this.#places.has(key)

  /** Adds a window. */
  add(window: Iterable<RouteCounts>, atMs: number): void {
    for (const counts of [...window].sort((one, other) => other.count - one.count)) this.#placeOf(counts).add(counts)
    this.#recent.note(new Map([...this.#places.values(), this.#other].map((place) => [place, [place.count, place.errors, place.timed, place.seconds]])), atMs)
  }

  /** What was answered in the last five minutes, most requests first and what has no place of its own last. */
  endpoints(): Application['endpoints'] {
    return [...this.#recent.gains()].filter(([, [count = 0]]) => count > 0).toSorted(([one, [first = 0]], [other, [second = 0]]) => Number(one === this.#other) - Number(other === this.#other) || second - first)
      .map(([{ method, route }, [count = 0, errors = 0, timed = 0, seconds = 0]]) => ({ method, path: route, count, avgMs: timed === 0 ? Number.NaN : (seconds / timed) * 1_000, errors: errors / count }))
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
