import type { Snapshot } from '../../model/snapshot.ts'
import { showBytes } from '../../model/unit.ts'
import { figure, percent } from './figure.ts'
import { reader } from './machine-shape.ts'

/** `cache` as `/application` documents it: hits and misses in percent, evictions a second. */
export function cacheShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const hits = value('cache.hit_rate')
  return {
    redis: {
      hitRate: percent(hits), missRate: percent(1 - hits), evictionRate: figure(value('cache.evictions.rate')), memoryUsage: sizeText(value('cache.memory')), memoryUsageBytes: figure(value('cache.memory'), 0),
      memoryLimitBytes: figure(value('cache.memory.limit'), 0), connectionCount: figure(value('cache.clients'), 0), totalKeys: figure(value('cache.keys'), 0), operationsPerSecond: figure(value('cache.operations.rate')),
    },
  }
}

/** `cache` as `/metrics` documents it: hits are a share, evictions and operations are counted since the cache was started. */
export function currentCacheShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const calls = (kind: 'get' | 'set' | 'delete'): number | null => figure(value('cache.calls', kind), 0)
  return {
    hitRate: figure(value('cache.hit_rate'), 4), totalKeys: figure(value('cache.keys')), memoryUsage: sizeText(value('cache.memory')), memoryUsageBytes: figure(value('cache.memory'), 0), evictions: figure(value('cache.evictions')),
    operations: { gets: calls('get'), sets: calls('set'), deletes: calls('delete') },
  }
}

function sizeText(bytes: number): string | null {
  return Number.isFinite(bytes) ? showBytes(bytes) : null
}
