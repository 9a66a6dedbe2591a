import { get } from 'node:http'
import { createServer } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDemo } from '../../src/demo/demo.ts'
import { ask, start } from './start.ts'

describe('faults', () => {
  test('latency is never less than asked for', async () => {
    const demo = await start({ latencyMs: 10 })
    const took = await Promise.all(Array.from({ length: 40 }, async (_, index) => {
      await sleep(index * 3)
      const sentAt = performance.now()
      await ask(demo, 'GET', '/api/v1/media/7')
      return performance.now() - sentAt
    }))
    expect(Math.min(...took)).toBeGreaterThanOrEqual(10)
    expect(took.sort((a, b) => a - b)[20]).toBeLessThan(100)
  })

  test('a stall answers nothing until it is over, then everything', async () => {
    const demo = await start({ latencyMs: 10, stalls: [{ forMs: 400, atMs: 200 }], recordArrivals: true })
    const answered = await Promise.all(Array.from({ length: 80 }, async (_, index) => {
      await sleep(index * 10)
      const { status } = await ask(demo, 'GET', '/api/v1/media/7', { headers: { 'x-due': String(index) } })
      return { status, at: performance.now() }
    }))
    const { atMs, due } = demo.arrivals() ?? { atMs: [], due: [] }
    const first = atMs[0] ?? Number.NaN
    const exchanges = Array.from(atMs, (at, row) => ({ arrived: at - first, answered: (answered[due[row] ?? -1]?.at ?? Number.NaN) - first }))
    const stalled = exchanges.filter(({ arrived }) => arrived >= 200 && arrived < 600)

    expect(answered.every(({ status }) => status === 200)).toBe(true)
    expect(stalled.length).toBeGreaterThan(20)
    for (const exchange of stalled) expect(exchange.answered).toBeGreaterThanOrEqual(610)
    // Slack for a busy machine; a request that waited its turn behind the others would be far later.
    expect(Math.max(...stalled.map((exchange) => exchange.answered))).toBeLessThan(900)
    expect(exchanges.filter(({ arrived }) => arrived < 150).every((exchange) => exchange.answered < 600)).toBe(true)
  })

  test('slow paths are slow, the others are not held', async () => {
    const demo = await start({ slow: [{ path: '/api/v1/media/search', ms: 300 }] })
    const order: string[] = []
    await Promise.all(['/api/v1/media/search?q=test', '/api/v1/media/1', '/health'].map(async (path) => {
      await ask(demo, 'GET', path)
      order.push(path)
    }))
    expect(order.at(-1)).toBe('/api/v1/media/search?q=test')
  })

  test('errors fail the share that was asked for, whatever the path', async () => {
    const demo = await start({ errors: 0.1 })
    const statuses = []
    for (let index = 0; index < 100; index++) statuses.push((await ask(demo, 'GET', `/api/v1/media/${index + 1}`)).status)
    expect(statuses.filter((status) => status === 500)).toHaveLength(10)
    const broken = await start({ errors: 1 })
    const answers = await Promise.all(['/', '/nowhere', '/api/v1/users/me'].map((path) => ask(broken, 'GET', path)))
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(Array.from({ length: 3 }, () => [500, 'INJECTED_FAULT']))
  })
})

describe('what the server saw', () => {
  test('is counted by status and route, without its own pages', async () => {
    const demo = await start()
    for (const path of ['/api/v1/media/1', '/api/v1/media/2', '/nowhere', '/__stats', '/__arrivals']) await ask(demo, 'GET', path)
    const { body } = await ask(demo, 'GET', '/__stats')
    expect(body).toEqual({ requests: 3, inFlight: 0, maxInFlight: 1, aborted: 0, byStatus: { 200: 2, 404: 1 }, byPath: { 'GET /api/v1/media/:id': 2, unmatched: 1 } })
    expect(demo.stats()).toEqual(body)
  })

  test('tells how many requests were under way at once', async () => {
    const demo = await start({ latencyMs: 150 })
    await Promise.all(Array.from({ length: 7 }, () => ask(demo, 'GET', '/health')))
    expect(demo.stats()).toMatchObject({ requests: 7, inFlight: 0, maxInFlight: 7 })
  })

  test('counts clients that gave up', async () => {
    const demo = await start({ latencyMs: 200 })
    await expect(fetch(demo.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
    await expect.poll(() => demo.stats()).toMatchObject({ requests: 1, inFlight: 0, aborted: 1, byStatus: {} })
  })

  test('holds when each request arrived and was due', async () => {
    const demo = await start({ recordArrivals: true })
    const before = performance.now()
    await ask(demo, 'GET', '/health', { headers: { 'x-due': '12.5' } })
    await ask(demo, 'GET', '/health')
    const { atMs, due, originMs, dropped } = demo.arrivals() ?? expect.fail('nothing recorded')
    expect([...due, dropped]).toEqual([12.5, Number.NaN, 0])
    expect(atMs[0]).toBeGreaterThan(before)
    expect(atMs[1]).toBeGreaterThan(atMs[0] ?? 0)
    expect((await ask(demo, 'GET', '/__arrivals')).body).toEqual({ atMs: [...atMs], due: [12.5, null], originMs, dropped: 0 })
  })

  test('says so when arrivals are not recorded', async () => {
    const demo = await start()
    expect(demo.arrivals()).toBeNull()
    expect((await ask(demo, 'GET', '/__arrivals')).status).toBe(404)
  })
})

describe('starting', () => {
  test('on a port in use is an error that says how to choose another', async () => {
    const { port } = await start()
    await expect(startDemo({ port })).rejects.toMatchObject({ name: 'UserError', code: 'PORT_IN_USE', kind: 'input', message: `port ${port} on 127.0.0.1 is in use by another program`, hint: expect.stringContaining('--port') })
  })

  test.each([-1, 65_536, 1.5, Number.NaN])('on port %d is refused', async (port) => {
    await expect(startDemo({ port })).rejects.toMatchObject({ code: 'INVALID_VALUE', kind: 'usage' })
  })

  test('on an address of another machine is refused', async () => {
    await expect(startDemo({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'HOST_NOT_LOCAL', kind: 'input' })
  })

  test('takes the port that was given', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const address = probe.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await new Promise((resolve) => probe.close(resolve))
    expect((await start({ port })).url).toBe(`http://127.0.0.1:${port}`)
  })
})

describe('closing', () => {
  test('lets what is under way finish, and idle connections go', async () => {
    const demo = await startDemo({ latencyMs: 150 })
    const answer = ask(demo, 'GET', '/health')
    await expect.poll(() => demo.stats().inFlight).toBe(1)
    await demo.close()
    expect((await answer).status).toBe(200)
    await expect(fetch(demo.url)).rejects.toThrow()
  })

  test('breaks off what takes longer than a second', async () => {
    const demo = await startDemo({ latencyMs: 60_000 })
    const broken = new Promise<string | undefined>((resolve) => {
      const request = get(demo.url).on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      onTestFinished(() => void request.destroy())
    })
    await expect.poll(() => demo.stats().inFlight).toBe(1)
    await demo.close()
    expect(await broken).toBe('ECONNRESET')
  })
})
