import { showDuration } from '../../model/unit.ts'
import type { RedisConnection } from '../../services/redis.ts'
import { RedisProblem } from '../../services/redis-problem.ts'
import { readRedisPlace } from '../../services/redis-target.ts'
import type { Look } from '../look.ts'
import { examine } from '../redis/examine.ts'
import { single } from '../remark.ts'

/** Whether a Redis answers, and is well: PING, INFO, and what these do not tell. */
export const look: Look<'redis'> = async (config, { world, signal, timeoutMs }) => {
  const place = await readRedisPlace(config, world)
  const { connectRedis } = await import('../../services/redis.ts')

  // A little less than there is, so that there is time to say what took too long.
  const ownMs = Math.max(timeoutMs - 250, timeoutMs * 0.8)
  const own = new AbortController()
  const abort = (): void => own.abort()
  const timer = setTimeout(abort, ownMs)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  let connection: RedisConnection | undefined
  try {
    connection = await connectRedis(place, own.signal)
    return await examine(connection, place, config, world)
  } catch (error) {
    if (!(error instanceof RedisProblem)) throw error
    return single('fail', `${place.shown} ${error.message}${error.kind === 'no-answer' ? ` within ${showDuration(timeoutMs)}` : ''}`, error.hint)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    connection?.close()
  }
}
