import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { SourceConfigOf } from '../../../../src/collect-schema/schema.ts'
import { UserError } from '../../../../src/model/error.ts'
import { openSource } from '../../../../src/sources/application/prometheus.ts'
import { exposing, fakeWorld, serving, TERMS } from '../exposing.ts'

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

const METRICS = 'http_requests_total{route="/a",status="200"} 1234\n'
const SECRET = 'hunter2-token'

async function problemOf(answer: RequestListener, config: Partial<SourceConfigOf<'prometheus'>> = {}): Promise<UserError> {
  const { url, close } = await serving(answer)
  endings.push(close)
  const source = openSource({ type: 'prometheus', url, timeout: '500ms', ...config }, TERMS, fakeWorld())
  const error = await source.collect(AbortSignal.timeout(5_000)).then(() => new Error('it was taken'), (thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return error as UserError // so it is
}

const says = (error: UserError): string => `${error.message.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')} | ${error.hint ?? ''}`

describe('an endpoint that gives no metrics', () => {
  it.each<[string, RequestListener, RegExp]>([
    ['refuses', (_, response) => response.writeHead(401).end(SECRET), /^http:\/\/HOST\/metrics answers 401 instead of metrics \| it wants credentials: set token/],
    ['has none', (_, response) => response.writeHead(404).end('Cannot GET'), /answers 404 .* check the path of url/],
    ['fails', (_, response) => response.writeHead(500).end(), /answers 500 .* see the log of the application/],
    ['leads elsewhere', (_, response) => response.writeHead(302, { location: '/login?next=secret' }).end(), /answers 302 to http:\/\/HOST\/login instead of metrics \| redirects are not followed/],
    ['shows a page', (_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Hello'), /answers with a page \(HTML\) instead of metrics/],
    ['shows a page and calls it text', (_, response) => response.setHeader('content-type', 'text/plain').end('\n <html>'), /answers with a page \(HTML\)/],
    ['answers in JSON', (_, response) => response.end('{"status":"ok"}'), /answers with JSON instead of metrics/],
    ['breaks the format', (_, response) => response.end(`${METRICS}http requests 12\n`), /metrics of http:\/\/HOST\/metrics cannot be read: line 2 has no number as its value: "http requests 12" \| see what promtool/],
    ['is silent', () => undefined, /cannot be asked for: HOST accepted the connection .* gave no answer within 500 ms/],
    ['stops in the middle', (_, response) => void response.writeHead(200, { 'content-length': 1_000 }).write(METRICS), /body was not complete within 500 ms/],
    ['breaks off before it has sent what it promised', (request, response) => response.writeHead(200, { 'content-length': 1_000 }).write(METRICS, () => request.socket.destroy()), /answered 200, then broke off/],
    ['breaks off where nothing says how long it is', (request) => request.socket.end(`HTTP/1.1 200 OK\r\n\r\n${METRICS}http_requests_total{route="/b",status="200"} 12`), /line 2 does not end: the answer is not whole/],
    ['breaks off within a packed answer', (request) => request.socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n'), gzipSync(METRICS.repeat(100)).subarray(0, 40)])), /cannot be asked for: .*(?:not packed|broke off)/],
    ['has nothing that is known', (_, response) => response.end('node_load1 0.5\nnode_boot_time_seconds 1\n'), /exposes no family that is known here: it has node_load1, node_boot_time_seconds \| name yours: families:/],
    ['is empty', (_, response) => response.end(), /exposes no family that is known here: it is empty/],
  ])('because it %s says so', async (_, answer, said) => {
    const problem = await problemOf(answer)
    expect(says(problem)).toMatch(said)
  })

  it('of fifty megabytes is left after sixteen', async () => {
    let sent = 0
    const problem = await problemOf((_, response) => {
      const more = (): void => {
        for (; sent < 50_000_000 && !response.destroyed; sent += 100_000) if (!response.write(`# ${'x'.repeat(99_997)}\n`)) return void response.once('drain', more)
        response.end()
      }
      more()
    }, { timeout: '5s' })
    expect(says(problem)).toMatch(/exposes more than 16 MB, which is not read \| some label has too many values/)
    expect(sent).toBeLessThan(40_000_000)
  })

  it('packed so that a little becomes very much is left likewise', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, '#'))
    const problem = await problemOf((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb), { timeout: '5s' })
    expect(problem.code).toBe('METRICS_TOO_LARGE')
  })

  it('because nobody is there says so', async () => {
    const { url, close } = await serving(() => undefined)
    await close()
    const source = openSource({ type: 'prometheus', url }, TERMS, fakeWorld())
    await expect(source.collect(AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: 'NO_METRICS', kind: 'unreachable', message: expect.stringContaining('cannot be asked for') })
  })

  it('is named without what is secret in its address, and never with the token', async () => {
    const heard: (string | undefined)[] = []
    const { url, close } = await serving((request, response) => {
      heard.push(request.headers.authorization)
      response.writeHead(403).end()
    })
    endings.push(close)
    const world = fakeWorld({ readFile: async () => `${SECRET}\n` })
    for (const config of [{ url: `${url}?key=${SECRET}`, token: { file: 'token' } }, { url: url.replace('://', `://user:${SECRET}@`) }]) {
      const error: unknown = await openSource({ type: 'prometheus', ...config }, TERMS, world).collect(AbortSignal.timeout(5_000)).catch((thrown: unknown) => thrown)
      expect(JSON.stringify([error, (error as UserError).message, (error as UserError).hint])).not.toContain(SECRET)
      expect((error as UserError).hint).toMatch(/does not take the credentials/)
    }
    expect(heard).toEqual([`Bearer ${SECRET}`, `Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}`])
  })

  it('ends at once when the collection is called off', async () => {
    const { url, close } = await serving(() => undefined)
    endings.push(close)
    const stop = new AbortController()
    const collecting = openSource({ type: 'prometheus', url }, TERMS, fakeWorld()).collect(stop.signal)
    setTimeout(() => stop.abort(), 50)
    await expect(collecting).rejects.toBeInstanceOf(UserError)
  })
})

describe('an endpoint that packs its answer', () => {
  it('is read as others are', async () => {
    const { url, close } = await serving((request, response) => (request.headers['accept-encoding'] === 'gzip' ? response.setHeader('content-encoding', 'gzip').end(gzipSync(METRICS)) : response.end()))
    endings.push(close)
    const { traffic } = await openSource({ type: 'prometheus', url }, TERMS, fakeWorld()).collect(AbortSignal.timeout(5_000))
    expect(traffic?.map(({ route }) => route)).toEqual(['/a'])
  })
})

describe('names that the configuration gives', () => {
  it('and nothing has are told, until they were there once', async () => {
    const { print, collect, close } = await exposing({ families: { requests: 'shop_hits' } })
    endings.push(close)
    print('process_resident_memory_bytes 1\nhttp_requests_total 1\n')
    await expect(collect()).rejects.toMatchObject({ code: 'UNKNOWN_FAMILIES', message: expect.stringMatching(/exposes no family shop_hits: it has process_resident_memory_bytes, http_requests_total$/) })
    print('shop_hits_total 1\n')
    expect((await collect()).traffic).toHaveLength(1)
    print('process_resident_memory_bytes 1\n')
    expect((await collect()).samples.get('instance.memory')?.get('')).toBe(1)
  })
})
