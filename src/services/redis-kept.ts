import { UserError } from '../model/error.ts'
import { showDuration } from '../model/unit.ts'
import type { RedisConnection } from './redis.ts'
import { RedisProblem } from './redis-problem.ts'
import { readRedisError } from './redis-sayings.ts'
import type { RedisPlace } from './redis-target.ts'

/** What a use of a kept connection has besides it. */
export interface RedisSession {
  readonly place: RedisPlace
  /** How many commands were asked before this use could begin: 0 where the connection was there. */
  readonly greetings: number
}

/** A connection that is kept from one use to the next, and opened anew where it was lost; never used twice at once. */
export interface KeptRedis {
  /** Works with it. When the signal aborts it is closed at once. Throws UserError `REDIS_UNREACHABLE`, `REDIS_REFUSED`, and what `readPlace` throws. */
  use<T>(signal: AbortSignal, work: (connection: RedisConnection, session: RedisSession) => Promise<T>): Promise<T>
  /** Closes it; a use that is under way fails. */
  close(): void
}

interface Kept {
  readonly ends: AbortController
  connection?: RedisConnection
  place?: RedisPlace
}

/** A connection to a place that is read whenever it is opened, so that a new password is found; `selects` chooses the place's database. */
export function keepRedis(readPlace: () => Promise<RedisPlace>, { selects, now }: { readonly selects: boolean; /** Monotonic milliseconds. */ readonly now: () => number }): KeptRedis {
  let kept: Kept | undefined
  const drop = (): void => {
    kept?.ends.abort()
    kept?.connection?.close()
    kept = undefined
  }
  return {
    close: drop,
    use: async (signal, work) => {
      if (kept?.connection?.isOpen() !== true) drop()
      const mine: Kept = (kept ??= { ends: new AbortController() })
      const abort = (): void => mine.ends.abort()
      const startedAt = now()
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      try {
        const place = (mine.place ??= await readPlace())
        if (mine.connection) return await work(mine.connection, { place, greetings: 0 })
        const { connectRedis } = await import('./redis.ts')
        mine.connection = await connectRedis(place, mine.ends.signal)
        return await work(mine.connection, { place, greetings: await greet(mine.connection, place, selects) })
      } catch (error) {
        // A mistake of the person's is none of the connection's.
        if (error instanceof UserError && mine.connection?.isOpen() === true) throw error
        if (kept === mine) drop()
        mine.connection?.close()
        throw error instanceof RedisProblem && mine.place ? failure(error, mine.place, now() - startedAt) : error
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
  }
}

/** Says who asks, and of which database. Throws `RedisProblem`. */
async function greet(connection: RedisConnection, { user, password, database = 0 }: RedisPlace, selects: boolean): Promise<number> {
  let greetings = 0
  if (user !== undefined || password !== undefined) {
    greetings++
    try {
      await connection.ask('AUTH', ...(user === undefined ? [] : [user]), password ?? '')
    } catch (error) {
      // A password that nobody wanted does no harm; the health check warns of it.
      if (!(error instanceof RedisProblem) || error.kind !== 'said' || readRedisError(error.message, 'AUTH').verdict !== 'warn') throw error
    }
  }
  if (selects && database !== 0) {
    greetings++
    await connection.ask('SELECT', String(database))
  }
  return greetings
}

function failure(problem: RedisProblem, { shown }: RedisPlace, waitedMs: number): UserError {
  if (problem.kind === 'said') {
    const { text, recommendation } = readRedisError(problem.message, problem.asked)
    return new UserError({ code: 'REDIS_REFUSED', kind: 'unreachable', message: `${shown} ${text}`, hint: recommendation })
  }
  const within = problem.kind === 'no-answer' ? ` within ${showDuration(waitedMs)}` : ''
  return new UserError({ code: 'REDIS_UNREACHABLE', kind: 'unreachable', message: `${shown} ${problem.message}${within}`, hint: problem.hint })
}
