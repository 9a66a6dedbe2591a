import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ask, at, closedPort, GET, listenRaw, listenScript, OK, openClient, pause } from './loopback.ts'

describe('an exchange', () => {
  test('carries status, fields, body, bytes and times', async () => {
    const answer = 'HTTP/1.1 201 Made\r\nSet-Cookie: a=1\r\nContent-Type: text/plain\r\nset-cookie: b=2\r\nContent-Length: 5\r\n\r\nhello'
    const port = await listenScript(answer)
    const before = performance.now()
    const exchange = await ask(openClient(), at(port))

    expect(exchange).toMatchObject({ status: 201, error: null, bytesSent: GET.length, bytesReceived: answer.length, tlsMs: 0 })
    expect(exchange.body?.toString()).toBe('hello')
    expect(exchange.header('content-type')).toBe('text/plain')
    expect(exchange.header('location')).toBeUndefined()
    expect(exchange.headers('set-cookie')).toEqual(['a=1', 'b=2'])
    expect(exchange.connectMs).toBeGreaterThan(0)
    expect(before <= exchange.sentAt && exchange.sentAt <= exchange.firstByteAt && exchange.firstByteAt <= exchange.endAt).toBe(true)
  })

  test('tells the first byte from the last', async () => {
    const port = await listenRaw((socket) =>
      socket.once('data', () => {
        socket.write(OK.slice(0, 10))
        setTimeout(() => socket.write(OK.slice(10)), 60)
      }),
    )
    const { firstByteAt, endAt } = await ask(openClient(), at(port))
    expect(endAt - firstByteAt).toBeGreaterThan(40)
  })

  test('keeps a body only when asked to, but counts it', async () => {
    const exchange = await ask(openClient(), at(await listenScript(OK)), { keepBody: false })
    expect(exchange).toMatchObject({ status: 200, body: null, bytesReceived: OK.length })
  })

  test('of a kept-alive connection waited for no connect', async () => {
    const client = openClient()
    const origin = at(await listenScript(OK))
    await ask(client, origin)
    expect(await ask(client, origin)).toMatchObject({ status: 200, connectMs: 0 })
    expect(client.opened).toBe(1)
  })

  test('sends latin1 strings and buffers byte for byte', async () => {
    const seen: Buffer[] = []
    const port = await listenRaw((socket) => socket.on('data', (bytes) => (seen.push(bytes), socket.write(OK))))
    const client = openClient()
    await ask(client, at(port), {}, 'POST / HTTP/1.1\r\n\r\n\xe9\xff')
    await ask(client, at(port), {}, Buffer.from([1, 200, 255]))
    expect(Buffer.concat(seen).toString('latin1')).toBe('POST / HTTP/1.1\r\n\r\n\xe9\xff\x01\xc8\xff')
  })
})

