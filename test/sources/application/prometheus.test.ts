import fc from 'fast-check'
import { Counter, Histogram, Registry, Summary } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import type { SourceConfigOf } from '../../../src/collect-schema/schema.ts'
import { UserError } from '../../../src/model/error.ts'
import type { Collected } from '../../../src/model/source.ts'
import { TIME_BUCKETS } from '../../../src/model/traffic.ts'
import { exposing, valueIn, type Exposing } from './exposing.ts'

const running: Exposing[] = []
afterEach(async () => void (await Promise.all(running.splice(0).map((each) => each.close()))))

async function open(config: Partial<SourceConfigOf<'prometheus'>> = {}): Promise<Exposing> {
  const opened = await exposing(config)
  running.push(opened)
  return opened
}

/** An application that is instrumented as prom-client's README shows. */
function application() {
  const registry = new Registry()
  const labelNames = ['method', 'route', 'status_code']
  const times = new Histogram({ name: 'http_request_duration_seconds', help: 'Times', labelNames, buckets: [0.1, 0.2, 0.5, 1], registers: [registry] })
  return { registry, answer: (seconds: number, status = 200, route = '/media/:id', method = 'GET') => times.observe({ method, route, status_code: status }, seconds) }
}

describe('the Prometheus endpoint of an application', () => {
  it('tells rates, times and errors of what was answered between two looks, exactly', async () => {
    const { print, collect, world } = await open()
    const { registry, answer } = application()
    for (let index = 0; index < 1_000; index++) answer(5)
    print(await registry.metrics())
    await collect()
    for (let index = 0; index < 60; index++) answer(0.05)
    for (let index = 0; index < 30; index++) answer(0.15, 304)
    for (let index = 0; index < 10; index++) answer(0.4, index < 4 ? 404 : 503)
    print(await registry.metrics())
    world.pass(20_000)
    const collected = await collect()
    expect(valueIn(collected, 'api.request_rate')).toBe(5)
    expect(valueIn(collected, 'api.errors')).toBe(0.1)
    expect(valueIn(collected, 'api.duration.avg')).toBeCloseTo((60 * 50 + 30 * 150 + 10 * 400) / 100, 6)
    // 60 up to 100 ms, 90 up to 200, 100 up to 500.
    expect(valueIn(collected, 'api.duration.p50')).toBeCloseTo((50 / 60) * 100, 6)
    expect(valueIn(collected, 'api.duration.p95')).toBeCloseTo(200 + 0.5 * 300, 6)
    expect(valueIn(collected, 'api.duration.p99')).toBeCloseTo(200 + 0.9 * 300, 6)
    expect(collected.endpoints).toEqual([{ method: 'GET', path: '/media/:id', count: 100, avgMs: expect.closeTo(115, 6), errors: 0.1 }])
  })

  it('tells no rate after one look, and none of a share where nothing was answered', async () => {
    const { print, collect, world } = await open()
    const { registry, answer } = application()
    answer(0.1)
    print(await registry.metrics())
    const first = await collect()
    expect([...first.samples.keys()].filter((metric) => metric.startsWith('api.'))).toEqual([])
    expect(first.endpoints).toBeUndefined()
    world.pass(10_000)
    const second = await collect()
    expect([...second.samples.keys()].filter((metric) => metric.startsWith('api.'))).toEqual(['api.request_rate'])
    expect(valueIn(second, 'api.request_rate')).toBe(0)
  })

  it('says nothing of families that are declared and have no line', async () => {
    const { print, collect, world } = await open()
    print(await application().registry.metrics())
    await collect()
    world.pass(10_000)
    const collected = await collect()
    expect([collected.samples.size, collected.traffic]).toEqual([0, []])
  })

  it('counts traffic from 0 on, by route, with times in our classes', async () => {
    const { print, collect, world } = await open()
    const { registry, answer } = application()
    answer(0.3)
    print(await registry.metrics())
    expect((await collect()).traffic).toEqual([{ method: 'GET', route: '/media/:id', statuses: new Map([[200, 0]]), buckets: TIME_BUCKETS.map(() => 0), seconds: 0 }])
    for (const seconds of [0.05, 0.15, 0.15, 2]) answer(seconds)
    answer(0.05, 201, '/upload', 'post')
    print(await registry.metrics())
    world.pass(10_000)
    const { traffic = [] } = await collect()
    expect(traffic.map(({ method, route, statuses }) => [method, route, [...statuses]])).toEqual([['GET', '/media/:id', [[200, 4]]], ['POST', '/upload', [[201, 1]]]])
    const at = (end: number): number | undefined => traffic[0]?.buckets?.[TIME_BUCKETS.indexOf(end)]
    // 0.15 lies in the middle of a class of two; what took longer than the application's last class is in none of ours.
    expect([at(0.1), at(0.15), at(0.2), at(1), at(10)]).toEqual([1, 2, 3, 3, 3])
    expect(traffic[0]?.seconds).toBeCloseTo(2.35, 9)
  })

  it('adds up over restarts of the application, and nothing goes back', async () => {
    const { print, collect, world } = await open()
    const totals: number[] = []
    const rates: (number | undefined)[] = []
    for (const answers of [[50], [70], [10], [40]]) {
      const { registry, answer } = application()
      for (let index = 0; index < (answers[0] ?? 0); index++) answer(0.1)
      print(await registry.metrics())
      const collected = await collect()
      totals.push(collected.traffic?.[0]?.statuses.get(200) ?? Number.NaN)
      rates.push(valueIn(collected, 'api.request_rate'))
      world.pass(10_000)
    }
    expect(totals).toEqual([0, 20, 30, 60])
    expect(rates).toEqual([undefined, 2, 1, 3])
  })

  it('knows a restart by when the process began, though it has answered more than the one before', async () => {
    const { print, collect, world } = await open()
    const show = (started: number, count: number): void => print(`process_start_time_seconds ${started}\n# TYPE http_requests_total counter\nhttp_requests_total{status="200"} ${count}\n`)
    const wall = world.wallTime().getTime() / 1_000
    show(wall - 500, 10)
    await collect()
    world.pass(10_000)
    show(wall + 5, 25)
    const collected = await collect()
    expect(valueIn(collected, 'api.request_rate')).toBe(2.5)
    expect(valueIn(collected, 'instance.uptime')).toBe(5_000)
  })

  it('says so when processes with counts of their own answer in turn, and counts none of it twice', async () => {
    const { print, collect, world } = await open()
    const wall = world.wallTime().getTime() / 1_000
    const outcomes: unknown[] = []
    for (const [started, count] of [[500, 100], [400, 90], [500, 110], [400, 95]] as const) {
      print(`process_start_time_seconds ${wall - started}\nhttp_requests_total{status="200"} ${count}\n`)
      outcomes.push(await collect().then(({ traffic }) => traffic?.[0]?.statuses.get(200), (error: unknown) => (error as { code: string }).code))
      world.pass(10_000)
    }
    expect(outcomes).toEqual([0, 0, 'PROCESSES_IN_TURN', 'PROCESSES_IN_TURN'])
  })

  it('takes a series that was reset alone for what it has counted since', async () => {
    const { print, collect, world } = await open()
    const lines = (one: number, other: number): string => `process_start_time_seconds 1\nhttp_requests_total{route="/a",status="200"} ${one}\nhttp_requests_total{route="/b",status="200"} ${other}\n`
    print(lines(100, 100))
    await collect()
    world.pass(10_000)
    print(lines(5, 110))
    expect(valueIn(await collect(), 'api.request_rate')).toBe(1.5)
  })

  it('keeps what a route had when it is left out once', async () => {
    const { print, collect, world } = await open()
    const other = 'http_requests_total{route="/b",status="200"} 1\n'
    for (const text of [`http_requests_total{route="/a",status="200"} 100\n${other}`, other, `http_requests_total{route="/a",status="200"} 130\n${other}`]) {
      print(text)
      world.pass(10_000)
      await collect()
    }
    const { traffic } = await collect()
    expect(traffic?.find(({ route }) => route === '/a')?.statuses.get(200)).toBe(30)
  })

  it('folds routes beyond two hundred into one, the busiest having their own', async () => {
    const { print, collect, world } = await open()
    const lines = (more: number): string => Array.from({ length: 1_000 }, (_, index) => `http_requests_total{route="/r${index}",status="200"} ${index + more}\n`).join('')
    print(lines(0))
    await collect()
    world.pass(10_000)
    print(lines(1))
    const { traffic = [], endpoints = [] } = await collect()
    expect([traffic.length, endpoints.length]).toEqual([201, 201])
    expect(traffic[0]?.route).toBe('/r999')
    expect(endpoints[0]).toEqual({ method: '', path: '(other)', count: 800, avgMs: Number.NaN, errors: 0 })
  })

  it('lists endpoints as they were in the last five minutes', async () => {
    const { print, collect, world } = await open()
    for (const count of [0, 100, 100, 130]) {
      print(`http_requests_total{route="/a",status="200"} ${count}\n`)
      await collect()
      world.pass(200_000)
    }
    expect((await collect()).endpoints?.map((each) => each.count)).toEqual([30])
  })

  it('does not count those who ask for the metrics', async () => {
    const { print, collect, world } = await open()
    const lines = (own: number): string => `http_requests_total{route="/metrics",status="200"} ${own}\nhttp_requests_total{route="/a",status="200"} 1\n`
    print(lines(1))
    await collect()
    world.pass(10_000)
    print(lines(11))
    const collected = await collect()
    expect(valueIn(collected, 'api.request_rate')).toBe(0)
    expect(collected.traffic?.map(({ route }) => route)).toEqual(['/a'])
  })

  it('takes a summary at its word, at the first look already, unless several would have to be put together', async () => {
    const { print, collect } = await open()
    const registry = new Registry()
    const summary = new Summary({ name: 'http_request_duration_seconds', help: 'Times', labelNames: ['route'], percentiles: [0.5, 0.95, 0.99], registers: [registry] })
    for (let index = 1; index <= 100; index++) summary.observe({ route: '/a' }, index / 100)
    print(await registry.metrics())
    const collected = await collect()
    expect(valueIn(collected, 'api.duration.p95')).toBeCloseTo(955, -1)
    expect(collected.traffic?.[0]?.buckets).toBeNull()
    summary.observe({ route: '/b' }, 1)
    print(await registry.metrics())
    expect(valueIn(await collect(), 'api.duration.p95')).toBeUndefined()
  })

  it('never counts back and never says what is no number, whatever the application prints', async () => {
    const value = fc.oneof({ weight: 6, arbitrary: fc.nat(1_000).map(String) }, { weight: 1, arbitrary: fc.constantFrom('NaN', '+Inf', '-3', '0.5') })
    const status = fc.constantFrom('200', '5xx', 'none', '')
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('/a', '/b', ''), status, value).map(([route, code, count]) => `http_requests_total{route="${route}",status="${code}"} ${count}`),
      fc.tuple(fc.constantFrom('_bucket{le="0.1"}', '_bucket{le="1",route="/a"}', '_bucket{le="+Inf"}', '_bucket{le="x"}', '_sum', '_count', '_count{route="/a"}', '{quantile="0.5"}'), value).map(([part, count]) => `http_request_duration_seconds${part} ${count}`),
      value.map((count) => `process_start_time_seconds ${count}`),
    )
    const looks = fc.array(fc.array(line, { minLength: 1, maxLength: 12 }), { minLength: 3, maxLength: 4 })
    await fc.assert(fc.asyncProperty(looks, async (texts) => {
      const { print, collect, world, close } = await exposing()
      const before = new Map<string, number>()
      for (const lines of texts) {
        print(`${lines.join('\n')}\n`)
        world.pass(10_000)
        const collected = await collect().catch((error: unknown) => error)
        if (collected instanceof UserError) continue
        const { samples, traffic = [] } = collected as Collected // what else there is
        for (const series of samples.values()) for (const each of series.values()) expect(Number.isFinite(each)).toBe(true)
        expect(samples.get('api.request_rate')?.get('') ?? 0).toBeGreaterThanOrEqual(0)
        for (const { method, route, statuses, buckets } of traffic) {
          expect(buckets?.toSorted((a, b) => a - b) ?? null).toEqual(buckets)
          for (const [key, count] of [...statuses, ...(buckets ?? []).map((each, index) => [`le ${index}`, each] as const)]) {
            const whose = `${method} ${route} ${key}`
            expect(count).toBeGreaterThanOrEqual(before.get(whose) ?? 0)
            before.set(whose, count)
          }
        }
      }
      await close()
    }), { numRuns: 100 })
  })

  it('makes what comes in labels fit for a terminal', async () => {
    const { print, collect } = await open()
    const registry = new Registry()
    new Counter({ name: 'http_requests_total', help: 'Requests', labelNames: ['method', 'route', 'status'], registers: [registry] }).inc({ method: 'get', route: '/a\u001b[31m\n', status: 'teapot' })
    print(await registry.metrics())
    expect((await collect()).traffic?.map(({ method, route, statuses }) => [method, route, [...statuses.keys()]])).toEqual([['GET', '/a\ufffd[31m ', [0]]])
  })
})
