import { connect, createServer, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SourceConfigOf } from '../../../src/collect-schema/schema.ts'
import type { Collected, Source } from '../../../src/model/source.ts'
import { openPostgres, type PostgresSession } from '../../../src/services/postgres.ts'
import { readPostgresTarget } from '../../../src/services/postgres-target.ts'
import { openSource } from '../../../src/sources/application/postgres.ts'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from '../../services/postgres-server.ts'
import { sourceWorld, TERMS, valueIn } from './source-world.ts'

const SOON = { timeout: 10_000 }
const opened: Source[] = []
const clients: PostgresSession[] = []

function open(port: number, parts: Partial<SourceConfigOf<'postgres'>> = {}): Source {
  const source = openSource({ type: 'postgres', host: '127.0.0.1', port, user: 'postgres', password: PASSWORD, database: 'app', ...parts }, TERMS, sourceWorld())
  opened.push(source)
  return source
}
const collect = (source: Source, ms = 5_000): Promise<Collected> => source.collect(AbortSignal.timeout(ms))

/** A session of the application's. */
async function client(port: number, name = 'shop', user = 'postgres'): Promise<PostgresSession> {
  const session = await openPostgres(readPostgresTarget({ host: '127.0.0.1', port, user, password: PASSWORD, database: 'app' }, {}), {}, AbortSignal.timeout(30_000))
  clients.push(session)
  await session.ask(`SET application_name = '${name}'`)
  return session
}

afterEach(async () => {
  for (const session of clients.splice(0)) session.close()
  for (const source of opened.splice(0)) await source.close()
})
afterAll(removePostgresFolders)

async function started(settings: readonly string[] = []): Promise<PostgresServer> {
  const server = await (await PostgresServer.create(['autovacuum = off', ...settings])).start()
  await server.sql('CREATE DATABASE app')
  await server.sql('CREATE TABLE media (id int PRIMARY KEY, title text); CREATE INDEX media_title ON media (title); INSERT INTO media SELECT i, md5(i::text) FROM generate_series(1, 1000) i', 'app')
  for (const [role, more] of [['nobody_special', ''], ['watcher', 'IN ROLE pg_monitor']]) await server.sql(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}' ${more}`)
  return server
}

