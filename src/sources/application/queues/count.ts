import type { RedisCommand, RedisConnection, RedisReply } from '../../../services/redis.ts'
import { readNumber } from '../../../services/redis-info.ts'
import { RedisProblem } from '../../../services/redis-problem.ts'

/** How many jobs a queue has in each state; NaN for what is not known. */
export interface QueueCounts {
  readonly name: string
  readonly active: number
  readonly waiting: number
  readonly delayed: number
  readonly completed: number
  readonly failed: number
  /** Mean time of the jobs that were done last, milliseconds. */
  readonly averageMs: number
}

/** Jobs of which the mean time is taken. */
const RECENT = 20
/** Commands that are sent at once. */
const AT_ONCE = 1_000

/** Lists and sorted sets of a queue, which are there as long as something is in them. */
const LENGTHS = [['LLEN', 'active'], ['LLEN', 'wait'], ['LLEN', 'paused'], ['ZCARD', 'prioritized'], ['ZCARD', 'delayed'], ['ZCARD', 'completed'], ['ZCARD', 'failed']] as const

/** Counts the jobs of queues, and forgets those that are no more. Throws `RedisProblem`. */
export async function countQueues(connection: RedisConnection, prefix: string, names: readonly string[]): Promise<readonly QueueCounts[]> {
  const keyOf = (name: string, key: string): string => `${prefix}:${name}:${key}`
  const lengths = await askEach(connection, names, (name) => [...LENGTHS.map(([command, key]): RedisCommand => [command, keyOf(name, key)]), ['ZREVRANGE', keyOf(name, 'completed'), '0', String(RECENT - 1)]])
  const recent = lengths.map((replies) => idsOf(replies.at(-1)))
  const more = await askEach(connection, names, (name, index) => [
    ['EXISTS', keyOf(name, 'meta'), keyOf(name, 'id')],
    ['LINDEX', keyOf(name, 'wait'), '-1'],
    ['LINDEX', keyOf(name, 'paused'), '-1'],
    ...(recent[index] ?? []).map((id): RedisCommand => ['HMGET', keyOf(name, id), 'processedOn', 'finishedOn']),
  ])
  return names.flatMap((name, index) => {
    const [active, wait, paused, prioritized, delayed, completed, failed] = (lengths[index] ?? []).map(numberOf) as [number, number, number, number, number, number, number] // as many as LENGTHS
    const [marks, lastWaiting, lastPaused, ...times] = more[index] ?? []
    const isThere = numberOf(marks) !== 0 || [active, wait, paused, prioritized, delayed, completed, failed].some((count) => count > 0)
    return isThere ? [{ name, active, waiting: wait + paused + prioritized - marker(lastWaiting) - marker(lastPaused), delayed, completed, failed, averageMs: meanOf(times.map(timeOf)) }] : []
  })
}

/** Asks some commands for each queue, many at once. */
async function askEach(connection: RedisConnection, names: readonly string[], commandsFor: (name: string, index: number) => readonly RedisCommand[]): Promise<readonly (readonly RedisReply[])[]> {
  const asked = names.map(commandsFor)
  const all = asked.flat()
  const replies: RedisReply[] = []
  for (let at = 0; at < all.length; at += AT_ONCE) replies.push(...(await connection.askAll(all.slice(at, at + AT_ONCE))).map(unlessRefused))
  let taken = 0
  return asked.map(({ length }) => replies.slice(taken, (taken += length)))
}

/** A key that is no queue's but has such a name is not known; any other error ends it. */
function unlessRefused(reply: RedisReply | RedisProblem): RedisReply {
  if (!(reply instanceof RedisProblem)) return reply
  if (reply.message.startsWith('WRONGTYPE')) return null
  throw reply
}

function numberOf(reply: RedisReply | undefined): number {
  return typeof reply === 'string' ? readNumber(reply) : Number.NaN
}

function idsOf(reply: RedisReply | undefined): readonly string[] {
  return Array.isArray(reply) ? reply.filter((id): id is string => typeof id === 'string').slice(0, RECENT) : []
}

/** Up to its fifth version BullMQ put a marker at the end of those that wait, `0:` and a time, which is no job (its own getCounts takes it off). */
function marker(last: RedisReply | undefined): number {
  return typeof last === 'string' && last.startsWith('0:') ? 1 : 0
}

function timeOf(reply: RedisReply): number {
  const [processedOn, finishedOn] = Array.isArray(reply) ? (reply as readonly RedisReply[]).map(numberOf) : []
  const time = (finishedOn ?? Number.NaN) - (processedOn ?? Number.NaN)
  return time >= 0 ? time : Number.NaN
}

function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => Number.isFinite(value))
  return known.reduce((sum, value) => sum + value, 0) / known.length
}
