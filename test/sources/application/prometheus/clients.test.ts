import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { collectDefaultMetrics, Counter, Registry, type PrometheusContentType } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import type { SourceConfigOf } from '../../../../src/collect-schema/schema.ts'
import type { Collected } from '../../../../src/model/source.ts'
import { openSource } from '../../../../src/sources/application/prometheus.ts'
import { exposing, fakeWorld, TERMS, valueIn } from '../exposing.ts'

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

/** What the source says of two looks that are ten seconds apart. */
async function between(before: string, after: string, config: Partial<SourceConfigOf<'prometheus'>> = {}, type?: string): Promise<Collected> {
  const { print, collect, world, close } = await exposing(config)
  endings.push(close)
  print(before, type)
  await collect()
  print(after, type)
  world.pass(10_000)
  return collect()
}

/** The same lines with every count so many times as large. */
const times = (text: string, factor: number): string => text.replaceAll(/^([^#\n].*) ([\d.]+)$/gm, (_, series: string, value: string) => `${series} ${Number(value) * factor}`)

const rows = ({ traffic = [] }: Collected): unknown[] => traffic.map(({ method, route, statuses }) => [method, route, [...statuses]])
const api = (collected: Collected): Record<string, number | undefined> => ({
  rate: valueIn(collected, 'api.request_rate'), errors: valueIn(collected, 'api.errors'), avg: valueIn(collected, 'api.duration.avg'), p50: valueIn(collected, 'api.duration.p50'), p95: valueIn(collected, 'api.duration.p95'),
})

describe('the metrics of usual clients are known without configuration:', () => {
  it('express-prom-bundle, whose route is a path', async () => {
    const text = `# HELP http_request_duration_seconds duration histogram of http responses labeled with: status_code, method, path
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.003",status_code="200",method="GET",path="/"} 10
http_request_duration_seconds_bucket{le="0.03",status_code="200",method="GET",path="/"} 10
http_request_duration_seconds_bucket{le="+Inf",status_code="200",method="GET",path="/"} 10
http_request_duration_seconds_sum{status_code="200",method="GET",path="/"} 0.02
http_request_duration_seconds_count{status_code="200",method="GET",path="/"} 10
`
    const collected = await between(text, times(text, 2))
    expect(rows(collected)).toEqual([['GET', '/', [[200, 10]]]])
    expect(api(collected)).toEqual({ rate: 1, errors: 0, avg: 2, p50: 1.5, p95: 2.85 })
  })

  it('fastify-metrics, which prints a histogram and a summary of the same requests', async () => {
    const text = `# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.1",method="GET",route="/users/:id",status_code="200"} 8
http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/users/:id",status_code="200"} 8
http_request_duration_seconds_sum{method="GET",route="/users/:id",status_code="200"} 0.4
http_request_duration_seconds_count{method="GET",route="/users/:id",status_code="200"} 8
# TYPE http_request_summary_seconds summary
http_request_summary_seconds{quantile="0.5",method="GET",route="/users/:id",status_code="200"} 9
http_request_summary_seconds_sum{method="GET",route="/users/:id",status_code="200"} 0.4
http_request_summary_seconds_count{method="GET",route="/users/:id",status_code="200"} 8
`
    const collected = await between(text, times(text, 2))
    expect(rows(collected)).toEqual([['GET', '/users/:id', [[200, 8]]]])
    expect(api(collected)).toEqual({ rate: 0.8, errors: 0, avg: 50, p50: 50, p95: 95 })
  })

  it.each(['medianest_', 'spheroseg_', 'flask_', ''])('%shttp_requests_total beside the duration', async (prefix) => {
    const text = `# TYPE ${prefix}http_requests_total counter
${prefix}http_requests_total{method="GET",route="/a",status_code="200"} 30
${prefix}http_requests_total{method="GET",route="/a",status_code="500"} 10
# TYPE ${prefix}http_request_duration_seconds histogram
${prefix}http_request_duration_seconds_bucket{method="GET",route="/a",le="0.5"} 40
${prefix}http_request_duration_seconds_bucket{method="GET",route="/a",le="+Inf"} 40
${prefix}http_request_duration_seconds_sum{method="GET",route="/a"} 8
${prefix}http_request_duration_seconds_count{method="GET",route="/a"} 40
`
    const collected = await between(text, times(text, 2))
    expect(rows(collected)).toEqual([['GET', '/a', [[200, 30], [500, 10]]]])
    expect(api(collected)).toEqual({ rate: 4, errors: 0.25, avg: 200, p50: 250, p95: 475 })
    expect(collected.endpoints).toEqual([{ method: 'GET', path: '/a', count: 40, avgMs: 200, errors: 0.25 }])
  })

  it('Micrometer, whose times are a summary without quantiles and a gauge of the longest', async () => {
    const text = `# TYPE http_server_requests_seconds summary
http_server_requests_seconds_count{error="none",exception="none",method="GET",outcome="SUCCESS",status="200",uri="/api/{id}"} 20.0
http_server_requests_seconds_sum{error="none",exception="none",method="GET",outcome="SUCCESS",status="200",uri="/api/{id}"} 4.0
http_server_requests_seconds_count{error="none",exception="none",method="GET",outcome="CLIENT_ERROR",status="404",uri="/**"} 5.0
http_server_requests_seconds_sum{error="none",exception="none",method="GET",outcome="CLIENT_ERROR",status="404",uri="/**"} 1.0
# TYPE http_server_requests_seconds_max gauge
http_server_requests_seconds_max{error="none",exception="none",method="GET",outcome="SUCCESS",status="200",uri="/api/{id}"} 0.9
# TYPE http_server_requests_active_seconds summary
http_server_requests_active_seconds_count{uri="UNKNOWN"} 1
# TYPE jvm_memory_used_bytes gauge
jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1000.0
jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 500.0
jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 7000.0
process_uptime_seconds 12.5
`
    const collected = await between(text, times(text, 2))
    expect(rows(collected)).toEqual([['GET', '/api/{id}', [[200, 20]]], ['GET', '/**', [[404, 5]]]])
    expect(api(collected)).toEqual({ rate: 2.5, errors: 0.2, avg: 200, p50: undefined, p95: undefined })
    expect([valueIn(collected, 'heap.used'), valueIn(collected, 'instance.uptime')]).toEqual([3_000, 25_000])
  })

  it('the instrumentator of FastAPI: statuses by class, and finer times without routes', async () => {
    const text = `http_requests_total{handler="/items/{id}",method="GET",status="2xx"} 15.0
http_requests_total{handler="/items/{id}",method="GET",status="5xx"} 5.0
http_request_duration_seconds_bucket{handler="/items/{id}",le="0.1",method="GET"} 0.0
http_request_duration_seconds_bucket{handler="/items/{id}",le="1.0",method="GET"} 20.0
http_request_duration_seconds_bucket{handler="/items/{id}",le="+Inf",method="GET"} 20.0
http_request_duration_seconds_count{handler="/items/{id}",method="GET"} 20.0
http_request_duration_seconds_sum{handler="/items/{id}",method="GET"} 4.0
http_request_duration_highr_seconds_bucket{le="0.1"} 0.0
http_request_duration_highr_seconds_bucket{le="0.2"} 20.0
http_request_duration_highr_seconds_bucket{le="+Inf"} 20.0
http_request_duration_highr_seconds_count 20.0
http_request_duration_highr_seconds_sum 4.0
`
    const collected = await between(text, times(text, 2))
    expect(rows(collected)).toEqual([['GET', '/items/{id}', [[200, 15], [500, 5]]]])
    expect(api(collected)).toEqual({ rate: 2, errors: 0.25, avg: 200, p50: expect.closeTo(150, 9), p95: expect.closeTo(195, 9) })
  })

  it('OpenTelemetry, in OpenMetrics with exemplars', async () => {
    const text = `# TYPE http_server_request_duration_seconds histogram
# UNIT http_server_request_duration_seconds seconds
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="200",http_route="/a",le="0.1"} 10 # {trace_id="abc"} 0.04
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="200",http_route="/a",le="+Inf"} 10
http_server_request_duration_seconds_sum{http_request_method="GET",http_response_status_code="200",http_route="/a"} 0.5
http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200",http_route="/a"} 10
# TYPE http_client_request_duration_seconds histogram
http_client_request_duration_seconds_count{http_route="/elsewhere"} 1000
# EOF
`
    const more = times(text.replace(/ # .*/, ''), 2)
    const collected = await between(text, more, {}, 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(rows(collected)).toEqual([['GET', '/a', [[200, 10]]]])
    expect(api(collected)).toMatchObject({ rate: 1, avg: 50, p50: 50 })
  })

  it.each([['http_request_duration_ms', ''], ['http_request_duration_milliseconds', ''], ['http_request_duration', '# HELP http_request_duration Duration of requests in ms\n']])('%s, which counts milliseconds', async (name, help) => {
    const text = `${help}${name}_bucket{method="GET",route="/a",code="200",le="100"} 10\n${name}_bucket{method="GET",route="/a",code="200",le="+Inf"} 10\n${name}_sum{method="GET",route="/a",code="200"} 300\n${name}_count{method="GET",route="/a",code="200"} 10\n`
    const collected = await between(text, times(text, 2))
    expect(api(collected)).toEqual({ rate: 1, errors: 0, avg: expect.closeTo(30, 9), p50: 50, p95: 95 })
    expect(collected.traffic?.[0]?.buckets?.at(4)).toBe(10)
  })

  it('Go, where the handler of the metrics counts itself, which is no traffic', async () => {
    const text = `# TYPE go_memstats_heap_alloc_bytes gauge
go_memstats_heap_alloc_bytes 2.5e+06
# TYPE promhttp_metric_handler_requests_total counter
promhttp_metric_handler_requests_total{code="200"} 4
`
    const collected = await between(text, text.replace('"} 4', '"} 40'))
    expect([collected.traffic, valueIn(collected, 'api.request_rate'), valueIn(collected, 'heap.used')]).toEqual([undefined, undefined, 2.5e6])
  })

  it('pools, caches, queues and connections', async () => {
    const text = `medianest_database_connections_active 3
medianest_database_connections_idle 7
hikaricp_connections_max{pool="main"} 10
db_pool_waiting 2
db_query_duration_seconds_count{operation="select"} 100
db_query_duration_seconds_sum{operation="select"} 2
medianest_cache_hits_total{cache="media"} 90
medianest_cache_misses_total{cache="media"} 10
bullmq_job_count{queue="mail",state="waiting"} 4
bullmq_job_count{queue="mail",state="failed"} 1
bullmq_job_count{queue="images",state="waiting"} 6
active_connections 12
`
    const after = text.replace('} 100', '} 150').replace('} 2\n', '} 7\n').replace('} 90', '} 120').replace('} 10\nbull', '} 20\nbull')
    const { samples } = await between(text, after)
    expect(Object.fromEntries([...samples].map(([metric, series]) => [metric, Object.fromEntries(series)]))).toEqual({
      'db.pool.active': { '': 3 }, 'db.pool.idle': { '': 7 }, 'db.pool.size': { '': 10 }, 'db.pool.waiting': { '': 2 }, 'db.query.avg': { '': 100 }, 'cache.hit_rate': { '': 0.75 },
      'jobs.waiting': { mail: 4, images: 6 }, 'jobs.failed': { mail: 1 }, 'api.connections': { '': 12 },
    })
  })

  it('prom-client itself, with its own process, in both formats', async () => {
    for (const type of [Registry.PROMETHEUS_CONTENT_TYPE, Registry.OPENMETRICS_CONTENT_TYPE]) {
      const registry = new Registry()
      registry.setContentType(type as PrometheusContentType) // its types know one of the two
      collectDefaultMetrics({ register: registry, prefix: 'medianest_' })
      const requests = new Counter({ name: 'http_requests_total', help: 'Requests "so far"\nof all', labelNames: ['route', 'status'], registers: [registry] })
      requests.inc({ route: '/a\\b"c\n', status: 200 })
      const first = await registry.metrics()
      requests.inc({ route: '/a\\b"c\n', status: 200 }, 10)
      const collected = await between(first, await registry.metrics(), {}, type)
      expect(rows(collected)).toEqual([['', '/a\\b"c ', [[200, 10]]]])
      expect(valueIn(collected, 'instance.memory')).toBeGreaterThan(1e6)
      expect(valueIn(collected, 'heap.used')).toBeGreaterThan(1e6)
      expect(valueIn(collected, 'heap.total')).toBeGreaterThanOrEqual(valueIn(collected, 'heap.used') ?? Infinity)
      expect(valueIn(collected, 'instance.cpu.time')).toBeGreaterThanOrEqual(0)
      expect(valueIn(collected, 'instance.cpu')).toBeGreaterThanOrEqual(0)
    }
  })

  it('names that are given, of families and of labels', async () => {
    const text = 'shop_hits{verb="get",page="/a",result="200"} 10\nshop_took_ms_count{page="/a"} 10\nshop_took_ms_sum{page="/a"} 500\nsockets 4\nhttp_requests_total{status="500"} 7\n'
    const collected = await between(text, times(text, 2), { families: { requests: 'shop_hits', duration: 'shop_took_ms', connections: 'sockets' }, labels: { method: 'verb', route: 'page', status: 'result' } })
    expect(rows(collected)).toEqual([['GET', '/a', [[200, 10]]], ['', '/a', []]])
    expect([api(collected), valueIn(collected, 'api.connections')]).toEqual([{ rate: 1, errors: 0, avg: 50, p50: undefined, p95: undefined }, 8])
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((open) => server.once('listening', open))
  const { port } = server.address() as AddressInfo // a TCP server's address is one
  await new Promise((done) => server.close(done))
  return port
}

describe.skipIf(!existsSync('/usr/bin/prometheus'))('Prometheus itself (needs Debian\'s prometheus)', () => {
  it('is an application like others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'prometheus-'))
    await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n')
    const port = await freePort()
    const child = execFile('/usr/bin/prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`])
    endings.push(async () => {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    })
    const at = `http://127.0.0.1:${port}`
    for (let turn = 0; turn < 100 && !(await fetch(`${at}/-/ready`).then(({ ok }) => ok, () => false)); turn++) await wait(100)
    const world = fakeWorld({ wallTime: () => new Date() })
    const source = openSource({ type: 'prometheus', url: `${at}/metrics` }, TERMS, world)
    await source.collect(AbortSignal.timeout(5_000))
    for (let turn = 0; turn < 10; turn++) await fetch(`${at}/api/v1/query?query=up`).then((answer) => answer.text())
    for (let turn = 0; turn < 5; turn++) await fetch(`${at}/api/v1/query?query=(`).then((answer) => answer.text())
    world.pass(10_000)
    const collected = await source.collect(AbortSignal.timeout(5_000))
    expect(api(collected)).toMatchObject({ rate: 1.5, errors: expect.closeTo(1 / 3, 9) })
    expect(collected.endpoints?.map(({ path, count }) => [path, count])).toEqual([['/api/v1/query', 15]])
    expect(valueIn(collected, 'instance.uptime')).toBeLessThan(60_000)
    expect(valueIn(collected, 'heap.used')).toBeGreaterThan(1e6)
  })
})