describe.skipIf(POSTGRES_BIN === undefined)('a PostgreSQL as a source (needs PostgreSQL\'s binaries)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await started(['max_connections = 23', 'superuser_reserved_connections = 3'])
  }, 30_000)
  afterAll(() => server.stop())

  it('counts the sessions of the application, and not its own', async () => {
    const [idle, open1] = [await client(server.port), await client(server.port)]
    await client(server.port, 'somebody else')
    await idle.ask('SELECT 1')
    await open1.ask('BEGIN; SELECT 1')
    const source = open(server.port, { application: 'shop', poolSize: 4 })
    await collect(source)
    const collected = await collect(source)
    const figures = Object.fromEntries((['db.pool.size', 'db.pool.active', 'db.pool.idle', 'db.pool.idle_in_transaction', 'db.pool.usage', 'db.connections'] as const).map((metric) => [metric, valueIn(collected, metric)]))
    expect(figures).toEqual({ 'db.pool.size': 4, 'db.pool.active': 0, 'db.pool.idle': 1, 'db.pool.idle_in_transaction': 1, 'db.pool.usage': 0.25, 'db.connections': 3 })
    expect(valueIn(collected, 'db.pool.waiting')).toBeUndefined()
    expect(collected.problems).toEqual([])
  })

  it('takes the places of the whole server where nobody says how large the pool is', async () => {
    await client(server.port)
    const collected = await collect(open(server.port))
    expect([valueIn(collected, 'db.pool.size'), valueIn(collected, 'db.pool.usage')]).toEqual([20, 1 / 20])
  })

  it('tells rates and hits of the time between two looks, and none at the first', async () => {
    const source = open(server.port)
    const first = await collect(source)
    expect([...first.samples.keys()].filter((metric) => metric.endsWith('.rate') || metric === 'db.cache.hits')).toEqual([])
    await server.sql('INSERT INTO media SELECT i FROM generate_series(2001, 2500) i; UPDATE media SET title = NULL WHERE id > 2400; DELETE FROM media WHERE id > 2000', 'app')
    // What a session did is known when it has ended.
    await expect.poll(async () => Number(await server.sql("SELECT tup_deleted FROM pg_stat_database WHERE datname = 'app'"))).toBeGreaterThanOrEqual(500)
    const second = await collect(source)
    const rate = (metric: Parameters<typeof valueIn>[1]): number => Math.round((valueIn(second, metric) ?? Number.NaN) / (valueIn(second, 'db.rows.updated.rate') ?? Number.NaN) * 100)
    expect([rate('db.rows.inserted.rate'), rate('db.rows.deleted.rate')]).toEqual([500, 500])
    expect(valueIn(second, 'db.cache.hits')).toBeGreaterThan(0)
    expect(valueIn(second, 'db.cache.hits')).toBeLessThanOrEqual(1)
  })

  it('has no rates for a time in which the counters were set to zero', async () => {
    const source = open(server.port)
    await collect(source)
    await server.sql('SELECT pg_stat_reset()', 'app')
    const after = await collect(source)
    expect(valueIn(after, 'db.commits.rate')).toBeUndefined()
    expect(valueIn(after, 'db.commits')).toBeDefined()
    expect(valueIn(await collect(source), 'db.commits.rate')).toBeGreaterThanOrEqual(0)
  })

  it('knows who waits for a lock and how long, and is not held up by it', async () => {
    const [holder, waiter] = [await client(server.port), await client(server.port)]
    await holder.ask('BEGIN; LOCK TABLE media IN ACCESS EXCLUSIVE MODE')
    const waits = waiter.ask('SELECT count(*) FROM media')
    await expect.poll(() => server.sql('SELECT count(*) FROM pg_locks WHERE NOT granted'), SOON).toBe('1')
    const began = performance.now()
    await new Promise((wait) => setTimeout(wait, 300))
    const collected = await collect(open(server.port))
    expect(valueIn(collected, 'db.locks.waiting')).toBe(1)
    expect(valueIn(collected, 'db.locks')).toBeGreaterThanOrEqual(1)
    expect(valueIn(collected, 'db.locks.longest')).toBeGreaterThanOrEqual(300)
    expect(valueIn(collected, 'db.locks.longest')).toBeLessThan(performance.now() - began + 1_000)
    // The size of a table somebody has to themselves cannot be asked for without waiting too.
    expect([collected.problems, valueIn(collected, 'db.table.size', 'media'), valueIn(collected, 'db.table.rows', 'media')]).toEqual([[], undefined, expect.any(Number)])
    await holder.ask('COMMIT')
    await waits
    expect(valueIn(await collect(open(server.port)), 'db.locks.longest')).toBe(0)
  })

  it('tells the size of tables and indexes, how much of them is dead, and which index nobody reads', async () => {
    await server.sql('CREATE TABLE old (id int); INSERT INTO old SELECT generate_series(1, 1000)', 'app')
    await server.sql('DELETE FROM old WHERE id <= 250', 'app')
    await server.sql('CREATE SCHEMA more; CREATE TABLE more.things (id int)', 'app')
    const told = async (): Promise<Collected> => collect(open(server.port))
    await expect.poll(async () => valueIn(await told(), 'db.table.dead', 'old'), SOON).toBe(0.25)
    const collected = await told()
    expect(valueIn(collected, 'db.table.rows', 'old')).toBe(750)
    expect(valueIn(collected, 'db.table.size', 'old')).toBe(Number(await server.sql("SELECT pg_total_relation_size('old')", 'app')))
    expect(valueIn(collected, 'db.index.size', 'media_title')).toBe(Number(await server.sql("SELECT pg_relation_size('media_title')", 'app')))
    expect([...collected.samples.get('db.table.size')?.keys() ?? []]).toContain('more.things')
    // The primary key keeps something unique and may stay unread.
    expect(valueIn(collected, 'db.indexes.unused')).toBe(1)
    expect(valueIn(collected, 'db.size')).toBeGreaterThan(1_000_000)
  })

  it('says how queries could be told of where pg_stat_statements is not there', async () => {
    const source = open(server.port)
    await collect(source)
    const collected = await collect(source)
    expect([collected.queries, valueIn(collected, 'db.query.avg'), collected.problems]).toEqual([undefined, undefined, []])
    expect(collected.notes).toEqual([expect.stringMatching(/pg_stat_statements is not in this database; .*CREATE EXTENSION/)])
  })

  it('says so where the extension was created and the server is without its library', async () => {
    await server.sql('CREATE EXTENSION pg_stat_statements', 'app')
    const collected = await collect(open(server.port))
    await server.sql('DROP EXTENSION pg_stat_statements', 'app')
    expect([collected.problems, collected.notes]).toEqual([[], [expect.stringContaining('started without pg_stat_statements; add pg_stat_statements to shared_preload_libraries')]])
    expect(valueIn(collected, 'db.commits')).toBeDefined()
  })

  it('leaves out what a role without rights may not see, and says which right it lacks', async () => {
    await client(server.port)
    const collected = await collect(open(server.port, { user: 'nobody_special' }))
    expect([valueIn(collected, 'db.pool.active'), valueIn(collected, 'db.pool.idle'), valueIn(collected, 'db.connections')]).toEqual([undefined, undefined, 1])
    expect(collected.notes).toContainEqual(expect.stringContaining('GRANT pg_read_all_stats'))
    expect(collected.problems).toEqual([])
    const seen = await collect(open(server.port, { user: 'watcher' }))
    expect([valueIn(seen, 'db.pool.idle'), seen.problems]).toEqual([1, []])
  })

  it('keeps one session that is idle and in no transaction, and leaves none behind', async () => {
    const source = open(server.port)
    for (let look = 0; look < 3; look++) await collect(source)
    const ours = (): Promise<string> => server.sql("SELECT string_agg(state, ',') FROM pg_stat_activity WHERE application_name = 'medianest-perf'")
    await expect.poll(ours, SOON).toBe('idle')
    await source.close()
    await expect.poll(ours, SOON).toBe('')
  })

  it('has no rest of a failed question in its session', async () => {
    await server.sql('CREATE EXTENSION pg_stat_statements', 'app')
    const source = open(server.port)
    await collect(source)
    const state = await server.sql("SELECT state FROM pg_stat_activity WHERE application_name = 'medianest-perf'")
    await server.sql('DROP EXTENSION pg_stat_statements', 'app')
    expect(state).toBe('idle')
  })

  it('goes on with a new session when somebody ended its own', async () => {
    const source = open(server.port)
    await collect(source)
    await server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'medianest-perf'")
    expect(valueIn(await collect(source), 'db.commits')).toBeDefined()
  })

  it('cannot be made to write', async () => {
    const source = open(server.port, { application: "x'; DROP TABLE media; --" })
    expect(valueIn(await collect(source), 'db.pool.idle')).toBe(0)
    expect(await server.sql('SELECT count(*) FROM media', 'app')).toBe('1000')
  })

  it('gives the reason why there are no figures, without the password', async () => {
    await expect(collect(open(server.port, { password: 'wrong-secret' }))).rejects.toMatchObject({ code: 'POSTGRES_FAILED', message: expect.stringMatching(/refuses the password/), hint: expect.not.stringContaining('wrong-secret') })
    await expect(collect(open(server.port, { database: 'nowhere' }))).rejects.toMatchObject({ message: expect.stringContaining('there is no database "nowhere"') })
  })

  it('ends with its signal when the server falls silent, and leaves no socket open', async () => {
    const sockets = new Set<Socket>()
    let isSilent = false
    const between = createServer((from) => {
      const to = connect(server.port, '127.0.0.1')
      for (const socket of [from, to]) {
        sockets.add(socket)
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
      }
      from.on('data', (data) => void (isSilent || to.write(data))).on('close', () => to.destroy())
      to.pipe(from)
    })
    await new Promise<void>((listening) => between.listen(0, '127.0.0.1', listening))
    const { port } = between.address() as { port: number } // it listens on a port
    const source = open(port)
    await collect(source)
    isSilent = true
    await expect(collect(source, 300)).rejects.toMatchObject({ code: 'POSTGRES_FAILED', message: expect.stringContaining('did not answer a query') })
    await expect.poll(() => sockets.size, SOON).toBe(0)
    await expect(collect(source, 300)).rejects.toMatchObject({ code: 'POSTGRES_FAILED', message: expect.stringContaining('says nothing') })
    isSilent = false
    expect(valueIn(await collect(source), 'db.commits')).toBeDefined()
    await source.close()
    await expect.poll(() => sockets.size, SOON).toBe(0)
    between.close()
  })
})

