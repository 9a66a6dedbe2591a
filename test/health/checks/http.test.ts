import { once } from 'node:events'
import * as http from 'node:http'
import * as net from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookAt, networkWorld } from '../network-look.ts'

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void

/** What was asked of the servers. */
const seen: { readonly host: string; readonly path: string; readonly method: string; readonly headers: http.IncomingHttpHeaders; readonly body: string }[] = []

const html = (body: string): Answer => (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(body)
const to = (location: string, status = 302): Answer => (_, response) => void response.writeHead(status, { location }).end()
const status = (code: number, headers: http.OutgoingHttpHeaders = {}): Answer => (_, response) => void response.writeHead(code, headers).end('said')
const json = (value: unknown): Answer => (_, response) => void response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/ok': status(200, { 'content-type': 'text/plain' }),
  '/gone': status(404), '/broken': status(500), '/closed': status(401), '/forbidden': status(403),
  '/busy': status(503, { 'retry-after': '120' }), '/often': status(429, { 'retry-after': '30' }),
  '/health': json({ status: 'ok', checks: [{ name: 'db', up: true }], load: 0.5, 'a key': 'x', nothing: null }),
  '/deep': (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)},"b":{"c":1}}`),
  '/text': html('<h1>Welcome\u001b[31m</h1>'),
  '/signin': html('<form><input name="p" type="password"></form>'),
  '/login': html('<h1>Who are you?</h1>'),
  '/page': html('<form><INPUT required Type=password></form>'),
  '/to-login': to('/login?next=/secret'), '/to-ok': to('/ok'), '/loop': to('/loop-back'), '/loop-back': to('/loop'),
  '/other': (request, response) => to(`http://localhost:${request.socket.localPort}/ok`)(request, response),
  '/many': to('/many1'), '/many1': to('/many2'), '/many2': to('/many3'), '/many3': to('/many4'), '/many4': to('/many5'), '/many5': to('/many6'), '/many6': status(200),
  '/post': to('/ok', 303), '/keep': to('/ok', 307), '/file': to('file:///etc/passwd'),
  '/packed': (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('the word within')),
  '/bomb': (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(30_000_000, 'x'))),
  '/not-packed': (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
  '/large': (_, response) => void response.end('x'.repeat(100_000) + 'the end'),
  '/half': (request, response) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('half')
    setTimeout(() => request.socket.resetAndDestroy(), 30)
  },
  '/short': (request, response) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('short')
    setTimeout(() => request.socket.end(), 30)
  },
  '/drip': (_, response) => void response.writeHead(200).write('a drop'),
  '/silent': () => undefined,
  '/hang-up': (request) => void request.socket.destroy(),
}

const server = http.createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    seen.push({ host: request.headers.host ?? '', path, method: request.method ?? '', headers: request.headers, body })
    const answer = ANSWERS[path] ?? status(404)
    answer(request, response)
  })
})
const raw = (answer: string): net.Server => net.createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.write(answer)))
const slowHead = raw('HTTP/1.1 200 OK\r\ncontent-')
const noHttp = net.createServer((socket) => socket.on('error', () => undefined).write('SSH-2.0-OpenSSH\r\n'))
const manyHeaders = raw(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(5_000)}\r\n`)

let base: string
beforeAll(async () => {
  for (const each of [server, slowHead, noHttp, manyHeaders]) await once(each.listen(0, '127.0.0.1'), 'listening')
  base = `http://127.0.0.1:${portOf(server)}`
})
afterAll(() => {
  server.closeAllConnections()
  for (const each of [server, slowHead, noHttp, manyHeaders]) each.close()
})

const look = async (path: string, more: object = {}, options = {}) => lookAt({ type: 'http', url: path.startsWith('/') ? base + path : path, ...more }, options)
const said = async (path: string, more: object = {}, options = {}) => (({ verdict, message }) => [verdict, message])(await look(path, more, options))
const requestsTo = (path: string) => seen.filter((each) => each.path === path)

