import { afterEach, describe, expect, it } from 'vitest'
import { lookAt } from '../network-look.ts'
import { startNameServer, type Manner, type NameServer, type Zone } from '../name-server.ts'

const ZONE: Zone = {
  'nas.example A': ['10.0.0.7', '10.0.0.8'], 'nas.example AAAA': ['fd00::7'],
  'four.example A': ['10.0.0.4'], 'six.example AAAA': ['fd00::6'],
  'mail.example MX': ['mx.example'], 'mail.example TXT': ['v=spf1 -all'],
}

const running: NameServer[] = []
afterEach(() => running.splice(0).forEach((server) => server.close()))
const start = async (manner: Manner = 'good', zone = ZONE): Promise<string> => {
  const server = await startNameServer(zone, manner)
  running.push(server)
  return server.address
}
const look = (host: string, server: string | string[] | undefined, more: object = {}, options = {}) => lookAt({ type: 'dns', host, ...(server === undefined ? {} : { server }), ...more }, options)
const said = async (...question: Parameters<typeof look>) => (({ verdict, message }) => [verdict, message])(await look(...question))

describe('a check of a name', () => {
  it('says what it resolves to, by whom and how fast', async () => {
    const server = await start()
    const outcome = await look('nas.example', server)
    expect([outcome.verdict, outcome.message]).toEqual(['ok', expect.stringMatching(`^nas\\.example is 10\\.0\\.0\\.7, 10\\.0\\.0\\.8, fd00::7 \\(.*, from ${server}\\)$`)])
    expect(outcome.details).toEqual({ dnsResolution: 'healthy', host: 'nas.example', addresses: ['10.0.0.7', '10.0.0.8', 'fd00::7'], servers: { [server]: 'healthy' } })
    expect(outcome.measures[0]).toMatchObject({ name: 'time', unit: 'ms' })
  })

  it('is content with addresses of one family, unless both are asked for', async () => {
    const server = await start()
    expect((await said('four.example', server))[0]).toBe('ok')
    expect((await said('six.example', server))[0]).toBe('ok')
    expect(await said('four.example', server, { records: ['A', 'AAAA'] })).toEqual(['fail', `${server} has no AAAA record of it`])
    expect(await said('mail.example', server)).toEqual(['fail', `mail.example does not resolve: ${server} has no A or AAAA record of it`])
  })

  it('asks for other kinds of records, and compares what they say', async () => {
    const server = await start()
    expect((await said('mail.example', server, { records: ['MX', 'TXT'], expect: ['MX.example.', 'v=spf1 -all'] }))[0]).toBe('ok')
    expect((await said('nas.example', server, { expect: ['fd00:0::7', '10.0.0.8'] }))[0]).toBe('ok')
    expect(await said('nas.example', server, { expect: '10.0.0.9' })).toEqual(['fail', 'nas.example is 10.0.0.7, 10.0.0.8, fd00::7, expected 10.0.0.9'])
  })

  it('fails where only one of several servers says what is expected, whichever is faster', async () => {
    const [right, stale, old] = [await start(), await start('good', { 'nas.example A': ['10.0.0.1'] }), await start('good', { 'nas.example A': ['10.0.0.2'] })]
    const [verdict, message] = await said('nas.example', [right, stale, old], { expect: '10.0.0.7' })
    expect(verdict).toBe('fail')
    expect(message?.split('; ').toSorted()).toEqual([`nas.example is 10.0.0.1 for ${stale}, expected 10.0.0.7`, `nas.example is 10.0.0.2 for ${old}, expected 10.0.0.7`])
  })

  it.each([
    [{ code: 3 }, 'says there is no such name (NXDOMAIN)'],
    [{ code: 2 }, 'failed at it (SERVFAIL)'],
    [{ code: 5 }, 'refuses to answer (REFUSED)'],
  ] as const)('says in words what a server of code %o says', async (manner, words) => {
    const server = await start(manner)
    expect(await said('nas.example', server)).toEqual(['fail', `nas.example does not resolve: ${server} ${words}`])
  })

  it('says that a dead server is silent, within its time', async () => {
    const server = await start('silent')
    const outcome = await look('nas.example', server, {}, { timeoutMs: 500 })
    expect([outcome.verdict, outcome.message]).toEqual(['fail', `nas.example does not resolve: ${server} gave no answer within 500 ms`])
    expect(outcome.details['dnsResolution']).toBe('critical')
  })

  it.each(['garbage', 'cut'] as const)('does not take an answer that is %s for one', async (manner) => {
    const server = await start(manner)
    const outcome = await look('nas.example', server, {}, { timeoutMs: 800 })
    expect([outcome.verdict, outcome.message]).toEqual(['fail', expect.stringMatching(/gave (an answer that cannot be read|no answer within 800 ms)$/)])
  })

  it('says that nobody listens where a server should be', async () => {
    const server = await start()
    running.splice(0).forEach((each) => each.close())
    expect(await said('nas.example', server, {}, { timeoutMs: 800 })).toEqual(['fail', expect.stringMatching(`^nas\\.example does not resolve: ${server} (does not listen there|gave no answer within 800 ms)$`)])
  })

  it('asks again when a packet is lost', async () => {
    const server = await start({ deafTimes: 2 })
    expect((await said('nas.example', server))[0]).toBe('ok')
  })

  it('takes the answer of the server that lives, and warns of the one that is dead', async () => {
    const [dead, alive] = [await start('silent'), await start()]
    const outcome = await look('nas.example', [dead, alive], {}, { timeoutMs: 5_000 })
    expect([outcome.verdict, outcome.message]).toEqual(['warn', expect.stringMatching(`^${dead} gave no answer within 2(\\.\\d)? s$`)])
    expect(outcome.details).toMatchObject({ addresses: ['10.0.0.7', '10.0.0.8', 'fd00::7'], servers: { [alive]: 'healthy' } })
    expect(outcome.tookMs).toBeLessThan(4_500)
  })

  it('warns where only the question for the other family is not answered', async () => {
    const server = await start({ silentFor: 'AAAA' })
    expect(await said('nas.example', server, {}, { timeoutMs: 500 })).toEqual(['warn', `${server} gave no answer within 500 ms to the question for AAAA`])
  })

  it('warns where servers do not agree whether the name is there', async () => {
    const [one, other] = [await start(), await start('good', {})]
    expect(await said('nas.example', [one, other])).toEqual(['warn', `${other} says there is no such name (NXDOMAIN)`])
  })

  it('knows the names of the hosts file where no server is named', async () => {
    expect(await said('localhost', undefined, { expect: '127.0.0.1' })).toEqual(['ok', expect.stringMatching(/^localhost is .*127\.0\.0\.1.* from \/etc\/hosts\)$/)])
  })

  it('judges the time it took', async () => {
    const server = await start()
    expect(await said('nas.example', server, { responseTime: { warning: '1us' } })).toEqual(['warn', expect.stringMatching(/^took .* to resolve \(warning at 1 µs\)$/)])
  })

  it('refuses a server that is no address', async () => {
    await expect(look('nas.example', 'a b')).rejects.toMatchObject({ code: 'INVALID_TARGET' })
  })
})
