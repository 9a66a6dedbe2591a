import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as z from 'zod/mini'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openRemoteInstance, type RemoteInstance } from '../../src/api/remote-instance.ts'
import { ENDPOINTS, type EndpointName } from '../../src/contract/endpoints.ts'
import type { Answer as Told } from '../../src/contract/instance.ts'
import { readQuestion, type RawQuestion } from '../../src/contract/read-question.ts'
import { UserError } from '../../src/model/error.ts'
import { ANSWERS } from '../contract/documented.ts'
import { QUESTIONS } from '../contract/questions.ts'
import { envelope } from '../contract/stand-in.ts'
import { type Answer, drip, guarded, hang, json, page, startInstance } from './instance.ts'

function remote(url: string, { token = null as string | null, timeoutMs = 400 } = {}): { instance: RemoteInstance; ask: <E extends EndpointName>(endpoint: E, question?: RawQuestion) => Promise<Told<E>> } {
  const instance = openRemoteInstance({ url, token, timeoutMs, now: () => performance.now(), wallTime: () => Date.now(), random: () => 0.5 })
  onTestFinished(() => instance.close())
  return { instance, ask: (endpoint, question = QUESTIONS[endpoint]) => instance.ask(endpoint, readQuestion(endpoint, question), { caller: { id: 'test', role: 'admin', userAgent: null }, signal: AbortSignal.timeout(8_000) }) }
}

const problemOf = (told: Promise<unknown>): Promise<unknown> => told.then(() => 'it answered', (error: unknown) => error)
const valid = (endpoint: EndpointName, data: unknown): unknown => z.safeParse(ENDPOINTS[endpoint].answer, data).error?.issues ?? []

