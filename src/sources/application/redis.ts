import { UserError } from '../../model/error.ts'
import type { RedisConnection, RedisReply } from '../../services/redis.ts'
import { keepRedis } from '../../services/redis-kept.ts'
import { parseInfo } from '../../services/redis-info.ts'
import { RedisProblem } from '../../services/redis-problem.ts'
import { readRedisPlace } from '../../services/redis-target.ts'
import { ownLookups } from './own-lookups.ts'
import { figuresOf, windowOf, type RedisLook } from './redis/redis-look.ts'
import type { OpenSource, SourceWorld } from './source-world.ts'

/** What is asked at each look. */
const QUESTIONS = [['INFO'], ['INFO', 'commandstats']] as const

/** A cache's figures from INFO of Redis, Valkey or KeyDB (redis.io/docs/latest/commands/info). */
export const openSource: OpenSource<'redis'> = (config, terms, world) => {
  const redis = keepRedis(() => readRedisPlace(config, world), { selects: false, now: () => world.now() })
  let before: RedisLook | null = null
  return {
    ...terms,
    kind: 'cache',
    collect: (signal) => redis.use(signal, async (connection, { place, greetings }) => {
      const look = await lookAt(connection, place.shown, world)
      const window = before === null ? [] : windowOf(before, look, QUESTIONS.length + greetings)
      before = look
      return { samples: new Map([...figuresOf(look, place.database), ...window]) }
    }),
    close: async () => redis.close(),
  }
}

async function lookAt(connection: RedisConnection, shown: string, world: Pick<SourceWorld, 'now' | 'lookups'>): Promise<RedisLook> {
  const [told, stats] = await connection.askAll(QUESTIONS)
  const [atMs, own] = [world.now(), { ...ownLookups(world.lookups, shown) }]
  if (told instanceof RedisProblem) throw told
  const info = parseInfo(textOf(told))
  const strange = (what: string, hint: string): UserError => new UserError({ code: 'REDIS_STRANGE', kind: 'unreachable', message: `${shown} ${what}`, hint })
  if (info.number('loading') === 1) throw strange('is loading its data into memory and serves nobody yet', 'wait; INFO persistence tells how far it is')
  if (Number.isNaN(info.number('used_memory'))) throw strange('answers INFO, but says nothing of a cache', 'check host and port: a Sentinel or a proxy has no figures of its own')
  const counted = parseInfo(stats instanceof RedisProblem ? '' : textOf(stats))
  return { atMs, info, calls: counted.tells('Commandstats') ? counted.calls() : null, own }
}

function textOf(reply: RedisReply | undefined): string {
  return typeof reply === 'string' ? reply : ''
}
