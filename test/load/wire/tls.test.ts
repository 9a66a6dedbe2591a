import { readFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import * as tls from 'node:tls'
import { describe, expect, test } from 'vitest'
import { createWireClient } from '../../../src/load/wire/client.ts'
import { ask, at, listen, listenRaw, openClient } from './loopback.ts'

const pem = (name: string): string => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8')
const localhost = { cert: pem('localhost.cert'), key: pem('localhost.key') }
const other = { cert: pem('other.cert'), key: pem('other.key') }

interface Seen {
  readonly reused: boolean
  readonly alpn: string | false | null
  readonly peer: string | string[] | undefined
}

/** An HTTPS server that answers `ok` and closes the connection every time when told to. */
async function listenTls(options: https.ServerOptions = localhost, closing = false): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = https.createServer({ ALPNProtocols: ['http/1.1'], ...options }, ({ socket }, response) => {
    const tlsSocket = socket as tls.TLSSocket // https gives these
    seen.push({ reused: tlsSocket.isSessionReused(), alpn: tlsSocket.alpnProtocol, peer: tlsSocket.getPeerCertificate().subject?.CN })
    if (closing) response.setHeader('connection', 'close')
    response.end('ok')
  })
  return { port: await listen(server), seen }
}

describe('over TLS', () => {
  test('a trusted server is spoken to, and the handshake is timed apart', async () => {
    const { port, seen } = await listenTls()
    const client = openClient({ tls: { insecure: false, ca: localhost.cert } })
    for (const host of ['127.0.0.1', 'localhost']) {
      const exchange = await ask(client, at(port, true, host))
      expect(exchange.error).toBeNull()
      expect(exchange.body?.toString()).toBe('ok')
      expect(exchange.tlsMs).toBeGreaterThan(0)
      expect(await ask(client, at(port, true, host))).toMatchObject({ status: 200, tlsMs: 0 })
    }
    expect(client.opened).toBe(2)
    expect(seen.map(({ alpn }) => alpn)).toEqual(Array(4).fill('http/1.1'))
  })

  test('a large body comes whole', async () => {
    const body = Buffer.alloc(700_000, 'medianest')
    const port = await listen(https.createServer(localhost, (_request, response) => response.end(body)))
    const exchange = await ask(openClient({ tls: { insecure: true } }), at(port, true))
    expect(exchange.body?.equals(body)).toBe(true)
  })

  test('sessions are resumed', async () => {
    const { port, seen } = await listenTls(localhost, true)
    const client = openClient({ tls: { insecure: false, ca: localhost.cert } })
    for (let i = 0; i < 3; i++) await ask(client, at(port, true))
    expect(seen.map(({ reused }) => reused)).toEqual([false, true, true])
  })

  test('a self-signed certificate is refused, unless insecure', async () => {
    const { port } = await listenTls()
    const exchange = await ask(openClient(), at(port, true))
    expect(exchange.error).toEqual({ kind: 'tls', message: `the certificate of 127.0.0.1:${port} is not trusted: self-signed certificate` })
    expect(await ask(openClient({ tls: { insecure: true } }), at(port, true))).toMatchObject({ status: 200 })
  })

  test('a certificate for another name is refused, unless that name is asked for', async () => {
    const { port } = await listenTls(other)
    const exchange = await ask(openClient({ tls: { insecure: false, ca: other.cert } }), at(port, true))
    expect(exchange.error?.kind).toBe('tls')
    expect(exchange.error?.message).toMatch(new RegExp(`^the certificate of 127.0.0.1:${port} is for another name: `))
    const named = openClient({ tls: { insecure: false, ca: other.cert, serverName: 'other.example' } })
    expect(await ask(named, at(port, true))).toMatchObject({ status: 200 })
  })

  test('a client certificate is shown', async () => {
    const { port, seen } = await listenTls({ ...localhost, requestCert: true, ca: other.cert })
    await ask(openClient({ tls: { insecure: false, ca: localhost.cert, ...other } }), at(port, true))
    expect(seen[0]?.peer).toBe('other.example')
  })

  test('a server that demands a client certificate is an error of TLS or a broken connection', async () => {
    const { port } = await listenTls({ ...localhost, requestCert: true, rejectUnauthorized: true, ca: other.cert })
    const { error } = await ask(openClient({ tls: { insecure: true } }), at(port, true))
    expect(['tls', 'reset']).toContain(error?.kind)
  })

  test('a server without HTTP/1.1 is said to be one', async () => {
    const port = await listen(tls.createServer({ ...localhost, ALPNProtocols: ['h2'] }))
    const { error } = await ask(openClient({ tls: { insecure: true } }), at(port, true))
    expect(error).toEqual({ kind: 'tls', message: `127.0.0.1:${port} does not offer HTTP/1.1 over TLS` })
  })

  test('credentials that are none are the person\'s to fix', () => {
    const now = (): number => performance.now()
    const limits = { maxConnections: null, keepAlive: true, maxHeaderBytes: 1, maxBodyBytes: 1 }
    expect(() => createWireClient({ now, ...limits, tls: { insecure: false, cert: 'no PEM', key: 'no PEM' } })).toThrow(/^the TLS certificate, key or CA cannot be used: /)
  })
})

describe('http and https mixed up', () => {
  test('TLS on a plain port', async () => {
    const port = await listen(http.createServer())
    const { error } = await ask(openClient(), at(port, true))
    expect(error).toEqual({ kind: 'tls', message: `127.0.0.1:${port} answered a TLS handshake in plain text, perhaps it is http` })
  })

  test('TLS on a port that hangs up', async () => {
    const port = await listenRaw((socket) => socket.once('data', () => socket.destroy()))
    const { error } = await ask(openClient(), at(port, true))
    expect(error).toEqual({ kind: 'tls', message: `127.0.0.1:${port} broke off the TLS handshake, perhaps it is http` })
  })

  test('plain text on a TLS port that says so', async () => {
    const alert = Buffer.from('15030100020246', 'hex')
    const port = await listenRaw((socket) => socket.once('data', () => socket.end(alert)))
    const { error } = await ask(openClient(), at(port))
    expect(error).toEqual({ kind: 'protocol', message: `the server at 127.0.0.1:${port} speaks TLS; use https://` })
  })

  test('plain text on a TLS port that only hangs up, as OpenSSL does', async () => {
    const port = await listen(tls.createServer(localhost))
    const { error } = await ask(openClient(), at(port))
    expect(error).toEqual({ kind: 'reset', message: `127.0.0.1:${port} closed the connection without an answer` })
  })
})
