import type { Remark } from './remark.ts'

/** A file or folder among the migrations. */
export interface FolderEntry {
  readonly name: string
  readonly isFolder: boolean
}

/** What a table of migrations says: which are applied, and what is wrong with some. */
export interface MigrationState {
  readonly applied: ReadonlySet<string>
  /** The name of the last one; null where there is none. */
  readonly latest: string | null
  readonly remarks: readonly Remark[]
}

/** A row, each value as the server writes it. */
export type MigrationRow = Readonly<Record<string, string | null>>

/** One tool's table. */
export interface MigrationKind {
  readonly tool: string
  /** Columns it has; together with the table's name they tell tools apart. */
  readonly columns: readonly string[]
  /** What is asked for, SQL; `secondsSince(column)` asks for an age. */
  readonly select: readonly string[]
  /** The order of application. */
  readonly orderBy: string
  readonly read: (rows: readonly MigrationRow[]) => MigrationState
  /** The name under which a file or folder stands in the table; null for what is no migration. */
  readonly keyOf?: (entry: FolderEntry) => string | null
  /** For a table that keeps only the last one: whether a later one is pending. */
  readonly keepsOnly?: 'latest number' | 'latest hash'
}

const stem = (name: string): string => name.replace(/(\.up)?\.[A-Za-z]+$/, '')
const file = (extensions: RegExp) => (entry: FolderEntry): string | null => (entry.isFolder || !extensions.test(entry.name) || /\.d\.[cm]?ts$|\.down\.\w+$|^index\./.test(entry.name) ? null : stem(entry.name))
const CODE = /\.([cm]?[jt]s|sql|coffee)$/
const NUMBER = /^(\d+)/

function listed(names: readonly (string | null | undefined)[], remarks: readonly (Remark | null)[] = []): MigrationState {
  const known = names.filter((name) => typeof name === 'string')
  return { applied: new Set(known), latest: known.at(-1) ?? null, remarks: remarks.filter((remark) => remark !== null) }
}

const failed = (name: string | null | undefined, text: string, recommendation: string): Remark => ({ verdict: 'fail', text: `migration ${name ?? '?'} ${text}`, recommendation })

const PRISMA_PATIENCE_SECONDS = 600

const prisma: MigrationKind = {
  tool: 'Prisma', columns: ['migration_name', 'finished_at', 'rolled_back_at', 'started_at'],
  select: ['migration_name', 'finished_at IS NOT NULL AS finished', 'rolled_back_at IS NOT NULL AS "rolledBack"', 'logs IS NOT NULL AND logs <> \'\' AS "hasLogs"', 'extract(epoch FROM now() - started_at)::bigint AS age'], orderBy: 'started_at',
  read(rows) {
    const unfinished = rows.filter((row) => row['finished'] === 'f' && row['rolledBack'] === 'f')
    return listed(rows.filter((row) => row['finished'] === 't' && row['rolledBack'] === 'f').map((row) => row['migration_name']), unfinished.map((row): Remark => {
      const name = row['migration_name'] ?? '?'
      if (row['hasLogs'] === 't') return failed(name, 'has failed', 'read its logs in _prisma_migrations, repair the database, then `prisma migrate resolve`; no other migration is applied before')
      if (Number(row['age']) > PRISMA_PATIENCE_SECONDS) return failed(name, `was begun ${Math.round(Number(row['age']) / 60)} minutes ago and has not ended`, 'see whether it still runs; if not, repair the database, then `prisma migrate resolve`')
      return { verdict: 'warn', text: `migration ${name} is under way`, recommendation: 'wait for it to end' }
    }))
  },
  keyOf: ({ name, isFolder }) => (isFolder ? name : null),
}

const knex: MigrationKind = {
  tool: 'Knex', columns: ['name', 'batch'], select: ['name'], orderBy: 'id',
  read: (rows) => listed(rows.map(({ name }) => (typeof name === 'string' ? stem(name) : null))), keyOf: file(CODE),
}

const golang: MigrationKind = {
  tool: 'golang-migrate', columns: ['version', 'dirty'], select: ['version', 'dirty'], orderBy: 'version', keepsOnly: 'latest number',
  read: (rows) => listed(rows.map(({ version }) => version), rows.filter(({ dirty }) => dirty === 't').map(({ version }) => failed(version, 'has failed half-way (dirty)', 'repair the database, then `migrate force VERSION`; no other migration is applied before'))),
  keyOf: ({ name, isFolder }) => (isFolder || !/\.up\.\w+$/.test(name) ? null : (NUMBER.exec(name)?.[1] ?? null)),
}

