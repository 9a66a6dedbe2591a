import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ENDPOINTS, type EndpointName } from '../../src/contract/endpoints.ts'
import { listen } from '../api/server/start.ts'
import { DOCUMENTED, LOAD_TEST, LOAD_TEST_FIELDS, missingFields, type Documented } from '../contract/documented-requests.ts'
import type { OpenApiDocument } from '../contract/fuzz.ts'
import { judgeBy, type Judge } from '../contract/json-schema.ts'
import { POSTGRES_BIN } from '../services/postgres-server.ts'
import { redisServer } from '../services/redis-server.ts'
import { makeTokens, removeFolders, startServe, type Answer, type Serving } from './serve-program.ts'
import { startApplication, type Application } from './served-application.ts'

const API = '/api/v1/performance'
const isLinux = process.platform === 'linux'
/** What nobody here can tell of, for want of its program. */
const ABSENT: readonly RegExp[] = [...(POSTGRES_BIN === undefined ? [/^data\.database\./] : []), ...(redisServer === undefined ? [/^data\.(cache|jobs)\./] : [])]
const parts = ['an API', POSTGRES_BIN === undefined ? 'no database (PostgreSQL\'s binaries are not here)' : 'a database', redisServer === undefined ? 'neither cache nor queues (redis-server is not here)' : 'a cache and queues'].join(', ')

