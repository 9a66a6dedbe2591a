import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import type { Run } from '../../src/model/run.ts'
import { testHost } from '../host.ts'
import { ask, at, openClient } from '../load/wire/loopback.ts'
import { FILES, nginx, startNginx, type LogLine, type Nginx } from './nginx.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-load-nginx-'))
const CA = readFileSync(join(import.meta.dirname, '../fixtures/tls/localhost.cert.pem'))
let server: Nginx
beforeAll(async () => {
  if (nginx !== undefined) server = await startNginx(nginx)
})
afterAll(async () => {
  await (server as Nginx | undefined)?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const get = (path: string, fields = '', version = '1.1'): string => `GET ${path} HTTP/${version}\r\nHost: localhost\r\n${fields}\r\n`
const sum = (lines: readonly LogLine[]): number => lines.reduce((bytes, line) => bytes + line.bytes, 0)

describe.skipIf(!nginx)('the wire client and nginx agree about every byte (needs nginx: Debian package nginx-light)', () => {
  const text = FILES['text.txt'].toString()

  it.each([
    ['a kept-alive reply', get('/ok?1'), 200, 'ok'],
    ['a missing page', get('/gone?1'), 404, expect.stringContaining('404 Not Found')],
    ['a broken page', get('/broken?1'), 500, expect.stringContaining('500')],
    ['no content', get('/empty?1'), 204, ''],
    ['a redirect, not followed', get('/moved?1'), 301, expect.stringContaining('301')],
    ['a chunked body', get('/chunked/text.txt'), 200, text],
    ['a body that ends with the connection', get('/until-close/text.txt'), 200, text],
    ['gzip, which comes chunked', get('/zipped/text.txt', 'Accept-Encoding: gzip\r\n'), 200, text],
    ['a megabyte', get('/files/large.bin'), 200, FILES['large.bin'].toString()],
    ['a part of a file', get('/files/text.txt?part', 'Range: bytes=3-6\r\n'), 206, text.slice(3, 7)],
    ['an HTTP/1.0 request', get('/ok?1.0', '', '1.0'), 200, 'ok'],
    ['a request that nginx refuses to read', 'GET /ok?bad HTTP/1.1\r\nHost: a b\r\n\r\n', 400, expect.stringContaining('400 Bad Request')],
  ])('of %s', async (_what, request, status, body) => {
    const exchange = await ask(openClient(), at(server.port), {}, request)
    expect(exchange.error).toBeNull()
    expect({ status: exchange.status, body: exchange.body?.toString() }).toEqual({ status, body })
    const [line] = await server.log(request.split(' ')[1] ?? '', 1)
    expect(line).toMatchObject({ status, bytes: exchange.bytesReceived })
  })

  it('of a HEAD, which has a length but no body, and of the request after it', async () => {
    const client = openClient()
    const head = await ask(client, at(server.port), { head: true }, get('/files/text.txt?head').replace('GET', 'HEAD'))
    expect(head.header('content-length')).toBe(String(text.length))
    expect((await ask(client, at(server.port), {}, get('/ok?after-head'))).body?.toString()).toBe('ok')
    expect(client.opened).toBe(1)
    expect(await server.log('/files/text.txt?head', 1)).toMatchObject([{ method: 'HEAD', status: 200, bytes: head.bytesReceived }])
  })

  it('of a file that has not changed', async () => {
    const first = await ask(openClient(), at(server.port), {}, get('/files/text.txt?first'))
    const again = await ask(openClient(), at(server.port), {}, get('/files/text.txt?again', `If-None-Match: ${first.header('etag')}\r\n`))
    expect(again).toMatchObject({ status: 304, error: null })
    expect(await server.log('/files/text.txt?again', 1)).toMatchObject([{ status: 304, bytes: again.bytesReceived }])
  })

  it('over TLS, verified by its authority', async () => {
    const client = openClient({ tls: { insecure: false, ca: CA } })
    const exchanges = [await ask(client, at(server.tlsPort, true), {}, get('/ok?tls')), await ask(client, at(server.tlsPort, true), {}, get('/files/large.bin?tls'))]
    expect(exchanges).toMatchObject([{ status: 200, error: null }, { status: 200, error: null, tlsMs: 0 }])
    expect(exchanges[0]?.tlsMs).toBeGreaterThan(0)
    expect(client.opened).toBe(1)
    expect(sum(await server.log('/files/large.bin?tls', 1))).toBe(exchanges[1]?.bytesReceived)
  })

  it('except that one over plain HTTP to the TLS port is told what is wrong by nginx', async () => {
    const { status, body } = await ask(openClient(), at(server.tlsPort), {}, get('/plain'))
    expect(status).toBe(400)
    expect(body?.toString()).toContain('plain HTTP request was sent to HTTPS port')
  })
})

describe.skipIf(!nginx)('a load test and nginx\'s access log tell the same story (needs nginx: Debian package nginx-light)', () => {
  interface Story {
    readonly code: number
    readonly data: Run
  }

  async function load(what: string, ...flags: string[]): Promise<Story> {
    const host = testHost(['load', what, '--quiet', '--format', 'json', ...flags], { cwd: folder })
    const code = await main(host)
    const { data, error } = JSON.parse(host.out()) as { data: Run; error?: unknown }
    expect(error).toBeUndefined()
    return { code, data }
  }

  const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`
  const received = (data: Run): number => data.timeline.reduce((bytes, window) => bytes + window.bytesReceived, 0)

  function flow(steps: string, iterations = 20): string {
    const file = join(folder, 'flow.yaml')
    writeFileSync(file, `target: "${url('')}"\nscenarios: { run: { executor: per-vu-iterations, vus: 5, iterations: ${iterations}, exec: steps } }\nflows: { steps: [${steps}] }\n`)
    return file
  }

  /** What both sides must agree on, whatever was asked. */
  async function compare({ data }: Story, path: string): Promise<LogLine[]> {
    const lines = await server.log(path, data.summary.totalRequests)
    const byStatus: Record<string, number> = {}
    for (const { status } of lines) byStatus[status] = (byStatus[status] ?? 0) + 1
    expect(lines).toHaveLength(data.summary.totalRequests)
    expect(data.statusCodes).toEqual(byStatus)
    expect(received(data)).toBe(sum(lines))
    return lines
  }

  it('over connections that are kept', async () => {
    const story = await load(url('/ok?load'), '-c', '20', '-d', '1s')
    const lines = await compare(story, '/ok?load')
    expect(story.code).toBe(0)
    expect(story.data.summary).toMatchObject({ failedRequests: 0, connections: 20 })
    expect(new Set(lines.map(({ connection }) => connection)).size).toBe(20)
  })

  it.each([['/few', 'after seven requests', 7], ['/brief', 'after each request', 1]])('when %s closes connections %s, and no request fails for it', async (path, _when, most) => {
    const story = await load(flow(`{ get: { url: "${path}?flow" } }`))
    const lines = await compare(story, `${path}?flow`)
    expect(story.data.summary).toMatchObject({ totalRequests: 100, failedRequests: 0 })
    const uses = new Map<number, number>()
    for (const { connection } of lines) uses.set(connection, (uses.get(connection) ?? 0) + 1)
    expect(Math.max(...uses.values())).toBe(most)
    // Every connection nginx saw a request on was opened by us; one may be opened for a request that then found an older one free, and stay unused.
    expect(story.data.summary.connections).toBeGreaterThanOrEqual(uses.size)
    expect(story.data.summary.connections).toBeLessThanOrEqual(uses.size + story.data.arrivals.maxUsers)
  })

  // nginx closes the connection after a 500.
  it.each([['/gone', '404', 5], ['/broken', '500', 100]])('when every answer is that of %s', async (path, status, connections) => {
    const story = await load(flow(`{ get: { url: "${path}?flow" } }`))
    await compare(story, `${path}?flow`)
    expect(story.data.summary).toMatchObject({ totalRequests: 100, failedRequests: 100, connections })
    expect(story.data.errors).toMatchObject([{ type: status, count: 100 }])
  })

  it('of redirects, in which every hop is a request', async () => {
    const story = await load(flow('{ get: { url: "/moved?flow" } }'))
    expect(story.data.summary).toMatchObject({ totalRequests: 200, failedRequests: 0 })
    expect(story.data.statusCodes).toEqual({ 200: 100, 301: 100 })
    expect([(await server.log('/moved?flow', 100)).length, (await server.log('/ok?moved', 100)).length]).toEqual([100, 100])
  })

  it('of a redirect that goes round in a circle, and ends', async () => {
    const story = await load(flow('{ get: { url: "/round" } }'))
    await compare(story, '/round')
    expect(story.data.summary.failedRequests).toBe(100)
  })

  it('of flows that read what they are sent, compressed and in chunks', async () => {
    const story = await load(flow('{ get: { url: "/zipped/text.txt?flow", headers: { Accept-Encoding: gzip }, capture: { regexp: "cut", as: what } } }, { get: { url: "/ok?then={{ what }}" } }'))
    expect(story.data.summary).toMatchObject({ totalRequests: 200, failedRequests: 0 })
    const [zipped, then] = [await server.log('/zipped/text.txt?flow', 100), await server.log('/ok?then=cut', 100)]
    expect([zipped.length, then.length]).toEqual([100, 100])
    expect(received(story.data)).toBe(sum([...zipped, ...then]))
  })

  it('of answers that come too slowly: they are sent, logged, and failed as timeouts', async () => {
    const story = await load(flow('{ get: { url: "/slow/text.txt?flow" } }', 1), '--timeout', '300ms')
    expect(await server.log('/slow/text.txt?flow', 5)).toHaveLength(5)
    expect(story.data.summary).toMatchObject({ totalRequests: 5, failedRequests: 5 })
    expect(story.data.errors).toMatchObject([{ type: 'timeout', count: 5 }])
  })

  it('over TLS whose certificate is not verified', async () => {
    const story = await load(`https://127.0.0.1:${server.tlsPort}/ok?secure`, '-c', '3', '-d', '1s', '--insecure')
    await compare(story, '/ok?secure')
    expect(story.data.summary).toMatchObject({ failedRequests: 0, connections: 3 })
  })
})
