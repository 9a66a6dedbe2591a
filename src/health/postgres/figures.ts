import * as z from 'zod/mini'
import { quoteText } from '../../services/postgres.ts'

/** The oldest PostgreSQL whose views are known here. */
export const OLDEST_VERSION = 100_000

const figure = z.nullable(z.number())

const figuresSchema = z.object({
  inRecovery: z.boolean(),
  maxConnections: z.number(),
  /** Of these, kept for superusers and for pg_use_reserved_connections. */
  reserved: z.number(),
  /** Sessions of clients; counted by their users where the kind of a session is hidden. */
  used: z.number(),
  /** Sessions of other users of which is not told what they do. */
  hidden: z.number(),
  oldest: z.nullable(z.object({ pid: z.number(), user: z.nullable(z.string()), application: z.nullable(z.string()), state: z.nullable(z.string()), seconds: z.number(), idleSeconds: figure })),
  prepared: z.nullable(z.object({ name: z.string(), owner: z.nullable(z.string()), seconds: z.number() })),
  /** Of a replica. */
  receiver: z.nullable(z.object({ status: z.nullable(z.string()) })),
  isFedByArchive: z.nullable(z.boolean()),
  isCaughtUp: z.nullable(z.boolean()),
  /** Where what was received ends, as PostgreSQL writes it. */
  receivedTo: z.nullable(z.string()),
  isReplayPaused: z.nullable(z.boolean()),
  replayAgeSeconds: figure,
  /** Of a primary: its replicas, and how far they are. State and positions are null where they are hidden. */
  replicas: z.array(z.object({ name: z.nullable(z.string()), state: z.nullable(z.string()), lagSeconds: figure, behindBytes: figure })),
  /** Tables of the asked names, the most likely first. */
  tables: z.array(z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()), isReadable: z.boolean(), isInPath: z.boolean() })),
})

/** What a server says of itself. */
export type PostgresFigures = z.infer<typeof figuresSchema>
/** A table that was looked for. */
export type FoundTable = PostgresFigures['tables'][number]

/** Reads the one value that `figuresQuestion` yields. Throws where it is not what was asked for. */
export function readFigures(value: string | null | undefined): PostgresFigures {
  return figuresSchema.parse(JSON.parse(value ?? 'null'))
}

/** A table as a configuration names it: `name`, `schema.name`, with "quotes" where a dot is part of it. */
export interface TableName {
  readonly schema: string | undefined
  readonly name: string
}

export function readTableName(text: string): TableName {
  const parts = [...text.trim().matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
  const [first = '', second] = parts
  return second === undefined ? { schema: undefined, name: first } : { schema: first, name: second }
}

/**
 * One SELECT of one value, JSON, that any role may ask for (PostgreSQL 10 and newer). A role without pg_read_all_stats sees the sessions of others
 * without what they do; nothing that only a superuser may call is called.
 */
export function figuresQuestion(tables: readonly TableName[]): string {
  const wanted = tables.map(({ schema, name }) => `(c.relname = ${quoteText(name)}${schema === undefined ? '' : ` AND n.nspname = ${quoteText(schema)}`})`).join(' OR ')
  return `
WITH session AS (
  SELECT *, (query = '<insufficient privilege>') AS hidden FROM pg_stat_activity WHERE pid <> pg_backend_pid()
), client AS (
  SELECT * FROM session WHERE backend_type = 'client backend' OR (hidden AND datid IS NOT NULL AND usesysid IS NOT NULL)
)
SELECT json_build_object(
  'inRecovery', pg_is_in_recovery(),
  'maxConnections', current_setting('max_connections')::int,
  'reserved', current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true)::int, 0),
  'used', 1 + (SELECT count(*) FROM client),
  'hidden', (SELECT count(*) FROM client WHERE hidden),
  'oldest', (SELECT json_build_object('pid', pid, 'user', usename, 'application', application_name, 'state', state, 'seconds', extract(epoch FROM clock_timestamp() - xact_start),
      'idleSeconds', CASE WHEN state LIKE 'idle%' THEN extract(epoch FROM clock_timestamp() - state_change) END)
    FROM client WHERE xact_start IS NOT NULL ORDER BY xact_start LIMIT 1),
  'prepared', (SELECT json_build_object('name', gid, 'owner', owner, 'seconds', extract(epoch FROM clock_timestamp() - prepared)) FROM pg_prepared_xacts ORDER BY prepared LIMIT 1),
  'receiver', (SELECT json_build_object('status', status) FROM pg_stat_wal_receiver WHERE pid IS NOT NULL LIMIT 1),
  'isFedByArchive', (SELECT s.setting = '' FROM pg_settings s WHERE s.name = 'primary_conninfo'),
  'isCaughtUp', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn() END,
  'receivedTo', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()::text END,
  'isReplayPaused', CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END,
  'replayAgeSeconds', CASE WHEN pg_is_in_recovery() THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END,
  'replicas', (SELECT coalesce(json_agg(json_build_object('name', application_name, 'state', state, 'lagSeconds', extract(epoch FROM greatest(write_lag, flush_lag, replay_lag)),
      'behindBytes', pg_wal_lsn_diff(sent_lsn, replay_lsn))), '[]') FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'),
  'tables', ${wanted === '' ? "json_build_array()" : `(SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname,
      'columns', (SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
      'isReadable', has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'), 'isInPath', n.nspname = ANY (current_schemas(true)))
      ORDER BY array_position(current_schemas(true), n.nspname) NULLS LAST, n.nspname), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (${wanted}))`}
)`
}