describe.skipIf(POSTGRES_BIN === undefined)('the queries of a PostgreSQL with pg_stat_statements (needs PostgreSQL\'s binaries)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await started(["shared_preload_libraries = 'pg_stat_statements'"])
    await server.sql('CREATE EXTENSION pg_stat_statements', 'app')
    await server.sql('GRANT ALL ON media TO nobody_special', 'app')
  }, 30_000)
  afterAll(() => server.stop())

  it('are told of the time between two looks: how many, of which kind, how long, and which are slow', async () => {
    const application = await client(server.port)
    await application.ask('SELECT pg_sleep(0.3)')
    const source = open(server.port, { slow: '100ms' })
    const first = await collect(source)
    expect([valueIn(first, 'db.query.avg'), first.queries]).toEqual([undefined, undefined])
    for (let turn = 0; turn < 4; turn++) await application.ask(`SELECT title FROM media WHERE id = ${turn}`)
    for (let turn = 0; turn < 2; turn++) await application.ask('SELECT pg_sleep(0.15)')
    for (const statement of ["INSERT INTO media VALUES (9001, 'secret title')", "UPDATE media SET title = '' WHERE id = 9001", 'WITH gone AS (SELECT 9001 AS id) DELETE FROM media USING gone WHERE media.id = gone.id', 'VACUUM media']) await application.ask(statement)
    const second = await collect(source)
    const gained = (kind: string): number => (valueIn(second, 'db.statements', kind) ?? 0) - (valueIn(first, 'db.statements', kind) ?? 0)
    expect(['select', 'insert', 'update', 'delete'].map(gained)).toEqual([6, 1, 1, 1])
    expect((valueIn(second, 'db.queries') ?? 0) - (valueIn(first, 'db.queries') ?? 0)).toBe(9)
    expect(valueIn(second, 'db.query.slow')).toBe(1)
    // Two of nine slept; the other seven are nothing beside it.
    expect(valueIn(second, 'db.query.avg')).toBeGreaterThan(2 * 150 / 9)
    expect(second.queries?.[0]).toEqual({ query: 'SELECT pg_sleep($1)', count: 2, avgMs: expect.any(Number) })
    expect(second.queries?.[0]?.avgMs).toBeGreaterThanOrEqual(150)
    expect(JSON.stringify(second.queries)).not.toMatch(/medianest_perf|BEGIN|VACUUM|secret title/)
    expect([second.problems, second.notes]).toEqual([[], []])
  })

  it('leave no text of ours behind for each look', async () => {
    const source = open(server.port)
    const texts = (): Promise<string> => server.sql('SELECT count(*) FROM pg_stat_statements', 'app')
    for (let look = 0; look < 3; look++) await collect(source)
    await texts()
    const before = await texts()
    for (let look = 0; look < 3; look++) await collect(source)
    expect(await texts()).toBe(before)
  })

  it('are not told of a time in which they were set to zero', async () => {
    const application = await client(server.port)
    const source = open(server.port)
    await collect(source)
    await server.sql('SELECT pg_stat_statements_reset()', 'app')
    for (let turn = 0; turn < 50; turn++) await application.ask('SELECT 1 AS after_reset')
    const after = await collect(source)
    expect([valueIn(after, 'db.query.avg'), after.queries]).toEqual([undefined, undefined])
    await application.ask('SELECT 1 AS after_reset')
    expect((await collect(source)).queries).toContainEqual({ query: 'SELECT $1 AS after_reset', count: 1, avgMs: expect.any(Number) })
  })

  it('of others are left out where they may not be seen, and so are figures they belong to', async () => {
    const own = await client(server.port, 'shop', 'nobody_special')
    const source = open(server.port, { user: 'nobody_special' })
    await collect(source)
    await own.ask('SELECT count(*) FROM media')
    await (await client(server.port)).ask('SELECT 42 AS hidden_one')
    const collected = await collect(source)
    expect([valueIn(collected, 'db.query.avg'), valueIn(collected, 'db.query.slow'), valueIn(collected, 'db.queries')]).toEqual([undefined, undefined, undefined])
    expect(collected.queries?.map(({ query }) => query)).toEqual(['SELECT count(*) FROM media'])
    expect(collected.notes).toContainEqual(expect.stringMatching(/queries of other users may not be seen.*GRANT pg_read_all_stats/))
    const watcher = open(server.port, { user: 'watcher' })
    await collect(watcher)
    await own.ask('SELECT count(*) FROM media')
    expect(valueIn(await collect(watcher), 'db.query.avg')).toBeGreaterThan(0)
  })

  it('go on after a restart of the server', async () => {
    const source = open(server.port)
    const first = await collect(source)
    await server.stop()
    await expect(collect(source)).rejects.toMatchObject({ code: 'POSTGRES_FAILED', message: expect.stringContaining('nothing listens') })
    await server.start()
    const after = await collect(source)
    expect(valueIn(after, 'db.commits')).toBeGreaterThanOrEqual(valueIn(first, 'db.commits') ?? Number.NaN)
    expect(valueIn(after, 'db.commits.rate')).toBeUndefined()
    expect(valueIn(await collect(source), 'db.commits.rate')).toBeGreaterThanOrEqual(0)
  })
})
