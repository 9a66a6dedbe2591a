import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { LiveEvent } from '../../../src/contract/resident.ts'
import { FINISHED_TEST, RUNNING_TEST } from '../../contract/fake-instance.ts'
import { KNOWN_TOKENS, listen, type Listening, start, TOKENS } from './start.ts'
import { hashToken } from '../../../src/api/server/access-token.ts'

const LIVE = '/api/v1/performance/metrics/real-time'
const ALARM: LiveEvent = { type: 'alert', timestamp: '2026-11-21T12:00:00.000Z', level: 'warning', message: 'CPU is busy', metric: 'cpu.usage', value: 85.3, threshold: 80 }
const numbers = (listening: Listening): number[] => listening.events().map(({ id }) => Number(id.split('-')[1]))

describe('the live stream', () => {
  it('begins with an event at once, goes on at its interval, and says that it must not be kept or held back', async () => {
    const { server, resident } = await start()
    const listening = await listen(server.port, `${LIVE}?metrics=cpu&interval=1`)
    expect([listening.status, listening.headers]).toMatchObject([200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' }])
    expect(listening.headers['content-encoding']).toBeUndefined()
    await listening.until((each) => each.events().length >= 1)
    expect(listening.text()).toMatch(/^retry: 3000\n\nid: boot-1\ndata: \{"type":"metrics"/)
    await listening.until((each) => each.events().length >= 3)
    expect(numbers(listening)).toEqual([1, 2, 3])
    expect(Object.keys(listening.events()[0]?.data ?? {})).toEqual(['type', 'timestamp', 'cpu'])
    expect(resident.streams).toEqual([1])
    listening.close()
    await expect.poll(() => resident.streams).toEqual([1, 0])
  })

  it('is measured and written down once for two hundred who want the same', async () => {
    const { server, resident } = await start()
    const all = await Promise.all(Array.from({ length: 200 }, () => listen(server.port, `${LIVE}?interval=1`)))
    await Promise.all(all.map((each) => each.until((one) => one.events().length >= 2)))
    const texts = new Map<string, Set<string>>()
    for (const each of all) for (const { id, data } of each.events()) texts.set(id, (texts.get(id) ?? new Set()).add(JSON.stringify(data)))
    expect([...texts.values()].every(({ size }) => size === 1)).toBe(true)
    expect(resident.asked.live).toBeLessThanOrEqual(texts.size + 1)
    expect(texts.size).toBeLessThan(20)
    for (const each of all) each.close()
  })

  it('brings what was missed to one who comes back, in order and once', async () => {
    const { server, resident } = await start()
    const first = await listen(server.port, `${LIVE}?interval=1`)
    await first.until((each) => each.events().length >= 1)
    first.close()
    await first.ended
    resident.alert(ALARM)
    await expect.poll(() => resident.asked.live, { timeout: 5_000 }).toBeGreaterThanOrEqual(3)
    const back = await listen(server.port, `${LIVE}?interval=1`, { 'last-event-id': 'boot-1' })
    await back.until((each) => each.events().length >= 4)
    expect(numbers(back).slice(0, 4)).toEqual([2, 3, 4, 5])
    expect(back.events()[0]?.data).toEqual(ALARM)
    back.close()
  })

  it.each(['other-7', 'boot-', '0', 'boot-99999999999999999999'])('brings all there is to one who comes with an id of another run (%s)', async (id) => {
    const { server, resident } = await start()
    const first = await listen(server.port, `${LIVE}?interval=60`)
    await first.until((each) => each.events().length >= 1)
    resident.alert(ALARM)
    await first.until((each) => each.events().length >= 2)
    const back = await listen(server.port, `${LIVE}?interval=60`, { 'last-event-id': id })
    await back.until((each) => each.events().length >= 2)
    expect(numbers(back)).toEqual([1, 2])
    expect(resident.asked.live).toBe(1)
  })

  it('says when nothing happens that it is still there', async () => {
    const { server } = await start({}, { times: { heartbeatMs: 50 } })
    const listening = await listen(server.port, `${LIVE}?interval=60`)
    await listening.until((each) => (each.text().match(/^: heartbeat$/gm)?.length ?? 0) >= 2)
    expect(listening.events()).toHaveLength(1)
  })

  it('tells administrators and others apart', async () => {
    const roles: string[] = []
    const { server } = await start({ tokens: KNOWN_TOKENS }, { resident: { live: async (_question, { role }) => {
      roles.push(role)
      return { type: 'metrics', timestamp: '2026-11-21T12:00:00.000Z', cpu: { usage: role === 'admin' ? 12.5 : 12 } }
    } } })
    for (const role of ['admin', 'user'] as const) {
      const listening = await listen(server.port, `${LIVE}?interval=60`, { authorization: `Bearer ${TOKENS[role]}` })
      await listening.until((each) => each.events().length >= 1)
      expect(listening.events()[0]?.data).toMatchObject({ cpu: { usage: role === 'admin' ? 12.5 : 12 } })
    }
    expect(roles).toEqual(['admin', 'user'])
  })

  it('goes on when a look fails, and tells nothing of why', async () => {
    let looks = 0
    const { server, log } = await start({}, { resident: { live: async () => {
      if (looks++ === 0) throw new Error('cannot read /proc/secret')
      return { type: 'metrics', timestamp: '2026-11-21T12:00:00.000Z' }
    } } })
    const listening = await listen(server.port, `${LIVE}?interval=1`)
    await listening.until((each) => each.events().length >= 1)
    expect(listening.text()).toContain(': there are no figures at this moment')
    expect(listening.text()).not.toContain('secret')
    expect(log.join('')).toContain('/proc/secret')
  })

  it('has room for so many and no more', async () => {
    const { server, ask } = await start({ maxStreams: 2 })
    const two = [await listen(server.port, LIVE), await listen(server.port, LIVE)]
    const answer = await ask(LIVE)
    expect([answer.status, answer.headers['retry-after'], answer.json().error]).toMatchObject([503, '30', { code: 'RESOURCE_EXHAUSTED', details: { retryAfter: 30, limit: 2 } }])
    two[0]?.close()
    await two[0]?.ended
    await expect.poll(async () => {
      const listening = await listen(server.port, LIVE)
      listening.close()
      return listening.status
    }).toBe(200)
  })

  it('tells who does not see all nothing of alerts that name what this machine has', async () => {
    const { server, resident } = await start({ tokens: KNOWN_TOKENS })
    const [admin, user] = await Promise.all((['admin', 'user'] as const).map((role) => listen(server.port, `${LIVE}?interval=60`, { authorization: `Bearer ${TOKENS[role]}` })))
    for (const each of [admin, user]) await each?.until((one) => one.events().length >= 1)
    resident.alert({ ...ALARM, metric: 'filesystem.usage', message: '/srv/private > 95%' })
    resident.alert(ALARM)
    for (const each of [admin, user]) await each?.until((one) => one.text().includes(ALARM.message))
    expect(admin?.text()).toContain('/srv/private')
    expect(user?.text()).not.toContain('/srv/private')
  })

  it('leaves room for others, however many one of them wants', async () => {
    const { server, ask } = await start({ tokens: KNOWN_TOKENS })
    const all = await Promise.all(Array.from({ length: 50 }, () => listen(server.port, LIVE, { authorization: `Bearer ${TOKENS.user}` })))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    const answer = await ask(LIVE, { token: TOKENS.user })
    expect([answer.status, answer.headers['retry-after'], answer.json().error]).toMatchObject([429, '30', { code: 'RATE_LIMITED', details: { limit: 50 } }])
    expect((await listen(server.port, LIVE, { authorization: `Bearer ${TOKENS.admin}` })).status).toBe(200)
    all[0]?.close()
    await all[0]?.ended
    await expect.poll(async () => {
      const again = await listen(server.port, LIVE, { authorization: `Bearer ${TOKENS.user}` })
      again.close()
      return again.status
    }).toBe(200)
  })

  it('leaves as much room as the configuration says', async () => {
    const { server, ask } = await start({ maxStreamsEach: 1 })
    expect((await listen(server.port, LIVE)).status).toBe(200)
    expect((await ask(LIVE)).status).toBe(429)
  })

  it('ends with the token it was asked for with', async () => {
    const { server } = await start({ tokens: [{ name: 'brief', role: 'user', hash: hashToken('brief-token'), expiresAt: Date.now() + 600 }] }, { times: { sweepMs: 50 } })
    const listening = await listen(server.port, LIVE, { authorization: 'Bearer brief-token' })
    await listening.ended
    expect(listening.text()).toMatch(/: the token has expired\n\n$/)
  })

  it('drops who does not read, and keeps little for it', async () => {
    const large = { type: 'metrics' as const, timestamp: '2026-11-21T12:00:00.000Z', filler: 'x'.repeat(2_000_000) }
    const { server, resident } = await start({}, { times: { sweepMs: 50, mostBytes: 1_000_000, mostMs: 30_000 }, resident: { live: async () => large } })
    const reader = await listen(server.port, `${LIVE}?interval=1`)
    const socket = connect(server.port, '127.0.0.1', () => socket.write(`GET ${LIVE}?interval=1 HTTP/1.1\r\nHost: localhost\r\n\r\n`))
    socket.on('error', () => undefined)
    const gone = new Promise<void>((done) => socket.once('close', () => done()))
    socket.pause()
    await expect.poll(() => resident.streams.at(-1), { timeout: 5_000 }).toBe(2)
    await expect.poll(() => resident.streams.at(-1), { timeout: 15_000 }).toBe(1)
    socket.resume()
    await gone
    const seen = reader.events().length
    await reader.until((each) => each.events().length > seen)
  })

  it('drops who reads nothing for too long, however little waits', async () => {
    const { server, resident } = await start({}, { times: { sweepMs: 50, mostBytes: 100_000_000, mostMs: 300 }, resident: { live: async () => ({ type: 'metrics', timestamp: '2026-11-21T12:00:00.000Z', filler: 'x'.repeat(8_000_000) }) } })
    const socket = connect(server.port, '127.0.0.1', () => socket.write(`GET ${LIVE}?interval=60 HTTP/1.1\r\nHost: localhost\r\n\r\n`))
    socket.on('error', () => undefined)
    socket.pause()
    await expect.poll(() => resident.streams, { timeout: 10_000 }).toEqual([1, 0])
    socket.destroy()
  })

  it('is not disturbed by two hundred who break off at once, and brings each of them what it missed when all come back at once', async () => {
    const { server, resident } = await start()
    const rest = await listen(server.port, `${LIVE}?interval=1`)
    const sockets = Array.from({ length: 200 }, () => connect(server.port, '127.0.0.1').on('error', () => undefined))
    for (const socket of sockets) socket.resume().write(`GET ${LIVE}?interval=1 HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await expect.poll(() => resident.streams.at(-1), { timeout: 10_000 }).toBe(201)
    for (const socket of sockets) socket.resetAndDestroy()
    await expect.poll(() => resident.streams.at(-1), { timeout: 10_000 }).toBe(1)
    const last = rest.events().length
    await rest.until((each) => each.events().length >= last + 1)
    const back = await Promise.all(sockets.map((_, nth) => listen(server.port, `${LIVE}?interval=1`, { 'last-event-id': nth % 2 === 0 ? 'boot-1' : 'boot-2' })))
    await Promise.all(back.map((each) => each.until((one) => one.events().length >= last)))
    for (const [nth, each] of back.entries()) expect(numbers(each)).toEqual(numbers(each).map((_, index) => index + (nth % 2 === 0 ? 2 : 3)))
    for (const each of back) each.close()
    rest.close()
  })

  it('turns away those for whom there is no room, all at once, and goes on for the others', async () => {
    const { server, ask, resident } = await start({ maxStreams: 50 })
    const all = await Promise.all(Array.from({ length: 150 }, () => listen(server.port, `${LIVE}?interval=1`)))
    const statuses = all.map(({ status }) => status)
    expect([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 503).length]).toEqual([50, 100])
    const lucky = all.find(({ status }) => status === 200)
    await lucky?.until((each) => each.events().length >= 3)
    expect((await ask('/health/live')).status).toBe(200)
    for (const each of all) each.close()
    await expect.poll(() => resident.streams.at(-1), { timeout: 10_000 }).toBe(0)
  })

  it('says what is wrong with how it was asked for', async () => {
    const { ask } = await start()
    expect((await ask(`${LIVE}?interval=0`)).json().error).toMatchObject({ code: 'VALIDATION_ERROR', message: 'query interval must be at least 1, not 0' })
  })
})

describe('the stream of a load test', () => {
  const path = (id: string): string => `/api/v1/performance/load-test/${id}/stream`

  it('tells how it goes until it ends, to all who watch', async () => {
    const { server } = await start()
    const two = [await listen(server.port, path(RUNNING_TEST)), await listen(server.port, path(RUNNING_TEST))]
    await Promise.all(two.map(({ ended }) => ended))
    for (const each of two) {
      expect(each.events().map(({ data }) => data.type)).toEqual(['progress', 'progress', 'progress', 'end'])
      expect(each.text()).toMatch(/: the load test has ended\n\n$/)
    }
  })

  it('brings the end to one who comes back after it', async () => {
    const { server } = await start()
    const first = await listen(server.port, path(RUNNING_TEST))
    await first.ended
    const back = await listen(server.port, path(RUNNING_TEST), { 'last-event-id': first.events()[1]?.id ?? '' })
    await back.ended
    expect(back.events().map(({ data }) => data.type)).toEqual(['progress', 'end'])
    const late = await listen(server.port, path(FINISHED_TEST))
    await late.ended
    expect(late.events().map(({ data }) => data.type)).toEqual(['end'])
  })

  it('is not there for a test nobody knows', async () => {
    const { ask } = await start()
    expect((await ask(path('nothing'))).json().error).toMatchObject({ code: 'NOT_FOUND', statusCode: 404 })
    expect((await ask(path('..%2f..%2fetc'))).json().error.code).toBe('VALIDATION_ERROR')
  })
})

describe('a server that ends', () => {
  it('finishes what is under way, ends streams with a word, and lets nobody else in', async () => {
    let finish: () => void = () => undefined
    const { server, ask } = await start({}, { resident: { exposition: () => new Promise((done) => (finish = () => done('medianest_up 1\n'))) } })
    const listening = await listen(server.port, `${LIVE}?interval=60`)
    await listening.until((each) => each.events().length >= 1)
    const idle = connect(server.port, '127.0.0.1')
    const underWay = ask('/metrics')
    await expect.poll(() => finish.toString().includes('done')).toBe(true)
    const closed = server.close()
    await listening.ended
    expect(listening.text()).toMatch(/: this instance ends\n\n$/)
    await expect(ask('/health/live')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/)
    finish()
    expect(await underWay).toMatchObject({ status: 200, text: 'medianest_up 1\n', headers: { connection: 'close' } })
    await closed
    idle.destroy()
  })

  it('waits for nobody for ever', async () => {
    const { server, ask } = await start({}, { times: { drainMs: 200 }, resident: { exposition: () => new Promise(() => undefined) } })
    const hanging = ask('/metrics').then(() => 'answered', () => 'broken off')
    await new Promise((done) => setTimeout(done, 100))
    await server.close()
    expect(await hanging).toBe('broken off')
  })
})
