import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseInfo } from '../../../src/services/redis-info.ts'
import { lookAtMemory } from '../../../src/health/redis/memory.ts'
import type { Part } from '../../../src/health/redis/part.ts'
import { lookAtPersistence } from '../../../src/health/redis/persistence.ts'
import { lookAtReplication } from '../../../src/health/redis/replication.ts'
import { readRedisError } from '../../../src/services/redis-sayings.ts'
import { lookAtTraffic } from '../../../src/health/redis/traffic.ts'

const info = (...lines: readonly string[]) => parseInfo(`# Section\r\n${lines.join('\r\n')}\r\n`)
const said = ({ remarks }: Part): readonly string[] => remarks.flatMap((remark) => (remark === null ? [] : [`${remark.verdict}: ${remark.text}`]))
const PRESET = { levels: { warning: 0.85, critical: 0.95 }, isGiven: false }
const LAG = { warning: 30_000, critical: 60_000 }

describe('what INFO tells', () => {
  it('of memory is judged where there is a limit that means something', () => {
    const memory = (...lines: readonly string[]): readonly string[] => said(lookAtMemory(info(...lines), PRESET))
    expect(memory('used_memory:900', 'maxmemory:1000', 'maxmemory_policy:noeviction')).toEqual(['warn: memory 90% of maxmemory (900 B of 1 kB, noeviction) (warning at 85%)'])
    expect(memory('used_memory:1100', 'mem_not_counted_for_evict:300', 'maxmemory:1000', 'maxmemory_policy:noeviction'), 'buffers of replicas do not fill it').toEqual([])
    expect(memory('used_memory:1000', 'maxmemory:1000', 'maxmemory_policy:volatile-lru', 'db0:keys=5,expires=0,avg_ttl=0')).toEqual(['fail: memory is full (1 kB of 1 kB maxmemory) and no key may be evicted under volatile-lru: writes are refused'])
    expect(memory('used_memory:1000', 'maxmemory:1000', 'maxmemory_policy:allkeys-lfu')).toEqual([])
    expect(memory('used_memory:1000', 'maxmemory:0')).toEqual([])
    expect(memory('redis_version:7')).toEqual([])
  })

  it('of memory is unknown where levels were given and there is no limit', () => {
    expect(said(lookAtMemory(info('used_memory:1000', 'maxmemory:0'), { ...PRESET, isGiven: true }))).toEqual(['unknown: memory cannot be judged: no `maxmemory` is set'])
    expect(lookAtMemory(info('used_memory:512000000', 'maxmemory:2000000000'), PRESET).details).toMatchObject({ memory: '512MB / 2GB', memoryUsedBytes: 512_000_000, memoryMaxBytes: 2_000_000_000 })
  })

  it('of persistence fails where a write to disk failed, or there must be one and is none', () => {
    const persistence = (save: string | null, isRequired: boolean, ...lines: readonly string[]): Part => lookAtPersistence(info(...lines), { isRequired, save, nowMs: 1_000_000 })
    expect(said(persistence('', false, 'aof_enabled:1', 'aof_last_write_status:err', 'aof_last_bgrewrite_status:err'))).toEqual(['fail: the last write to its append-only file failed', 'warn: its append-only file could not be rewritten: it grows'])
    expect(said(persistence('3600 1', true, 'rdb_last_bgsave_status:err', 'rdb_last_save_time:700'))).toEqual(['fail: its last snapshot failed, the last good one is 5m old'])
    expect(said(persistence('', true, 'aof_enabled:0'))).toEqual(['fail: persistence is off (neither snapshots nor an append-only file): a restart loses everything'])
    expect(said(persistence(null, true, 'aof_enabled:0'))).toEqual(['unknown: whether it takes snapshots is not told: CONFIG GET save is not allowed'])
    expect(persistence('3600 1', false, 'rdb_last_save_time:700').details).toMatchObject({ persistence: 'enabled', lastSave: '1970-01-01T00:11:40.000Z' })
    expect(persistence(null, false, 'rdb_last_save_time:99999999999999999999').details).toMatchObject({ persistence: null, lastSave: null })
  })

  it('of replication is judged by the link and the delay', () => {
    const replication = (...lines: readonly string[]): readonly string[] => said(lookAtReplication(info(...lines), { role: 'any', replicas: undefined, lag: LAG }))
    const replica = ['role:slave', 'master_host:db1', 'master_port:6379'] as const
    expect(replication(...replica, 'master_link_status:up', 'master_last_io_seconds_ago:45')).toEqual(['warn: has heard nothing from its primary db1:6379 for 45 s (warning at 30 s)'])
    expect(replication(...replica, 'master_link_status:down', 'master_link_down_since_seconds:180')).toEqual(['fail: has no link to its primary db1:6379, for 3m: its data grows old'])
    expect(replication(...replica, 'master_link_status:down', 'master_link_down_since_seconds:-1')).toEqual(['fail: has no link to its primary db1:6379 and never had: its data grows old'])
    expect(replication(...replica, 'master_link_status:down', 'master_sync_in_progress:1')).toEqual(['fail: is still copying the data of its primary db1:6379'])
    expect(replication('role:master', 'slave0:ip=10.0.0.2,port=6379,state=online,offset=1,lag=70', 'slave1:ip=10.0.0.3,port=6379,state=wait_bgsave,offset=0,lag=0')).toEqual(['fail: replica 10.0.0.2:6379 is 1m 10s behind (critical at 1m)'])
    expect(said(lookAtReplication(info('redis_mode:sentinel'), { role: 'primary', replicas: 1, lag: LAG }))).toEqual(['unknown: does not say whether it is primary or replica', 'unknown: does not say how many replicas it has'])
  })

  it('of clients and keys is judged where it is told or asked for', () => {
    expect(said(lookAtTraffic(info('connected_clients:96', 'maxclients:100', 'rejected_connections:7'), {}))).toEqual(['fail: connections 96% of maxclients (96 of 100; 7 turned away since it started) (critical at 95%)'])
    expect(said(lookAtTraffic(info('connected_clients:96'), {}))).toEqual([])
    expect(said(lookAtTraffic(info('connected_clients:96'), { connections: { warning: '80%' }, hitRate: { warning: '70%' } }))).toEqual(['unknown: connections could not be told', 'unknown: hit rate could not be told'])
    expect(lookAtTraffic(info('db0:keys=15000,expires=1', 'db3:keys=234', 'keyspace_hits:3', 'keyspace_misses:1'), {}).details).toMatchObject({ keyspace: 15_234, hitRate: 0.75 })
  })

  it('may be anything', () => {
    const line = fc.tuple(fc.constantFrom('used_memory', 'maxmemory', 'role', 'slave0', 'db0', 'rdb_last_save_time', 'master_link_status', 'connected_clients', 'x'), fc.oneof(fc.string({ unit: fc.integer({ min: 0, max: 0x2fff }).map((code) => String.fromCharCode(code)) }), fc.integer().map(String), fc.constantFrom('slave', 'master', 'up', 'ip=,port,state=online,lag=-9', 'keys=1e9'))).map((pair) => pair.join(':'))
    fc.assert(fc.property(fc.array(line), (lines) => {
      const told = info(...lines)
      const parts = [lookAtMemory(told, PRESET), lookAtPersistence(told, { isRequired: true, save: null, nowMs: 0 }), lookAtReplication(told, { role: 'replica', replicas: 1, lag: LAG }), lookAtTraffic(told, {})]
      // Control characters would be written so.
      expect(JSON.stringify(parts)).not.toMatch(/\\u00|\\[ntrbf]/)
    }))
  })
})

describe('an error of Redis', () => {
  it('is put into words, and one nobody knows is passed on', () => {
    expect(readRedisError('NOPERM User bob has no permissions to run the \'config|get\' command', 'CONFIG GET')).toMatchObject({ verdict: 'unknown', recommendation: 'allow it on the server: ACL SETUSER ... +config|get' })
    expect(readRedisError('NOREPLICAS Not enough good replicas to write.', 'SET')).toMatchObject({ verdict: 'fail', text: expect.stringContaining('min-replicas-to-write') })
    expect(readRedisError("MISCONF Errors writing to the AOF file: No space left on device", 'SET')).toMatchObject({ verdict: 'fail', text: expect.stringContaining('append-only file') })
    expect(readRedisError('ERR strange', 'PING')).toMatchObject({ verdict: 'fail', text: 'answers PING with "ERR strange"' })
  })
})
