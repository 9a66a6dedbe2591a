import type { RedisConnection } from '../../services/redis.ts'
import { RedisProblem } from '../../services/redis-problem.ts'
import type { Remark } from '../remark.ts'
import { readRedisError } from '../../services/redis-sayings.ts'

/** Seconds after which the key is gone, whatever happens to this check. */
const TIME_TO_LIVE = '10'
/** Of a cluster a node serves a share of all keys; so many are tried until one is its own. */
const MOST_TRIES = 40

/** Writes a key of its own that expires, reads it back and removes it; null where that went well. Throws `RedisProblem` where there is no answer. */
export async function tryWriting(connection: Pick<RedisConnection, 'ask'>, random: () => number): Promise<Remark | null> {
  const value = token(random)
  for (let tries = 1; ; tries++) {
    const key = `medianest-perf:health:${token(random)}`
    try {
      return await writeAndRead(connection, key, value)
    } catch (error) {
      if (!(error instanceof RedisProblem) || error.kind !== 'said') throw error
      if (error.message.startsWith('MOVED') && tries < MOST_TRIES) continue
      return readRedisError(error.message, error.asked)
    }
  }
}

async function writeAndRead(connection: Pick<RedisConnection, 'ask'>, key: string, value: string): Promise<Remark | null> {
  if (await connection.ask('SET', key, value, 'EX', TIME_TO_LIVE, 'NX') !== 'OK') return { verdict: 'fail', text: 'did not take a key that was not there', recommendation: 'check that Redis itself answers there, and no proxy' }
  const read = await connection.ask('GET', key)
  // One that may write and not remove is no reason to fail: the key goes by itself.
  await connection.ask('DEL', key).catch((error: unknown) => {
    if (!(error instanceof RedisProblem) || error.kind !== 'said') throw error
  })
  if (read === value) return null
  return { verdict: 'fail', text: `a key that was written a moment ago ${read === null ? 'is not there' : 'reads back as something else'}`, recommendation: 'look for a proxy before it, for a full memory that evicts at once, and for other clients that remove keys' }
}

function token(random: () => number): string {
  return Math.floor(random() * 2 ** 48).toString(16).padStart(12, '0')
}