/** The question of the contract that a documented request asks. */
function endpointOf({ method, path }: Pick<Documented, 'method' | 'path'>): EndpointName {
  const [bare = ''] = path.split('?')
  const found = (Object.keys(ENDPOINTS) as EndpointName[]).find((name) => ENDPOINTS[name].method === method && ENDPOINTS[name].paths.some((place) => new RegExp(`^${place.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare)))
  if (!found) throw new Error(`nobody answers ${method} ${path}`)
  return found
}

describe.skipIf(!isLinux)(`documented requests to the built serve before an application with ${parts} (needs Linux)`, () => {
  let application: Application
  let serving: Serving
  let judge: Judge
  let tokens: ReturnType<typeof makeTokens>['tokens']
  const ask = (path: string, asking: { readonly method?: string; readonly body?: unknown } = {}): Promise<Answer> => serving.ask(path, { token: tokens.admin, headers: { accept: '*/*', 'user-agent': 'curl/8.5.0' }, ...asking })

  beforeAll(async () => {
    const made = makeTokens()
    tokens = made.tokens
    application = await startApplication()
    serving = await startServe({
      serve: { tokens: made.entries, loadTest: { targets: application.url, maxRate: 100, maxDuration: '30s' } }, collect: { interval: '1s', sources: application.sources },
      health: { checks: [{ name: 'memory', type: 'memory' }, { name: 'media', type: 'http', url: `${application.url}/api/v1/media` }] },
    }, { env: { ENABLE_ADAPTIVE_INTERVALS: 'false' } })
    judge = judgeBy((await ask(`${API}/openapi.json`)).json() as OpenApiDocument)
    // Rates are of two collections.
    await vi.waitUntil(async () => (await ask('/api/performance/sources')).json().sources.every(({ collections }: { collections: number }) => collections >= 3), { timeout: 20_000, interval: 300 })
  }, 60_000)
  afterAll(async () => {
    const ended = await serving.stop()
    await application.close()
    removeFolders()
    expect([ended.code, await serving.left()]).toEqual([0, []])
  }, 30_000)

  /** Field for field as it is documented, and as both our schemas and the published ones have it. */
  function expectDocumented(answer: Answer, request: Pick<Documented, 'method' | 'path' | 'status' | 'fields'>): void {
    const body: unknown = answer.json()
    expect([answer.status, answer.headers['content-type']], answer.text).toEqual([request.status, 'application/json; charset=utf-8'])
    expect(missingFields(body, request.fields).filter((field) => !ABSENT.some((absent) => absent.test(field))), answer.text.slice(0, 3_000)).toEqual([])
    const name = endpointOf(request)
    const place = answer.status >= 400 ? 'Error' : `${name.replace(/^./, (first) => first.toUpperCase())}Answer`
    expect(judge(`#/components/schemas/${place}`, body)).toEqual([])
    if (answer.status >= 400) return
    const { answer: schema, meta, envelope } = ENDPOINTS[name]
    schema.parse(envelope === 'data' ? (body as { data: unknown }).data : body)
    if (envelope === 'data') meta.parse((body as { meta?: unknown }).meta)
  }

  it.each(DOCUMENTED.map((request) => [request.title, request] as const))('are answered as they are documented: %s', async (_title, request) => {
    if (request.body !== undefined) expect(judge(`#/components/schemas/${endpointOf(request).replace(/^./, (first) => first.toUpperCase())}Body`, request.body)).toEqual([])
    expectDocumented(await ask(request.path, { method: request.method, body: request.body }), request)
  })

  it('answers with figures of the real thing, and not with nulls alone', async () => {
    const { data } = (await ask(`${API}/application`)).json()
    expect(data.api).toMatchObject({ requestRate: { peak: expect.any(Number) }, responseTime: { p95: expect.any(Number) } })
    // Every third request fails; how many there are is up to this machine.
    expect(Math.abs(data.api.errorRate.avg - 33.3)).toBeLessThan(15)
    expect(data.api.endpoints.map(({ path }: { path: string }) => path).sort()).toEqual(['/api/v1/broken', '/api/v1/media', '/api/v1/media/search'])
    if (POSTGRES_BIN !== undefined) expect(data.database).toMatchObject({ connectionPool: { size: 20, idle: expect.any(Number) }, queryPerformance: { avgQueryTime: expect.any(Number), totalQueries: expect.any(Number) }, slowestQueries: expect.arrayContaining([expect.objectContaining({ query: 'SELECT count(*) FROM media' })]) })
    if (redisServer !== undefined) {
      expect(data.cache.redis).toMatchObject({ hitRate: expect.closeTo(50, -1.5), memoryUsageBytes: expect.any(Number), operationsPerSecond: expect.any(Number) })
      expect(data.jobs.queues).toMatchObject([{ name: 'thumbnails', waiting: 0, completed: 3, failed: 0 }])
    }
    const { data: metrics } = (await ask(`${API}/metrics`)).json()
    expect(metrics.api).toMatchObject({ requestsPerMinute: expect.any(Number), averageResponseTime: expect.any(Number), errorRate: expect.any(Number) })
    expect(metrics.api.errorRate).toBeLessThanOrEqual(1)
  })

  it('runs no optimization and says so, in the documented envelope', async () => {
    const request = { method: 'POST', path: `${API}/optimize`, status: 501, fields: 'success error.code error.message error.statusCode error.details' } as const
    const answer = await ask(request.path, { method: 'POST', body: { optimizations: ['database_queries', 'memory_cleanup'], aggressive: false, scheduleFor: '2030-01-15T02:00:00Z', autoRollback: true } })
    expectDocumented(answer, request)
    expect(answer.json().error).toMatchObject({ code: 'OPTIMIZATION_FAILED', message: expect.stringContaining('nothing was changed') })
  })

  it('streams metrics as events that are documented, and what was missed to one who comes back', async () => {
    const bearer = { authorization: `Bearer ${tokens.admin}` }
    const document = (await ask(`${API}/openapi.json`)).json()
    const schema = document.paths[`${API}/metrics/real-time`].get.responses['200'].content['text/event-stream'].schema['x-event']
    const first = await listen(serving.port, `${API}/metrics/real-time?metrics=cpu,memory&interval=1`, bearer)
    await first.until((each) => each.events().length >= 2)
    first.close()
    const [begun] = first.events()
    expect(begun?.data).toMatchObject({ type: 'metrics', timestamp: expect.any(String), cpu: { usage: expect.any(Number) }, memory: { usage: expect.any(Number) } })
    const isDocumented = judgeBy({ ...document, components: { ...document.components, schemas: { ...document.components.schemas, Event: schema } } })
    for (const { data } of first.events()) expect(isDocumented('#/components/schemas/Event', data)).toEqual([])
    const again = await listen(serving.port, `${API}/metrics/real-time?metrics=cpu,memory&interval=1`, { ...bearer, 'last-event-id': begun?.id ?? '' })
    await again.until((each) => each.events().length >= 1)
    again.close()
    expect(again.events()[0]).toEqual(first.events()[1])
  })

  it('runs a load test as documented: begins it, tells how it goes, and answers with its results as JSON, page and PDF', async () => {
    const begun = await ask(`${API}/load-test`, { method: 'POST', body: LOAD_TEST })
    expectDocumented(begun, { method: 'POST', path: `${API}/load-test`, status: 200, fields: LOAD_TEST_FIELDS.begun })
    const { testId, targetUrl, realTimeUrl } = begun.json().data as { testId: string; targetUrl: string; realTimeUrl: string }
    expect([targetUrl, realTimeUrl]).toEqual([application.url, `${API}/load-test/${testId}/stream`])
    const results = `${API}/load-test/${testId}/results`
    expect((await ask(`${results}?format=pdf`)).json().error).toMatchObject({ code: 'CONFLICT', statusCode: 409 })

    const stream = await listen(serving.port, realTimeUrl, { authorization: `Bearer ${tokens.admin}` })
    await stream.ended
    const events = stream.events().map(({ data }) => data)
    expect(events[0]).toMatchObject({ type: 'progress', testId, status: 'running' })
    expect(events.at(-1)).toMatchObject({ type: 'end', testId, status: 'completed', reason: null })

    const over = await ask(results)
    expectDocumented(over, { method: 'GET', path: results, status: 200, fields: LOAD_TEST_FIELDS.over })
    expect(over.json().data).toMatchObject({ status: 'completed', testName: LOAD_TEST.testName, summary: { totalRequests: 40, failedRequests: 0, successRate: 100 }, phases: [{ name: 'sustained', requests: 40 }], endpoints: [{ path: '/api/v1/media/search', requests: 40 }] })
    expectDocumented(await ask(`${results}?detailed=true`), { method: 'GET', path: results, status: 200, fields: `${LOAD_TEST_FIELDS.over} data.histograms data.timeline` })
    const page = await ask(`${results}?format=html`)
    expect([page.status, page.headers['content-type'], page.text]).toEqual([200, 'text/html; charset=utf-8', expect.stringMatching(/^<!doctype html>[\s\S]*Quick API Load Test[\s\S]*<\/html>\s*$/i)])
    const pdf = await ask(`${results}?format=pdf`)
    expect([pdf.status, pdf.headers['content-type'], pdf.bytes.subarray(0, 5).toString(), pdf.bytes.toString('latin1').trimEnd().slice(-5)]).toEqual([200, 'application/pdf', '%PDF-', '%%EOF'])
  }, 40_000)
})
