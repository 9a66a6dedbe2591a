import { once } from 'node:events'
import * as net from 'node:net'
import * as tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasOpenssl, makeAuthority, type Authority, type Certified } from '../authority.ts'
import { certificateTroubles } from '../../../src/services/certificate.ts'
import { lookAt, networkWorld } from '../network-look.ts'

const DAY_MS = 86_400_000

describe.skipIf(!hasOpenssl)('a check of a certificate (needs openssl)', () => {
  let authority: Authority
  let server: tls.Server
  let port: number
  const plainServer = net.createServer((socket) => socket.on('error', () => undefined).end('220 mail ready\r\n'))
  const silentServer = net.createServer((socket) => socket.on('error', () => undefined))
  const closingServer = net.createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.destroy()))

  beforeAll(async () => {
    authority = makeAuthority()
    const certificates: Readonly<Record<string, Certified>> = {
      'good.localhost': authority.issue('good.localhost'),
      'chained.localhost': authority.issue('chained.localhost', { by: 'between' }),
      'expired.localhost': authority.issue('expired.localhost', { from: -90, to: -3 }),
      'early.localhost': authority.issue('early.localhost', { from: 5, to: 90 }),
      'soon.localhost': authority.issue('soon.localhost', { to: 3.5 }),
      'weeks.localhost': authority.issue('weeks.localhost', { to: 15.5 }),
      'self.localhost': authority.issue('self.localhost', { by: 'itself' }),
      'old-self.localhost': authority.issue('old-self.localhost', { by: 'itself', from: -90, to: -3 }),
      'young-self.localhost': authority.issue('young-self.localhost', { by: 'itself', from: 5, to: 90 }),
      'other.localhost': authority.issue('other.localhost', { dns: 'somebody.example,www.somebody.example' }),
      'former.localhost': authority.issue('former.localhost', { by: 'between', withFormer: true }),
      'broken-chain.localhost': authority.issue('broken-chain.localhost', { by: 'ended' }),
    }
    const contexts = Object.fromEntries(Object.entries(certificates).map(([name, { cert, key }]) => [name, tls.createSecureContext({ cert, key })]))
    server = tls.createServer({ cert: certificates['good.localhost']?.cert, key: certificates['good.localhost']?.key, SNICallback: (name, done) => done(null, contexts[name]) }, (socket) => socket.on('error', () => undefined))
    server.on('tlsClientError', () => undefined)
    for (const each of [server, plainServer, silentServer, closingServer]) await once(each.listen(0, '127.0.0.1'), 'listening')
    port = portOf(server)
  })
  afterAll(() => {
    for (const each of [server, plainServer, silentServer, closingServer]) each.close()
    authority.remove()
  })

  const look = (host: string, more: object = {}, options = {}) => lookAt({ type: 'tls', host, port, ca: authority.caFile, ...more }, options)

  it('is content with one that is valid for long, and shows what it is', async () => {
    const outcome = await look('good.localhost')
    expect(outcome.verdict).toBe('ok')
    expect(outcome.message).toMatch(/^valid for 89 days more, until \d{4}-\d\d-\d\d, from Test Root; TLSv1\.3 in /)
    expect(outcome.details).toMatchObject({ subject: 'good.localhost', issuer: 'Test Root', protocol: 'TLSv1.3', address: '127.0.0.1' })
    expect(outcome.measures[0]).toMatchObject({ name: 'certificate', unit: 'ms', critical: { from: 7 * DAY_MS }, warning: { from: 21 * DAY_MS } })
  })

  it.each([
    ['expired.localhost', 'fail', /^the certificate expired on \d{4}-\d\d-\d\d \(3 days ago\)$/],
    ['soon.localhost', 'fail', /^the certificate ends in 3 days, on \S+ \(critical at 7 days\)$/],
    ['weeks.localhost', 'warn', /^the certificate ends in 15 days, on \S+ \(warning at 21 days\)$/],
    ['early.localhost', 'fail', /^the certificate is not valid before \d{4}-\d\d-\d\d$/],
    ['self.localhost', 'fail', /^the certificate is self-signed$/],
    ['other.localhost', 'fail', /^the certificate is for somebody\.example, www\.somebody\.example, not for other\.localhost$/],
    ['broken-chain.localhost', 'fail', /^the certificate of Test Ended, on which it hangs, expired on \S+ \(2 days ago\)$/],
  ] as const)('says what is wrong with %s', async (host, verdict, message) => {
    const outcome = await look(host)
    expect(outcome.message).toMatch(message)
    expect(outcome.verdict).toBe(verdict)
    expect(outcome.recommendation).toBeTruthy()
  })

  it('shows the whole chain, and counts the certificate in it that ends first', async () => {
    const outcome = await look('chained.localhost')
    expect(outcome.verdict).toBe('ok')
    expect((outcome.details['chain'] as { subject: string }[]).map(({ subject }) => subject)).toEqual(['chained.localhost', 'Test Between', 'Test Root'])
    const later = await look('chained.localhost', {}, { world: networkWorld({ wallTime: () => new Date(Date.now() + 85 * DAY_MS) }) })
    expect(later.message).toMatch(/^the certificate ends in 4 days/)
  })

  it('only warns of one that is sent in vain, because the chain is whole without it', async () => {
    const outcome = await look('former.localhost', { ca: authority.bothFile })
    expect([outcome.verdict, outcome.message]).toEqual(['warn', expect.stringMatching(/^the chain that is sent has a certificate that expired on \S+ \(Test Between\)$/)])
    expect(outcome.measures[0]?.value).toBeGreaterThan(80 * DAY_MS)
  })

  it('calls an authority unknown that nobody named', async () => {
    const outcome = await lookAt({ type: 'tls', host: 'good.localhost', port })
    expect(outcome.verdict).toBe('fail')
    expect(outcome.message).toBe('the certificate is signed by an authority nobody here knows, or the server does not send the certificates between (Test Root)')
  })

  it('takes a self-signed one where that is wanted, but not when it has expired or is not valid yet', async () => {
    const fine = await look('self.localhost', { selfSigned: true })
    expect([fine.verdict, fine.message]).toEqual(['ok', expect.stringContaining('not signed by anybody known')])
    const old = await look('old-self.localhost', { selfSigned: true })
    expect([old.verdict, old.message]).toEqual(['fail', expect.stringMatching(/^the certificate expired on .* \(3 days ago\)$/)])
    const young = await look('young-self.localhost', { selfSigned: true })
    expect([young.verdict, young.message]).toEqual(['fail', expect.stringMatching(/^the certificate is not valid before \d{4}-\d\d-\d\d$/)])
  })

  it('takes one that is meant for something else from nobody', () => {
    const kinds = (distrust: string): readonly string[] => certificateTroubles({ distrust, otherNames: null, chain: [] }, 'a').map(({ kind }) => kind)
    expect(['INVALID_PURPOSE', 'CERT_REVOKED', 'CERT_SIGNATURE_FAILURE', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT'].flatMap(kinds)).toEqual(['unfit', 'unfit', 'unfit', 'distrusted', 'self-signed'])
  })

  it('asks for the name that is wanted, at any address', async () => {
    const outcome = await look('127.0.0.1', { serverName: 'weeks.localhost', remaining: { warning: '10d' } })
    expect([outcome.verdict, outcome.details['subject']]).toEqual(['ok', 'weeks.localhost'])
  })

  it('judges by the levels it is given', async () => {
    expect((await look('soon.localhost', { remaining: 'off' })).verdict).toBe('ok')
    expect((await look('good.localhost', { remaining: { warning: '100d', critical: '30d' } })).verdict).toBe('warn')
    expect((await look('expired.localhost', { remaining: 'off' })).verdict).toBe('fail')
  })

  it('says when no TLS is spoken, and when the handshake hangs or breaks off', async () => {
    const at = async (other: net.Server, timeoutMs = 5_000) => (({ verdict, message }) => [verdict, message])(await lookAt({ type: 'tls', host: '127.0.0.1', port: portOf(other) }, { timeoutMs }))
    expect(await at(plainServer)).toEqual(['fail', `127.0.0.1:${portOf(plainServer)} answers, but does not speak TLS`])
    expect(await at(silentServer, 400)).toEqual(['fail', expect.stringMatching(/accepted the connection in .*, then there was no TLS handshake within 400 ms$/)])
    expect(await at(closingServer)).toEqual(['fail', `127.0.0.1:${portOf(closingServer)} closed the connection during the TLS handshake`])
  })

  it('refuses a file of authorities that holds none', async () => {
    await expect(look('good.localhost', { ca: import.meta.filename })).rejects.toMatchObject({ code: 'INVALID_CA', message: expect.stringContaining('holds no certificate') })
  })
})

function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port // a TCP server's address is one
}
