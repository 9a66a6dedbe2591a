import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SourceConfig, SourceConfigOf } from '../../../src/collect-schema/schema.ts'
import type { Collected, Source } from '../../../src/model/source.ts'
import { openSource } from '../../../src/sources/application/business.ts'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from '../../services/postgres-server.ts'
import { freePort, redisServer, startFake, startRedis, type RedisServer } from '../../services/redis-server.ts'
import { sourceWorld, TERMS, valueIn } from './source-world.ts'

const opened: Source[] = []
type Questions = Omit<SourceConfigOf<'business'>, 'type'>

function open(questions: Questions, sources: readonly SourceConfig[] = [], env: Readonly<Record<string, string>> = {}): Source {
  const source = openSource({ type: 'business', ...questions }, TERMS, sourceWorld({ env }, sources))
  opened.push(source)
  return source
}
const collect = (source: Source, ms = 5_000): Promise<Collected> => source.collect(AbortSignal.timeout(ms))
afterEach(async () => {
  for (const source of opened.splice(0)) await source.close()
})

describe('a business source', () => {
  const redis = { type: 'redis' } as const
  it.each<readonly [string, Questions, readonly SourceConfig[], string]>([
    ['nothing', {}, [], 'asks for nothing'],
    ['SQL without a PostgreSQL', { backlog: { sql: 'SELECT 1' } }, [redis], 'backlog is to be asked through a source of type postgres, and there is none'],
    ['a source that is not there', { backlog: { sql: 'SELECT 1', source: 'main' } }, [{ type: 'postgres', name: 'other' }], 'the source "main"'],
    ['any of two sources', { activeUsers: { redis: ['DBSIZE'] } }, [{ ...redis, name: 'a' }, { ...redis, name: 'b' }], 'does not say through which source'],
    ['a writing command', { backlog: { redis: ['flushall'] } }, [redis], 'would ask Redis FLUSHALL'],
    ['a script', { backlog: { redis: ['EVAL', 'return 1', 0] } }, [redis], 'would ask Redis EVAL'],
    ['all keys there are', { backlog: { redis: ['KEYS', '*'] } }, [redis], 'would ask Redis KEYS'],
  ])('that asks %s is refused before anything is opened', (_what, questions, sources, message) => {
    expect(() => open(questions, sources)).toThrow(expect.objectContaining({ message: expect.stringContaining(message), hint: expect.any(String) }) as Error)
  })

  it('does not repeat the password of an address', () => {
    expect(() => open({ backlog: { promql: 'up', url: 'http://me:hunter2@prom:9090' } })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2'), hint: expect.stringContaining('token') }) as Error)
  })
})

describe('questions to a server with Prometheus\' API', () => {
  let server: Server
  let url: string
  let asked: IncomingMessage | undefined
  let answer: { readonly status?: number; readonly body: unknown } = { body: '' }
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = request
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', location: '/elsewhere' }).end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}` // it listens on a port
  })
  afterAll(() => new Promise((closed) => server.close(closed)))
  const vector = (...values: readonly string[]): unknown => ({ status: 'success', data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1_700_000_000.5, value] })) } })
  const told = (body: unknown, status?: number): Promise<Collected> => {
    answer = status === undefined ? { body } : { status, body }
    return collect(open({ userErrors: { promql: 'sum(rate(errors[5m])) / sum(rate(all[5m]))', url: `${url}/prometheus/`, token: { env: 'PROM_TOKEN' } } }, [], { PROM_TOKEN: 'hush' }))
  }

  it('ask with the token, and take the one value', async () => {
    expect(valueIn(await told(vector('0.25')), 'business.user_errors')).toBe(0.25)
    expect([asked?.headers.authorization, new URL(asked?.url ?? '', url).pathname, new URL(asked?.url ?? '', url).searchParams.get('query')]).toEqual(['Bearer hush', '/prometheus/api/v1/query', 'sum(rate(errors[5m])) / sum(rate(all[5m]))'])
    expect(valueIn(await told({ status: 'success', data: { resultType: 'scalar', result: [1, '0.5'] } }), 'business.user_errors')).toBe(0.5)
  })

  it('take NaN for nothing: no requests, no share of them', async () => {
    const collected = await told(vector('NaN'))
    expect([collected.samples.size, collected.problems]).toEqual([0, []])
  })

  it.each<readonly [string, unknown, number | undefined, RegExp]>([
    ['no series', vector(), undefined, /^userErrors: its PromQL yields no series.*vector\(0\)/],
    ['two series', vector('0.1', '0.2'), undefined, /yields 2 series/],
    ['a percentage', vector('25'), undefined, /the answer 25 is not a share from 0 to 1; .*percentage by 100/],
    ['less than nothing', vector('-0.1'), undefined, /-0.1 is not a share/],
    ['a division by zero', vector('+Inf'), undefined, /Infinity is not a share/],
    ['a matrix', { status: 'success', data: { resultType: 'matrix', result: [] } }, undefined, /yields a matrix/],
    ['a mistake', { status: 'error', errorType: 'bad_data', error: 'parse error: unexpected \u001b[31m"}"' }, 400, /refuses the question: parse error: unexpected \ufffd\[31m/],
    ['that we may not ask', 'Unauthorized', 401, /answers 401.*give a `token` that may ask/],
    ['that it is elsewhere', '', 302, /answers 302.*not followed/],
    ['a page', '<html>', 200, /answers 200, and not as Prometheus/],
    ['half an answer', '{"status":"success","data":{"resultType":"vector"', 200, /not as Prometheus/],
  ])('say so when the answer is %s, without the token', async (_what, body, status, message) => {
    const error = await told(body, status).then(() => null, (reason: unknown) => reason as Error)
    expect(error).toMatchObject({ code: 'BUSINESS_FAILED', message: expect.stringMatching(message) })
    expect(error?.message).not.toContain('hush')
  })

  it('end with their signal when nothing is answered, and leave nothing open; what others told is kept', async () => {
    answer = { body: vector('7') }
    const silent = await startFake(() => undefined)
    const began = performance.now()
    const collected = await collect(open({ backlog: { promql: 'up', url: `http://127.0.0.1:${silent.port}` }, activeUsers: { promql: 'up', url } }), 400)
    expect(performance.now() - began).toBeLessThan(4_000)
    expect([valueIn(collected, 'business.active_users'), collected.problems]).toEqual([7, [expect.stringMatching(/^backlog: 127\.0\.0\.1:\d+ accepted the connection/)]])
    await expect.poll(() => silent.open()).toBe(0)
    await silent.stop()
  })
})

