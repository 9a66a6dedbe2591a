import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { look } from '../../../src/health/checks/postgres.ts'
import type { HealthWorld } from '../../../src/health/world.ts'
import type { ConfigOf } from '../../../src/health-schema/schema.ts'
import type { Outcome } from '../../../src/model/health.ts'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from '../../services/postgres-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'mnp-pgcheck-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const world = {
  now: () => performance.now(), wallTime: () => new Date(), env: { PGPASSWORD: PASSWORD, PGUSER: 'postgres' },
  readFile: (path: string) => readFile(path, 'utf8'), resolve: (path: string) => resolve(folder, path), fileSystems: async () => [],
} as unknown as HealthWorld

/** How long is waited for what must come, on a machine that has other things to do. */
const SOON = { timeout: 15_000 }

type Config = Omit<ConfigOf<'postgres'>, 'type'>
async function check(server: { readonly port: number }, config: Config = {}, timeoutMs = 5_000, env: HealthWorld['env'] = world.env): Promise<Outcome> {
  const outcome = await look({ type: 'postgres', host: '127.0.0.1', port: server.port, responseTime: 'off', ...(config.url === undefined ? { database: 'postgres' } : {}), ...config }, { world: { ...world, env }, signal: AbortSignal.timeout(timeoutMs), timeoutMs })
  if (outcome === null) throw new Error('there was nothing to look at')
  expect(JSON.stringify(outcome)).not.toContain(PASSWORD)
  expect(JSON.stringify(outcome)).not.toContain('wrong horse')
  return outcome
}

