import type { Clock } from './clock.ts'

/** Calls back at given times, never early. */
export interface Waiting {
  until(timeMs: number, then: () => void): void
  /** Forgets everyone who still waits. */
  cancel(): void
}

/**
 * Nobody waits yet.
 * A timer of Node counts from the loop's own, whole milliseconds and may fire up to one early: what woke too soon sleeps again.
 */
export function createWaiting(clock: Clock): Waiting {
  const timers = new Set<NodeJS.Timeout>()
  function until(timeMs: number, then: () => void): void {
    const left = timeMs - clock.now()
    if (left <= 0) return then()
    const timer = setTimeout(() => {
      timers.delete(timer)
      until(timeMs, then)
    }, Math.ceil(left))
    timers.add(timer)
  }
  return {
    until,
    cancel() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
