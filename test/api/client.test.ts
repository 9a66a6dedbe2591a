import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { performance } from 'node:perf_hooks'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openClient } from '../../src/api/client.ts'
import { fetchApplication, fetchSnapshot } from '../../src/api/one-look.ts'
import { type Answer, drip, guarded, hang, json, metricsBody, page, startInstance } from './instance.ts'

const options = (url: string, more: object = {}): Parameters<typeof openClient>[0] => ({ url, token: null, timeoutMs: 300, now: () => performance.now(), wallTime: () => Date.now(), ...more })
const ask = (url: string, more: object = {}): Promise<unknown> => fetchSnapshot(options(url, more))
const problem = async (answer: Answer, more: object = {}): Promise<unknown> => ask((await startInstance({ metrics: answer })).url, more).catch((error: unknown) => error)

describe('the address of an instance', () => {
  it.each(['', '/', '/api/v1', '/api/v1/', '/api/v1/performance', '/api/v1/performance/', '/api/v1/performance/metrics'])('may end in "%s"', async (path) => {
    const instance = await startInstance({ metrics: json(metricsBody()) })
    await expect(ask(instance.url + path)).resolves.toMatchObject({ facts: { host: 'web-01' } })
  })

  it('may come without its scheme', async () => {
    const instance = await startInstance({ metrics: json(metricsBody()) })
    await expect(ask(instance.url.replace('http://', ''))).resolves.toMatchObject({ facts: { host: 'web-01' } })
  })

  it.each(['', 'ftp://nas', 'http://', 'http://a b', 'http://me:hunter2@nas', 'me:hunter2@nas', 'ftp://me:hunter2@nas', 'http://me:a/hunter2@nas', 'http://me:hunter2@a@nas', ' me:a//hunter2@nas'])('is refused when it is "%s", without repeating a password', (url) => {
    expect(() => openClient(options(url))).toThrow(expect.objectContaining({ code: 'INVALID_VALUE', kind: 'usage', message: expect.not.stringContaining('hunter2') }))
  })
})

