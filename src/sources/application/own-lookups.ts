import type { RedisCommand, RedisConnection, RedisReply } from '../../services/redis.ts'
import type { RedisProblem } from '../../services/redis-problem.ts'

/** What we ourselves have asked of a server that counts it among what others ask. Grows as long as there are sources. */
export interface OwnLookups {
  commands: number
  hits: number
  misses: number
}

/** By the server as it is shown. */
export type LookupsByServer = Map<string, OwnLookups>

/** What was asked of a server so far; nothing is 0. */
export function ownLookups(servers: LookupsByServer | undefined, server: string): OwnLookups {
  const found = servers?.get(server) ?? { commands: 0, hits: 0, misses: 0 }
  servers?.set(server, found)
  return found
}

/** Commands that look no key up. */
const OF_NO_KEY = ['SCAN', 'DBSIZE', 'LASTSAVE', 'PUBSUB']

/** The connection, with what is asked over it written down: Redis counts a key that is not there as a miss of its look-ups, and an empty list is not there. */
export function counting(connection: RedisConnection, own: OwnLookups): RedisConnection {
  const note = (command: RedisCommand, reply: RedisReply | RedisProblem): void => {
    own.commands++
    const name = String(command[0]).toUpperCase()
    if (OF_NO_KEY.includes(name)) return
    const keys = name === 'EXISTS' ? command.length - 1 : 1
    // What a key holds may be 0; what counts is 0 where there is no key.
    const hits = name === 'EXISTS' ? Number(reply) || 0 : name === 'GET' ? Number(reply !== null) : isNothing(reply) ? 0 : 1
    own.hits += hits
    own.misses += keys - hits
  }
  return {
    ...connection,
    ask: async (...command) => {
      const reply = await connection.ask(...command)
      note(command, reply)
      return reply
    },
    askAll: async (commands) => {
      const replies = await connection.askAll(commands)
      for (const [index, command] of commands.entries()) note(command, replies[index] ?? null)
      return replies
    },
  }
}

function isNothing(reply: RedisReply | RedisProblem): boolean {
  return reply === null || reply === '0' || reply === 'none' || (Array.isArray(reply) && reply.every((each) => each === null))
}
