import type { ConfigOf } from '../../health-schema/schema.ts'
import { plain } from '../../model/text.ts'
import { quoteName, type PostgresRows } from '../../services/postgres.ts'
import { listFolder, within } from '../folder.ts'
import { migrationKind, type MigrationRow } from '../migration-kinds.ts'
import { judgeMigrations, textsNeeded, type MigrationSource } from '../migrations.ts'
import type { Remark } from '../remark.ts'
import type { HealthWorld } from '../world.ts'
import { readTableName, type FoundTable, type TableName } from './figures.ts'
import { NOTHING, type Findings } from './findings.ts'
import type { Inquiry } from '../../services/postgres-inquiry.ts'

const MOST_ROWS = 20_000
const MOST_TEXTS = 2_000

/** Which tables must be looked for: that of the migrations, and Knex's lock beside it. */
export function migrationTables({ migrations }: ConfigOf<'postgres'>): readonly TableName[] {
  if (migrations === undefined) return []
  const { schema, name } = readTableName(typeof migrations === 'string' ? migrations : migrations.table)
  return [{ schema, name }, ...(name.endsWith('knex_migrations') ? [{ schema, name: `${name}_lock` }] : [])]
}

/** Reads the table of migrations, and the folder where one is named. Throws `PostgresProblem`. */
export async function lookAtMigrations(config: ConfigOf<'postgres'>, tables: readonly FoundTable[], inquiry: Inquiry, world: HealthWorld, deadlineMs: number): Promise<Findings> {
  const [wanted] = migrationTables(config)
  if (config.migrations === undefined || wanted === undefined) return NOTHING
  const { folder, latest } = typeof config.migrations === 'string' ? {} : config.migrations
  const named = tables.filter(({ name }) => name === wanted.name)
  // Drizzle's table is in a schema of its own.
  const table = named.find(({ isInPath, schema }) => wanted.schema !== undefined || isInPath || (schema === 'drizzle' && wanted.name === '__drizzle_migrations'))
  if (table === undefined) return missing(wanted, named[0])
  const shown = plain(`${table.schema}.${table.name}`, 150)
  const place = (found: FoundTable): string => `${quoteName(found.schema)}.${quoteName(found.name)}`
  if (!table.isReadable) return only({ verdict: 'unknown', text: `the migrations in ${shown} may not be read`, recommendation: `GRANT SELECT ON ${plain(place(table), 150)} to the user of this check (and USAGE on its schema)` }, 'unknown')

  const kind = migrationKind(table.name, table.columns)
  const lock = tables.find(({ schema, name, isReadable, columns }) => schema === table.schema && name === `${table.name}_lock` && isReadable && columns.includes('is_locked'))
  const [rows, locked] = await inquiry.ask([
    `SELECT ${kind.select.join(', ')} FROM ${place(table)} ORDER BY ${kind.orderBy} LIMIT ${MOST_ROWS}`,
    ...(lock === undefined ? [] : [`SELECT count(*) FROM ${place(lock)} WHERE is_locked = 1`]),
  ].join('; '))
  const state = kind.read(recordsOf(rows))
  const isLocked = Number(locked?.rows[0]?.[0] ?? 0) > 0
  const lockRemark: Remark = { verdict: 'warn', text: 'the migrations are locked: one is under way, or was broken off', recommendation: 'wait for it to end; if none runs, `knex migrate:unlock`' }

  const source = folder === undefined ? undefined : ((await within(deadlineMs, readSource(world.resolve(folder), kind, world, deadlineMs))) ?? { problem: `the file system of ${plain(folder)} does not answer` })
  const { word, remarks, pending } = judgeMigrations({ table: shown, kind, state: isLocked ? { ...state, remarks: [...state.remarks, lockRemark] } : state, source, expected: latest })
  return {
    remarks, measures: pending === null ? [] : [{ name: 'pending migrations', value: pending.length, unit: 'count', warning: { from: Number.NEGATIVE_INFINITY, to: 0, isInside: false }, min: 0 }],
    details: { migrations: word, migrationTool: plain(kind.tool, 80), lastMigration: state.latest === null ? null : plain(state.latest, 200), ...(pending === null || pending.length === 0 ? {} : { pendingMigrations: pending.slice(0, 50) }) },
    fine: `migrations ${word}`,
  }
}

function missing(wanted: TableName, elsewhere: FoundTable | undefined): Findings {
  const name = plain(wanted.schema === undefined ? wanted.name : `${wanted.schema}.${wanted.name}`, 150)
  const text = `there is no table ${name}`
  return only(elsewhere === undefined
    ? { verdict: 'fail', text: `${text}: no migration was ever applied here`, recommendation: 'check that this is the right database, then run the migrations' }
    : { verdict: 'fail', text: `${text} where names are looked for, but one in schema ${plain(elsewhere.schema, 80)}`, recommendation: `say migrations: ${plain(`${elsewhere.schema}.${elsewhere.name}`, 150)}` }, 'missing')
}

function only(remark: Remark, word: string): Findings {
  return { remarks: [remark], measures: [], details: { migrations: word } }
}

function recordsOf(result: PostgresRows | undefined): readonly MigrationRow[] {
  return (result?.rows ?? []).map((row) => Object.fromEntries(row.map((value, at) => [result?.columns[at]?.name ?? '', value])))
}

async function readSource(path: string, kind: ReturnType<typeof migrationKind>, world: HealthWorld, deadlineMs: number): Promise<MigrationSource> {
  const folder = await listFolder(path, world, deadlineMs)
  if ('problem' in folder) return folder
  const texts = new Map<string, string>()
  for (const name of textsNeeded(kind, folder.entries).slice(0, MOST_TEXTS)) {
    const text = await world.readFile(`${path}/${name}`).catch(() => null)
    if (text !== null) texts.set(name, text)
  }
  return { entries: folder.entries, texts }
}
