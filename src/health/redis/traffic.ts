import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Measure } from '../../model/health.ts'
import { showQuantity } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { RedisInfo } from '../../services/redis-info.ts'
import { readNumber } from '../../services/redis-info.ts'
import { known, type Part } from './part.ts'

const CONNECTIONS = { warning: 0.8, critical: 0.95 }

/** Clients, keys, hits, evictions: what it is used for. Counters run since it started. */
export function lookAtTraffic(info: RedisInfo, config: Pick<ConfigOf<'redis'>, 'connections' | 'hitRate' | 'evicted'>): Part {
  const [clients, most] = [info.number('connected_clients'), info.number('maxclients')]
  const [hits, misses] = [info.number('keyspace_hits'), info.number('keyspace_misses')]
  const [evicted, rejected] = [info.number('evicted_keys'), info.number('rejected_connections')]
  const keys = info.rows(/^db\d+$/).reduce((sum, row) => sum + readNumber(row.get('keys')), 0)
  const turnedAway = rejected > 0 ? `; ${show(rejected)} turned away since it started` : ''

  // Redis before 6.2 does not tell how many it allows; nobody asked for that to be judged unless levels are given.
  const isJudged = most > 0 || config.connections !== undefined
  const connections = judge({
    name: 'connections', value: most > 0 ? clients / most : Number.NaN, unit: 'ratio', bad: 'above', min: 0, max: 1,
    levels: isJudged ? readLevels(config.connections, 'ratio', CONNECTIONS) : { warning: undefined, critical: undefined },
    say: (value) => `connections ${value} of maxclients (${show(clients)} of ${show(most)}${turnedAway})`,
    recommendation: 'look with CLIENT LIST for who opens so many, close idle ones with `timeout`, or raise `maxclients`',
  })
  const hitRate = judge({
    name: 'hit rate', value: hits + misses > 0 ? hits / (hits + misses) : Number.NaN, unit: 'ratio', bad: 'below', min: 0, max: 1,
    levels: readLevels(config.hitRate, 'ratio'),
    say: (value) => `hit rate ${value}`,
    recommendation: 'look at evictions and times to live: what is asked for is not there, or no longer',
  })
  const evictions = judge({
    name: 'evicted', value: evicted, unit: 'count', bad: 'above', min: 0, levels: readLevels(config.evicted, 'count'),
    say: (value) => `evicted ${value} keys since it started`, recommendation: 'raise `maxmemory`, or shorten times to live',
  })
  const measures: readonly Measure[] = [
    ...(isJudged ? [connections.measure] : []),
    { name: 'clients', value: clients, unit: 'count', min: 0, max: most > 0 ? most : undefined },
    { name: 'keys', value: keys, unit: 'count', min: 0 },
    ...(hits + misses > 0 || config.hitRate !== undefined ? [hitRate.measure] : []),
    evictions.measure,
    { name: 'rejected connections', value: rejected, unit: 'count', min: 0 },
  ]
  return {
    measures, remarks: [connections.remark, hitRate.remark, evictions.remark],
    details: { connections: known(clients), maxConnections: known(most), keyspace: known(keys), hitRate: known(hitRate.measure.value), evictedKeys: known(evicted), rejectedConnections: known(rejected) },
  }
}

function show(value: number): string {
  return showQuantity({ value, unit: 'count' })
}