describe('a check of an HTTP service', () => {
  it('is content with a 200, and tells the phases', async () => {
    const outcome = await look('/ok')
    expect([outcome.verdict, outcome.message]).toEqual(['ok', expect.stringMatching(/^200 OK in .*, 4 B$/)])
    expect(outcome.details).toMatchObject({ statusCode: 200, contentType: 'text/plain', address: '127.0.0.1', redirects: [], phases: { dnsMs: null, tcpMs: expect.any(Number), tlsMs: null, firstByteMs: expect.any(Number), totalMs: expect.any(Number) } })
    expect(outcome.measures.map(({ name }) => name)).toEqual(['time', 'size'])
    expect(outcome.responseTimeMs).toBeGreaterThan(0)
  })

  it('finds a name of the hosts file, and times it', async () => {
    const outcome = await look(`http://localhost:${portOf(server)}/ok`)
    expect([outcome.verdict, outcome.details['phases']]).toEqual(['ok', expect.objectContaining({ dnsMs: expect.any(Number) })])
  })

  it.each([
    ['/gone', 'answered 404 Not Found'], ['/broken', 'answered 500 Internal Server Error'], ['/closed', 'answered 401 Unauthorized'], ['/forbidden', 'answered 403 Forbidden'],
    ['/busy', 'answered 503 Service Unavailable, try again in 120 s'], ['/often', 'answered 429 Too Many Requests, try again in 30 s'],
  ])('fails for %s in words', async (path, message) => {
    const outcome = await look(path)
    expect([outcome.verdict, outcome.message]).toEqual(['fail', message])
    expect(outcome.recommendation).toBeTruthy()
  })

  it('takes any status it is told to expect', async () => {
    expect((await said('/gone', { expect: { status: 404 } }))[0]).toBe('ok')
    expect((await said('/closed', { expect: { status: ['2xx', 401] } }))[0]).toBe('ok')
    expect(await said('/ok', { expect: { status: [204, '3xx'] } })).toEqual(['fail', 'answered 200 OK, expected 204 or 3xx'])
  })

  it('compares type, text and values of the body', async () => {
    expect((await said('/health', { expect: { contentType: 'application/json', text: 'db', notText: ['down', 'error'], json: { '$.status': 'ok', 'checks[0].up': true, load: 0.5, "$['a key']": null, '$.checks[-1].name': 'db' } } }))[0]).toBe('ok')
    expect(await said('/health', { expect: { json: { '$.status': 'up', '$.version': null } } })).toEqual(['fail', '$.status is "ok", expected "up"; $.version is missing'])
    expect(await said('/deep', { expect: { json: { a: 1, b: 2 } } })).toEqual(['fail', 'a is a list of 1, expected 1; b is an object, expected 2'])
    expect(await said('/text', { expect: { contentType: 'json' } })).toEqual(['fail', 'is text/html, expected json'])
    expect(await said('/text', { expect: { text: ['Welcome', 'Goodbye'] } })).toEqual(['fail', 'the body does not have "Goodbye"'])
    expect(await said('/text', { expect: { notText: 'Welcome' } })).toEqual(['fail', 'the body has "Welcome"'])
    expect(await said('/text', { expect: { json: { a: 1 } } })).toEqual(['fail', 'the body is not JSON: it begins with "<h1>Welcome\ufffd[31m</h1>"'])
    expect((await said('/packed', { expect: { text: 'the word within' } }))[0]).toBe('ok')
  })

  it('does not guess what stands in a part it has not read', async () => {
    expect(await said('/large', { maxBody: '1kB', expect: { text: 'the end' } })).toEqual(['unknown', 'only the first 1 kB of the body were read, which do not decide it'])
    expect((await said('/large', { maxBody: '1kB', expect: { notText: 'the end' } }))[0]).toBe('unknown')
    expect((await said('/large', { maxBody: '1kB' }))[0]).toBe('ok')
    expect((await said('/large', { expect: { text: 'the end' } }))[0]).toBe('ok')
    expect(await said('/bomb')).toEqual(['ok', expect.stringMatching(/more than/)])
  })

  it('does not take a login page for the service', async () => {
    expect(await said('/to-login')).toEqual(['fail', 'answered with a login page (/login)'])
    expect(await said('/page', { expect: { text: 'a text that is not there' } })).toEqual(['fail', 'answered with a login page (/page)'])
    expect((await said('/page', { loginPage: true }))[0]).toBe('ok')
    expect((await said('/to-login', { loginPage: true }))[0]).toBe('ok')
    expect((await said('/login'))[0]).toBe('ok')
    expect((await said('/signin'))[0]).toBe('ok')
    expect(await said('/to-login', { redirects: 'none' })).toEqual(['fail', `answered 302 Found to ${base}/login`])
  })

  it('follows redirects as far as it may', async () => {
    expect(await said('/to-ok')).toEqual(['ok', expect.stringMatching(new RegExp(`^200 OK at ${base}/ok in `))])
    expect((await look('/to-ok')).details['redirects']).toEqual([`${base}/ok`])
    expect(await said('/to-ok', { redirects: 'none' })).toEqual(['fail', `answered 302 Found to ${base}/ok`])
    expect((await said('/to-ok', { redirects: 'none', expect: { status: 302 } }))[0]).toBe('ok')
    expect(await said('/other', { redirects: 'same-host' })).toEqual(['fail', `redirects to another host (http://localhost:${portOf(server)}/ok)`])
    expect((await said('/other'))[0]).toBe('ok')
    expect(await said('/loop')).toEqual(['fail', `redirects in a circle: ${base}/loop-back > ${base}/loop`])
    expect(await said('/many')).toEqual(['fail', `leads through more than 5 redirects, at last to ${base}/many6`])
    expect(await said('/file')).toEqual(['fail', 'redirects to something that is not http'])
  })

  it('keeps credentials from another host', async () => {
    seen.length = 0
    await look('/other', { token: 'hidden', headers: { Cookie: 'a=b', 'X-Api-Key': 'hidden', 'User-Agent': 'me' } })
    expect(requestsTo('/other')[0]?.headers).toMatchObject({ authorization: 'Bearer hidden', cookie: 'a=b', 'x-api-key': 'hidden' })
    const there = requestsTo('/ok')[0]?.headers
    expect(there).toMatchObject({ 'user-agent': 'me' })
    expect(JSON.stringify(there)).not.toMatch(/hidden|a=b/)
    await look('/to-ok', { user: 'me', password: { env: 'SECRET' } }, { world: networkWorld({ env: { SECRET: 'paß' } }) })
    expect(requestsTo('/ok').at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('me:paß').toString('base64')}`)
  })

  it('sends what it is told to', async () => {
    seen.length = 0
    await look('/keep', { method: 'POST', body: '{"a":1}' })
    expect(requestsTo('/ok')[0]).toMatchObject({ method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })
    await look('/post', { method: 'POST', body: 'a' })
    expect(requestsTo('/ok')[1]).toMatchObject({ method: 'GET', body: '' })
    expect((await said('/ok', { method: 'HEAD' }))[0]).toBe('ok')
  })

  it('judges the time by the levels it is given, or by what the service is for', async () => {
    expect(await said('/ok', { responseTime: { critical: '1us' } })).toEqual(['fail', expect.stringMatching(/^answered in .* \(critical at 1 µs\)$/)])
    expect((await look('/ok', { category: 'search' })).measures[0]).toMatchObject({ name: 'time', warning: { to: 500 }, critical: { to: 1_000 } })
    expect((await look('/ok', { category: 'search', responseTime: { warning: '3s' } })).measures[0]).toMatchObject({ warning: { to: 3_000 }, critical: undefined })
  })
})

describe('a service that does not answer', () => {
  it.each([
    ['/silent', /^127\.0\.0\.1:\d+ accepted the connection in .*, then gave no answer within 400 ms$/],
    ['/drip', /answered 200 after .*, but its body was not complete within 400 ms$/],
  ])('is told from one that is slow: %s', async (path, message) => {
    const outcome = await look(path, {}, { timeoutMs: 400 })
    expect([outcome.verdict, outcome.message]).toEqual(['fail', expect.stringMatching(message)])
  })

  it.each([
    ['/half', /answered 200, then broke off in the middle of its answer$/],
    ['/short', /answered 200, then broke off in the middle of its answer$/],
    ['/hang-up', /closed the connection without an answer$/],
    ['/not-packed', /is not packed as it says \(gzip\)$/],
  ])('is told from one that breaks off: %s', async (path, message) => {
    expect(await said(path)).toEqual(['fail', expect.stringMatching(message)])
  })

  it('is told from one that says something else', async () => {
    expect(await said(`http://127.0.0.1:${portOf(slowHead)}/`, {}, { timeoutMs: 400 })).toEqual(['fail', expect.stringMatching(/began to answer after .*, but its headers were not complete within 400 ms$/)])
    expect(await said(`http://127.0.0.1:${portOf(noHttp)}/`)).toEqual(['fail', `127.0.0.1:${portOf(noHttp)} answers, but not in HTTP`])
    expect(await said(`http://127.0.0.1:${portOf(manyHeaders)}/`)).toEqual(['fail', `the headers of the answer of 127.0.0.1:${portOf(manyHeaders)} are larger than 16 kB`])
    expect(await said(`https://127.0.0.1:${portOf(server)}/`)).toEqual(['fail', `127.0.0.1:${portOf(server)} answers, but does not speak TLS`])
  })

  it('is told from one nobody has heard of, and from one that is not there', async () => {
    const closed = await freePort()
    expect(await said(`http://127.0.0.1:${closed}/`)).toEqual(['fail', `127.0.0.1:${closed} refused the connection`])
    expect(await said(`http://localhost:${closed}/`)).toEqual(['fail', expect.stringMatching(`^localhost:${closed} refused the connection \\(`)])
  })

  it('ends at once when it is called off', async () => {
    const stop = AbortSignal.abort()
    const { look: lookItself } = await import('../../../src/health/checks/http.ts')
    const outcome = await lookItself({ type: 'http', url: `${base}/silent` }, { world: networkWorld(), signal: stop, timeoutMs: 5_000 })
    expect(outcome?.verdict).toBe('fail')
  })

  it('never gives away what is secret in an address', async () => {
    const closed = await freePort()
    for (const url of [`http://me:hidden@127.0.0.1:${closed}/?key=hidden`, `http://me:hidden@127.0.0.1:${portOf(server)}/gone?key=hidden`, `http://me:hidden@127.0.0.1:${portOf(server)}/to-ok?key=hidden`]) {
      expect(JSON.stringify(await look(url))).not.toContain('hidden')
    }
    await expect(look('ftp://me:hidden@nas/?key=hidden')).rejects.toMatchObject({ code: 'INVALID_URL', message: '"ftp://***@nas/" is not an address of http or https' })
    await expect(look('/ok', { token: 'two\nlines' })).rejects.toMatchObject({ code: 'INVALID_HEADER', message: expect.not.stringContaining('lines') })
    await expect(look('/ok', { expect: { json: { '$.a..b': 1 } } })).rejects.toMatchObject({ code: 'INVALID_JSONPATH', message: '"$.a..b" is not a path into JSON: "." is not expected at its character 5' })
  })
})

function portOf(listening: net.Server): number {
  return (listening.address() as net.AddressInfo).port // a TCP server's address is one
}

async function freePort(): Promise<number> {
  const taken = net.createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const port = portOf(taken)
  await new Promise((closed) => taken.close(closed))
  return port
}