describe('an answer that is none', () => {
  it.each<[string, Answer, string, string]>([
    ['a page', page('<!doctype html><title>Sign in</title>'), 'NOT_JSON', 'a web page ("Sign in")'],
    ['half a JSON', page('{"success": true, "da', 'application/json'), 'NOT_JSON', 'JSON that is broken or breaks off'],
    ['nothing', page('', 'application/json'), 'NOT_JSON', 'an empty body'],
    ['some text', page('pong\u001b[2J', 'text/plain'), 'NOT_JSON', 'text/plain ("pong\ufffd[2J")'],
    ['another JSON', json({ hello: 1 }), 'NOT_METRICS', 'it has hello'],
    ['a list', json([1]), 'NOT_METRICS', 'no known figure'],
    ['silence', hang, 'NO_ANSWER', 'within 300 ms'],
    ['a drop at a time', drip, 'NO_ANSWER', 'within 300 ms'],
    ['less than it announced', (response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('{}', () => response.destroy()), 'BROKEN_OFF', 'in the middle of an answer'],
    ['a closed door', (response) => void response.destroy(), 'UNREACHABLE', 'closed the connection without an answer'],
    ['a missing endpoint', json({ success: false, error: { code: 'NOT_FOUND', message: 'x' } }, 404), 'NOT_OFFERED', 'this instance does not offer metrics'],
    ['a failure', json({ error: true, message: 'Metrics collection failed' }, 500), 'SERVER_ERROR', '500: Metrics collection failed'],
    ['a wrong role', json({ error: 'admins only' }, 403), 'FORBIDDEN', 'admins only'],
    ['too much, announced', (response) => void response.writeHead(200, { 'content-length': '9000000' }).write('{'), 'TOO_LARGE', 'more than 8 MB'],
    ['too much', (response) => void response.writeHead(200).end(' '.repeat(8_500_000)), 'TOO_LARGE', 'more than 8 MB'],
    ['a refusal for now', json({ error: 'Too many API requests' }, 429, { 'retry-after': '59' }), 'RATE_LIMITED', 'asks to wait 59 s'],
    ['a refusal until it is up', page('busy', 'text/plain', 503), 'SERVER_ERROR', '503'],
    ['a circle', (response, request) => void response.writeHead(302, { location: request.url }).end(), 'REDIRECTED', 'again and again'],
  ])('says what came: %s', async (_what, answer, code, message) => {
    const error = await problem(answer)
    expect(error).toMatchObject({ name: 'UserError', code, message: expect.stringContaining(message) })
    expect(error).toHaveProperty('hint', expect.any(String))
  })

  it('says 503 with Retry-After is a wish to wait, and 503 with figures an answer', async () => {
    expect(await problem(json({}, 503))).toMatchObject({ code: 'NOT_METRICS' })
    expect(await problem(json({ error: 'starting' }, 503, { 'retry-after': '7' }))).toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining('7 s') })
    expect(await problem(json(metricsBody(), 503))).toMatchObject({ facts: { host: 'web-01' } })
  })

  it('never shows the token, even where the instance repeats it', async () => {
    const error = await problem(guarded('right', json(metricsBody())), { token: 'wrong-secret' })
    expect(error).toMatchObject({ code: 'SERVER_ERROR', message: expect.stringContaining('cannot verify Bearer ***'), hint: expect.stringContaining('token') })
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('wrong-secret')
  })

  it('refuses a token that no header may carry, without showing it', () => {
    expect(() => openClient(options('http://nas', { token: 'se\ncret' }))).toThrow(expect.objectContaining({ code: 'BAD_TOKEN', message: expect.not.stringContaining('cret') }))
  })

  it('says of what speaks no HTTP that it does not', async () => {
    const server = createServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-OpenSSH\r\n'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    // The system chose the port.
    const { port } = server.address() as AddressInfo
    await expect(ask(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('does not speak HTTP') })
    await expect(ask(`https://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('does not speak TLS') })
  })

  it('says of a name that does not exist that it does not resolve', async () => {
    await expect(ask('http://no-such-host.invalid', { timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringMatching(/resolve|looked up/) })
  })

  it('takes an unknown certificate only when told to', async () => {
    const folder = new URL('../fixtures/tls/', import.meta.url)
    const server = createTlsServer({ key: readFileSync(new URL('localhost.key.pem', folder)), cert: readFileSync(new URL('localhost.cert.pem', folder)) }, (_request, response) => void response.end(JSON.stringify(metricsBody())))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    // The system chose the port.
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(ask(url)).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('certificate'), hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') })
    await expect(ask(url, { insecure: true })).resolves.toMatchObject({ facts: { host: 'web-01' } })
  })
})

describe('a redirect', () => {
  it('is followed on the same server', async () => {
    const instance = await startInstance({ metrics: (response) => void response.writeHead(301, { location: '/api/v1/performance/elsewhere' }).end(), elsewhere: json(metricsBody()) })
    await expect(ask(instance.url)).resolves.toMatchObject({ facts: { host: 'web-01' } })
  })

  it('is not followed to another, which never sees the token', async () => {
    const other = await startInstance({ metrics: json(metricsBody()) })
    const error = await problem((response) => void response.writeHead(302, { location: `${other.url}/api/v1/performance/metrics` }).end(), { token: 'secret' })
    expect(error).toMatchObject({ code: 'REDIRECTED', message: expect.stringContaining(other.url) })
    expect(other.requests).toEqual([])
  })
})

describe('one look', () => {
  it('calls an instance that does not say its name by its address', async () => {
    const instance = await startInstance({ metrics: json({ timestamp: '2026-01-01T00:00:00Z', performance: { averageResponseTime: 5 } }) })
    await expect(ask(instance.url)).resolves.toMatchObject({ facts: { host: instance.url.replace('http://', '') }, snapshot: { at: Date.UTC(2026, 0, 1) } })
  })

  it('says of an instance without application metrics that it has none', async () => {
    const instance = await startInstance({})
    await expect(fetchApplication(options(instance.url))).rejects.toMatchObject({ code: 'NOT_OFFERED', message: expect.stringContaining('does not offer application metrics') })
  })
})