describe.skipIf(POSTGRES_BIN === undefined)('questions to PostgreSQL (needs PostgreSQL\'s binaries)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await (await PostgresServer.create()).start()
    await server.sql('CREATE TABLE jobs (id int, state text, ms int); INSERT INTO jobs SELECT i, CASE WHEN i <= 5 THEN $$failed$$ ELSE $$done$$ END, i FROM generate_series(1, 20) i')
  }, 30_000)
  afterAll(async () => {
    await server.stop()
    removePostgresFolders()
  })
  const main = (): SourceConfig => ({ type: 'postgres', name: 'main', host: '127.0.0.1', port: server.port, user: 'postgres', password: PASSWORD, database: 'postgres' })
  const ask = (questions: Questions): Promise<Collected> => collect(open(questions, [main()]))

  it('are answered with one number each', async () => {
    const collected = await ask({
      processingFailures: { sql: "SELECT avg((state = 'failed')::int) FROM jobs;", source: 'main' }, processingTime: { sql: 'SELECT avg(ms) FROM jobs' },
      backlog: { sql: "SELECT count(*) FROM jobs WHERE state = 'waiting'" }, activeUsers: { sql: 'SELECT avg(ms) FROM jobs WHERE false' },
    })
    expect(Object.fromEntries([...collected.samples].map(([metric, series]) => [metric, series.get('')]))).toEqual({ 'business.processing_failures': 0.25, 'business.processing_time': 10.5, 'business.backlog': 0 })
    expect(collected.problems).toEqual([])
  })

  it('that fail are told by name, and do not take the others away', async () => {
    const collected = await ask({ processingTime: { sql: 'SELECT ms FROM jobs' }, activeUsers: { sql: 'SELECT count(*) FROM no_such_table' }, userErrors: { sql: "SELECT 'plenty'" }, backlog: { sql: 'SELECT 12' } })
    expect(valueIn(collected, 'business.backlog')).toBe(12)
    expect(collected.problems).toEqual([expect.stringMatching(/^activeUsers: relation "no_such_table" does not exist/), expect.stringMatching(/^processingTime: its SQL yields 20 rows of 1 column;/), expect.stringMatching(/^userErrors: the answer "plenty" is no number;/)])
  })

  it('cannot write, nor be two', async () => {
    const collected = await ask({ backlog: { sql: 'DELETE FROM jobs RETURNING 1' }, activeUsers: { sql: 'SELECT 1; DROP TABLE jobs' }, userErrors: { sql: 'COMMIT' }, processingTime: { sql: 'SELECT 1' } })
    expect(collected.problems).toEqual([expect.stringContaining('cannot insert multiple commands'), 'backlog: its SQL would write, and may only read', expect.stringContaining('0 rows')])
    expect(await server.sql('SELECT count(*) FROM jobs')).toBe('20')
  })

  it('are ended on the server too when they take too long, and leave no session behind', async () => {
    const collected = await ask({ timeout: '300ms', backlog: { sql: 'SELECT pg_sleep(30)' }, activeUsers: { sql: 'SELECT 3' } })
    expect([valueIn(collected, 'business.active_users'), collected.problems]).toEqual([3, [expect.stringMatching(/^backlog: it took longer than the time there is/)]])
    await expect.poll(() => server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'medianest-perf'")).toBe('0')
  })

  it('give the reason when none is answered', async () => {
    await expect(ask({ backlog: { sql: 'SELEC 1' } })).rejects.toMatchObject({ code: 'BUSINESS_FAILED', message: expect.stringMatching(/^backlog: syntax error/) })
  })
})