describe('a kept body is decoded from', () => {
  const text = 'measure, then cut. '.repeat(50)
  const send = (coding: string, bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`), bytes])

  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('%s', async (coding, bytes) => {
    const exchange = await ask(openClient(), at(await listenScript(send(coding, bytes))))
    expect(exchange.error).toBeNull()
    expect(exchange.body?.toString()).toBe(text)
  })

  test.each([
    ['gzip', Buffer.from('not gzip at all'), 'protocol', /cannot be decoded as gzip$/],
    ['gzip', gzipSync(text).subarray(0, 20), 'protocol', /cannot be decoded as gzip$/],
    ['constructor', Buffer.from('x'), 'protocol', /cannot be decoded as constructor$/],
    ['gzip', gzipSync(Buffer.alloc(2_000_000)), 'too-large', /longer than 1000000 bytes when decoded$/],
  ])('%s unless it is broken', async (coding, bytes, kind, message) => {
    const client = openClient()
    const origin = at(await listenScript(send(coding, bytes)))
    const exchange = await ask(client, origin)
    expect(exchange).toMatchObject({ status: 0, body: null, error: { kind, message: expect.stringMatching(message) } })
    expect(await ask(client, origin, { keepBody: false })).toMatchObject({ status: 200, error: null })
  })
})

/** Servers that misbehave: what each does with a connection once it has seen the request. */
const misbehaving: readonly (readonly [name: string, answer: (socket: Socket) => void, kind: string, message: string])[] = [
  ['closes without an answer', (socket) => socket.end(), 'reset', 'SERVER closed the connection without an answer'],
  ['resets at once', (socket) => socket.resetAndDestroy(), 'reset', 'SERVER broke off the connection'],
  ['closes inside the head', (socket) => socket.end('HTTP/1.1 200 OK\r\nConte'), 'reset', 'SERVER closed the connection in the middle of the response head'],
  ['closes inside the body', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell'), 'reset', 'SERVER closed the connection in the middle of the body (4 of 9 bytes came)'],
  ['closes inside a chunk', (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhell'), 'reset', 'SERVER closed the connection in the middle of the body (4 bytes came)'],
  ['resets inside the head', (socket) => socket.write('HTTP/1.1 200 OK\r\nConte', () => setTimeout(() => socket.resetAndDestroy(), 20)), 'reset', 'SERVER broke off the connection'],
  ['resets inside the body', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell', () => setTimeout(() => socket.resetAndDestroy(), 20)), 'reset', 'SERVER broke off the connection'],
  ['resets a body that has no length', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nhell', () => setTimeout(() => socket.resetAndDestroy(), 20)), 'reset', 'SERVER broke off the connection'],
  ['speaks another protocol', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'), 'protocol', 'SERVER did not answer in HTTP/1.1'],
  ['sends garbage', (socket) => socket.write(Buffer.alloc(5000, 0xa5)), 'protocol', 'SERVER did not answer in HTTP/1.1'],
  ['sends a TLS alert', (socket) => socket.write(Buffer.from('15030100020246', 'hex')), 'protocol', 'the server at SERVER speaks TLS; use https://'],
  ['sends 10 MB of header fields', (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'X-Filler: 0123456789\r\n'.repeat(480_000)}\r\n`), 'too-large', 'the header block from SERVER is longer than 16384 bytes'],
  ['sends one endless header line', (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(10_000_000)}`), 'too-large', 'the header block from SERVER is longer than 16384 bytes'],
  ['announces a huge body', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n'), 'too-large', 'the body from SERVER is longer than 1000000 bytes'],
  ['sends an endless body', (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(60_000)), 'too-large', 'the body from SERVER is longer than 1000000 bytes'],
  ['sends endless chunks', (socket) => pour(socket, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', `fff\r\n${'x'.repeat(4095)}\r\n`), 'too-large', 'the body from SERVER is longer than 1000000 bytes'],
  ['switches protocols', (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n'), 'protocol', 'SERVER switched to another protocol, which the request did not ask for'],
  ['never answers', () => {}, 'timeout', 'no response from SERVER within 150 ms'],
  ['never finishes', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell'), 'timeout', 'no whole response (42 bytes came) from SERVER within 150 ms'],
]

function pour(socket: Socket, head: string, piece: string | Buffer): void {
  socket.write(head)
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

describe('a server that', () => {
  test.each(misbehaving)('%s gets its own kind of error, and the next request a new connection', async (_name, answer, kind, message) => {
    let connections = 0
    const port = await listenRaw((socket) => {
      const first = ++connections === 1
      socket.once('data', () => (first ? answer(socket) : void socket.write(OK)))
    })
    const client = openClient()
    const exchange = await ask(client, at(port), { timeoutMs: kind === 'timeout' ? 150 : 5_000 })

    expect(exchange.error).toEqual({ kind, message: message.replace('SERVER', `127.0.0.1:${port}`) })
    expect(exchange).toMatchObject({ status: 0, body: null, bytesSent: GET.length })
    expect(client.inFlight).toBe(0)
    expect(await ask(client, at(port))).toMatchObject({ status: 200, error: null })
    expect(client.opened).toBe(2)
  })

  test('refuses connections is said to', async () => {
    const port = await closedPort()
    const exchange = await ask(openClient(), at(port))
    expect(exchange.error).toEqual({ kind: 'refused', message: `127.0.0.1:${port} refused the connection` })
    expect(exchange).toMatchObject({ status: 0, bytesSent: 0, connectMs: 0 })
    expect(exchange.sentAt).toBe(exchange.endAt)
  })

  test('has no name is said to', async () => {
    const exchange = await ask(openClient(), at(80, false, 'no-such-host.invalid'))
    expect(exchange.error?.kind).toBe('dns')
    expect(exchange.error?.message).toContain('no-such-host.invalid:80')
  })

  test('has a port that is none is no reason to throw', async () => {
    expect((await ask(openClient(), at(70_000))).error?.kind).toBe('unreachable')
  })

  test('listens on one address of a name only is found there', async () => {
    const port = await listenScript(OK)
    const client = openClient()
    for (let i = 0; i < 3; i++) expect(await ask(client, at(port, false, 'localhost'))).toMatchObject({ status: 200 })
    expect(client.opened).toBe(1)
  })

  test('answers before the whole request has come is heard, on a connection that is then given up', async () => {
    const port = await listenRaw((socket) => socket.once('data', () => (socket.pause(), socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'))))
    const client = openClient()
    const upload = Buffer.alloc(30_000_000, 'x')
    expect(await ask(client, at(port), { idempotent: false }, upload)).toMatchObject({ status: 413, error: null })
    expect(await ask(client, at(port), { idempotent: false }, upload)).toMatchObject({ status: 413, error: null })
    expect(client.opened).toBe(2)
  })
})

describe('a kept-alive connection that the server has closed', () => {
  /** Answers the first request of each connection and hangs up at the second. */
  const hangingUp = (): Promise<number> => listenRaw((socket) => socket.once('data', () => (socket.write(OK), socket.once('data', () => socket.destroy()))))

  test('makes an idempotent request go out once more, on a new connection', async () => {
    const client = openClient()
    const origin = at(await hangingUp())
    await ask(client, origin)
    const exchange = await ask(client, origin)
    expect(exchange).toMatchObject({ status: 200, error: null })
    expect(exchange.connectMs).toBeGreaterThan(0)
    expect(client.opened).toBe(2)
  })

  test('works within a limit of one connection', async () => {
    const client = openClient({ maxConnections: 1, maxConnecting: 1 })
    const origin = at(await hangingUp())
    const exchanges = await Promise.all(Array.from({ length: 8 }, () => ask(client, origin)))
    expect(exchanges.map(({ status }) => status)).toEqual(Array(8).fill(200))
  })

  test('fails any other request', async () => {
    const client = openClient()
    const origin = at(await hangingUp())
    await ask(client, origin)
    expect((await ask(client, origin, { idempotent: false })).error?.kind).toBe('reset')
  })

  test('is not tried for ever', async () => {
    let connections = 0
    const port = await listenRaw((socket) => (++connections === 1 ? socket.once('data', () => (socket.write(OK), socket.once('data', () => socket.destroy()))) : socket.once('data', () => socket.destroy())))
    const client = openClient()
    await ask(client, at(port))
    expect((await ask(client, at(port))).error?.kind).toBe('reset')
    expect(connections).toBe(2)
  })
})

describe('a connection is not used again', () => {
  test.each([
    ['after Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
    ['after bytes beyond the response', `${OK}x`],
    ['after HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ])('%s', async (_name, answer) => {
    const client = openClient()
    const origin = at(await listenScript(answer))
    for (let i = 0; i < 2; i++) expect((await ask(client, origin)).body?.toString()).toBe('ok')
    expect(client.opened).toBe(2)
  })

  test('without keepAlive', async () => {
    const client = openClient({ keepAlive: false })
    const origin = at(await listenScript(OK))
    await Promise.all([ask(client, origin), ask(client, origin), ask(client, origin)])
    expect(client.opened).toBe(3)
  })

  test('when the server has closed it while it was idle, not even for a request that must not go out twice', async () => {
    const port = await listenRaw((socket) => socket.once('data', () => (socket.write(OK), setTimeout(() => socket.end(), 20))))
    const client = openClient()
    await ask(client, at(port))
    await pause(60)
    expect(await ask(client, at(port), { idempotent: false })).toMatchObject({ status: 200, error: null })
    expect(client.opened).toBe(2)
  })

  test('when bytes nobody asked for came while it was idle', async () => {
    const port = await listenRaw((socket) => socket.once('data', () => (socket.write(OK), setTimeout(() => socket.write('HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n'), 20))))
    const client = openClient()
    await ask(client, at(port))
    await pause(60)
    expect(await ask(client, at(port))).toMatchObject({ status: 200 })
    expect(client.opened).toBe(2)
  })
})
