import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { SourceConfig, SourceConfigOf } from '../../../src/collect-schema/schema.ts'
import type { Source } from '../../../src/model/source.ts'
import { keepProbes, MOST_PROBES } from '../../../src/sources/application/probe-ring.ts'
import { openSource } from '../../../src/sources/application/synthetic.ts'
import { fakeWorld, serving, TERMS, valueIn } from './exposing.ts'

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

async function open(answer: RequestListener, config: Partial<SourceConfigOf<'synthetic'>> = {}, others: readonly SourceConfig[] = []): Promise<Source> {
  const { url, close } = await serving(answer)
  endings.push(close)
  const whole: SourceConfigOf<'synthetic'> = { type: 'synthetic', name: 'shop', url, timeout: '300ms', ...config }
  return openSource(whole, { ...TERMS, id: 'synthetic', intervalMs: 30_000 }, fakeWorld({ sources: [...others, whole] }))
}

const collect = (source: Source) => source.collect(AbortSignal.timeout(5_000))
const hello: RequestListener = (_, response) => response.end('hello world')

describe('a synthetic request', () => {
  it('says that the application is up, and how long it took', async () => {
    const collected = await collect(await open(hello))
    expect(valueIn(collected, 'api.probe.up', 'shop')).toBe(1)
    expect(valueIn(collected, 'api.probe.duration', 'shop')).toBeGreaterThan(0)
  })

  it.each<[number, string, RequestListener, SourceConfigOf<'synthetic'>['expect']]>([
    [1, 'a redirect', (_, response) => response.writeHead(302, { location: '/' }).end(), undefined],
    [0, 'a status of 400 or more', (_, response) => response.writeHead(404).end(), undefined],
    [1, 'a status that is expected', (_, response) => response.writeHead(404).end(), { status: [401, 404] }],
    [0, 'another status than expected', hello, { status: 201 }],
    [1, 'a body that has the text', hello, { body: 'o wor' }],
    [0, 'a body that has not', hello, { body: 'goodbye' }],
    [0, 'an answer that took too long', (_, response) => void setTimeout(() => response.end(), 60), { within: '20ms' }],
  ])('reads %i for %s, and has its time', async (up, _, answer, expected) => {
    const collected = await collect(await open(answer, { expect: expected }))
    expect(valueIn(collected, 'api.probe.up', 'shop')).toBe(up)
    expect(valueIn(collected, 'api.probe.duration', 'shop')).toBeGreaterThan(0)
  })

  it.each<[string, RequestListener]>([
    ['hangs', () => undefined],
    ['hangs in the middle', (_, response) => void response.writeHead(200, { 'content-length': 50 }).write('half')],
    ['breaks off', (request) => request.socket.destroy()],
    ['does not speak HTTP', (request) => request.socket.end('220 mail ready\r\n')],
  ])('to a server that %s reads 0 and has no time', async (_, answer) => {
    const collected = await collect(await open(answer))
    expect(valueIn(collected, 'api.probe.up', 'shop')).toBe(0)
    expect(collected.samples.has('api.probe.duration')).toBe(false)
    expect([valueIn(collected, 'api.errors'), valueIn(collected, 'api.duration.avg')]).toEqual([1, undefined])
  })

  it('carries method, body and secrets, and is named by its address without any', async () => {
    const heard: unknown[] = []
    const { url, close } = await serving((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => {
        heard.push([request.method, request.url, request.headers['x-key'], request.headers['content-type'], body])
        response.end()
      })
    })
    endings.push(close)
    const source = openSource({ type: 'synthetic', url: `${url}?q=hidden`, method: 'POST', body: '{"a":1}', headers: { 'X-Key': { env: 'KEY' } } }, TERMS, fakeWorld({ env: { KEY: 'hunter2' } }))
    const { samples } = await collect(source)
    expect(heard).toEqual([['POST', '/metrics?q=hidden', 'hunter2', 'application/json', '{"a":1}']])
    expect([...(samples.get('api.probe.up') ?? [])]).toEqual([[`POST ${url}`, 1]])
  })

  it('that is called off tells nothing', async () => {
    const stop = new AbortController()
    const collecting = (await open(() => undefined)).collect(stop.signal)
    setTimeout(() => stop.abort(), 30)
    await expect(collecting).rejects.toThrow()
  })

  it('without the secret it is to carry is a mistake of ours, not of the application', async () => {
    await expect(collect(await open(hello, { headers: { authorization: { env: 'NONE' } } }))).rejects.toMatchObject({ code: 'NO_SECRET' })
  })
})

describe('figures of the API from synthetic requests', () => {
  const api = ['api.duration.avg', 'api.errors'] as const

  it('are told where nothing else tells of it', async () => {
    let turn = 0
    const source = await open((_, response) => response.writeHead(++turn % 4 === 0 ? 503 : 200).end())
    for (let count = 0; count < 3; count++) await collect(source)
    const collected = await collect(source)
    expect(valueIn(collected, 'api.errors')).toBe(0.25)
    expect(valueIn(collected, 'api.duration.avg')).toBeGreaterThan(0)
    expect(valueIn(collected, 'api.request_rate')).toBeUndefined()
  })

  it.each<[string, SourceConfig, boolean]>([
    ['the Prometheus endpoint', { type: 'prometheus', url: 'http://127.0.0.1:1/' }, false], ['an access log', { type: 'access-log', path: 'x' }, false], ['an earlier synthetic source', { type: 'synthetic', url: 'http://127.0.0.1:1/' }, false],
    ['an access log that is switched off', { type: 'access-log', path: 'x', enabled: false }, true], ['a database', { type: 'postgres' }, true],
  ])('beside %s: %o, %s', async (_, other, isTold) => {
    const { samples } = await collect(await open(hello, {}, [other]))
    expect(api.map((metric) => samples.has(metric))).toEqual([isTold, isTold])
  })

  it('have only the percentiles that so many requests can tell, of the last ones', () => {
    const ring = keepProbes()
    const told = (): string[] => ring.figures().filter(([, value]) => !Number.isNaN(value)).map(([metric]) => metric.replace('api.duration.', ''))
    const add = (count: number, ms: number): void => void Array.from({ length: count }, () => ring.add({ isUp: true, ms }))
    add(1, 10)
    expect(told()).toEqual(['avg', 'api.errors'])
    add(18, 10)
    expect(told()).toEqual(['avg', 'p50', 'api.errors'])
    add(1, 10)
    expect(told()).toEqual(['avg', 'p50', 'p95', 'api.errors'])
    add(80, 30)
    expect(Object.fromEntries(ring.figures())).toEqual({ 'api.duration.avg': 26, 'api.duration.p50': 30, 'api.duration.p95': 30, 'api.duration.p99': 30, 'api.errors': 0 })
    add(MOST_PROBES, 50)
    expect(Object.fromEntries(ring.figures())).toMatchObject({ 'api.duration.avg': 50, 'api.duration.p50': 50 })
  })

  it('keep requests without an answer out of the times', () => {
    const ring = keepProbes()
    for (let value = 1; value <= 20; value++) ring.add({ isUp: true, ms: value })
    for (let count = 0; count < 5; count++) ring.add({ isUp: false, ms: Number.NaN })
    expect(Object.fromEntries(ring.figures())).toMatchObject({ 'api.duration.avg': 10.5, 'api.duration.p50': 10, 'api.duration.p95': 19, 'api.errors': 0.2 })
  })
})
