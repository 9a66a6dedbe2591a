import { describe, expect, it } from 'vitest'
import { currentDatabaseShape, databaseShape } from '../../../src/analysis/shape/database-shape.ts'
import { snapshotOf } from '../../samples.ts'

const FIGURES = snapshotOf({
  'db.pool.size': 20, 'db.pool.active': 8, 'db.pool.idle': 5, 'db.pool.idle_in_transaction': 1, 'db.pool.usage': 0.45, 'db.connections': 14, 'db.query.avg': 15.4, 'db.query.slow': 23, 'db.queries': 45_678, 'db.queries.rate': 12.5, 'db.cache.hits': 0.852,
  'db.statements': { select: 1_240, insert: 45 }, 'db.commits': 900, 'db.rollbacks': 3, 'db.commits.rate': 4, 'db.deadlocks': 0, 'db.locks': 7, 'db.locks.waiting': 1, 'db.locks.longest': 2_500, 'db.size': 1e9,
  'db.table.size': { small: 10, big: 1_000 }, 'db.table.rows': { small: 1, big: 99, busy: 5 }, 'db.table.dead': { big: 0.25 }, 'db.table.scans': { big: 3 }, 'db.table.index_scans': { big: 400 }, 'db.index.scans': { big_pkey: 400, big_title: 0 }, 'db.index.size': { big_pkey: 20, big_title: 30 }, 'db.indexes.unused': 1,
}, { application: { endpoints: [], queries: [{ query: 'SELECT * FROM media_requests', avgMs: 145.3, count: 234 }] } })

describe('the shape of a database', () => {
  it('has what is documented, and transactions, locks, tables and indexes besides', () => {
    expect(databaseShape(FIGURES)).toMatchObject({
      connectionPool: { size: 20, active: 8, idle: 5, waiting: null },
      queryPerformance: { avgQueryTime: 15.4, slowQueries: 23, totalQueries: 45_678, cacheHitRate: 85.2 },
      slowestQueries: [{ query: 'SELECT * FROM media_requests', avgTime: 145.3, count: 234 }],
      connections: { open: 14, idleInTransaction: 1, usage: 45 },
      transactions: { commits: 900, rollbacks: 3, commitsPerSecond: 4, rollbacksPerSecond: null, deadlocks: 0 },
      locks: { held: 7, waiting: 1, longestWait: 2_500 }, size: 1e9,
      tables: [{ table: 'busy', size: null, rows: 5, deadRows: null }, { table: 'big', size: 1_000, rows: 99, deadRows: 25, sequentialScans: 3, indexScans: 400 }, { table: 'small' }],
      indexes: { unused: 1, largest: [{ index: 'big_title', size: 30, scans: 0 }, { index: 'big_pkey' }] },
    })
  })

  it('tells statements by kind: one that is not among those that are told was never run, and where none is told nothing is known', () => {
    expect(currentDatabaseShape(FIGURES)).toMatchObject({ averageQueryTime: 15.4, connectionPoolUsage: 45, queryStats: { selects: 1_240, inserts: 45, updates: 0, deletes: 0 } })
    expect(currentDatabaseShape(snapshotOf({ 'db.pool.size': 1 })).queryStats).toEqual({ selects: null, inserts: null, updates: null, deletes: null })
  })

  it('takes what does not work for idle where an instance tells no more', () => {
    expect(databaseShape(snapshotOf({ 'db.pool.size': 20, 'db.pool.active': 8 })).connectionPool).toEqual({ size: 20, active: 8, idle: 12, waiting: null })
  })
})