describe.skipIf(redisServer === undefined)('questions to Redis (needs redis-server)', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis(['--requirepass', 'hush-hush'])
  })
  afterAll(() => server.stop())

  it('are answered with numbers and lengths from the database of the source they go through', async () => {
    const sources: readonly SourceConfig[] = [{ type: 'redis', name: 'cache', host: '127.0.0.1', port: server.port, password: 'hush-hush', database: 3 }, { type: 'queues', host: '127.0.0.1', port: 1 }]
    const { connectRedis } = await import('../../../src/services/redis.ts')
    const writer = await connectRedis({ host: '127.0.0.1', port: server.port, isTls: false }, AbortSignal.timeout(5_000))
    for (const [command = '', ...words] of ['AUTH hush-hush', 'SELECT 3', 'RPUSH queue a b c', 'SET failed-share 0.125', 'SADD online ann bob', 'SET word many'].map((line) => line.split(' '))) await writer.ask(command, ...words)
    writer.close()
    const source = open({ backlog: { redis: ['llen', 'queue'] }, processingFailures: { redis: ['GET', 'failed-share'], source: 'cache' }, activeUsers: { redis: ['SMEMBERS', 'online'] }, processingTime: { redis: ['GET', 'not-there'] }, userErrors: { redis: ['GET', 'word'] } }, sources)
    for (let look = 0; look < 2; look++) {
      const collected = await collect(source)
      expect(Object.fromEntries([...collected.samples].map(([metric, series]) => [metric, series.get('')]))).toEqual({ 'business.backlog': 3, 'business.processing_failures': 0.125, 'business.active_users': 2 })
      expect(collected.problems).toEqual([expect.stringMatching(/^userErrors: the answer "many" is no number/)])
    }
    expect((await collect(open({ backlog: { redis: ['DBSIZE'] }, activeUsers: { redis: ['LLEN', 'word'] } }, sources))).problems).toEqual([expect.stringMatching(/^activeUsers: .*WRONGTYPE/)])
  })
})

const PROMETHEUS = ['/usr/bin/prometheus', '/usr/local/bin/prometheus'].find((path) => existsSync(path))

describe.skipIf(PROMETHEUS === undefined)('questions to a real Prometheus (needs prometheus)', () => {
  let child: ChildProcess
  let folder: string
  let url: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mnp-prom-'))
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    writeFileSync(join(folder, 'prometheus.yml'), 'global: {scrape_interval: 1h}\nscrape_configs: []\n')
    child = spawn(PROMETHEUS ?? '', ['--config.file', join(folder, 'prometheus.yml'), '--storage.tsdb.path', join(folder, 'data'), '--web.listen-address', `127.0.0.1:${port}`], { stdio: 'ignore' })
    for (let turn = 0; turn < 150 && !(await fetch(`${url}/-/ready`).then(({ ok }) => ok, () => false)); turn++) await new Promise((wait) => setTimeout(wait, 100))
  }, 20_000)
  afterAll(async () => {
    const gone = new Promise((ended) => child.once('exit', ended))
    child.kill('SIGKILL')
    await gone
    rmSync(folder, { recursive: true, force: true })
  })

  it('are answered, refused and empty as it does it', async () => {
    const collected = await collect(open({ backlog: { promql: 'vector(41) + 1', url }, processingTime: { promql: '12.5', url }, activeUsers: { promql: 'no_such_metric', url }, userErrors: { promql: 'sum(', url }, processingFailures: { promql: 'vector(0) / 0', url } }))
    expect([valueIn(collected, 'business.backlog'), valueIn(collected, 'business.processing_time'), valueIn(collected, 'business.processing_failures')]).toEqual([42, 12.5, undefined])
    expect(collected.problems).toEqual([expect.stringMatching(/^activeUsers: its PromQL yields no series/), expect.stringMatching(/^userErrors: 127\.0\.0\.1:\d+ refuses the question: .*parse error/)])
  })
})
