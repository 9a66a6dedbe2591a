import * as z from 'zod/mini'

const known = z.nullable(z.number())

const relationsSchema = z.object({
  /** Bytes. */
  databaseSize: z.number(),
  /** The largest; a size is null while somebody has the table to themselves. */
  tables: z.array(z.object({ name: z.string(), size: known, rows: known, live: z.number(), dead: z.number(), scans: z.number(), indexScans: known })),
  indexes: z.array(z.object({ name: z.string(), size: known, scans: z.number() })),
  unused: z.number(),
})

/** What a database says of its tables and indexes. */
export type Relations = z.infer<typeof relationsSchema>

/** Reads the one value that `RELATIONS_QUESTION` yields. Throws where it is not what was asked for. */
export function readRelations(value: string | null | undefined): Relations {
  return relationsSchema.parse(JSON.parse(value ?? 'null'))
}

/** Tables and indexes that are shown. */
const SHOWN = 20
/** Those whose size is asked for: the largest by what VACUUM and ANALYZE last saw of them. */
const SIZED = 1_000

// To tell the size of a table PostgreSQL locks it for a moment, and would wait behind who holds it, or wants it, for themselves.
const BUSY = `SELECT relation FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL AND pid <> pg_backend_pid()`
const NAME = (schema: string, name: string): string => `CASE WHEN ${schema} = 'public' THEN ${name} ELSE ${schema} || '.' || ${name} END`

/** One SELECT of one value, JSON, that any role may ask for (PostgreSQL 12 and newer). Names are without their schema where it is `public`. */
export const RELATIONS_QUESTION = `
WITH busy AS MATERIALIZED (${BUSY}),
ours AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relpages, c.reltuples, ${NAME('n.nspname', 'c.relname')} AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'i') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
), tables AS (
  SELECT o.*, CASE WHEN o.oid IN (SELECT relation FROM busy) OR EXISTS (SELECT FROM pg_index x WHERE x.indrelid = o.oid AND x.indexrelid IN (SELECT relation FROM busy)) THEN NULL
    ELSE pg_total_relation_size(o.oid) END AS size
  FROM (SELECT * FROM ours WHERE relkind <> 'i' ORDER BY relpages DESC LIMIT ${SIZED}) o
), indexes AS (
  SELECT o.*, CASE WHEN o.oid IN (SELECT relation FROM busy) THEN NULL ELSE pg_relation_size(o.oid) END AS size
  FROM (SELECT * FROM ours WHERE relkind = 'i' ORDER BY relpages DESC LIMIT ${SIZED}) o
)
SELECT json_build_object(
  'databaseSize', pg_database_size(current_database()),
  'tables', (SELECT coalesce(json_agg(json_build_object('name', t.name, 'size', t.size,
      'rows', CASE WHEN s.n_live_tup > 0 THEN s.n_live_tup WHEN t.reltuples > 0 THEN t.reltuples ELSE s.n_live_tup END,
      'live', coalesce(s.n_live_tup, 0), 'dead', coalesce(s.n_dead_tup, 0), 'scans', coalesce(s.seq_scan, 0), 'indexScans', s.idx_scan)), '[]')
    FROM (SELECT * FROM tables ORDER BY coalesce(size, relpages * 8192::bigint) DESC, name LIMIT ${SHOWN}) t LEFT JOIN pg_stat_all_tables s ON s.relid = t.oid),
  'indexes', (SELECT coalesce(json_agg(json_build_object('name', t.name, 'size', t.size, 'scans', coalesce(s.idx_scan, 0))), '[]')
    FROM (SELECT * FROM indexes ORDER BY coalesce(size, relpages * 8192::bigint) DESC, name LIMIT ${SHOWN}) t LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = t.oid),
  'unused', (SELECT count(*) FROM ours o JOIN pg_index x ON x.indexrelid = o.oid LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = o.oid
    WHERE coalesce(s.idx_scan, 0) = 0 AND x.indisvalid AND NOT x.indisunique AND NOT x.indisexclusion)
)`
