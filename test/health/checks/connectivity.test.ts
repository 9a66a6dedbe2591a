import { once } from 'node:events'
import * as net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digHole, type Hole } from '../black-hole.ts'
import { lookAt } from '../network-look.ts'

const open = net.createServer((socket) => socket.on('error', () => undefined))
let closed = 0
let hole: Hole

beforeAll(async () => {
  await once(open.listen(0, '127.0.0.1'), 'listening')
  const taken = net.createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  closed = portOf(taken)
  await new Promise((done) => taken.close(done))
  hole = await digHole()
})
afterAll(() => {
  open.close()
  hole.end()
})

const look = (target: string | string[], more: object = {}, options = {}) => lookAt({ type: 'connectivity', target, ...more }, options)
const said = async (...question: Parameters<typeof look>) => (({ verdict, message }) => [verdict, message])(await look(...question))

describe('a check whether addresses can be reached', () => {
  it('says which, and how fast each answered', async () => {
    const name = `localhost:${portOf(open)}`
    const outcome = await look([`127.0.0.1:${portOf(open)}`, name])
    expect([outcome.verdict, outcome.message]).toEqual(['ok', expect.stringMatching(/^reached 127\.0\.0\.1:\d+ in .*, localhost:\d+ in /)])
    expect(outcome.details).toEqual({ internetConnectivity: 'healthy', targets: { [`127.0.0.1:${portOf(open)}`]: 'healthy', [name]: 'healthy' } })
    expect(outcome.measures.map(({ name: measured, of }) => [measured, of])).toEqual([['time', `127.0.0.1:${portOf(open)}`], ['time', name]])
  })

  it('fails where one of them refuses, unless one is enough', async () => {
    const targets = [`127.0.0.1:${portOf(open)}`, `127.0.0.1:${closed}`]
    const all = await look(targets)
    expect([all.verdict, all.message]).toEqual(['fail', `127.0.0.1:${closed} refused the connection`])
    expect(all.details).toEqual({ internetConnectivity: 'critical', targets: { [targets[0] ?? '']: 'healthy', [targets[1] ?? '']: 'critical' } })
    expect(await said(targets, { need: 'any' })).toEqual(['ok', expect.stringMatching(`\\(one is enough\\); 127\\.0\\.0\\.1:${closed} refused the connection$`)])
    expect((await said([`127.0.0.1:${closed}`], { need: 'any' }))[0]).toBe('fail')
  })

  it('says of a port that swallows everything that it is silent, within its time', async (context) => {
    if (!hole.isBlack) return context.skip('this system accepts more connections than its backlog')
    const outcome = await look(`127.0.0.1:${hole.port}`, {}, { timeoutMs: 600 })
    expect([outcome.verdict, outcome.message]).toEqual(['fail', `no answer from 127.0.0.1:${hole.port} within 600 ms: the connection was not accepted`])
    expect(outcome.tookMs).toBeLessThan(3_000)
  })

  it('does not wait long for a silent port when another one is enough', async (context) => {
    if (!hole.isBlack) return context.skip('this system accepts more connections than its backlog')
    const outcome = await look([`127.0.0.1:${hole.port}`, `127.0.0.1:${portOf(open)}`], { need: 'any' }, { timeoutMs: 20_000 })
    expect([outcome.verdict, outcome.message]).toEqual(['ok', expect.stringContaining(`no answer from 127.0.0.1:${hole.port} within 2`)])
    expect(outcome.tookMs).toBeLessThan(10_000)
  })

  it('judges the time of each', async () => {
    expect(await said(`127.0.0.1:${portOf(open)}`, { responseTime: { critical: '1us' } })).toEqual(['fail', expect.stringMatching(/^127\.0\.0\.1:\d+ took .* to accept \(critical at 1 µs\)$/)])
  })

  it.each(['nas', 'nas:0', 'nas:70000', 'http://nas:80', '', 'a b:80', '::1:80'])('refuses "%s", which is no host with its port', async (target) => {
    await expect(look(target)).rejects.toMatchObject({ code: 'INVALID_TARGET' })
  })
})

function portOf(listening: net.Server): number {
  return (listening.address() as net.AddressInfo).port // a TCP server's address is one
}
