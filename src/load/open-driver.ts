import type { OpenWorkload } from '../model/plan.ts'
import { LATE_MS, countEnd, noCounts, type Driver, type DriverWorld, type UserSlot } from './driver.ts'
import { schedule } from './schedule.ts'

/** Arrivals that may wait at the cap; one more is dropped. */
const MOST_WAITING = 100_000

/** Begins a user for every arrival when it is due, whatever the system under test does (an open workload). */
export function openDriver(workload: OpenWorkload, world: DriverWorld): Driver {
  const plan = schedule(workload)
  const counts = noCounts()
  const idle: UserSlot[] = []
  const active = new Set<UserSlot>()
  const waiting = new Queue()
  const graceMs = workload.gracefulStopMs ?? Number.POSITIVE_INFINITY
  let next = 0
  let draining = false

  const capAt = (ms: number): number => workload.segments[plan.segmentAt(ms)]?.maxUsers ?? Number.POSITIVE_INFINITY

  const begin = (dueMs: number): void => {
    const user = idle.pop() ?? world.createUser()
    active.add(user)
    counts.started++
    user.begin(workload.startMs + dueMs, (end) => {
      countEnd(counts, end)
      active.delete(user)
      idle.push(user)
      if (waiting.length > 0 && !draining) beginWaiting(world.elapsed() - workload.startMs)
      if (active.size === 0) world.nudge()
    })
  }

  const beginWaiting = (ms: number): void => {
    const cap = capAt(ms)
    while (waiting.length > 0 && active.size < cap) begin(waiting.shift())
  }

  const arrive = (dueMs: number, ms: number): void => {
    if (active.size < capAt(ms) && waiting.length === 0) {
      const lateMs = ms - dueMs
      if (lateMs > LATE_MS) counts.late++
      if (lateMs > counts.latestMs) counts.latestMs = lateMs
      begin(dueMs)
    } else if (world.atCap === 'wait' && waiting.length < MOST_WAITING) {
      waiting.push(dueMs)
    } else {
      counts.dropped++
    }
  }

  const drain = (): void => {
    draining = true
    // What was due by now and has not begun is dropped; what would have come later was never asked for.
    counts.dropped += waiting.length
    waiting.clear()
  }

  return {
    workload,
    counts,
    tick(elapsedMs) {
      const ms = elapsedMs - workload.startMs
      if (draining) return Number.POSITIVE_INFINITY
      if (ms < 0) return workload.startMs
      if (ms >= plan.durationMs + graceMs) {
        drain()
        for (const user of [...active]) user.breakOff()
        return Number.POSITIVE_INFINITY
      }
      beginWaiting(ms)
      // The clock moves on while a burst begins, and so does what is due.
      for (let dueMs = plan.dueAt(next); dueMs <= ms; dueMs = plan.dueAt(++next)) arrive(dueMs, ms)
      const endMs = plan.durationMs + (ms >= plan.durationMs ? graceMs : 0)
      // The cap may rise where the next phase begins, and those who wait want to know.
      const seamMs = waiting.length > 0 ? plan.seamAfter(ms) : Number.POSITIVE_INFINITY
      return workload.startMs + Math.min(plan.dueAt(next), seamMs, endMs)
    },
    drain,
    breakOff() {
      drain()
      for (const user of [...active]) user.breakOff()
    },
    get done() {
      return active.size === 0 && waiting.length === 0 && (draining || (next >= plan.arrivals && world.elapsed() >= workload.startMs + plan.durationMs))
    },
    get activeUsers() {
      return active.size
    },
    get waiting() {
      return waiting.length
    },
    asked: (elapsedMs) => ({ rate: draining ? 0 : plan.rateAt(elapsedMs - workload.startMs), users: null }),
  }
}

/** Due times in the order they came; taking one costs the same however many wait. */
class Queue {
  #items: number[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  push(value: number): void {
    this.#items.push(value)
  }

  shift(): number {
    const value = this.#items[this.#head++] ?? Number.NaN
    if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return value
  }

  clear(): void {
    this.#items = []
    this.#head = 0
  }
}
