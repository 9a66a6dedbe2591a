import type { MetricName } from '../../model/metric.ts'
import { bodies, textOf, under } from '../body.ts'
import { readBytes, readNumber, readPercent, readShare, readTime } from '../figure.ts'
import type { Sheet } from '../sheet.ts'

type Field = readonly [group: string, field: string, metric: MetricName, read: (value: unknown) => number]

/** What our own instances tell beside the documented fields. */
const FURTHER: readonly Field[] = [
  ['connections', 'open', 'db.connections', readNumber], ['connections', 'idleInTransaction', 'db.pool.idle_in_transaction', readNumber], ['connections', 'usage', 'db.pool.usage', readPercent],
  ['throughput', 'queriesPerSecond', 'db.queries.rate', readNumber], ['throughput', 'rowsReadPerSecond', 'db.rows.returned.rate', readNumber],
  ['throughput', 'rowsInsertedPerSecond', 'db.rows.inserted.rate', readNumber], ['throughput', 'rowsUpdatedPerSecond', 'db.rows.updated.rate', readNumber],
  ['throughput', 'rowsDeletedPerSecond', 'db.rows.deleted.rate', readNumber], ['throughput', 'temporaryBytesPerSecond', 'db.temp.rate', readNumber],
  ['transactions', 'commits', 'db.commits', readNumber], ['transactions', 'rollbacks', 'db.rollbacks', readNumber], ['transactions', 'commitsPerSecond', 'db.commits.rate', readNumber],
  ['transactions', 'rollbacksPerSecond', 'db.rollbacks.rate', readNumber], ['transactions', 'deadlocks', 'db.deadlocks', readNumber],
  ['locks', 'held', 'db.locks', readNumber], ['locks', 'waiting', 'db.locks.waiting', readNumber], ['locks', 'longestWait', 'db.locks.longest', readTime],
  ['indexes', 'unused', 'db.indexes.unused', readNumber],
]
const OF_TABLES: readonly (readonly [field: string, metric: MetricName, read: (value: unknown) => number])[] = [
  ['size', 'db.table.size', readBytes], ['rows', 'db.table.rows', readNumber], ['deadRows', 'db.table.dead', readPercent], ['sequentialScans', 'db.table.scans', readNumber], ['indexScans', 'db.table.index_scans', readNumber],
]

/** The documented `application.database`, and what our own instances tell beside it. */
export function readDatabase(database: unknown, sheet: Sheet): void {
  const pool = under(database, 'connectionPool')
  const [size, active] = [readNumber(under(pool, 'size')), readNumber(under(pool, 'active'))]
  sheet.set('db.pool.size', size)
  sheet.set('db.pool.active', active)
  sheet.set('db.pool.idle', readNumber(under(pool, 'idle')))
  sheet.set('db.pool.waiting', readNumber(under(pool, 'waiting')))
  if (size > 0) sheet.set('db.pool.usage', active / size)
  const queries = under(database, 'queryPerformance')
  sheet.set('db.query.avg', readTime(under(queries, 'avgQueryTime')))
  sheet.set('db.query.slow', readNumber(under(queries, 'slowQueries')))
  sheet.set('db.cache.hits', readShare(under(queries, 'cacheHitRate')))
  for (const [group, field, metric, read] of FURTHER) sheet.set(metric, read(under(database, group, field)))
  sheet.set('db.size', readBytes(under(database, 'size')))
  for (const each of bodies(under(database, 'tables'), 200)) {
    const table = textOf(each['table'], 100)
    for (const [field, metric, read] of table === '' ? [] : OF_TABLES) sheet.set(metric, read(each[field]), table)
  }
}
