import { tagsOf, type Snapshot } from '../../model/snapshot.ts'
import { figure, percent } from './figure.ts'
import { reader } from './machine-shape.ts'
import { partsOf } from './part.ts'

/** `database` as `/application` documents it, and what else is known: times in milliseconds, sizes in bytes, hits, dead rows and the pool's use in percent, counts since the database's statistics began. What nothing is known of is null. */
export function databaseShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const [size, active, idle] = (['db.pool.size', 'db.pool.active', 'db.pool.idle'] as const).map((metric) => value(metric)) as [number, number, number] // three of three
  return {
    connectionPool: { size: figure(size), active: figure(active), idle: figure(Number.isNaN(idle) ? size - active : idle), waiting: figure(value('db.pool.waiting')) },
    queryPerformance: { avgQueryTime: figure(value('db.query.avg')), slowQueries: figure(value('db.query.slow')), totalQueries: figure(value('db.queries'), 0), cacheHitRate: percent(value('db.cache.hits')) },
    slowestQueries: (snapshot.application?.queries ?? []).map(({ query, avgMs, count }) => ({ query, avgTime: figure(avgMs), count: figure(count) })),
    connections: { open: figure(value('db.connections')), idleInTransaction: figure(value('db.pool.idle_in_transaction')), usage: percent(value('db.pool.usage')) },
    throughput: {
      queriesPerSecond: figure(value('db.queries.rate')), rowsReadPerSecond: figure(value('db.rows.returned.rate')), rowsInsertedPerSecond: figure(value('db.rows.inserted.rate')),
      rowsUpdatedPerSecond: figure(value('db.rows.updated.rate')), rowsDeletedPerSecond: figure(value('db.rows.deleted.rate')), temporaryBytesPerSecond: figure(value('db.temp.rate')),
    },
    transactions: {
      commits: figure(value('db.commits'), 0), rollbacks: figure(value('db.rollbacks'), 0), commitsPerSecond: figure(value('db.commits.rate')), rollbacksPerSecond: figure(value('db.rollbacks.rate')), deadlocks: figure(value('db.deadlocks'), 0),
    },
    locks: { held: figure(value('db.locks')), waiting: figure(value('db.locks.waiting')), longestWait: figure(value('db.locks.longest')) },
    queryStats: queryStats(snapshot),
    size: figure(value('db.size'), 0),
    tables: largest(partsOf(snapshot, 'db.table.rows', 'db.table.size'), (name) => value('db.table.size', name)).map((table) => ({
      table, size: figure(value('db.table.size', table), 0), rows: figure(value('db.table.rows', table), 0), deadRows: percent(value('db.table.dead', table)),
      sequentialScans: figure(value('db.table.scans', table), 0), indexScans: figure(value('db.table.index_scans', table), 0),
    })),
    indexes: {
      unused: figure(value('db.indexes.unused')),
      largest: largest(tagsOf(snapshot, 'db.index.scans'), (name) => value('db.index.size', name)).map((index) => ({ index, size: figure(value('db.index.size', index), 0), scans: figure(value('db.index.scans', index), 0) })),
    },
  }
}

/** `database` as `/metrics` documents it: statements are counted since the database's statistics began. */
export function currentDatabaseShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  return {
    averageQueryTime: figure(value('db.query.avg')), slowQueries: figure(value('db.query.slow')), connectionPoolUsage: percent(value('db.pool.usage')), activeConnections: figure(value('db.pool.active')),
    queryStats: queryStats(snapshot),
  }
}

function queryStats(snapshot: Snapshot) {
  // Where statements are told of, a kind that is not among them was never run.
  const none = tagsOf(snapshot, 'db.statements').length > 0 ? 0 : Number.NaN
  const calls = (kind: string): number | null => figure(snapshot.samples.get('db.statements')?.get(kind) ?? none, 0)
  return { selects: calls('select'), inserts: calls('insert'), updates: calls('update'), deletes: calls('delete') }
}

// One whose size is not known keeps its place in front: somebody works on it.
function largest(names: readonly string[], sizeOf: (name: string) => number): string[] {
  const rank = (name: string): number => (Number.isNaN(sizeOf(name)) ? Number.POSITIVE_INFINITY : sizeOf(name))
  return names.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)))
}
