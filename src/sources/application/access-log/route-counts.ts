import type { RouteTraffic } from '../../../model/traffic.ts'
import { TIME_BUCKETS } from '../../../model/traffic.ts'

/** What was answered for one method and route, as it is counted. */
export class RouteCounts {
  readonly method: string
  readonly route: string
  readonly statuses = new Map<number, number>()
  /** Each class for itself; the last is of what takes longer than all of them. */
  readonly #classes = new Float64Array(TIME_BUCKETS.length + 1)
  count = 0
  errors = 0
  timed = 0
  seconds = 0

  constructor(method: string, route: string) {
    this.method = method
    this.route = route
  }

  /** Takes one answer; NaN seconds are not told. */
  take(status: number, isError: boolean, seconds: number): void {
    this.count++
    if (isError) this.errors++
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    if (Number.isNaN(seconds)) return
    this.timed++
    this.seconds += seconds
    const place = TIME_BUCKETS.findIndex((end) => seconds <= end)
    this.#classes[place < 0 ? TIME_BUCKETS.length : place]! += 1 // Non-null: one more class than ends.
  }

  add(other: RouteCounts): void {
    this.count += other.count
    this.errors += other.errors
    this.timed += other.timed
    this.seconds += other.seconds
    for (const [status, count] of other.statuses) this.statuses.set(status, (this.statuses.get(status) ?? 0) + count)
    other.#classes.forEach((count, place) => (this.#classes[place]! += count)) // Non-null: equally many classes.
  }

  traffic(): RouteTraffic {
    const { method, route, timed, seconds } = this
    let sum = 0
    const buckets = timed === 0 ? null : TIME_BUCKETS.map((_, place) => (sum += this.#classes[place] ?? 0))
    return { method, route, statuses: new Map(this.statuses), buckets, timed, seconds: timed === 0 ? Number.NaN : seconds }
  }
}
