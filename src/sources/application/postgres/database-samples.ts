import type { MetricName } from '../../../model/metric.ts'
import type { SampleWriter } from '../../probes/probe.ts'
import type { Figures } from './figures.ts'
import type { Relations } from './relations.ts'
import type { QueryFigures } from './statement-watch.ts'

type Counter = Exclude<keyof Figures['database'], 'resetAt'>

const COUNTERS: readonly (readonly [MetricName, Counter])[] = [['db.commits', 'commits'], ['db.rollbacks', 'rollbacks'], ['db.deadlocks', 'deadlocks'], ['db.temp.files', 'tempFiles']]
const RATES: readonly (readonly [MetricName, Counter])[] = [
  ['db.commits.rate', 'commits'], ['db.rollbacks.rate', 'rollbacks'], ['db.temp.rate', 'tempBytes'],
  ['db.rows.returned.rate', 'returned'], ['db.rows.inserted.rate', 'inserted'], ['db.rows.updated.rate', 'updated'], ['db.rows.deleted.rate', 'deleted'],
]

/**
 * Sessions, transactions and locks. The pool's size is what the configuration says, and its share what works or has a transaction open; where nothing is
 * said the size is what the server gives to anybody, of which every session takes one, idle or not. Who waits for a connection within the application no
 * server knows: `db.pool.waiting` is not told.
 */
export function writeFigures(figures: Figures, before: Figures | null, elapsedMs: number, poolSize: number | undefined, out: SampleWriter): void {
  const { pool, locks, database } = figures
  const open = Math.max(1, figures.maxConnections - figures.reserved)
  out.set('db.connections', figures.connected)
  out.set('db.pool.size', poolSize ?? open)
  if (poolSize === undefined) out.set('db.pool.usage', figures.taken / open)
  if (pool.hidden === 0) {
    out.set('db.pool.active', pool.active)
    out.set('db.pool.idle', pool.idle)
    out.set('db.pool.idle_in_transaction', pool.idleInTransaction)
    if (poolSize !== undefined) out.set('db.pool.usage', (pool.active + pool.idleInTransaction) / poolSize)
  }
  out.set('db.locks', locks.held)
  out.set('db.locks.waiting', locks.waiting)
  out.set('db.locks.longest', (locks.longestSeconds ?? Number.NaN) * 1_000)
  for (const [metric, counter] of COUNTERS) out.set(metric, database[counter])
  if (before === null || before.startedAt !== figures.startedAt || before.database.resetAt !== database.resetAt) return
  const gain = (counter: Counter): number => (database[counter] >= before.database[counter] ? database[counter] - before.database[counter] : Number.NaN)
  for (const [metric, counter] of RATES) out.set(metric, (gain(counter) / elapsedMs) * 1_000)
  out.set('db.cache.hits', gain('hits') / (gain('hits') + gain('reads')))
}

/** Queries; what is not known of them is not written. */
export function writeQueries({ total, kinds, ran, avgMs, slow }: QueryFigures, elapsedMs: number, out: SampleWriter): void {
  out.set('db.queries', total)
  for (const [kind, calls] of kinds) if (kind !== 'other') out.set('db.statements', calls, kind)
  out.set('db.queries.rate', (ran / elapsedMs) * 1_000)
  out.set('db.query.avg', avgMs)
  out.set('db.query.slow', slow)
}

/** Sizes, rows and scans of the largest tables and indexes. */
export function writeRelations({ databaseSize, tables, indexes, unused }: Relations, out: SampleWriter): void {
  const known = (value: number | null): number => value ?? Number.NaN
  out.set('db.size', databaseSize)
  for (const { name, size, rows, live, dead, scans, indexScans } of tables) {
    out.set('db.table.size', known(size), name)
    out.set('db.table.rows', known(rows), name)
    out.set('db.table.dead', dead / (live + dead), name)
    out.set('db.table.scans', scans, name)
    out.set('db.table.index_scans', known(indexScans), name)
  }
  for (const { name, size, scans } of indexes) {
    out.set('db.index.size', known(size), name)
    out.set('db.index.scans', scans, name)
  }
  out.set('db.indexes.unused', unused)
}