const rails: MigrationKind = {
  tool: 'Rails, dbmate or Ecto', columns: ['version'], select: ['version'], orderBy: 'version',
  read: (rows) => listed(rows.map(({ version }) => version)),
  keyOf: ({ name, isFolder }) => (isFolder || !/\.(rb|sql|exs)$/.test(name) ? null : (NUMBER.exec(name)?.[1] ?? null)),
}

const flyway: MigrationKind = {
  tool: 'Flyway', columns: ['installed_rank', 'script', 'success'], select: ['script', 'success'], orderBy: 'installed_rank',
  read: (rows) => listed(rows.filter(({ success }) => success === 't').map(({ script }) => script?.split('/').at(-1)), rows.filter(({ success }) => success === 'f').map(({ script }) => failed(script, 'has failed', 'repair the database, then `flyway repair`'))),
  keyOf: ({ name, isFolder }) => (!isFolder && /^[VR].*__.+\.\w+$/.test(name) ? name : null),
}

const alembic: MigrationKind = {
  tool: 'Alembic', columns: ['version_num'], select: ['version_num'], orderBy: 'version_num', keepsOnly: 'latest hash',
  read: (rows) => listed(rows.map(({ version_num }) => version_num)),
}

const drizzle: MigrationKind = {
  tool: 'Drizzle', columns: ['hash', 'created_at'], select: ['created_at'], orderBy: 'created_at',
  read: (rows) => listed(rows.map(({ created_at }) => created_at)),
}

// The class `Init1700000000000` is in the file `1700000000000-Init.ts`; the number tells them.
const typeorm: MigrationKind = {
  tool: 'TypeORM', columns: ['timestamp', 'name'], select: ['name'], orderBy: 'timestamp',
  read: (rows) => ({ ...listed(rows.map(({ name }) => /(\d{13})$/.exec(name ?? '')?.[1] ?? name)), latest: rows.at(-1)?.['name'] ?? null }),
  keyOf: (entry) => (file(CODE)(entry) === null ? null : (NUMBER.exec(entry.name)?.[1] ?? null)),
}

const laravel: MigrationKind = {
  tool: 'Laravel', columns: ['migration', 'batch'], select: ['migration'], orderBy: 'id',
  read: (rows) => listed(rows.map(({ migration }) => migration)), keyOf: file(/\.php$/),
}

const sequelize: MigrationKind = {
  tool: 'Sequelize', columns: ['name'], select: ['name'], orderBy: 'name',
  read: (rows) => listed(rows.map(({ name }) => (typeof name === 'string' ? stem(name) : null))), keyOf: file(CODE),
}

/** Tools by the name of their table; the first whose columns are all there is meant. */
const KINDS: Readonly<Record<string, readonly MigrationKind[]>> = {
  _prisma_migrations: [prisma], knex_migrations: [knex], schema_migrations: [golang, rails], flyway_schema_history: [flyway], alembic_version: [alembic],
  __drizzle_migrations: [drizzle], migrations: [typeorm, laravel], SequelizeMeta: [sequelize],
}

/** Columns a table of an unknown tool may keep its names in, the likeliest first. */
const NAME_COLUMNS = ['name', 'migration_name', 'migration', 'filename', 'script', 'version']

/** The tool a table belongs to; for a stranger's table one that reads its names, if it has any. */
export function migrationKind(table: string, columns: readonly string[]): MigrationKind {
  const known = (Object.hasOwn(KINDS, table) ? KINDS[table] : undefined)?.find((kind) => kind.columns.every((column) => columns.includes(column)))
  if (known) return known
  const name = NAME_COLUMNS.find((column) => columns.includes(column))
  const base = { tool: table, columns: [], orderBy: columns.includes('id') ? 'id' : '1' }
  if (name === undefined) return { ...base, select: ['1 AS name'], read: (rows) => ({ applied: new Set(rows.map((_, at) => String(at))), latest: null, remarks: [] }) }
  return { ...base, select: [`${name} AS name`], read: (rows) => listed(rows.map((row) => (row['name'] === null || row['name'] === undefined ? null : stem(row['name'])))), keyOf: ({ name: entry, isFolder }) => (isFolder ? entry : file(/\.\w+$/)({ name: entry, isFolder })) }
}
