import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPrometheus } from '../output/exposition.ts'
import { freePort, redisServer, startRedis, type RedisServer } from '../services/redis-server.ts'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')
const SECRET = 'horse-battery-31'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

function run(configuration: object | null, ...flags: readonly string[]): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-application-'))
  if (configuration !== null) writeFileSync(join(folder, 'medianest-perf.yaml'), JSON.stringify(configuration, undefined, 1))
  writeFileSync(join(folder, 'password'), `${SECRET}\n`)
  return new Promise((done) => {
    execFile(process.execPath, [BIN, 'metrics', '--application', ...flags], { cwd: folder, timeout: 20_000, env: { PATH: process.env['PATH'], HOME: folder } }, (error, out, err) => {
      rmSync(folder, { recursive: true })
      expect(out + err).not.toContain(SECRET)
      done({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })
}

describe.skipIf(redisServer === undefined)('metrics --application of the built program (needs redis-server)', () => {
  let server: RedisServer
  let queue: Queue
  let sources: readonly object[]
  beforeAll(async () => {
    server = await startRedis(['--maxmemory', '64mb'])
    await server.ask('ACL', 'SETUSER', 'look', 'on', `>${SECRET}`, '%R~bull:*', '+@read', '+info')
    queue = new Queue('films', { connection: { host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null } })
    await Promise.all([1, 2, 3].map(() => queue.add('import', {})))
    await queue.add('later', {}, { delay: 600_000 })
    const login = { host: '127.0.0.1', port: server.port, user: 'look', password: { file: 'password' } }
    sources = [{ type: 'redis', ...login }, { type: 'queues', ...login }]
  })
  afterAll(async () => {
    await queue.close()
    await server.stop()
  })

  test('tells cache and jobs of the configured sources in the documented shape, and leaves no connection behind', async () => {
    const clients = async (): Promise<number> => String(await server.ask('CLIENT', 'LIST')).split('\n').filter((line) => line.includes('user=look')).length
    const { code, out, err } = await run({ collect: { sources } }, '--format', 'json', '--interval', '200ms')
    expect([code, err]).toEqual([0, ''])
    const { verdict, data, meta, findings } = JSON.parse(out) as { verdict: string; data: Record<string, { redis?: object; queues?: readonly object[] } | null>; meta: object; findings: readonly object[] }
    expect({ verdict, findings }).toEqual({ verdict: 'ok', findings: [] })
    expect(data).toMatchObject({
      api: null, database: null,
      cache: { redis: { evictionRate: 0, memoryLimitBytes: 64 * 2 ** 20, connectionCount: expect.any(Number), memoryUsage: expect.stringMatching(/B$/), operationsPerSecond: expect.any(Number) } },
      jobs: { queues: [{ name: 'films', active: 0, waiting: 3, delayed: 1, completed: 0, failed: 0, avgProcessingTime: null }] },
    })
    expect(meta).toMatchObject({ timeRange: null, dataPoints: 1 })
    expect(await clients()).toBe(0)
  })

  test('is a page for people and families for Prometheus', async () => {
    const people = await run({ collect: { sources } }, '--format', 'human', '--interval', '200ms')
    expect(people.code).toBe(0)
    for (const word of ['Cache', 'Job queues', 'films', 'delayed', '67.1 MB']) expect(people.out).toContain(word)
    const { out } = await run({ collect: { sources } }, '--format', 'prometheus', '--interval', '200ms')
    expect(readPrometheus(out).get('medianest_jobs_waiting')?.samples).toMatchObject([{ value: 3 }])
  })

  test('has tables for what is asked for its own sake and for what people count themselves', async () => {
    const port = await freePort()
    const { out } = await run({ collect: { sources: [{ type: 'synthetic', name: 'front page', url: `http://127.0.0.1:${port}/` }, { type: 'redis', port: server.port }, { type: 'business', backlog: { redis: ['LLEN', 'bull:films:wait'] } }] } }, '--format', 'human', '--interval', '200ms')
    expect(out).toMatch(/Synthetic requests[\s\S]*front page\s+failed/)
    expect(out).toMatch(/Business[\s\S]*backlog[\s\S]*3/)
  })

  test('shows the others where one source fails, which is unknown and said with its reason', async () => {
    const port = await freePort()
    const { code, out } = await run({ collect: { sources: [...sources, { type: 'redis', name: 'gone', host: '127.0.0.1', port }] } }, '--format', 'json', '--interval', '200ms')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      verdict: 'unknown', data: { jobs: { queues: [{ name: 'films' }] }, cache: { redis: { memoryLimitBytes: 64 * 2 ** 20 } } },
      findings: [{ verdict: 'unknown', title: `redis:gone told nothing: 127.0.0.1:${port} refuses connections: nothing listens there`, hint: expect.stringContaining('start it') }],
    })
  })

  test('asks only the sources of the parts that are wanted, and names what is wanted and not told', async () => {
    const port = await freePort()
    const gone = { type: 'redis', name: 'gone', host: '127.0.0.1', port }
    expect(await run({ collect: { sources: [...sources, gone] } }, '--component', 'jobs', '--interval', '200ms')).toMatchObject({ code: 0 })
    const both = await run({ collect: { sources: [gone] } }, '--component', 'cache,database', '--format', 'json')
    expect(both.code).toBe(2)
    expect((JSON.parse(both.out) as { findings: readonly { id: string }[] }).findings.map(({ id }) => id)).toEqual(['source:cache:redis:gone', 'application:database'])
  })

  test('refuses what cannot be answered here, and a configuration that cannot work, where it stands', async () => {
    expect(await run({ collect: { sources } }, '--time-range', '6h')).toMatchObject({ code: 64, err: expect.stringContaining('--time-range asks for what an instance has recorded') })
    const twice = await run({ collect: { sources: [{ type: 'redis' }, { type: 'redis' }] } })
    expect(twice).toMatchObject({ code: 65, err: expect.stringMatching(/two sources of type redis without a name; the first is at .*medianest-perf\.yaml:4:4[\s\S]*medianest-perf\.yaml:7:4/) })
    expect(await run(null, '--format', 'json')).toMatchObject({ code: 2, out: expect.stringContaining('no application is measured here') })
  })
})
