import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from '../services/postgres-server.ts'
import { freePort, redisServer, startRedis, type RedisServer } from '../services/redis-server.ts'
import { endAll, newFolder, serve, serveText, startApp, startFront, until, type Front, type Runnable, type Served } from './field.ts'
import { nginx } from './nginx.ts'

interface Application {
  readonly api: { readonly requestRate: { readonly current: number | null } } | null
  readonly database: { readonly connectionPool: Readonly<Record<'size' | 'active' | 'idle', number | null>>; readonly slowestQueries: readonly { readonly query: string; readonly count: number; readonly avgTime: number }[] } | null
  readonly cache: { readonly redis: { readonly hitRate: number | null } } | null
  readonly jobs: { readonly queues: readonly Readonly<Record<string, unknown>>[] } | null
}

const isReady = nginx !== undefined && redisServer !== undefined && POSTGRES_BIN !== undefined

describe.skipIf(!isReady)('a whole application in the field (needs nginx, redis-server, PostgreSQL\'s binaries)', { retry: 0 }, () => {
  let [app, front, redis, database, instance]: [Runnable, Front, RedisServer, PostgresServer, Served] = [] as never // set before the first test
  let queue: Queue
  const prometheus = createServer((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [0, '0.25'] }] } })))
  const application = async (query = ''): Promise<Application> => instance.ask(`/api/v1/performance/application${query}`)
  const health = async (id: string): Promise<string> => (await instance.source(id)).health

  beforeAll(async () => {
    const [appPort, frontPort] = [await freePort(), await freePort()]
    ;[app, front, redis, database] = await Promise.all([startApp(appPort), startFront(frontPort, appPort), startRedis(), PostgresServer.create(["shared_preload_libraries = 'pg_stat_statements'"]).then((server) => server.start())])
    await new Promise<void>((listens) => prometheus.listen(0, '127.0.0.1', listens))
    await database.sql('CREATE EXTENSION pg_stat_statements; CREATE TABLE films (id int, title text)')
    queue = new Queue('films', { connection: { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null } })
    queue.on('error', () => undefined)
    await Promise.all([1, 2, 3].map(() => queue.add('import', {})))
    await queue.add('later', {}, { delay: 600_000 })
    await redis.ask('RPUSH', 'imports', 'a', 'b', 'c', 'd')
    const folder = newFolder()
    writeFileSync(join(folder, 'good.mjs'), 'export const collect = () => ({ samples: [{ metric: "api.connections", value: 7 }] })')
    writeFileSync(join(folder, 'loops.mjs'), 'export const collect = () => { for (;;); }')
    const [interval, timeout] = ['500ms', '400ms']
    const own = { interval, timeout }
    const pg = { host: '127.0.0.1', port: database.port, user: 'postgres', database: 'postgres' }
    instance = await serve([
      { type: 'prometheus', url: `http://127.0.0.1:${appPort}/metrics`, ...own },
      { type: 'access-log', path: front.logPath, ...own },
      { type: 'synthetic', name: 'up', url: `http://127.0.0.1:${appPort}/up`, ...own },
      { type: 'postgres', ...pg, password: PASSWORD, poolSize: 10, application: 'shop', ...own },
      { type: 'postgres', name: 'wrong', ...pg, password: 'horse-battery-31', ...own },
      { type: 'redis', port: redis.port, ...own },
      { type: 'redis', name: 'off', port: redis.port, enabled: false },
      { type: 'queues', port: redis.port, ...own },
      { type: 'business', activeUsers: { sql: 'SELECT count(*) FROM films', source: 'postgres' }, backlog: { redis: ['LLEN', 'imports'] }, processingFailures: { promql: 'x', url: `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}` }, ...own }, // it listens on a port
      { type: 'module', path: 'good.mjs', ...own },
      { type: 'module', name: 'loops', path: 'loops.mjs', ...own },
    ], folder)
    for (const id of ['prometheus', 'access-log', 'synthetic:up', 'postgres', 'redis', 'queues', 'business', 'module']) await until(`${id} has told twice`, async () => (await instance.source(id)).collections >= 2)
  }, 60_000)
  afterAll(async () => {
    await queue?.close().catch(() => undefined)
    await endAll()
    await Promise.all([redis?.stop(), database?.stop('SIGQUIT')])
    removePostgresFolders()
    prometheus.close()
  }, 30_000)

  it('tells of the statements that were run, how long they took, who waits for a lock, and the pool', async () => {
    await database.sql([...Array.from({ length: 200 }, (_, id) => `INSERT INTO films VALUES (${id}, 'x')`), ...Array.from({ length: 50 }, () => 'SELECT pg_sleep(0.01)')].join(';'))
    const known = await until('the statements are counted', async () => {
      const queries = (await application()).database?.slowestQueries ?? []
      return [200, 50].every((times) => queries.some(({ count }) => count === times)) && queries
    })
    expect(known.find(({ query }) => query.startsWith('INSERT INTO films'))).toMatchObject({ count: 200 })
    const slept = known.find(({ query }) => query.includes('pg_sleep'))
    expect(slept).toMatchObject({ count: 50, avgTime: expect.toSatisfy((ms: number) => ms >= 10 && ms < 25) })
    expect(known.filter(({ query }) => /medianest|pg_stat_activity|count\(\*\) FROM films/i.test(query))).toEqual([])
    const session = 'SET application_name = shop'
    const holder = database.sql(`${session}; BEGIN; LOCK TABLE films; SELECT pg_sleep(2.5); COMMIT`)
    await pause(300)
    const waiter = database.sql(`${session}; SELECT count(*) FROM films`)
    await until('somebody waits', async () => (await instance.exposed('medianest_db_locks_waiting')) === 1)
    expect((await application()).database?.connectionPool).toMatchObject({ size: 10 })
    await until('both are at work', async () => (await instance.exposed('medianest_db_pool_active')) === 2)
    await Promise.all([holder, waiter])
    await until('nobody waits', async () => (await instance.exposed('medianest_db_locks_waiting')) === 0)
  }, 30_000)

  it('tells the share of hits that was made, the jobs that wait, and what is counted by questions', async () => {
    await redis.ask('SET', 'known', '1')
    expect(await instance.exposed('medianest_cache_hit_rate_ratio'), 'of what we ask ourselves there is no rate').toBeNaN()
    await redis.ask('MGET', ...Array.from({ length: 40 }, (_, nth) => (nth % 4 === 3 ? 'unknown' : 'known')))
    await until('the look-ups are known', async () => (await application('?timeRange=5m')).cache?.redis.hitRate)
    await until('the films are counted', async () => (await instance.exposed('medianest_business_active_users')) === 200)
    expect((await application('?timeRange=5m')).cache?.redis.hitRate).toSatisfy((share: number) => share > 72 && share < 78)
    expect((await application()).jobs?.queues).toMatchObject([{ name: 'films', active: 0, waiting: 3, delayed: 1, failed: 0 }])
    expect(await Promise.all(['active_users', 'queue_backlog', 'processing_failure_rate'].map((name) => instance.exposed(`medianest_business_${name}`)))).toEqual([200, 4, 0.25])
    expect(await instance.exposed('medianest_api_connections')).toBe(7)
  }, 30_000)

  it('is watched by the configuration that the page about sources shows', async () => {
    await database.sql('CREATE TABLE sessions AS SELECT now() AS seen_at FROM generate_series(1, 3)')
    const [example = ''] = [...readFileSync(join(import.meta.dirname, '../../docs/sources.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, text = '']) => (text.startsWith('serve:') ? [text] : []))
    const here = example.replaceAll('127.0.0.1:4000', `127.0.0.1:${app.port}`).replaceAll('127.0.0.1:6379', `127.0.0.1:${redis.port}`).replace('/var/log/nginx/access.log', front.logPath).replaceAll('bull:media:', 'bull:films:')
    const shown = await serveText(here, { DATABASE_URL: `postgres://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${database.port}/postgres` })
    for (const id of ['prometheus', 'access-log', 'synthetic:front page', 'postgres', 'redis', 'queues', 'business']) {
      await until(`${id} tells`, async () => (await shown.source(id)).collections > 0)
      expect(await shown.source(id)).toMatchObject({ health: 'healthy' })
    }
    expect([await shown.exposed('medianest_business_active_users'), await shown.exposed('medianest_business_queue_backlog')]).toEqual([3, 3])
  }, 30_000)

  it('says of each source how it is, why, and what to do; a wrong password is in nothing that is told', async () => {
    await until('the wrong password and the loop are known', async () => (await health('postgres:wrong')) === 'unhealthy' && (await health('module:loops')) === 'unhealthy')
    expect(await instance.source('postgres:wrong')).toMatchObject({ problem: expect.stringContaining('password'), hint: expect.any(String), collections: 0 })
    expect(await instance.source('module:loops')).toMatchObject({ problem: expect.stringContaining('does not answer within 400 ms'), hint: expect.stringContaining('more time') })
    expect(await instance.source('redis:off')).toMatchObject({ source: { enabled: false }, health: 'disabled', collections: 0 })
    expect(instance.log() + (await instance.get('/api/performance/sources')).text).not.toMatch(/horse-battery-31|correct horse/)
  }, 30_000)

  it('goes on when all of it is killed: figures get old, then are gone, and come back by themselves', async () => {
    await pause(1_000)
    const open = instance.open()
    const said = instance.log().split('\n').length
    chmodSync(front.logPath, 0o000)
    await Promise.all([app.kill(), front.kill(), redis.ask('SHUTDOWN', 'NOSAVE').catch(() => undefined), database.stop('SIGQUIT')])
    await until('nothing is told any more', async () => {
      const all = await application('?timeRange=5m')
      // A log in which nothing is written says that nobody asked, and no more than that.
      return all.database === null && all.cache === null && all.jobs === null && Number.isNaN(await instance.exposed('medianest_api_duration_avg_seconds'))
    })
    for (const id of ['prometheus', 'postgres', 'redis', 'queues']) expect(await instance.source(id), id).toMatchObject({ health: expect.stringMatching(/degraded|unhealthy/), problem: expect.stringMatching(/refuses|ended|closed|shutting|starting|not/), hint: expect.any(String) })
    expect(await instance.exposed('medianest_api_probe_up{target="up"}')).toBe(0)
    for (const path of ['/health/live', '/health/ready', '/api/v1/performance/health']) expect((await instance.get(path)).status, path).toBe(200)
    // The breaker of those that failed before is open; of those that fail from now on it will be.
    expect((await instance.source('postgres:wrong')).problem).toMatch(/left alone/)

    chmodSync(front.logPath, 0o644)
    const again = await startRedis([], undefined, redis.port)
    await Promise.all([app.restart(), front.restart(), database.start()])
    redis = again
    await redis.ask('SET', 'known', '1')
    await until('it is all there again', async () => {
      const all = await application()
      return all.api && all.database && all.cache && (await instance.exposed('medianest_api_probe_up{target="up"}')) === 1
    }, 20_000)
    await pause(1_000)
    expect(instance.open() - open).toBeLessThanOrEqual(4)
    // A line when it fails, one when it answers again, one when it is left alone.
    expect(instance.log().split('\n').length - said).toBeLessThan(35)
  }, 60_000)

  it('delays nothing when Redis and PostgreSQL hang, and says so', async () => {
    const stopped = [redis.pid, ...backendsOf(database)]
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    try {
      await until('both are missed', async () => (await health('redis')) !== 'healthy' && (await health('postgres')) !== 'healthy')
      const before = (await instance.source('prometheus')).collections
      for (const path of ['/api/v1/performance/application', '/api/v1/performance/metrics', '/health/live', '/metrics']) expect((await instance.get(path)).status, path).toBe(200)
      await until('the others go on', async () => (await instance.source('prometheus')).collections >= before + 2)
      expect(await instance.source('redis')).toMatchObject({ problem: expect.stringMatching(/within|answer/), hint: expect.any(String) })
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT')
    }
    await until('both answer again', async () => (await health('redis')) === 'healthy' && (await health('postgres')) === 'healthy', 20_000)
  }, 60_000)
})

/** The server's process and those it has for its sessions. */
function backendsOf({ data }: PostgresServer): number[] {
  const main = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  return [main, ...readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ').map(Number)]
}
