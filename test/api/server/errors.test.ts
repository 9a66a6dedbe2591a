import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ApiError } from '../../../src/contract/error-code.ts'
import { type Answer, sendRaw, start } from './start.ts'

const BASE = '/api/v1/performance'

function errorOf(answer: Pick<Answer, 'json' | 'headers'>): { code: string; message: string; statusCode: number; details: Record<string, unknown> } {
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  const body = answer.json()
  expect(Object.keys(body)).toEqual(['success', 'error'])
  expect(Object.keys(body.error)).toEqual(['code', 'message', 'statusCode', 'details'])
  expect(JSON.stringify(body)).not.toMatch(/FST_|node_modules|\.ts\b|at [A-Z]\w+ \(|fastify/i)
  return body.error
}

describe('an error', () => {
  it('says which field was wrong, and what it should be', async () => {
    const { ask } = await start()
    const answer = await ask(`${BASE}/metrics?interval=2s`)
    expect(answer.status).toBe(400)
    expect(errorOf(answer)).toMatchObject({ code: 'VALIDATION_ERROR', statusCode: 400, message: 'query interval must be one of 10s, 30s, 1m, 5m, 15m, not "2s"', details: { issues: [{ in: 'query', field: 'interval' }] } })
  })

  it('says that there is nothing at a path, or another method', async () => {
    const { ask } = await start()
    expect(errorOf(await ask(`${BASE}/weather`))).toMatchObject({ code: 'NOT_FOUND', statusCode: 404 })
    expect(errorOf(await ask('/'))).toMatchObject({ code: 'NOT_FOUND' })
    for (const [method, path, allow] of [['DELETE', `${BASE}/metrics`, 'GET, HEAD'], ['GET', `${BASE}/optimize`, 'POST'], ['POST', `${BASE}/alerts`, 'GET, HEAD, PUT'], ['PUT', `${BASE}/load-test/x/stream`, 'GET, HEAD'], ['POST', '/metrics', 'GET, HEAD']] as const) {
      const answer = await ask(path, { method, body: '<x/>', headers: { 'content-type': 'text/xml' } })
      expect([answer.status, answer.headers.allow]).toEqual([405, allow])
      expect(errorOf(answer)).toMatchObject({ code: 'METHOD_NOT_ALLOWED', details: { allow: allow.split(', ') } })
    }
  })

  it.each([
    ['a body that is no JSON', { body: '{"optimizations": [' }, 400, 'VALIDATION_ERROR', 'the body is no JSON'],
    ['an empty body', { body: '' }, 400, 'VALIDATION_ERROR', 'the body is empty, and should be JSON'],
    ['no body at all', {}, 400, 'VALIDATION_ERROR', 'the body must be'],
    ['a body of another type', { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', 'application/json'],
    ['a type that is none', { body: 'a=b', headers: { 'content-type': ';;;' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', 'application/json'],
    ['a body that goes too deep', { body: `{"page":"/","type":"x","value":1,"metadata":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}` }, 400, 'VALIDATION_ERROR', 'deeper'],
    ['a body that would change a prototype', { body: '{"page":"/","type":"x","value":1,"__proto__":{"isAdmin":true}}' }, 400, 'VALIDATION_ERROR', '__proto__'],
    ['a body that is too large', { body: JSON.stringify({ page: 'x'.repeat(300_000) }) }, 413, 'PAYLOAD_TOO_LARGE', '256 KiB'],
  ])('says so of %s', async (_what, asking, status, code, words) => {
    const { ask } = await start({ takesFromAll: true, tokens: [{ name: 'x', role: 'admin', hash: new Uint8Array(32), expiresAt: null }] })
    const answer = await ask('/api/performance', { method: 'POST', ...asking })
    expect([answer.status, errorOf(answer).code]).toEqual([status, code])
    expect(errorOf(answer).message).toContain(words)
  })

  it.each([
    ['an address with broken escapes', 'GET /api/v1/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    ['a Content-Length that is no number', `POST ${BASE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n`, 400],
    ['two lengths', `POST ${BASE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc`, 400],
    ['a length and chunks at once', `POST ${BASE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['headers that are too large', `GET ${BASE}/summary HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['what is no HTTP', 'EHLO there\r\n\r\n', 400],
    ['no Host', `GET ${BASE}/summary HTTP/1.1\r\nConnection: close\r\n\r\n`, 400],
  ])('says so of %s', async (_what, bytes, status) => {
    const { server } = await start()
    const [head = '', body = ''] = (await sendRaw(server.port, bytes)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(errorOf({ headers: { 'content-type': /content-type: (.*)/i.exec(head)?.[1]?.trim() ?? '' }, json: () => JSON.parse(body) })).toMatchObject({ code: 'VALIDATION_ERROR', statusCode: status })
  })

  it('breaks off whoever sends a request one byte at a time', async () => {
    const { server } = await start({}, { times: { headersMs: 300, requestMs: 500, lookMs: 50 } })
    const answers = await Promise.all([
      sendRaw(server.port, `GET ${BASE}/summary HTTP/1.1\r\nHost: loc`),
      sendRaw(server.port, `POST ${BASE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`),
      sendRaw(server.port),
    ])
    expect(answers[0]).toMatch(/^HTTP\/1.1 408 /)
    expect(JSON.parse(answers[0].split('\r\n\r\n')[1] ?? '')).toMatchObject({ success: false, error: { statusCode: 408 } })
  })

  it('keeps no connection that nothing came on, also where the other side does not close it', async () => {
    const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    const { server } = await start({}, { times: { headersMs: 200, requestMs: 300, lookMs: 50 } })
    await expect.poll(sockets).toBe(0)
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    onTestFinished(() => void socket.destroy())
    await new Promise((done) => socket.resume().once('end', done))
    expect(sockets()).toBe(2)
    await expect.poll(sockets, { timeout: 5_000 }).toBe(1)
  })

  it('tells nothing of a bug but an id, under which the log has all of it', async () => {
    const { ask, log } = await start({}, { resident: { ask: async () => Promise.reject(new TypeError('cannot read /etc/medianest/secret.key of undefined')) } })
    const answer = await ask(`${BASE}/summary`)
    expect(answer.status).toBe(500)
    const { code, message, details } = errorOf(answer)
    expect([code, message]).toEqual(['INTERNAL_ERROR', expect.not.stringContaining('secret.key')])
    const line = log.map((each) => JSON.parse(each)).find((each) => each.event === 'bug')
    expect(line).toMatchObject({ level: 'error', id: details['errorId'], stack: expect.arrayContaining([expect.stringContaining('secret.key')]) })
  })

  it('says when to ask again where that helps', async () => {
    const { ask } = await start({}, { resident: { ask: async () => Promise.reject(new ApiError('CIRCUIT_BREAKER_OPEN', 'PostgreSQL is left alone', { details: { retryAfter: 42 } })) } })
    const answer = await ask(`${BASE}/application`)
    expect([answer.status, answer.headers['retry-after'], errorOf(answer).details]).toEqual([503, '42', { retryAfter: 42 }])
  })

  it('is given to a question that takes too long, whose work is told to stop', async () => {
    let stopped = false
    const { ask } = await start({}, {
      times: { answerMs: 100 },
      resident: { ask: (_name, _question, { signal }) => new Promise(() => signal.addEventListener('abort', () => (stopped = true))) },
    })
    const answer = await ask(`${BASE}/summary`)
    expect([answer.status, errorOf(answer).code, answer.headers['retry-after']]).toEqual([503, 'PERFORMANCE_DEGRADED', '30'])
    expect(stopped).toBe(true)
  })
})
