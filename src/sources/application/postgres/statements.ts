import * as z from 'zod/mini'
import { quoteName, quoteText } from '../../../services/postgres.ts'
import type { Figures } from './figures.ts'

/** What pg_stat_statements has counted. */
export interface StatementLook {
  /** When its counters were last set to zero, as the server writes it; null where it does not tell. */
  readonly resetAt: string | null
  /** Whether these are all: of one that is not among them nothing is known otherwise. */
  readonly isWhole: boolean
  /** By their identifier. */
  readonly statements: ReadonlyMap<string, Tally>
  /** How often statements of others ran that this user may not see. */
  readonly hiddenCalls: number
}

/** How often a statement ran, and how long in all. */
export interface Tally {
  readonly calls: number
  readonly ms: number
}

const lookSchema = z.object({ resetAt: z.nullable(z.string()), rows: z.array(z.tuple([z.nullable(z.string()), z.number(), z.number()])) })
const textsSchema = z.array(z.tuple([z.string(), z.nullable(z.string())]))

/** More than pg_stat_statements keeps unless it is told to (`pg_stat_statements.max`). */
const MOST = 10_000
/** Enough to tell what a WITH ends in. */
const TEXT_LENGTH = 2_000
/** From so many on all texts are asked for. */
const MANY = 200

const THIS_DATABASE = 'dbid = (SELECT oid FROM pg_database WHERE datname = current_database())'

type Installed = NonNullable<Figures['statements']>

// 1.8 (PostgreSQL 13) divided planning from execution, 1.9 (14) tells statements from those within functions, and when it was reset.
function versionOf({ version }: Installed): number {
  const [major = '0', minor = '0'] = version.split('.')
  return Number(major) * 1_000 + Number(minor)
}

/** One SELECT of one value, JSON: the counts without the texts, which are in a file. The server refuses it (55000) where it was started without the library. */
export function statementsQuestion(installed: Installed): string {
  const version = versionOf(installed)
  const schema = quoteName(installed.schema)
  return `
SELECT json_build_object(
  'resetAt', ${version >= 1_009 ? `(SELECT stats_reset::text FROM ${schema}.pg_stat_statements_info)` : 'NULL'},
  'rows', (SELECT coalesce(json_agg(json_build_array(id, calls, ms)), '[]') FROM (
    SELECT queryid::text AS id, sum(calls) AS calls, sum(${version >= 1_008 ? 'total_exec_time' : 'total_time'}) AS ms
    FROM ${schema}.pg_stat_statements(false) WHERE ${THIS_DATABASE}${version >= 1_009 ? ' AND toplevel' : ''} GROUP BY queryid ORDER BY ms DESC LIMIT ${MOST}) counted)
)`
}

/** Reads the one value that `statementsQuestion` yields. Throws where it is not what was asked for. */
export function readStatements(value: string | null | undefined): StatementLook {
  const { resetAt, rows } = lookSchema.parse(JSON.parse(value ?? 'null'))
  const seen = rows.flatMap(([id, calls, ms]) => (id === null ? [] : [[id, { calls, ms }] as const]))
  return { resetAt, isWhole: rows.length < MOST, statements: new Map(seen), hiddenCalls: rows.reduce((sum, [id, calls]) => sum + (id === null ? calls : 0), 0) }
}

/** One SELECT of one value, JSON: the texts of statements. */
export function textsQuestion(installed: Installed, ids: readonly string[]): string {
  const isOne = ids.length > MANY ? '' : ` AND queryid = ANY (${quoteText(`{${ids.join(',')}}`)}::bigint[])`
  return `
SELECT (SELECT coalesce(json_agg(json_build_array(id, text)), '[]') FROM (
  SELECT DISTINCT ON (queryid) queryid::text AS id, left(query, ${TEXT_LENGTH}) AS text FROM ${quoteName(installed.schema)}.pg_stat_statements(true)
  WHERE ${THIS_DATABASE} AND queryid IS NOT NULL${isOne} LIMIT ${MOST}) told)`
}

/** Reads the one value that `textsQuestion` yields. Throws where it is not what was asked for. */
export function readTexts(value: string | null | undefined): readonly (readonly [id: string, text: string | null])[] {
  return textsSchema.parse(JSON.parse(value ?? 'null'))
}
