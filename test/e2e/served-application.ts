import { Queue, Worker } from 'bullmq'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectRedis } from '../../src/services/redis.ts'
import { openPostgres } from '../../src/services/postgres.ts'
import { readPostgresTarget } from '../../src/services/postgres-target.ts'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from '../services/postgres-server.ts'
import { redisServer, startRedis } from '../services/redis-server.ts'

/** An application with all that belongs to it. */
export interface Application {
  readonly url: string
  /** The sources of a configuration that watches it. */
  readonly sources: readonly object[]
  readonly close: () => Promise<void>
}

const OFTEN = { interval: '1s', timeout: '5s' } as const
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 2.5]

/** Starts a small application with a Prometheus page and users of its own; with a database, a cache and a queue where their programs are installed. */
export async function startApplication(): Promise<Application> {
  const api = await startApi()
  const database = POSTGRES_BIN === undefined ? null : await startDatabase()
  const store = redisServer === undefined ? null : await startStore()
  return {
    url: api.url,
    sources: [{ type: 'prometheus', url: `${api.url}/metrics`, ...OFTEN }, ...(database?.sources ?? []), ...(store?.sources ?? [])],
    close: async () => void await Promise.all([api.close(), database?.close(), store?.close()]),
  }
}

interface Part {
  readonly sources: readonly object[]
  readonly close: () => Promise<unknown>
}

async function startApi(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const counted = new Map<string, { count: number; seconds: number; readonly buckets: number[] }>()
  const count = (route: string, status: number, seconds: number): void => {
    const key = `method="GET",route="${route}",status_code="${status}"`
    const known = counted.get(key) ?? { count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) }
    counted.set(key, known)
    known.count++
    known.seconds += seconds
    for (const [nth, limit] of BUCKETS.entries()) if (seconds <= limit) known.buckets[nth] = (known.buckets[nth] ?? 0) + 1
  }
  const page = (): string => {
    const lines = [...counted].flatMap(([labels, { count: all, seconds, buckets }]) => [
      ...buckets.map((value, nth) => `http_request_duration_seconds_bucket{${labels},le="${BUCKETS[nth]}"} ${value}`), `http_request_duration_seconds_bucket{${labels},le="+Inf"} ${all}`,
      `http_request_duration_seconds_sum{${labels}} ${seconds}`, `http_request_duration_seconds_count{${labels}} ${all}`,
    ])
    return `# TYPE http_request_duration_seconds histogram\n${lines.join('\n')}\n`
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://application')
    if (pathname === '/metrics') return void response.setHeader('content-type', 'text/plain; version=0.0.4').end(page())
    const began = performance.now()
    response.once('finish', () => count(pathname, response.statusCode, (performance.now() - began) / 1_000))
    response.writeHead(pathname.endsWith('/broken') ? 500 : 200, { 'content-type': 'application/json' }).end('{"results":[]}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // The system chose the port.
  const paths = ['/api/v1/media/search', '/api/v1/media', '/api/v1/broken']
  let nth = 0
  const users = setInterval(() => void fetch(`${url}${paths[nth++ % paths.length]}`).then((answer) => answer.text()).catch(() => undefined), 40)
  return {
    url,
    close: () => {
      clearInterval(users)
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
}

async function startDatabase(): Promise<Part> {
  const server = await (await PostgresServer.create(['autovacuum = off', "shared_preload_libraries = 'pg_stat_statements'"])).start()
  await server.sql('CREATE DATABASE app')
  await server.sql('CREATE EXTENSION pg_stat_statements; CREATE TABLE media (id int PRIMARY KEY, title text); INSERT INTO media SELECT i, md5(i::text) FROM generate_series(1, 1000) i', 'app')
  const target = { host: '127.0.0.1', port: server.port, database: 'app', user: 'postgres', password: PASSWORD }
  const session = await openPostgres(readPostgresTarget(target, {}), {}, AbortSignal.timeout(30_000))
  const users = setInterval(() => void session.ask('SELECT count(*) FROM media').catch(() => undefined), 100)
  return {
    sources: [{ type: 'postgres', ...target, poolSize: 20, ...OFTEN }],
    close: async () => {
      clearInterval(users)
      session.close()
      await server.stop()
      removePostgresFolders()
    },
  }
}

async function startStore(): Promise<Part> {
  const server = await startRedis()
  const connection = { host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null }
  const queue = new Queue('thumbnails', { connection })
  const worker = new Worker('thumbnails', async () => undefined, { connection })
  await Promise.all([1, 2, 3].map((film) => queue.add('make', { film })))
  await server.ask('SET', 'film', '1')
  const session = await connectRedis({ host: '127.0.0.1', port: server.port, isTls: false }, AbortSignal.timeout(60_000))
  // Many more than our own looks, of which the rate of hits says nothing.
  const users = setInterval(() => void session.askAll(Array.from({ length: 40 }, (_, nth) => ['GET', nth % 2 === 0 ? 'film' : 'nothing'] as const)).catch(() => undefined), 100)
  const login = { host: '127.0.0.1', port: server.port }
  return {
    sources: [{ type: 'redis', ...login, ...OFTEN }, { type: 'queues', ...login, ...OFTEN }],
    close: async () => {
      clearInterval(users)
      session.close()
      await Promise.all([queue.close(), worker.close()])
      await server.stop()
    },
  }
}
