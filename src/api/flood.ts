/** Hands on what comes, and of a flood the newest at a steady pace. */
export interface FloodGate<T> {
  push(event: T): void
  /** Hands on what is held back and stops. */
  close(): void
}

/** More than that in a second is a flood. */
const MOST_PER_SECOND = 100
/** A new connection may first send again what was missed: ten minutes of a second each, and some. */
const BACKFILL = 700

/** A gate on the monotonic clock that opens every `thinMs` while there is a flood; it never holds more than one event. */
export function openFloodGate<T>(deliver: (event: T) => void, now: () => number, thinMs: number): FloodGate<T> {
  let windowStart = now()
  let count = 0
  let spare = BACKFILL
  let isFlood = false
  let held: { readonly event: T } | null = null
  let timer: NodeJS.Timeout | null = null

  function release(): void {
    timer = null
    if (!held) return
    const { event } = held
    held = null
    deliver(event)
  }

  return {
    push(event) {
      if (now() - windowStart >= 1_000) {
        isFlood = count > MOST_PER_SECOND
        windowStart = now()
        count = 0
      }
      count++
      if (count > MOST_PER_SECOND && --spare < 0) isFlood = true
      if (!isFlood || spare > 0) {
        // What was held back is older than this.
        held = null
        return deliver(event)
      }
      held = { event }
      timer ??= setTimeout(release, thinMs)
    },
    close() {
      if (timer) clearTimeout(timer)
      release()
    },
  }
}
