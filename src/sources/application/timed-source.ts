import { UserError } from '../../model/error.ts'
import type { Collected, Source } from '../../model/source.ts'
import { stillBusy, tooSlow } from './errors.ts'

/** After its signal a source has this long to say in its own words what took too long, milliseconds. */
const LAST_WORDS_MS = 250

/** The source with a limit to each collection: its signal is aborted then, and soon after nobody waits for it any more. Collections throw UserError `SOURCE_TIMEOUT`, or `SOURCE_BUSY` as long as one goes on that nobody waits for. */
export function timed(source: Source, timeoutMs: number): Source {
  const { id, name, kind, priority, intervalMs } = source
  let isBusy = false
  return {
    id, name, kind, priority, intervalMs, timeoutMs,
    collect: async (signal) => {
      if (isBusy) throw stillBusy(id)
      const own = new AbortController()
      const abort = (): void => own.abort(signal.reason)
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      isBusy = true
      const collected = source.collect(own.signal).finally(() => (isBusy = false))
      const slow = tooSlow(id, timeoutMs)
      const limit = over(timeoutMs, own, slow)
      try {
        return await Promise.race([collected, limit.reached])
      } catch (error) {
        // What an aborted call says of itself is not for people.
        throw own.signal.aborted && !signal.aborted && !(error instanceof UserError) ? slow : error
      } finally {
        limit.clear()
        signal.removeEventListener('abort', abort)
      }
    },
    close: () => source.close(),
  }
}

/** Aborts when the time is over, or somebody else has; a little later it rejects. */
function over(timeoutMs: number, own: AbortController, slow: UserError): { readonly reached: Promise<Collected>; clear(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const reached = new Promise<Collected>((_, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => reject(slow), LAST_WORDS_MS)
    }
    timer = setTimeout(() => own.abort(slow), timeoutMs)
    if (own.signal.aborted) end()
    else own.signal.addEventListener('abort', end, { once: true })
  })
  // Nobody may be waiting for it by then.
  reached.catch(() => undefined)
  return { reached, clear: () => clearTimeout(timer) }
}