describe('an instance in another dialect', () => {
  const samples = JSON.parse(readFileSync(new URL('../fixtures/instances/running.json', import.meta.url), 'utf8')) as { request: string; status: number; headers: Record<string, string>; body: unknown }[]
  const answers = Object.fromEntries(samples.filter(({ status, request }) => (status === 200 || status === 503) && request.includes('/performance/')).reverse().map(({ request, status, body }) => [request.replace(/^GET \/api\/v1\/performance\//, '').replace(/\?.*/, ''), json(body, status)]))

  it('tells metrics, health and recommendations as they are documented, with their units', async () => {
    const { ask } = remote((await startInstance(answers)).url)
    const { data: metrics } = await ask('metrics')
    expect(valid('metrics', metrics)).toEqual([])
    expect(metrics).toMatchObject({ metrics: {}, api: { averageResponseTime: 15, errorRate: 0.3125 }, cache: { hitRate: 0.2555, totalKeys: 4 } })
    const { data: health } = await ask('health')
    expect(valid('health', health)).toEqual([])
    expect(health.overall).toMatchObject({ status: 'critical', score: 51 })
    const { data: advice } = await ask('recommendations')
    expect(valid('recommendations', advice)).toEqual([])
    expect(advice.recommendations[0]).toMatchObject({ category: 'Error Handling', priority: 'medium', impact: null, actions: [expect.stringContaining('Review error logs')] })
  })

  it('is asked for what it does not offer by what else it tells, and else says so', async () => {
    const { ask } = remote((await startInstance(answers)).url)
    const { data: summary } = await ask('summary')
    expect(valid('summary', summary)).toEqual([])
    expect(summary).toMatchObject({ status: 'critical', currentMetrics: { responseTime: 15, errorRate: 0.3125, cpuUsage: null } })
    expect((await ask('application')).data).toMatchObject({ api: { errorRate: { current: 31.25 } } })
    for (const endpoint of ['history', 'alerts', 'resources', 'me', 'report'] as const) expect(await problemOf(ask(endpoint))).toMatchObject({ name: 'UserError', code: 'NOT_OFFERED', message: expect.stringContaining('does not offer') })
  })

  it('is sent the window it needs', async () => {
    const instance = await startInstance(answers)
    await remote(instance.url).ask('metrics', { query: { timeRange: '15m' } })
    expect(instance.requests[0]?.url.searchParams.get('timeWindow')).toBe('15')
  })

  it.each<[string, unknown]>([['a bare list', ['add an index']], ['texts', { recommendations: ['add an index'] }], ['texts in an envelope', { success: true, data: { recommendations: ['add an index'] } }], ['a list in an envelope', { success: true, data: ['add an index'] }]])('recommends with %s', async (_what, body) => {
    const { data } = await remote((await startInstance({ recommendations: json(body) })).url).ask('recommendations')
    expect(data.recommendations).toMatchObject([{ title: 'add an index' }])
  })

  it('recommends with its health where nothing else does', async () => {
    const { data } = await remote((await startInstance({ health: json({ status: 'warning', healthScore: 70, recommendations: ['restart it'] }) })).url).ask('recommendations')
    expect(data).toMatchObject({ overallScore: 70, recommendations: [{ title: 'restart it' }] })
  })

  it('may leave out what it does not know', async () => {
    const { data } = await remote((await startInstance({ history: json({ success: true, data: { period: '1h', metric: 'cpu', granularity: '5m', dataPoints: [{ timestamp: '2026-11-21T12:00:00.000Z' }], summary: { average: 3 } } }) })).url).ask('history')
    expect(data).toMatchObject({ dataPoints: [{ value: null }], summary: { average: 3, min: null } })
  })
})

describe('an instance that misbehaves', () => {
  it.each<[string, Answer, string]>([
    ['hangs', hang, 'NO_ANSWER'], ['drips', drip, 'NO_ANSWER'], ['dies in the middle', (response) => void response.writeHead(200, { 'content-length': '500' }).write('{"success":true,', () => response.destroy()), 'BROKEN_OFF'],
    ['floods', (response) => void response.writeHead(200).end('['.repeat(8_500_000)), 'TOO_LARGE'], ['nests without end', page(`{"data":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, 'application/json'), 'NOT_UNDERSTOOD'],
    ['sends a page', page('<!doctype html><title>Sign in</title>'), 'NOT_JSON'], ['sends half a JSON', page('{"success": tr', 'application/json'), 'NOT_JSON'],
    ['announces more than it sends', (response) => void response.writeHead(200, { 'content-length': '900' }).write('{}', () => response.destroy()), 'BROKEN_OFF'],
    ['sends more than it announces', (response) => void response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n{"success":true}`), 'NOT_JSON'],
    ['sends a bomb', (response) => void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(gzipSync(Buffer.alloc(50_000_000, ' '))), 'NOT_JSON'],
    ['sends it elsewhere', (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'REDIRECTED'], ['says it was no success', json({ success: false, error: 'no' }), 'SERVER_ERROR'],
  ])('and %s is a mistake of its own', async (_what, answer, code) => {
    const { ask } = remote((await startInstance({ history: answer })).url)
    expect(await problemOf(ask('history'))).toMatchObject({ name: 'UserError', code })
  })

  it('and answers 500 to a bad token is suspected of it, and the token is not repeated', async () => {
    const instance = await startInstance({ history: guarded('good', json({})) })
    const { ask } = remote(instance.url, { token: 'bad-hunter2' })
    expect(await problemOf(ask('history'))).toMatchObject({ code: 'SERVER_ERROR', message: expect.stringContaining('cannot verify Bearer ***'), hint: expect.stringContaining('token') })
    const aware = remote((await startInstance({ history: json({ error: true, message: 'jwt expired' }, 500) })).url, { token: 'bad-hunter2' })
    expect(await problemOf(aware.ask('history'))).toMatchObject({ message: expect.stringContaining('the token is probably wrong or has expired') })
  })

  it.each<[string, number, Record<string, unknown>, Record<string, string>, object]>([
    ['RATE_LIMITED', 429, { retryAfter: 60 }, {}, { code: 'RATE_LIMITED', message: expect.stringContaining('wait 1m') }], ['PERFORMANCE_DEGRADED', 503, { retryAfter: 30 }, {}, { code: 'PERFORMANCE_DEGRADED', details: { retryAfter: 30 }, hint: expect.stringContaining('30 s') }],
    ['CIRCUIT_BREAKER_OPEN', 503, {}, {}, { code: 'CIRCUIT_BREAKER_OPEN', kind: 'unreachable' }], ['RESOURCE_EXHAUSTED', 503, {}, { 'retry-after': '9' }, { code: 'RESOURCE_EXHAUSTED', details: { retryAfter: 9 } }],
    ['FORBIDDEN', 403, {}, {}, { code: 'FORBIDDEN', kind: 'input' }], ['VALIDATION_ERROR', 400, { issues: [{ field: 'period', message: 'is\u001b[2J wrong' }] }, {}, { code: 'VALIDATION_ERROR', message: expect.stringContaining('period: is\ufffd[2J wrong') }],
    ['VALIDATION_ERROR', 400, {}, {}, { hint: 'change what it names' }],
  ])('and answers %s keeps its code and what to do', async (code, status, details, headers, expected) => {
    const { ask } = remote((await startInstance({ history: json({ success: false, error: { code, message: 'because \u001b[31m', statusCode: status, details } }, status, headers) })).url)
    const error = await problemOf(ask('history'))
    expect(error).toMatchObject(expected)
    expect((error as Error).message).not.toContain('\u001b')
  })
})

describe('a refusal', () => {
  const refusal = async (body: object, status: number): Promise<unknown> => problemOf(remote((await startInstance({ summary: json(body, status) })).url).ask('summary'))

  it('for too many wrong tokens says so, for how long, and what to look at', async () => {
    const said = 'too many tokens were tried from this address: wait'
    expect(await refusal({ success: false, error: { code: 'RATE_LIMITED', message: said, details: { retryAfter: 60 } } }, 429)).toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining(`wait 1m before the next request (429, too many requests: ${said})`), hint: expect.stringMatching(/^ask again in 1m, and .*--token-file/) })
  })

  it('is put down to another version only where the instance says nothing', async () => {
    expect(await refusal({ success: false }, 400)).toMatchObject({ code: 'VALIDATION_ERROR', hint: expect.stringContaining('another version') })
    expect(await refusal({ success: false, error: { code: 'VALIDATION_ERROR', message: 'query period: must be 1h or 24h' } }, 400)).not.toMatchObject({ hint: expect.stringContaining('version') })
  })
})

describe('asking again', () => {
  it('is done for reading, where the instance says when and that is soon', async () => {
    const instance = await startInstance({ history: (response, request, nth) => (nth === 1 ? json({ error: 'starting' }, 503, { 'retry-after': '0.05' }) : json(envelope('history', ANSWERS.history)))(response, request, nth) })
    expect((await remote(instance.url, { timeoutMs: 3_000 }).ask('history')).data.metric).toBe('cpu')
    expect(instance.asked('history')).toBe(2)
  })

  it.each<[string, Record<string, string>]>([['RateLimit', { 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '900' }], ['X-RateLimit', { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.round(Date.now() / 1_000) + 900) }]])('waits for no limit told by %s that is longer than there is time', async (_family, headers) => {
    const instance = await startInstance({ history: json(envelope('history', ANSWERS.history), 200, headers) })
    const { ask } = remote(instance.url)
    await ask('history')
    expect(await problemOf(ask('history'))).toMatchObject({ code: 'RATE_LIMITED' })
    expect(instance.asked('history')).toBe(1)
  })

  it('is done for a door that opens a moment later', async () => {
    const before = createServer()
    await new Promise<void>((done) => before.listen(0, '127.0.0.1', done))
    const { port } = before.address() as AddressInfo // The system chose it.
    await new Promise<void>((done) => before.close(() => done()))
    const server = createHttpServer((_request, response) => void response.end(JSON.stringify(envelope('history', ANSWERS.history))))
    onTestFinished(() => new Promise((done) => (server.closeAllConnections(), server.close(() => done()))))
    setTimeout(() => server.listen(port, '127.0.0.1'), 50)
    expect((await remote(`http://127.0.0.1:${port}`, { timeoutMs: 3_000 }).ask('history')).data.metric).toBe('cpu')
  })

  it('ends after a few attempts where nobody opens', async () => {
    const before = createServer()
    await new Promise<void>((done) => before.listen(0, '127.0.0.1', done))
    const { port } = before.address() as AddressInfo // The system chose it.
    await new Promise<void>((done) => before.close(() => done()))
    expect(await problemOf(remote(`http://127.0.0.1:${port}`, { timeoutMs: 3_000 }).ask('history'))).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('connection refused') })
  })

  it.each<EndpointName>(['optimize', 'loadTest', 'setAlerts', 'stopLoadTest'])('is never done for %s: a server that takes it and goes has it once', async (endpoint) => {
    let arrived = 0
    const server = createServer((socket) => {
      socket.on('error', () => undefined).on('data', (data) => {
        if (/^(POST|PUT|DELETE) /.test(data.toString())) arrived++
        socket.end()
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => new Promise((done) => server.close(() => done())))
    const { ask } = remote(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // The system chose the port.
    expect(await problemOf(ask(endpoint))).toMatchObject({ name: 'UserError', message: expect.stringContaining('is not known'), hint: expect.stringContaining('not sent a second time') })
    expect(arrived).toBe(1)
  })

  it.each([307, 308, 302])('is not done where a change is redirected with %i', async (status) => {
    const instance = await startInstance({ optimize: (response) => void response.writeHead(status, { location: '/api/v1/performance/elsewhere' }).end() })
    expect(await problemOf(remote(instance.url).ask('optimize'))).toMatchObject({ code: 'REDIRECTED', message: expect.stringContaining('redirects a POST') })
    expect(instance.requests).toHaveLength(1)
  })

  it('is not done for a change that is limited or fails', async () => {
    const instance = await startInstance({ optimize: json({ error: 'later' }, 503, { 'retry-after': '0' }) })
    expect(await problemOf(remote(instance.url).ask('optimize'))).toBeInstanceOf(UserError)
    expect(instance.requests).toHaveLength(1)
  })
})

describe('whatever an instance answers', () => {
  const names = Object.keys(ENDPOINTS) as EndpointName[]
  const NASTY: readonly unknown[] = [null, undefined, '', 'x\u001b[2J\u202e\u0007', -1, 1e308, '57MB', '193ms', true, [], {}, [[]], { __proto__: { x: 1 } }, [null, 3, 'y'], '2026-99-99', { toString: 1 }, 9_007_199_254_740_993]

  /** A copy with something else at one place. */
  function mutated(value: unknown, path: readonly number[], other: unknown): unknown {
    if (typeof value !== 'object' || value === null || path.length === 0) return other
    const keys = Object.keys(value)
    const key = keys[(path[0] ?? 0) % Math.max(1, keys.length)]
    if (key === undefined) return other
    const inner = mutated((value as Record<string, unknown>)[key], path.slice(1), other)
    return Array.isArray(value) ? value.map((each: unknown, index) => (String(index) === key ? inner : each)) : { ...value, [key]: inner }
  }

  it('is an answer as documented, or an error for people; never a crash, and never a control character', async () => {
    let body: unknown = null
    const answer: Answer = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body) ?? '')
    const everywhere = new Proxy({}, { get: () => answer }) as Record<string, Answer> // Whatever is asked, this is the answer.
    const { ask } = remote((await startInstance(everywhere)).url, { timeoutMs: 5_000 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.array(fc.tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }), fc.constantFrom(...NASTY)), { minLength: 1, maxLength: 4 }), async (endpoint, changes) => {
        body = changes.reduce<unknown>((before, [path, other]) => mutated(before, path, other), envelope(endpoint, ANSWERS[endpoint]))
        const told = await ask(endpoint).catch((error: unknown) => error)
        if (told instanceof Error) {
          expect(told, told.stack).toBeInstanceOf(UserError)
          expect(`${told.message}${(told as UserError).hint}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
          return
        }
        expect(valid(endpoint, (told as Told<EndpointName>).data)).toEqual([])
        // As it would be printed: JSON escapes nothing that is not there.
        expect(JSON.stringify(told)).not.toMatch(/\\u00[01]|[\u007f-\u009f\u202e]/)
      }),
      { numRuns: 600 },
    )
  }, 30_000)
})
