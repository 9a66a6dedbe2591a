/** The end of everything, whichever comes first: the time of all checks is up, or the person has had enough. One for many listeners, where an `AbortSignal` warns of more than ten. */
export interface Ending {
  /** Why it is over, in words; null before. */
  reason(): string | null
  /** Calls at the end, once, at once where it has come already; returns how to be forgotten before. */
  onEnd(call: () => void): () => void
}

/** An end that has not come, and how to bring it about; the first reason stands. */
export function makeEnding(): Ending & { end(reason: string): void } {
  const calls = new Set<() => void>()
  let reason: string | null = null
  return {
    reason: () => reason,
    onEnd: (call) => {
      if (reason !== null) call()
      else calls.add(call)
      return () => void calls.delete(call)
    },
    end: (why) => {
      if (reason !== null) return
      reason = why
      for (const call of [...calls]) call()
      calls.clear()
    },
  }
}