describe.skipIf(POSTGRES_BIN === undefined)('the check of PostgreSQL (needs its binaries)', () => {
  let server: PostgresServer
  const clients: pg.Client[] = []
  const session = async (user = 'postgres', database = 'postgres', name = 'app'): Promise<pg.Client> => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user, password: PASSWORD, database, application_name: name })
    client.on('error', () => undefined)
    clients.push(client)
    await client.connect()
    return client
  }
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.end())))
  // The server takes a moment to forget a session that has said goodbye.
  const sessionsAre = (count: number): Promise<void> => expect.poll(() => server.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"), SOON).toBe(String(count))
  const nobodyIsThere = (): Promise<void> => sessionsAre(0)

  beforeAll(async () => {
    server = await (await PostgresServer.create(['max_connections = 10', 'superuser_reserved_connections = 2', 'max_prepared_transactions = 2'])).start()
    await server.sql(`CREATE ROLE app LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE nobody LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE watcher LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_monitor`)
  })
  afterAll(async () => {
    await server.stop()
    removePostgresFolders()
  })

  it('is fine where all is fine, in the documented shape', async () => {
    await nobodyIsThere()
    const outcome = await check(server)
    expect(outcome).toMatchObject({
      verdict: 'ok', message: expect.stringMatching(/^PostgreSQL \d+\S* answers in .*; primary; 1 of 8 connections \(12\.5%\)$/),
      details: { connectionPool: 'healthy', primaryDb: 'connected', replicaDb: 'none', connections: { used: 1, max: 10, reserved: 2 }, role: 'primary', tls: false },
    })
    expect(outcome.measures.map(({ name }) => name)).toEqual(['response time', 'query time', 'connections', 'oldest transaction'])
    expect(outcome.responseTimeMs).toBeGreaterThan(0)
  })

  it('says how long it took, where that is too long', async () => {
    expect(await check(server, { responseTime: { critical: '1us' } })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/^connecting and SELECT 1 took .*, .* of it to connect \(critical at 1 µs\)$/) })
  })

  it('takes an url, and reads it where it is kept', async () => {
    const url = `postgresql://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}/postgres?schema=public&sslmode=disable`
    expect(await check({ port: 1 }, { url: { env: 'DATABASE_URL' } }, 5_000, { DATABASE_URL: url })).toMatchObject({ verdict: 'ok' })
  })

  it('says that a password is wrong, or that none is given', async () => {
    expect(await check(server, { password: 'wrong horse' })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('refuses the password of "postgres"'), recommendation: expect.stringContaining('check the password'), details: { reason: 'password', sqlState: '28P01' } })
    expect(await check(server, { user: 'app' }, 5_000, {})).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('none is given') })
  })

  it('says that there is no such database', async () => {
    expect(await check(server, { database: 'medianest' })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('there is no database "medianest"'), details: { primaryDb: 'disconnected' } })
  })

  it('warns before connections run out, and fails when they have', async () => {
    await nobodyIsThere()
    for (let count = 0; count < 6; count++) await session('app')
    expect(await check(server, { user: 'watcher' })).toMatchObject({ verdict: 'warn', message: expect.stringContaining('7 of 8 connections in use, 87.5% (warning at 80%)'), details: { connectionPool: 'warning' } })
    await sessionsAre(6)
    for (let count = 0; count < 2; count++) await session('app')
    expect(await check(server, { user: 'watcher' })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/is out of connections: .*reserved/), details: { connectionPool: 'critical', sqlState: '53300' } })
    // A superuser gets in on what is reserved, and must not call it healthy.
    expect(await check(server)).toMatchObject({ verdict: 'fail', message: expect.stringContaining('9 of 8 connections in use') })
  })

  it('names who left a transaction open, and not what it asked', async () => {
    await nobodyIsThere()
    const client = await session('app', 'postgres', 'importer')
    await client.query("BEGIN; SELECT 'secret words'")
    const outcome = await check(server, { longTransaction: { warning: 0.001, critical: '1h' } })
    expect(outcome).toMatchObject({ verdict: 'warn', message: expect.stringMatching(/a transaction is open for .*: pid \d+, user "app", application "importer", idle in it for .* \(warning at 1 ms\)/), recommendation: expect.stringContaining('pg_terminate_backend(') })
    expect(JSON.stringify(outcome)).not.toContain('secret words')
    await sessionsAre(1)
    // A role without rights does not see it, and says so.
    expect(await check(server, { user: 'nobody' })).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('1 session of other users'), recommendation: expect.stringContaining('GRANT pg_read_all_stats TO "nobody"'), details: { connections: { used: 2 } } })
    expect(await check(server, { user: 'nobody', longTransaction: 'off' })).toMatchObject({ verdict: 'ok' })
    await sessionsAre(1)
    expect(await check(server, { user: 'app' })).toMatchObject({ verdict: 'ok' })
  })

  it('finds a prepared transaction that nobody ended', async () => {
    await server.sql("BEGIN; CREATE TABLE prepared(); PREPARE TRANSACTION 'order-7'")
    expect(await check(server, { longTransaction: { critical: '1ms' } })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('"order-7" of "postgres"') })
    await server.sql("ROLLBACK PREPARED 'order-7'")
  })

  it('asks for the last backup, and changes nothing by it', async () => {
    const ask = (query: string): Promise<Outcome> => check(server, { backup: { query } })
    expect(await ask("SELECT now() - interval '3 hours';")).toMatchObject({ verdict: 'ok', message: expect.stringContaining('last backup 3h ago'), details: { lastBackup: expect.stringMatching(/^\d{4}-.*Z$/) } })
    expect(await ask("SELECT (now() - interval '30 hours')::timestamp")).toMatchObject({ verdict: 'warn', message: expect.stringContaining('the last backup is 30h old (warning at 26h)') })
    expect(await ask("SELECT interval '3 days'")).toMatchObject({ verdict: 'fail' })
    expect(await ask('SELECT 60')).toMatchObject({ verdict: 'ok', message: expect.stringContaining('last backup 1m ago') })
    expect(await ask('SELECT null::timestamptz')).toMatchObject({ verdict: 'fail', message: expect.stringContaining('no backup') })
    expect(await ask("SELECT 'yesterday evening'")).toMatchObject({ verdict: 'unknown' })
    expect(await ask('SELECT max(at) FROM nowhere')).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('"nowhere" does not exist') })
    expect(await ask('CREATE TABLE evil()')).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('wants to write') })
    expect(await ask('COMMIT; CREATE TABLE evil()')).toMatchObject({ verdict: 'unknown' })
    expect(await ask("SELECT set_config('transaction_read_only', 'off', true)")).toMatchObject({ verdict: 'unknown' })
    expect(await server.sql("SELECT count(*) FROM pg_class WHERE relname = 'evil'")).toBe('0')
    expect(await ask('SELECT generate_series(1, 10000000)')).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('50000 rows and more') })
    expect(await ask('SELECT 1, 2')).toMatchObject({ verdict: 'unknown', message: 'the last backup is not known: its query yields 2 columns and 1 row', details: { primaryDb: 'connected' } })
    expect(await check(server, { role: 'replica', backup: { query: 'SELECT 1, 2' } })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/a replica is expected; the last backup is not known/) })
    expect(await ask('SELECT 1e300')).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('is no time') })
    expect(await ask("SELECT now() + interval '2 hours'")).toMatchObject({ verdict: 'warn', message: 'the last backup is dated in the future' })
  })

  it('ends a query that takes too long, on the server too', async () => {
    const startedAt = performance.now()
    expect(await check(server, { backup: { query: 'SELECT pg_sleep(30)' } }, 1_500)).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('the last backup is not known: it took longer than the time there is'), details: { primaryDb: 'connected' } })
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    await expect.poll(() => server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'medianest-perf'"), SOON).toBe('0')
  })

  it('looks at the file of the last backup even where the database is gone', async () => {
    mkdirSync(join(folder, 'dumps'))
    writeFileSync(join(folder, 'dumps', 'old.dump'), 'x')
    utimesSync(join(folder, 'dumps', 'old.dump'), new Date(), new Date(Date.now() - 60 * 3_600_000))
    expect(await check({ port: server.port }, { database: 'gone', backup: { file: 'dumps/*.dump' } })).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/no database.*; the last backup old\.dump is 60h old \(critical at 50h\)/) })
    utimesSync(join(folder, 'dumps', 'old.dump'), new Date(), new Date(Date.now() + 2 * 3_600_000))
    expect(await check(server, { backup: { file: 'dumps/*.dump' } })).toMatchObject({ verdict: 'warn', message: 'the last backup old.dump is dated in the future' })
  })

  describe('migrations', () => {
    async function migrated(sql: string, migrations: Config['migrations'], more: Config = {}): Promise<Outcome> {
      await server.sql(`DROP SCHEMA IF EXISTS public, deep, drizzle, app CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC; SET search_path = public; ${sql}`)
      // Sessions of the checks before may still be there.
      return check(server, { migrations, connections: 'off', ...more })
    }
    const files = (name: string, ...names: string[]): string => {
      for (const file of names) {
        mkdirSync(join(folder, name, file.endsWith('/') ? file : '.'), { recursive: true })
        if (!file.endsWith('/')) writeFileSync(join(folder, name, file), `revision = '${file.slice(0, 1)}'\ndown_revision = ${file.startsWith('a') ? 'None' : "'a'"}\n`)
      }
      return name
    }
    const PRISMA = 'CREATE TABLE _prisma_migrations (id text, migration_name text, started_at timestamptz DEFAULT now(), finished_at timestamptz, rolled_back_at timestamptz, logs text, applied_steps_count int)'

    it('of Prisma: applied, pending in the folder, failed, under way', async () => {
      const done = `${PRISMA}; INSERT INTO _prisma_migrations (migration_name, finished_at) VALUES ('1_init', now())`
      expect(await migrated(done, { table: '_prisma_migrations', folder: files('prisma', '1_init/', 'migration_lock.toml') })).toMatchObject({ verdict: 'ok', message: expect.stringContaining('migrations up-to-date'), details: { migrations: 'up-to-date', lastMigration: '1_init' } })
      expect(await migrated(done, { table: '_prisma_migrations', folder: files('prisma', '2_users/', '3_media/') })).toMatchObject({ verdict: 'warn', message: '2 migrations pending: 2_users, 3_media', details: { migrations: '2 pending', pendingMigrations: ['2_users', '3_media'] } })
      expect(await migrated(done, { table: '_prisma_migrations', latest: '2_users' })).toMatchObject({ verdict: 'fail', message: 'the last migration is 1_init, and 2_users is expected', details: { migrations: 'outdated' } })
      expect(await migrated(`${done}; INSERT INTO _prisma_migrations (migration_name, logs) VALUES ('2_users', 'ERROR: syntax')`, '_prisma_migrations')).toMatchObject({ verdict: 'fail', message: 'migration 2_users has failed', details: { migrations: 'failed' } })
      expect(await migrated(`${done}; INSERT INTO _prisma_migrations (migration_name) VALUES ('2_users')`, 'public._prisma_migrations')).toMatchObject({ verdict: 'warn', message: 'migration 2_users is under way' })
    })

    it.each([
      ['Knex', 'knex_migrations', "CREATE TABLE knex_migrations (id serial, name text, batch int, migration_time timestamptz); CREATE TABLE knex_migrations_lock (index int, is_locked int); INSERT INTO knex_migrations (name, batch) VALUES ('1_a.js', 1); INSERT INTO knex_migrations_lock VALUES (1, 1)", ['1_a.ts', '2_b.ts'], { verdict: 'warn', message: 'the migrations are locked: one is under way, or was broken off; 1 migration pending: 2_b.ts' }],
      ['Rails', 'schema_migrations', "CREATE TABLE schema_migrations (version varchar); INSERT INTO schema_migrations VALUES ('20250101'), ('20250102')", ['20250101_a.rb', '20250102_b.rb'], { verdict: 'ok', details: { migrationTool: 'Rails, dbmate or Ecto', lastMigration: '20250102' } }],
      ['golang-migrate', 'schema_migrations', 'CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (2, true)', ['000001_a.up.sql', '000002_b.up.sql', '000002_b.down.sql'], { verdict: 'fail', message: 'migration 2 has failed half-way (dirty)' }],
      ['golang-migrate', 'schema_migrations', 'CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (2, false)', ['000001_a.up.sql', '000002_b.up.sql', '000003_c.up.sql'], { verdict: 'warn', message: '1 migration pending: 000003_c.up.sql' }],
      ['Flyway', 'flyway_schema_history', "CREATE TABLE flyway_schema_history (installed_rank int, version text, script text, success boolean); INSERT INTO flyway_schema_history VALUES (1, '1', 'V1__a.sql', true), (2, '2', 'V2__b.sql', false)", ['V1__a.sql'], { verdict: 'fail', message: 'migration V2__b.sql has failed' }],
      ['Alembic', 'alembic_version', "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('a')", ['a_init.py', 'b_users.py', '__init__.py'], { verdict: 'warn', message: '1 migration pending: b_users.py' }],
      ['TypeORM', 'migrations', "CREATE TABLE migrations (id serial, timestamp bigint, name text); INSERT INTO migrations (timestamp, name) VALUES (1700000000000, 'Init1700000000000')", ['1700000000000-Init.ts', '1800000000000-More.ts'], { verdict: 'warn', message: '1 migration pending: 1800000000000-More.ts' }],
      ['Sequelize', 'SequelizeMeta', `CREATE TABLE "SequelizeMeta" (name text); INSERT INTO "SequelizeMeta" VALUES ('1-a.js')`, ['1-a.js'], { verdict: 'ok', details: { migrations: 'up-to-date' } }],
      ['a stranger', 'deep."Odd.Table"', `CREATE SCHEMA deep; CREATE TABLE deep."Odd.Table" (id int, name text); INSERT INTO deep."Odd.Table" VALUES (1, 'one.sql')`, ['one.sql', 'two.sql'], { verdict: 'warn', message: '1 migration pending: two.sql' }],
      ['an empty one', 'migrations', 'CREATE TABLE migrations (id serial, timestamp bigint, name text)', ['1700000000000-Init.ts'], { verdict: 'fail', message: expect.stringContaining('no migration was ever applied (public.migrations is empty)') }],
    ] as const)('of %s: %s', async (tool, table, sql, names, expected) => {
      const own = mkdtempSync(join(folder, 'kind-'))
      expect(await migrated(sql, { table, folder: files(own.slice(folder.length + 1), ...names) }), tool).toMatchObject(expected)
    })

    it('of Drizzle: in its own schema, by its journal', async () => {
      mkdirSync(join(folder, 'drizzle', 'meta'), { recursive: true })
      writeFileSync(join(folder, 'drizzle', 'meta', '_journal.json'), JSON.stringify({ entries: [{ when: 5, tag: '0000_a' }, { when: 6, tag: '0001_b' }] }))
      const sql = 'CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial, hash text, created_at bigint); INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (1, 5)'
      expect(await migrated(sql, { table: '__drizzle_migrations', folder: 'drizzle' })).toMatchObject({ verdict: 'warn', message: '1 migration pending: 0001_b' })
    })

    it('says where the table is missing, elsewhere, or must not be read', async () => {
      expect(await migrated('SELECT 1', '_prisma_migrations')).toMatchObject({ verdict: 'fail', message: 'there is no table _prisma_migrations: no migration was ever applied here', details: { migrations: 'missing' } })
      expect(await migrated(`CREATE SCHEMA app; SET search_path = app; ${PRISMA}`, '_prisma_migrations')).toMatchObject({ verdict: 'fail', recommendation: 'say migrations: app._prisma_migrations' })
      expect(await migrated(PRISMA, '_prisma_migrations', { user: 'nobody' })).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('may not be read'), recommendation: expect.stringContaining('GRANT SELECT ON "public"."_prisma_migrations"') })
      expect(await migrated("SELECT 1", `x"; DROP TABLE y; --'`)).toMatchObject({ verdict: 'fail' })
    })

    it('does not take an empty or missing folder for one without anything pending', async () => {
      const sql = `${PRISMA}; INSERT INTO _prisma_migrations (migration_name, finished_at) VALUES ('1_init', now())`
      expect(await migrated(sql, { table: '_prisma_migrations', folder: 'nowhere' })).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('there is no folder') })
      mkdirSync(join(folder, 'hollow'))
      expect(await migrated(sql, { table: '_prisma_migrations', folder: 'hollow' })).toMatchObject({ verdict: 'unknown', details: { migrations: 'unknown' } })
    })
  })

  describe('replication', () => {
    let standby: PostgresServer
    beforeAll(async () => {
      standby = await (await server.standby(['hot_standby = on'])).start('ready to accept read-only connections')
    })
    afterAll(() => standby.stop())

    it('fails where a primary is expected and the server is in recovery', async () => {
      expect(await check(standby)).toMatchObject({ verdict: 'fail', message: expect.stringContaining('in recovery: it is a standby and takes no writes'), details: { inRecovery: true, role: 'replica' } })
    })

    it('is fine with a replica that has caught up, however long its primary has been idle', async () => {
      await expect.poll(async () => (await check(standby, { role: 'replica' })).verdict, SOON).toBe('ok')
      expect(await check(standby, { role: 'replica', replicationLag: { critical: '1ms' } })).toMatchObject({ verdict: 'ok', message: expect.stringContaining('in recovery, 0 ms behind'), details: { primaryDb: 'connected', replicaDb: 'connected', replicationLagMs: 0 } })
      expect(await check(standby, { role: 'any', user: 'nobody' })).toMatchObject({ verdict: 'ok' })
      expect(await check(server, { replicas: 1 })).toMatchObject({ verdict: 'ok', message: expect.stringContaining('primary of 1 replica'), details: { replicaDb: 'connected', replicas: 1 } })
      expect(await check(server, { role: 'replica' })).toMatchObject({ verdict: 'fail', message: expect.stringContaining('not in recovery') })
      expect(await check(server, { replicas: 2 })).toMatchObject({ verdict: 'fail', message: '1 replica streaming, and 2 must be' })
      expect(await check(server, { replicas: 1, user: 'nobody' })).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('the state of 1 replica may not be seen') })
    })

    it('tells how far a replica is behind whose replay is paused', async () => {
      await server.sql('CREATE TABLE first()')
      await expect.poll(() => standby.sql('SELECT pg_last_xact_replay_timestamp() IS NOT NULL'), SOON).toBe('t')
      await standby.sql('SELECT pg_wal_replay_pause()')
      await server.sql('CREATE TABLE second()')
      await expect.poll(() => check(standby, { role: 'replica', replicationLag: { warning: '300ms', critical: '1h' } }), SOON).toMatchObject({ message: expect.stringMatching(/replay is paused; the replica is .* behind \(warning at 300 ms\)/), verdict: 'warn' })
      await standby.sql('SELECT pg_wal_replay_resume()')
      await expect.poll(async () => (await check(standby, { role: 'replica' })).verdict, SOON).toBe('ok')
    })

    it('fails on a replica that receives nothing', async () => {
      await standby.sql("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'")
      await standby.sql('SELECT pg_reload_conf()')
      await expect.poll(() => check(standby, { role: 'replica' }), SOON).toMatchObject({ verdict: 'fail', message: expect.stringContaining('it receives nothing from its primary (no WAL receiver runs)'), details: { primaryDb: 'disconnected' } })
    })

    it('says that a server is starting up, or takes no connections as a standby', async () => {
      await standby.stop()
      standby.configure(['hot_standby = off'])
      await standby.start('starting PostgreSQL')
      await expect.poll(() => check(standby), SOON).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/takes no connections: the database system is (starting up|not accepting connections|not yet accepting connections)/), details: { sqlState: '57P03', reason: 'not-ready' } })
    })
  })

  it('says that a server hangs which takes connections and never answers', async () => {
    server.pause()
    try {
      expect(await check(server, {}, 700)).toMatchObject({ verdict: 'fail', message: expect.stringMatching(/takes connections and says nothing: connected, then silent for \d+ ms/), recommendation: expect.stringContaining('hangs') })
    } finally {
      server.resume()
    }
  })

  it('ends at once when it is told to', async () => {
    server.pause()
    try {
      const stop = new AbortController()
      setTimeout(() => stop.abort(), 100)
      const startedAt = performance.now()
      await look({ type: 'postgres', host: '127.0.0.1', port: server.port }, { world, signal: stop.signal, timeoutMs: 20_000 })
      expect(performance.now() - startedAt).toBeLessThan(5_000)
    } finally {
      server.resume()
    }
  })

  it('says that a session was ended, and that nothing listens any more', async () => {
    const asking = check(server, { backup: { query: 'SELECT pg_sleep(20)' } })
    await expect.poll(() => server.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state = 'active' AND pid <> pg_backend_pid()"), SOON).toBe('1')
    await server.stop()
    expect(await asking).toMatchObject({ verdict: 'fail', message: expect.stringContaining('ended the connection: terminating connection due to administrator command') })
    expect(await check(server)).toMatchObject({ verdict: 'fail', message: `nothing listens on 127.0.0.1:${server.port} (connection refused)`, details: { primaryDb: 'disconnected', reason: 'refused' } })
  })
})

describe('what is not PostgreSQL', () => {
  it('is named as such', async () => {
    const web = createServer((socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((done) => web.listen(0, '127.0.0.1', done))
    const { port } = web.address() as { port: number }
    expect(await check({ port })).toMatchObject({ verdict: 'fail', message: `what answers on 127.0.0.1:${port} is not PostgreSQL` })
    web.close()
  })
})
