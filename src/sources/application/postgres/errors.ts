import { UserError } from '../../../model/error.ts'
import { plain } from '../../../model/text.ts'
import { PostgresProblem } from '../../../services/postgres-problem.ts'

/** What the server says of pg_stat_statements where its library was not loaded at the start (object_not_in_prerequisite_state). */
export const NOT_LOADED = '55000'

/** No figures at all. */
export function postgresFailure({ message, hint, kind }: PostgresProblem): UserError {
  return new UserError({ code: 'POSTGRES_FAILED', kind: 'unreachable', message, hint, details: { reason: kind } })
}

/** An answer that PostgreSQL would not give. */
export function notPostgres(): UserError {
  return new UserError({ code: 'NOT_POSTGRES', kind: 'unreachable', message: 'what answers is not PostgreSQL: it says something else of itself than PostgreSQL would', hint: 'check host and port: a pooler\'s console, or a database that only looks like it' })
}

/** What of a collection failed, and why. */
export function partProblem(what: string, error: unknown): string {
  if (error instanceof PostgresProblem) return `${what}: ${error.message}${error.sqlState === undefined ? '' : ` (${error.sqlState})`}`
  if (error instanceof UserError) return `${what}: ${error.message}`
  return `${what}: the server told something that cannot be read (${error instanceof Error ? plain(error.message, 120) : 'no reason was told'})`
}

/** How to have queries told of. */
export function missingStatements(still: 'created' | 'loaded'): string {
  const load = 'add pg_stat_statements to shared_preload_libraries and restart the server'
  return `how long queries take is not known: ${still === 'loaded' ? `the server was started without pg_stat_statements; ${load}` : `pg_stat_statements is not in this database; ${load}, then CREATE EXTENSION pg_stat_statements here`}`
}
