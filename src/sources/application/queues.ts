import { UserError } from '../../model/error.ts'
import type { MetricName } from '../../model/metric.ts'
import type { Samples } from '../../model/snapshot.ts'
import { plain } from '../../model/text.ts'
import { keepRedis } from '../../services/redis-kept.ts'
import { readRedisPlace } from '../../services/redis-target.ts'
import { countQueues, type QueueCounts } from './queues/count.ts'
import { counting, ownLookups } from './own-lookups.ts'
import { openDiscovery } from './queues/discovery.ts'
import type { OpenSource } from './source-world.ts'

/** Queues that are told of; of more, the first by name. */
const MOST_QUEUES = 200

/** Jobs of the queues of BullMQ and Bull, read from the keys in which they keep them; nothing is written. */
export const openSource: OpenSource<'queues'> = (config, terms, world) => {
  const redis = keepRedis(() => readRedisPlace(config, world), { selects: true, now: () => world.now() })
  const prefix = config.prefix ?? 'bull'
  const named = config.queues === undefined ? null : [...new Set([config.queues].flat())]
  const discovery = openDiscovery(prefix)
  return {
    ...terms,
    kind: 'jobs',
    collect: (signal) => redis.use(signal, async (bare, { place }) => {
      const connection = counting(bare, ownLookups(world.lookups, place.shown))
      const found = named ?? await discovery.find(connection)
      const names = found.slice(0, MOST_QUEUES)
      const counted = await countQueues(connection, prefix, names)
      const gone = names.filter((name) => !counted.some((queue) => queue.name === name))
      for (const name of gone) discovery.forget(name)
      if (counted.length === 0 && (named !== null || discovery.isWhole())) throw noQueues(named, prefix, `database ${place.database ?? 0} of ${place.shown}`)
      return {
        samples: samplesOf(counted),
        notes: [
          ...(named === null ? [] : gone.map((name) => `the queue ${plain(name, 100)} is not there`)),
          ...(found.length > names.length ? [`there are ${found.length} queues, and ${MOST_QUEUES} of them are told: name those that matter with \`queues\``] : []),
          ...(named === null && !discovery.isWhole() ? ['not all keys have been looked through yet for queues: name them with `queues`, or wait'] : []),
        ],
      }
    }),
    close: async () => redis.close(),
  }
}

const FIGURES: readonly (readonly [MetricName, keyof Omit<QueueCounts, 'name'>])[] = [
  ['jobs.active', 'active'], ['jobs.waiting', 'waiting'], ['jobs.delayed', 'delayed'], ['jobs.completed', 'completed'], ['jobs.failed', 'failed'], ['jobs.duration.avg', 'averageMs'],
]

function samplesOf(queues: readonly QueueCounts[]): Samples {
  const series = FIGURES.map(([metric, figure]) => [metric, new Map(queues.filter((queue) => Number.isFinite(queue[figure])).map((queue) => [plain(queue.name, 100), queue[figure]]))] as const)
  return new Map(series.filter(([, values]) => values.size > 0))
}

/** A queue that is not there has no jobs to count: 0 would be made up. */
function noQueues(named: readonly string[] | null, prefix: string, where: string): UserError {
  const which = named === null ? `no queue of BullMQ or Bull has keys that begin with ${plain(prefix, 100)}:` : `${named.length === 1 ? 'the queue' : 'none of the queues'} ${plain(named.join(', '), 200)} ${named.length === 1 ? 'is not' : 'is'} there (keys that begin with ${plain(prefix, 100)}:)`
  return new UserError({ code: 'NO_QUEUES', kind: 'input', message: `${which} in ${where}`, hint: 'compare `prefix` and `database` with what the application gives its queues; a queue of Bull is there from its first job on' })
}
