import * as z from 'zod/mini'
import { quoteText } from '../../../services/postgres.ts'

const count = z.number()

const figuresSchema = z.object({
  /** When the server was started, seconds since 1970. */
  startedAt: z.number(),
  maxConnections: count,
  /** Of these, kept for superusers and for pg_use_reserved_connections. */
  reserved: count,
  /** Sessions of clients with the whole server. */
  taken: count,
  /** Sessions of clients with this database. */
  connected: count,
  /** Those of them that are the application's; of `hidden` ones is not told what they do. */
  pool: z.object({ active: count, idle: count, idleInTransaction: count, hidden: count }),
  database: z.object({
    /** When its counters were last set to zero, as the server writes it. */
    resetAt: z.nullable(z.string()),
    commits: count, rollbacks: count, deadlocks: count, hits: count, reads: count, returned: count, inserted: count, updated: count, deleted: count, tempFiles: count, tempBytes: count,
  }),
  /** Seconds are null where they are hidden. */
  locks: z.object({ held: count, waiting: count, longestSeconds: z.nullable(z.number()) }),
  /** Where pg_stat_statements is installed, and its version: `1.10`. */
  statements: z.nullable(z.object({ schema: z.string(), version: z.string() })),
})

/** What a server says of itself and of one database. */
export type Figures = z.infer<typeof figuresSchema>

/** Reads the one value that `figuresQuestion` yields. Throws where it is not what was asked for. */
export function readFigures(value: string | null | undefined): Figures {
  return figuresSchema.parse(JSON.parse(value ?? 'null'))
}

/** What our sessions are called (`application_name`). */
const OWN_SESSION = 'medianest-perf'

/**
 * One SELECT of one value, JSON, that any role may ask for (PostgreSQL 12 and newer) and that waits for no lock of a table. Sessions of ours are not
 * counted; the pool is the sessions called `application`, or all of the database.
 */
export function figuresQuestion(application: string | undefined): string {
  const isPool = application === undefined ? 'true' : `application_name = ${quoteText(application)}`
  const ours = application === OWN_SESSION ? 'pid = pg_backend_pid()' : `pid = pg_backend_pid() OR application_name = '${OWN_SESSION}'`
  return `
WITH session AS MATERIALIZED (
  SELECT *, (query = '<insufficient privilege>') AS hidden FROM pg_stat_activity WHERE NOT coalesce(${ours}, false)
), client AS MATERIALIZED (
  SELECT * FROM session WHERE backend_type = 'client backend' OR (hidden AND datid IS NOT NULL AND usesysid IS NOT NULL)
), waited AS (
  SELECT l.granted, CASE WHEN NOT l.granted THEN extract(epoch FROM clock_timestamp() - coalesce((to_jsonb(l) ->> 'waitstart')::timestamptz, s.query_start)) END AS seconds
  FROM pg_locks l JOIN session s USING (pid) WHERE s.datname = current_database() AND (l.locktype <> 'virtualxid' OR NOT l.granted)
)
SELECT json_build_object(
  'startedAt', extract(epoch FROM pg_postmaster_start_time()),
  'maxConnections', current_setting('max_connections')::int,
  'reserved', current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true)::int, 0),
  'taken', (SELECT count(*) FROM client),
  'connected', (SELECT count(*) FROM client WHERE datname = current_database()),
  'pool', (SELECT json_build_object(
      'active', count(*) FILTER (WHERE state IN ('active', 'fastpath function call')), 'idle', count(*) FILTER (WHERE state = 'idle'),
      'idleInTransaction', count(*) FILTER (WHERE state LIKE 'idle in transaction%'), 'hidden', count(*) FILTER (WHERE state IS NULL OR state = 'disabled'))
    FROM client WHERE datname = current_database() AND ${isPool}),
  'database', (SELECT json_build_object('resetAt', stats_reset, 'commits', xact_commit, 'rollbacks', xact_rollback, 'deadlocks', deadlocks, 'hits', blks_hit, 'reads', blks_read,
      'returned', tup_returned, 'inserted', tup_inserted, 'updated', tup_updated, 'deleted', tup_deleted, 'tempFiles', temp_files, 'tempBytes', temp_bytes)
    FROM pg_stat_database WHERE datname = current_database()),
  'locks', (SELECT json_build_object('held', count(*) FILTER (WHERE granted), 'waiting', count(*) FILTER (WHERE NOT granted),
      'longestSeconds', CASE WHEN count(*) FILTER (WHERE NOT granted) = 0 THEN 0 ELSE greatest(0, max(seconds)) END) FROM waited),
  'statements', (SELECT json_build_object('schema', n.nspname, 'version', e.extversion) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements')
)`
}
