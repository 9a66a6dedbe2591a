import type { Patience } from '../services/problem.ts'
import type { LookContext } from './look.ts'

/** What is kept back of the time a look has, so that it can say itself what took too long. */
const SHARE_KEPT = 0.05
const MOST_KEPT_MS = 100

/** Works with a signal that ends a little before the look's own time is up. */
export async function inTime<T>({ signal, timeoutMs }: Pick<LookContext, 'signal' | 'timeoutMs'>, work: (patience: Patience) => Promise<T>): Promise<T> {
  const own = new AbortController()
  const end = (): void => own.abort()
  const timer = setTimeout(end, timeoutMs - Math.min(MOST_KEPT_MS, timeoutMs * SHARE_KEPT))
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  try {
    return await work({ signal: own.signal, timeoutMs })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

/** How long the others may still take once one of several has answered well, milliseconds. */
const GRACE_MS = 2_000

/** Asks several at once and waits for all of them, but not long for the slow ones once one has answered well; those are ended by their signal and must say so themselves. */
export async function askSeveral<T, A>(targets: readonly T[], { signal, timeoutMs }: Patience, ask: (target: T, patience: Patience) => Promise<A>, isGood: (answer: A) => boolean): Promise<A[]> {
  const own = new AbortController()
  const end = (): void => own.abort()
  let timer: NodeJS.Timeout | undefined
  let saidMs = timeoutMs
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  // Read when something is said: a silence that was cut short is not called longer than it was.
  const patience: Patience = { signal: own.signal, get timeoutMs() { return saidMs } }
  try {
    const started = performance.now()
    return await Promise.all(targets.map(async (target) => {
      const answer = await ask(target, patience)
      if (!isGood(answer) || timer !== undefined) return answer
      const left = timeoutMs - (performance.now() - started)
      timer = setTimeout(() => {
        saidMs = Math.min(timeoutMs, Math.round((performance.now() - started) / 100) * 100)
        end()
      }, Math.min(GRACE_MS, left))
      return answer
    }))
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
