import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { pingMessage, type PingKind } from '../../src/health/ping-service.ts'
import { ping, type PingWorld } from '../../src/health/ping.ts'
import { HttpProblem, type HttpAnswer, type HttpRequest } from '../../src/services/http.ts'

/** A plain sender. */
async function send({ url, method, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
  const request = ask(url, { method, headers, signal }).end(body)
  const [answer] = (await once(request, 'response').catch((error: NodeJS.ErrnoException) => {
    throw new HttpProblem(error.code === 'ECONNREFUSED' ? 'refused' : 'no-answer', 'tcp', `no answer from ${url.href}`)
  })) as [IncomingMessage]
  const chunks: string[] = []
  for await (const chunk of answer) chunks.push(String(chunk))
  return { status: answer.statusCode ?? 0, headers: {}, body: chunks.join(''), isCut: false, phases: { dns: null, tcp: null, tls: null, firstByte: null, total: 0 }, address: null, certificateEndsAt: null }
}

interface Told {
  readonly line: string
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

const open: { stop(): void }[] = []
afterEach(() => open.splice(0).forEach((server) => server.stop()))

/** A watcher that answers with these statuses in turn, the last for ever, and remembers what it was told. */
async function watcher(...statuses: readonly (number | string)[]): Promise<{ readonly url: string; readonly host: string; readonly told: Told[] }> {
  const told: Told[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const answer = statuses[Math.min(told.length, statuses.length - 1)] ?? 200
      told.push({ line: `${request.method} ${request.url}`, body: Buffer.concat(chunks).toString(), headers: request.headers })
      if (answer === 'silence') return
      response.writeHead(typeof answer === 'number' ? answer : 200).end(typeof answer === 'number' ? 'OK' : answer)
    })
  }
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({ stop: () => (server.close(), server.closeAllConnections()) })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: `http://${host}/SECRET-uuid`, host, told }
}

const world = (more: Partial<PingWorld> = {}): PingWorld => ({ send, signal: new AbortController().signal, pausesMs: [1, 2], ...more })

describe('a ping', () => {
  it.each<[PingKind, string]>([['start', 'POST /SECRET-uuid/start'], ['success', 'POST /SECRET-uuid'], ['fail', 'POST /SECRET-uuid/fail']])('%s goes where healthchecks.io wants it, with the text', async (kind, line) => {
    const { url, told } = await watcher(200)
    expect(await ping(url, kind, 'HEALTH CRITICAL - db: no answer', world())).toBeNull()
    expect(told.map((each) => [each.line, each.body])).toEqual([[line, 'HEALTH CRITICAL - db: no answer']])
    expect(told[0]?.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'user-agent': expect.stringContaining('medianest-perf/') })
  })

  it('is tried three times where the watcher has trouble, and is well when the third succeeds', async () => {
    const { url, told } = await watcher(503, 429, 200)
    expect(await ping(url, 'success', '', world())).toBeNull()
    expect(told).toHaveLength(3)
  })

  it.each<[number | string, string, number]>([
    [500, 'it answered 500 (tried 3 times)', 3],
    [404, 'it answered 404', 1],
    [302, 'it answered 302, a redirect, which is not followed; use the address it leads to', 1],
    ['OK (not found)', 'it answered that it knows no such check; look at the address', 1],
    ['OK (rate limited)', 'it answered that it is pinged too often', 1],
    ['silence', 'it did not answer in time (tried 3 times)', 3],
  ])('answered with %s is a problem to note, which names the host alone', async (answer, problem, tries) => {
    const { url, host, told } = await watcher(answer)
    expect(await ping(url, 'fail', '', world({ timeoutMs: 200 }))).toBe(`${host} was not told of the fail: ${problem}`)
    expect(told).toHaveLength(tries)
  })

  it('nobody listens to, or that breaks in whatever way, is no more than that', async () => {
    expect(await ping('http://127.0.0.1:1/SECRET', 'success', '', world())).toBe('127.0.0.1:1 was not told of the success: it refused the connection (tried 3 times)')
    expect(await ping('https://u:SECRET@example.org/SECRET', 'success', '', world({ send: () => Promise.reject(new Error('SECRET')) }))).toBe('example.org was not told of the success: it could not be asked (tried 3 times)')
    for (const address of ['SECRET', 'ftp://SECRET.example/', '']) expect(await ping(address, 'success', '', world())).toBe('nobody was pinged: the address is no http:// or https:// url')
  })

  it('ends at once when the run is ended, also in a pause', async () => {
    const { url, host, told } = await watcher(500)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    expect(await ping(url, 'start', '', world({ signal: stop.signal, pausesMs: [60_000, 60_000] }))).toBe(`${host} was not told of the start: interrupted`)
    expect(told).toHaveLength(1)
  })

  it('sends a name and password of the address as such', async () => {
    const { url, told } = await watcher(200)
    await ping(url.replace('//', '//joe:p%40ss@'), 'success', '', world())
    expect(told[0]?.headers.authorization).toBe(`Basic ${Buffer.from('joe:p@ss').toString('base64')}`)
  })

  it('carries 100 kB at most, and no half character', async () => {
    const { url, told } = await watcher(200)
    await ping(url, 'fail', `x${'ü'.repeat(60_000)}`, world())
    expect(told[0]?.body).toBe(`x${'ü'.repeat(49_999)}`)
  })
})

describe('what a watcher is told', () => {
  it.each<[string, PingKind, string | null]>([
    ['https://hc-ping.com/uuid', 'start', 'POST https://hc-ping.com/uuid/start'],
    ['https://hc-ping.com/key/slug?create=1', 'fail', 'POST https://hc-ping.com/key/slug/fail?create=1'],
    ['https://hc.example/ping/uuid/', 'fail', 'POST https://hc.example/ping/uuid/fail'],
    ['https://hc.example/ping/uuid/', 'success', 'POST https://hc.example/ping/uuid/'],
    ['https://kuma.example/api/push/T?status=up&msg=OK&ping=', 'start', null],
    ['https://kuma.example/api/push/T?status=up&msg=OK&ping=', 'success', 'GET https://kuma.example/api/push/T?status=up&msg=db%3A+slow&ping='],
    ['https://kuma.example/sub/api/push/T', 'fail', 'GET https://kuma.example/sub/api/push/T?status=down&msg=db%3A+slow'],
    ['https://cronitor.link/p/KEY/health', 'start', 'GET https://cronitor.link/p/KEY/health?state=run&message=db%3A+slow'],
    ['https://cronitor.link/p/KEY/health?env=prod', 'success', 'GET https://cronitor.link/p/KEY/health?env=prod&state=complete&message=db%3A+slow'],
    ['https://cronitor.link/p/KEY/health', 'fail', 'GET https://cronitor.link/p/KEY/health?state=fail&message=db%3A+slow'],
    ['https://notcronitor.link/p', 'success', 'POST https://notcronitor.link/p'],
  ])('%s, %s: %s', (address, kind, expected) => {
    const message = pingMessage(new URL(address), kind, 'db: slow\nand more of it')
    expect(message && `${message.method} ${message.url.href}`).toBe(expected)
  })

  it('is never an empty word', () => {
    expect(pingMessage(new URL('https://k/api/push/T'), 'fail', '')?.url.href).toBe('https://k/api/push/T?status=down&msg=failed')
    expect(pingMessage(new URL('https://cronitor.link/p/K/h'), 'fail', '')?.url.href).toBe('https://cronitor.link/p/K/h?state=fail')
  })
})
