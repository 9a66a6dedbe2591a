import { renameSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '../../src/model/run.ts'
import { freePort } from '../services/redis-server.ts'
import { endAll, load, serve, startApp, startDemo, startFront, until, type Front, type Runnable, type Served } from './field.ts'
import { nginx } from './nginx.ts'

afterAll(endAll)

interface Api {
  readonly requestRate: Readonly<Record<'current' | 'avg' | 'peak', number>>
  readonly responseTime: Readonly<Record<'avg' | 'p50' | 'p95' | 'p99', number>>
  readonly errorRate: Readonly<Record<'current' | 'avg', number>>
  readonly endpoints: readonly { readonly path: string; readonly method: string; readonly requestCount: number; readonly avgResponseTime: number; readonly errorRate: number }[]
}

const apiOf = async (instance: Served, query = ''): Promise<Api | null> => (await instance.ask<{ api: Api | null }>(`/api/v1/performance/application?component=api${query}`)).api
/** Method, path, count and share of errors, as they must be to the last request. */
const counts = (api: Api | null): unknown => api?.endpoints.map(({ method, path, requestCount, errorRate }) => [method, path, requestCount, errorRate]).sort()
const requests = (method: string, route: string, status: number): string => `medianest_http_requests_total{method="${method}",route="${route}",status="${status}"}`
const between = (value: number | undefined, least: number, most: number, what: string): void => {
  expect(value, `${what} is ${value}, and should be from ${least} to ${most}`).toSatisfy((each: number) => each >= least && each <= most)
}

describe.skipIf(nginx === undefined)('an application behind nginx, seen by its log and by its own Prometheus endpoint (needs nginx)', { retry: process.env['CI'] === undefined ? 0 : 1 }, () => {
  let app: Runnable
  let front: Front
  let byLog: Served
  let byItself: Served
  let run: Run
  /** What both said in the middle of the load. */
  const during: Map<string, number[]>[] = [new Map(), new Map()]

  const drive = async (rate: number, seconds: number): Promise<Run> =>
    load(`http://127.0.0.1:${front.port}`, { rate, seconds, flow: [{ get: { url: '/api/v1/media/{{ $randomNumber(1, 99999) }}' } }, { post: { url: '/api/v1/sessions', json: {} } }] })
  const counted = async (instance: Served): Promise<number[]> => Promise.all([requests('GET', '/api/v1/media/:id', 200), requests('GET', '/api/v1/media/:id', 500), requests('POST', '/api/v1/sessions', 201)].map((each) => instance.exposed(each)))

  beforeAll(async () => {
    const [appPort, frontPort] = [await freePort(), await freePort()]
    ;[app, front] = await Promise.all([startApp(appPort), startFront(frontPort, appPort)])
    ;[byLog, byItself] = await Promise.all([
      serve([{ type: 'access-log', path: front.logPath, interval: '1s' }, { type: 'synthetic', name: 'up', url: `http://127.0.0.1:${appPort}/up`, interval: '300ms' }]),
      serve([{ type: 'prometheus', url: `http://127.0.0.1:${appPort}/metrics`, interval: '1s' }]),
    ])
    for (const [instance, id] of [[byLog, 'access-log'], [byItself, 'prometheus']] as const) await until(`${id} has rates`, async () => (await instance.source(id)).collections >= 2)
    const driven = drive(100, 8)
    await until('the first requests are seen', async () => ((await apiOf(byLog))?.requestRate.current ?? 0) > 150)
    // The window in which it began is over by then.
    await pause(1_500)
    for (let second = 0; second < 3; second++) {
      for (const [index, instance] of [byLog, byItself].entries()) {
        for (const name of ['request_rate_per_second', 'errors_ratio', 'duration_p50_seconds', 'duration_p95_seconds', 'duration_p99_seconds']) during[index]?.set(name, [...(during[index].get(name) ?? []), await instance.exposed(`medianest_api_${name}`)])
      }
      if (second === 1) {
        renameSync(front.logPath, `${front.logPath}.1`)
        front.reopen()
      }
      await pause(1_000)
    }
    run = await driven
    await pause(2_500)
  }, 60_000)

  it('have the rate, the percentiles and the share of errors that were made, both of them', () => {
    for (const [index, who] of ['the log', 'the application'].entries()) {
      // Each second has a hundred requests for media, of which 6 take 250 ms, 24 take 80 ms and 5 fail, and a hundred others: of all 3 % take 250 ms, 15 % 80 ms or more, 2.5 % fail.
      for (const [name, least, most] of [['request_rate_per_second', 180, 220], ['errors_ratio', 0.015, 0.035], ['duration_p50_seconds', 0.0195, 0.03], ['duration_p95_seconds', 0.078, 0.11], ['duration_p99_seconds', 0.245, 0.31]] as const) {
        between(during[index]?.get(name)?.toSorted((one, other) => one - other)[1], least, most, `${name} by ${who}`)
      }
    }
  })

  it('agree to the last request, with each other, with what was sent, and over a rotation of the log', async () => {
    expect(run.summary.totalRequests).toBe(1_600)
    const truth = [['GET', '/api/v1/media/:id', 800, 5], ['POST', '/api/v1/sessions', 800, 0]]
    expect(counts(await apiOf(byLog))).toEqual(truth)
    expect(counts(await apiOf(byItself))).toEqual(truth)
    for (const instance of [byLog, byItself]) expect(await counted(instance)).toEqual([760, 40, 800])
    expect(run.statusCodes).toMatchObject({ 200: 760, 500: 40, 201: 800 })
  })

  it('have the mean of each endpoint, as it was made', async () => {
    // (6 x 250 + 24 x 80 + 70 x 20) / 100 = 48.2 ms; a timer may be late, never early.
    for (const instance of [byLog, byItself]) {
      const [media, sessions] = (await apiOf(instance))?.endpoints.toSorted((a, b) => a.path.localeCompare(b.path)) ?? []
      between(media?.avgResponseTime, 47.5, 60, 'mean of media')
      between(sessions?.avgResponseTime, 19.5, 30, 'mean of sessions')
    }
  })

  it('have times that grow with the application\'s, and over both the extremes and what is between', async () => {
    const before = await counted(byItself)
    await app.restart()
    await until('the new process is scraped', async () => (await byItself.source('prometheus')).collections)
    await pause(1_500)
    await app.kill()
    await until('the probe misses it', async () => (await byLog.exposed(probe('up'))) === 0)
    await slower()
    await until('the probe finds it', async () => (await byLog.exposed(probe('up'))) === 1)
    await pause(1_500)
    await drive(50, 4)
    await pause(2_500)
    for (const instance of [byLog, byItself]) {
      const [least, mean, most] = await Promise.all(['min', 'avg', 'max'].map((aggregation) => apiOf(instance, `&timeRange=5m&aggregation=${aggregation}`)))
      between(least?.responseTime.p50, 15, 30, 'least p50')
      between(most?.responseTime.p50, 60, 80, 'greatest p50')
      between(mean?.responseTime.p50, 25, 60, 'p50 between')
      expect(mean?.requestRate.peak).toBeGreaterThan(150)
      expect(mean?.requestRate.avg).toBeLessThan(150)
    }
    // Nothing was asked while it was down, so nothing is missing; what the old processes had counted stays counted.
    expect(await counted(byItself)).toEqual(before.map((count, index) => count + ([190, 10, 200][index] ?? 0)))
    expect(await counted(byLog)).toEqual(await counted(byItself))
  }, 60_000)

  const probe = (name: string): string => `medianest_api_probe_up{target="${name}"}`
  const slower = async (): Promise<void> => {
    app = await startApp(app.port, { TAKES: '60' })
  }
})

describe.skipIf(nginx === undefined)('the demo behind nginx, seen by its log (needs nginx)', () => {
  it('has the mean of each endpoint, and the errors that who asked has had', async () => {
    const [port, frontPort] = [await freePort(), await freePort()]
    const [, front] = await Promise.all([startDemo(port, '--latency', '20ms', '--errors', '5%', '--slow', '/api/v1/media/search=100ms'), startFront(frontPort, port)])
    const instance = await serve([{ type: 'access-log', path: front.logPath, interval: '500ms' }])
    await until('the log is open', async () => (await instance.source('access-log')).collections >= 2)
    const run = await load(`http://127.0.0.1:${frontPort}`, { rate: 40, seconds: 5, flow: [{ get: { url: '/api/v1/media' } }, { get: { url: '/api/v1/media/search?q=night' } }] })
    await pause(1_500)
    const endpoints = (await apiOf(instance))?.endpoints ?? []
    expect(endpoints.map(({ path, requestCount }) => [path, requestCount]).sort()).toEqual([['/api/v1/media', 200], ['/api/v1/media/search', 200]])
    for (const [path, least] of [['/api/v1/media', 19.5], ['/api/v1/media/search', 110]] as const) between(endpoints.find((each) => each.path === path)?.avgResponseTime, least, least + 25, `mean of ${path}`)
    const errors = endpoints.reduce((sum, { requestCount, errorRate }) => sum + Math.round((requestCount * errorRate) / 100), 0)
    expect(errors).toBe(run.statusCodes['500'])
    expect(errors).toBeGreaterThan(5)
  }, 40_000)
})
