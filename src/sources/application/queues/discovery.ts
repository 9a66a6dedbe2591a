import type { RedisConnection } from '../../../services/redis.ts'
import { RedisProblem } from '../../../services/redis-problem.ts'

/** Finds queues, a part of all keys at a time. */
export interface Discovery {
  /** Looks through some more keys and tells what is known by now. Throws `RedisProblem`. */
  find(connection: RedisConnection): Promise<readonly string[]>
  /** A queue is no more. */
  forget(name: string): void
  /** Whether all keys were looked through once. */
  isWhole(): boolean
}

/** Keys a step looks through; a step holds the server up for about a millisecond. */
const KEYS_A_STEP = 1_000
/** Steps of a collection until all keys were looked through once, and from then on. */
const FIRST_STEPS = 1_000
const STEPS = 50
const MOST_KNOWN = 2_000

/** What each library keeps for a queue as long as there is one: BullMQ `meta`, both `id`, the number of the last job. */
const MARKS: Readonly<Record<string, string>> = { meta: 'hash', id: 'string' }

/** Looks for queues of a prefix by SCAN, which holds nobody up, going on where it ended the time before. */
export function openDiscovery(prefix: string): Discovery {
  const known = new Set<string>()
  // One pattern for both marks, as keys are gone through once for each.
  const pattern = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}:*:[im][de]*`
  let cursor = '0'
  let isWhole = false
  return {
    isWhole: () => isWhole,
    forget: (name) => void known.delete(name),
    find: async (connection) => {
      for (let step = isWhole ? STEPS : FIRST_STEPS; step > 0; step--) {
        const [next, keys] = readScan(await connection.ask('SCAN', cursor, 'MATCH', pattern, 'COUNT', String(KEYS_A_STEP)))
        for (const name of await queuesAmong(connection, keys, prefix, known)) if (known.size < MOST_KNOWN) known.add(name)
        cursor = next
        if (cursor === '0') {
          isWhole = true
          break
        }
      }
      return [...known].sort()
    },
  }
}

/** The queues that keys are marks of. What only has such a name is of another type: a job may be called `id`. */
async function queuesAmong(connection: RedisConnection, keys: readonly string[], prefix: string, known: ReadonlySet<string>): Promise<readonly string[]> {
  const marks = keys.flatMap((key) => {
    const [, name = '', mark = ''] = /^(.+):([^:]+)$/s.exec(key.slice(prefix.length + 1)) ?? []
    // `PREFIX::relay:...` are BullMQ's, and of no queue.
    return Object.hasOwn(MARKS, mark) && !name.startsWith(':') && !known.has(name) ? [{ key, name, type: MARKS[mark] }] : []
  })
  if (marks.length === 0) return []
  const types = await connection.askAll(marks.map(({ key }) => ['TYPE', key]))
  const refused = types.find((type) => type instanceof RedisProblem)
  if (refused) throw refused
  return marks.filter(({ type }, index) => types[index] === type).map(({ name }) => name)
}

function readScan(reply: unknown): [string, string[]] {
  const [cursor, keys] = Array.isArray(reply) ? (reply as readonly unknown[]) : []
  if (typeof cursor === 'string' && Array.isArray(keys)) return [cursor, keys.filter((key) => typeof key === 'string')]
  throw new RedisProblem('not-redis', 'SCAN', 'answers SCAN with something that cannot be read', 'check host and port; a proxy may stand before it, then name the queues')
}
