import type { MetricName } from '../../../model/metric.ts'
import type { RedisInfo } from '../../../services/redis-info.ts'
import type { OwnLookups } from '../own-lookups.ts'
import { sumByKind } from './command-kinds.ts'

/** What a Redis said of itself at one moment. */
export interface RedisLook {
  /** Monotonic milliseconds. */
  readonly atMs: number
  readonly info: RedisInfo
  /** How often each command was run; null where it is not told. */
  readonly calls: ReadonlyMap<string, number> | null
  /** What our other sources had asked of it by then. */
  readonly own: Readonly<OwnLookups>
}

type Figures = ReadonlyMap<MetricName, ReadonlyMap<string, number>>

/** Time below which two looks are one. */
const LEAST_MS = 1

/** Counters that nothing but a restart or CONFIG RESETSTAT takes back. */
const COUNTERS = ['total_commands_processed', 'total_connections_received', 'total_net_input_bytes', 'total_net_output_bytes', 'keyspace_hits', 'keyspace_misses', 'evicted_keys', 'expired_keys']

/** What one look says; of one database's keys where one is named. */
export function figuresOf({ info, calls }: RedisLook, database: number | undefined): Figures {
  const limit = info.number('maxmemory')
  const figures = known([
    ['cache.memory', info.number('used_memory')],
    // 0 is no limit.
    ['cache.memory.limit', limit > 0 ? limit : Number.NaN],
    ['cache.keys', keysOf(info, database)],
    ['cache.clients', info.number('connected_clients')],
    ['cache.evictions', info.number('evicted_keys')],
  ])
  return calls === null ? figures : new Map([...figures, ['cache.calls', sumByKind(calls)]])
}

/** What two looks say together; `own` is how many commands of the time between are our own. Nothing where the server was restarted, or began to count anew. */
export function windowOf(before: RedisLook, now: RedisLook, own: number): Figures {
  const elapsedMs = now.atMs - before.atMs
  if (elapsedMs < LEAST_MS || !isContinued(before, now, own)) return new Map()
  const gain = (name: string): number => now.info.number(name) - before.info.number(name)
  const others = (name: string, counted: keyof OwnLookups): number => Math.max(0, gain(name) - (now.own[counted] - before.own[counted]))
  const [hits, misses] = [others('keyspace_hits', 'hits'), others('keyspace_misses', 'misses')]
  // Of what we ask just then nobody can say on which side of a look it is counted: with few look-ups but ours there is no rate of others.
  const ours = now.own.hits + now.own.misses - before.own.hits - before.own.misses
  return known([
    // Where nothing was looked up there is no rate.
    ['cache.hit_rate', hits + misses > ours ? hits / (hits + misses) : Number.NaN],
    ['cache.operations.rate', Math.max(0, others('total_commands_processed', 'commands') - own) / (elapsedMs / 1_000)],
    ['cache.evictions.rate', gain('evicted_keys') / (elapsedMs / 1_000)],
  ])
}

/** A database without keys is not told of, among those that are. */
function keysOf(info: RedisInfo, database: number | undefined): number {
  if (!info.tells('Keyspace')) return Number.NaN
  const rows = info.rows(database === undefined ? /^db\d+$/ : new RegExp(`^db${database}$`))
  return rows.reduce((sum, row) => sum + Number(row.get('keys')), 0)
}

/** Whether the same server has counted on. That we have asked must show in its counters, which is how most resets show that were followed by much work. */
function isContinued(before: RedisLook, now: RedisLook, own: number): boolean {
  const [was, is] = [before.info, now.info]
  if (was.text('run_id') !== is.text('run_id') || is.number('uptime_in_seconds') < was.number('uptime_in_seconds')) return false
  if (COUNTERS.some((name) => is.number(name) < was.number(name))) return false
  if (is.number('total_commands_processed') - was.number('total_commands_processed') < own) return false
  return [...(before.calls ?? [])].every(([command, count]) => now.calls === null || (now.calls.get(command) ?? 0) >= count)
}

function known(figures: readonly (readonly [MetricName, number])[]): Figures {
  return new Map(figures.filter(([, value]) => Number.isFinite(value)).map(([metric, value]) => [metric, new Map([['', value]])]))
}
