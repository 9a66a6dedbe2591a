import { UserError } from '../model/error.ts'
import { rateLimited } from './errors.ts'
import { openPause } from './pause.ts'
import type { Limiter } from './rate-limit.ts'

/** What asking again goes by. */
interface Terms {
  readonly limiter: Limiter
  /** What is asked, for messages. */
  readonly where: string
  /** For all attempts together, milliseconds. */
  readonly timeoutMs: number
  readonly now: () => number
  /** 0..1. */
  readonly random: () => number
  readonly signal: AbortSignal
}

const MOST_ATTEMPTS = 3
const FIRST_WAIT_MS = 200

/**
 * Asks what may be asked twice, and again where no connection was made or the instance says when to come back, as long as that is within the time there is for all of
 * it; limits the instance has told of are waited for. `ask` is told how long it has, milliseconds. Throws as `ask` does, and UserError `RATE_LIMITED` where the wait is too long.
 */
export async function insist<T>(ask: (leftMs: number) => Promise<T>, { limiter, where, timeoutMs, now, random, signal }: Terms): Promise<T> {
  const endsAt = now() + timeoutMs
  const pause = openPause(signal)
  for (let attempt = 1; ; attempt++) {
    const blockedMs = limiter.waitMs()
    if (blockedMs > endsAt - now()) throw rateLimited(where, 429, blockedMs)
    if (blockedMs > 0) await pause.for(blockedMs)
    try {
      return await ask(Math.max(1, endsAt - now()))
    } catch (error) {
      const waitMs = waitOf(error, attempt, limiter, random)
      if (waitMs === null || attempt === MOST_ATTEMPTS || signal.aborted || waitMs >= endsAt - now()) throw error
      await pause.for(waitMs)
      if (signal.aborted) throw error
    }
  }
}

/** How long to wait before the next attempt, milliseconds; null where another is of no use. */
function waitOf(error: unknown, attempt: number, limiter: Limiter, random: () => number): number | null {
  if (!(error instanceof UserError)) return null
  const { code, details } = error
  if (code === 'UNREACHABLE' && details['wasRefused'] === true) return FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + random() / 2)
  if (code === 'RATE_LIMITED' && typeof details['waitMs'] === 'number') return Math.max(details['waitMs'], limiter.waitMs())
  if (typeof details['retryAfter'] === 'number') return details['retryAfter'] * 1_000
  return null
}
