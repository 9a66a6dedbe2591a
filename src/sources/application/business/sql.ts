import { readLevel } from '../../../health-schema/level.ts'
import { openPostgres, type PostgresRows } from '../../../services/postgres.ts'
import { inquiryOf } from '../../../services/postgres-inquiry.ts'
import { readPostgresPlace } from '../../../services/postgres-place.ts'
import type { SourceWorld } from '../source-world.ts'
import { noNumber, notOneValue } from './errors.ts'
import { throughSource, type Question } from './question.ts'

/** How long a question may wait for a lock that somebody holds. */
const LOCK_MS = 1_000

/**
 * A question to PostgreSQL, on a connection of its own and in a transaction that may only read: one statement, which yields one row of one column, a number. It is never committed, so pg_stat_statements does not count it among the application's.
 * NULL is nothing. Throws UserError `NO_SUCH_SOURCE`.
 */
export function sqlQuestion(key: string, { sql, source }: { readonly sql: string; readonly source?: string | undefined }, world: SourceWorld, timeoutMs: number): Question {
  const config = throughSource(key, source, ['postgres'], world.sources)
  const limitMs = config.timeout === undefined ? timeoutMs : Math.min(timeoutMs, readLevel(config.timeout, 'ms'))
  return {
    async ask(signal) {
      const { target, pem } = await readPostgresPlace(config, world)
      const session = await openPostgres(target, pem, signal)
      try {
        return numberIn(await inquiryOf(session, () => limitMs, LOCK_MS).askOne(sql.replace(/[\s;]+$/, '')))
      } finally {
        session.close()
      }
    },
    close: async () => undefined,
  }
}

function numberIn({ columns, rows }: PostgresRows): number {
  if (rows.length !== 1 || columns.length !== 1) throw notOneValue(rows.length, columns.length)
  const text = rows[0]?.[0] ?? null
  if (text === null || text === 'NaN') return Number.NaN
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw noNumber(text, 'write it so that it yields a number: count(*), avg(x)::float8, and for milliseconds extract(epoch FROM x) * 1000')
  return value
}
