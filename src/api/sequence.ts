/** Tells news from what was heard before: after a reconnect an instance may send again. */
export interface Sequence {
  /** A connection begins. */
  connected(): void
  /** Whether an event is news, by its id and its time (milliseconds since 1970; null where it has none). */
  isNews(id: string | undefined, at: number | null): boolean
  /** A snapshot that came another way. */
  saw(at: number): void
}

/**
 * A sequence on the monotonic clock. Should the instance's own clock be set back, everything it sends looks old: what still comes after
 * `patienceMs` of nothing but old events is taken for news.
 */
export function openSequence(now: () => number, patienceMs: () => number): Sequence {
  let lastId: string | undefined
  let newest = Number.NaN
  let lastNews = now()
  return {
    connected() {
      lastNews = now()
    },
    isNews(id, at) {
      if (id !== undefined && id === lastId) return false
      if (at !== null && at <= newest && now() - lastNews <= patienceMs()) return false
      lastId = id ?? lastId
      if (at !== null) newest = at
      lastNews = now()
      return true
    },
    saw(at) {
      if (!(at <= newest)) newest = at
    },
  }
}
