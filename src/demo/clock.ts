/** The clock of the demo, as `performance` of node:perf_hooks is one: monotonic milliseconds, and when they were 0. */
export interface Clock {
  now(): number
  /** Milliseconds since 1970 when `now()` was 0. */
  readonly timeOrigin: number
}

/** The wall clock's milliseconds since 1970. */
export function wallTime(clock: Clock): number {
  return clock.timeOrigin + clock.now()
}

/** The time of day as the API writes it, ISO 8601 in UTC. */
export function timestamp(clock: Clock): string {
  return new Date(wallTime(clock)).toISOString()
}
