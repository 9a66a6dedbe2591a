/** Waits before new attempts: exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015). */
export interface Backoff {
  /** The next wait, milliseconds. */
  next(): number
  /** The server's own wish for the least wait. */
  setLeast(ms: number): void
  /** It works since now. */
  healthy(): void
}

/** A backoff that starts anew after `healthyMs` of health. `random` gives 0..1. */
export function openBackoff({ backoffMs, backoffMostMs, healthyMs }: { readonly backoffMs: number; readonly backoffMostMs: number; readonly healthyMs: number }, now: () => number, random: () => number): Backoff {
  let failures = 0
  let least = 0
  let healthySince: number | null = null
  return {
    next() {
      if (healthySince !== null && now() - healthySince >= healthyMs) failures = 0
      healthySince = null
      // 2 to the 20th is past any bound.
      const most = Math.min(backoffMostMs, backoffMs * 2 ** Math.min(failures++, 20))
      return Math.max(least, random() * most)
    },
    setLeast(ms) {
      least = Math.min(backoffMostMs, Math.max(0, ms))
    },
    healthy() {
      healthySince ??= now()
    },
  }
}
