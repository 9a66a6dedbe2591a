/** Waits that can be cut short. */
export interface Pause {
  /** Resolves after so many milliseconds, when it is ended, or when a signal ends it. */
  for(ms: number, until?: AbortSignal): Promise<void>
  /** Ends the waits of now. */
  end(): void
}

/** Pauses that end with a signal. */
export function openPause(signal: AbortSignal): Pause {
  const waits = new Set<() => void>()
  const end = (): void => {
    for (const finish of [...waits]) finish()
  }
  signal.addEventListener('abort', end)
  return {
    for: (ms, until) =>
      new Promise((done) => {
        if (signal.aborted || until?.aborted) return done()
        const finish = (): void => {
          clearTimeout(timer)
          waits.delete(finish)
          until?.removeEventListener('abort', finish)
          done()
        }
        const timer = setTimeout(finish, ms)
        waits.add(finish)
        until?.addEventListener('abort', finish)
      }),
    end,
  }
}
