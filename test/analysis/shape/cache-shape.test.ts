import { describe, expect, it } from 'vitest'
import { applicationShape, currentApplicationShape } from '../../../src/analysis/shape/application-shape.ts'
import { snapshotOf } from '../../samples.ts'

const CACHE = snapshotOf({
  'cache.hit_rate': 0.925, 'cache.memory': 256_700_000, 'cache.memory.limit': 512_000_000, 'cache.keys': 1_245, 'cache.clients': 15, 'cache.operations.rate': 1_250, 'cache.evictions': 12, 'cache.evictions.rate': 0.8,
  'cache.calls': { get: 900, set: 80, delete: 7 }, 'jobs.delayed': { sync: 4 },
})

describe('the shape of a cache and of queues', () => {
  it('is the documented one of /application', () => {
    expect(applicationShape(CACHE, ['cache', 'jobs'])).toEqual({
      cache: { redis: { hitRate: 92.5, missRate: 7.5, evictionRate: 0.8, memoryUsage: '257 MB', memoryUsageBytes: 256_700_000, memoryLimitBytes: 512_000_000, connectionCount: 15, totalKeys: 1_245, operationsPerSecond: 1_250 } },
      jobs: { queues: [{ name: 'sync', active: null, waiting: null, delayed: 4, completed: null, failed: null, avgProcessingTime: null }] },
    })
  })

  it('is the documented one of /metrics', () => {
    expect(currentApplicationShape(CACHE).cache).toMatchObject({ hitRate: 0.925, totalKeys: 1_245, evictions: 12, operations: { gets: 900, sets: 80, deletes: 7 } })
  })

  it('has null for what is not known', () => {
    const { cache } = currentApplicationShape(snapshotOf({ 'cache.keys': 1 }))
    expect(cache).toMatchObject({ hitRate: null, memoryUsage: null, evictions: null, operations: { gets: null, sets: null, deletes: null } })
  })
})
