import type { RedisReply } from '../../../services/redis.ts'
import { keepRedis } from '../../../services/redis-kept.ts'
import { readRedisPlace } from '../../../services/redis-target.ts'
import { counting, ownLookups } from '../own-lookups.ts'
import type { SourceWorld } from '../source-world.ts'
import { noNumber, notReading } from './errors.ts'
import { throughSource, type Question } from './question.ts'

/** Commands that change nothing, look at no more than they are told to, and answer with a number (redis.io/docs/latest/commands). */
const NUMBERS = ['BITCOUNT', 'BITPOS', 'DBSIZE', 'EXISTS', 'EXPIRETIME', 'GET', 'GETBIT', 'GETRANGE', 'HEXISTS', 'HGET', 'HLEN', 'HSTRLEN', 'LASTSAVE', 'LINDEX', 'LLEN', 'LPOS', 'PFCOUNT', 'PTTL', 'SCARD', 'SINTERCARD', 'SISMEMBER', 'STRLEN', 'TTL', 'XLEN', 'ZCARD', 'ZCOUNT', 'ZINTERCARD', 'ZLEXCOUNT', 'ZRANK', 'ZREVRANK', 'ZSCORE']
/** Those whose answer is a list, of which the length counts. */
const LISTS = ['HKEYS', 'HVALS', 'LRANGE', 'PUBSUB', 'SDIFF', 'SINTER', 'SMEMBERS', 'SUNION', 'XRANGE', 'ZRANGE', 'ZRANGEBYLEX', 'ZRANGEBYSCORE', 'ZREVRANGE', 'ZREVRANGEBYSCORE']

/** A question to Redis: one command that reads, whose answer is a number, or a list that is counted. A key that is not there is nothing. Throws UserError `NOT_READING`, `NO_SUCH_SOURCE`. */
export function redisQuestion(key: string, { redis, source }: { readonly redis: readonly (string | number)[]; readonly source?: string | undefined }, world: SourceWorld): Question {
  const [command = '', ...words] = redis.map(String)
  if (![...NUMBERS, ...LISTS].includes(command.toUpperCase())) throw notReading(key, command, NUMBERS)
  const config = throughSource(key, source, ['redis', 'queues'], world.sources)
  const kept = keepRedis(() => readRedisPlace(config, world), { selects: true, now: () => world.now() })
  return {
    ask: (signal) => kept.use(signal, async (connection, { place }) => numberIn(await counting(connection, ownLookups(world.lookups, place.shown)).ask(command, ...words))),
    close: async () => kept.close(),
  }
}

function numberIn(reply: RedisReply): number {
  if (reply === null) return Number.NaN
  if (typeof reply !== 'string') return reply.length
  const value = reply.trim() === '' ? Number.NaN : Number(reply)
  if (Number.isNaN(value)) throw noNumber(reply, 'ask for a key that holds a number, or for a length: LLEN, SCARD, ZCARD')
  return value
}
