import { counter, gauge, type Metric } from './metric-kind.ts'

/** What an application's cache and its job queues say of themselves. */
export const CACHE_METRICS = {
  'cache.memory': gauge('bytes', 'Memory of the cache.'),
  'cache.memory.limit': gauge('bytes', 'Most memory the cache may use; absent where there is no limit.'),
  'cache.keys': gauge('count', 'Keys in the cache.'),
  'cache.clients': gauge('count', 'Connections to the cache.'),
  'cache.operations.rate': gauge('per_second', 'Operations of the cache, per second.'),
  'cache.evictions': gauge('count', 'Keys the cache had to give up.', { better: 'lower' }),
  'cache.evictions.rate': gauge('per_second', 'Keys the cache had to give up, per second.', { better: 'lower' }),
  'cache.calls': counter('count', 'Commands the cache has run, by kind: get, set, delete.', { tag: 'command' }),
  'jobs.active': gauge('count', 'Jobs at work.', { tag: 'queue' }),
  'jobs.waiting': gauge('count', 'Jobs that wait.', { tag: 'queue', better: 'lower' }),
  'jobs.delayed': gauge('count', 'Jobs that wait for their time.', { tag: 'queue' }),
  'jobs.completed': gauge('count', 'Jobs that were done.', { tag: 'queue' }),
  'jobs.failed': gauge('count', 'Jobs that failed.', { tag: 'queue', better: 'lower' }),
  'jobs.duration.avg': gauge('ms', 'Mean time of a job.', { tag: 'queue', better: 'lower' }),
} as const satisfies Readonly<Record<string, Metric>>
