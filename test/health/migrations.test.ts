import { describe, expect, it } from 'vitest'
import { migrationKind, type MigrationRow } from '../../src/health/migration-kinds.ts'
import { judgeMigrations, type MigrationSource, type MigrationsVerdict } from '../../src/health/migrations.ts'

const files = (...names: string[]): MigrationSource => ({ entries: names.map((name) => ({ name, isFolder: false })), texts: new Map() })
function judged(table: string, columns: readonly string[], rows: readonly MigrationRow[], source?: MigrationSource, expected?: string): MigrationsVerdict {
  const kind = migrationKind(table, columns)
  return judgeMigrations({ table, kind, state: kind.read(rows), source, expected })
}

describe('migrations', () => {
  it('are told by the name of the table and its columns', () => {
    expect(migrationKind('schema_migrations', ['version', 'dirty']).tool).toBe('golang-migrate')
    expect(migrationKind('schema_migrations', ['version']).tool).toBe('Rails, dbmate or Ecto')
    expect(migrationKind('migrations', ['id', 'migration', 'batch']).tool).toBe('Laravel')
    expect(migrationKind('migrations', ['id', 'timestamp', 'name']).tool).toBe('TypeORM')
    expect(migrationKind('constructor', ['name']).tool).toBe('constructor')
    expect(migrationKind('_prisma_migrations', ['nothing', 'of', 'it']).tool).toBe('_prisma_migrations')
  })

  it('of golang-migrate are known by the last number alone', () => {
    const rows = [{ version: '2', dirty: 'f' }]
    expect(judged('schema_migrations', ['version', 'dirty'], rows, files('000001_a.up.sql', '000002_b.up.sql', '000010_c.up.sql'), '000002_b').pending).toEqual(['000010_c.up.sql'])
    expect(judged('schema_migrations', ['version', 'dirty'], rows, undefined, '000010_c')).toMatchObject({ word: 'outdated', remarks: [{ verdict: 'fail', text: 'the last migration is 2, and 000010_c is expected' }] })
  })

  it('of Alembic may have several heads', () => {
    const source: MigrationSource = { entries: [], texts: new Map([['a_x.py', "revision: str = 'a'\ndown_revision: Union[str, None] = None"], ['b_x.py', "revision = 'b'\ndown_revision = 'a'"], ['c_x.py', "revision = 'c'\ndown_revision = 'a'"], ['d_x.py', "revision = 'd'\ndown_revision = ('b', 'c')"]]) }
    expect(judged('alembic_version', ['version_num'], [{ version_num: 'b' }, { version_num: 'c' }], source, 'b_x').pending).toEqual(['d_x.py'])
    expect(judged('alembic_version', ['version_num'], [{ version_num: 'd' }], source, 'd')).toEqual({ word: 'up-to-date', remarks: [], pending: [] })
    expect(judged('alembic_version', ['version_num'], [{ version_num: 'd' }], source, 'b')).toMatchObject({ word: 'outdated' })
  })

  it('of Drizzle have their names in the journal only', () => {
    const source: MigrationSource = { entries: [], texts: new Map([['meta/_journal.json', JSON.stringify({ entries: [{ when: 5, tag: '0000_a' }] })]]) }
    expect(judged('__drizzle_migrations', ['hash', 'created_at'], [{ created_at: '5' }], source, '0000_a')).toMatchObject({ word: 'up-to-date', remarks: [] })
    expect(judged('__drizzle_migrations', ['hash', 'created_at'], [{ created_at: '5' }], undefined, '0000_a')).toMatchObject({ remarks: [{ verdict: 'unknown' }] })
    expect(judged('__drizzle_migrations', ['hash', 'created_at'], [{ created_at: '5' }], { entries: [], texts: new Map([['meta/_journal.json', '{"entries":7}']]) })).toMatchObject({ word: 'unknown', remarks: [{ verdict: 'unknown' }] })
  })

  it('of Prisma that have no end count as failed once they cannot be under way any more', () => {
    const row = { migration_name: '1_a', finished: 'f', rolledBack: 'f', hasLogs: 'f', age: '7200' }
    const columns = ['migration_name', 'finished_at', 'rolled_back_at', 'started_at']
    expect(judged('_prisma_migrations', columns, [row])).toMatchObject({ word: 'failed', remarks: [{ verdict: 'fail', text: 'migration 1_a was begun 120 minutes ago and has not ended' }] })
    expect(judged('_prisma_migrations', columns, [{ ...row, rolledBack: 't' }])).toMatchObject({ word: 'none applied' })
  })

  it('carry no control characters on', () => {
    expect(JSON.stringify(judged('migrations', ['migration', 'batch'], [{ migration: 'a' }], files('\u001b[31mred.php')))).not.toContain('\\u001b')
  })
})
