import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Exchange } from '../../../src/load/exchange.ts'
import { at, closedPort, GET, listenRaw, OK, openClient, pause } from './loopback.ts'

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'
const zipped = gzipSync('ok')
const GZIP = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`), zipped])

/** What a server may do with a request; whatever says 200 must carry `ok`. */
const moods: readonly ((socket: Socket) => void)[] = [
  ...Array<(socket: Socket) => void>(6).fill((socket) => void socket.write(OK)),
  (socket) => void socket.write(CHUNKED),
  (socket) => void socket.write(GZIP),
  (socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nok'),
  (socket) => void [...CHUNKED].forEach((char, i) => setTimeout(() => socket.write(char), i % 5)),
  (socket) => void setTimeout(() => socket.write(OK), 15),
  (socket) => void socket.write(`${OK}HTTP/1.1 200 OK`),
  (socket) => void (socket.write(OK), socket.end()),
  (socket) => void socket.destroy(),
  (socket) => void socket.resetAndDestroy(),
  (socket) => void socket.end(OK.slice(0, 30)),
  (socket) => void socket.write('garbage'),
  () => {},
]

test('in chaos every request ends once, bodies are never mixed up, and nothing is left over', async () => {
  let seed = 7
  const draw = (): number => (seed = (seed * 16_807) % 2_147_483_647)
  let open = 0
  const port = await listenRaw((socket) => {
    open++
    socket.on('close', () => open--)
    socket.on('data', () => moods[draw() % moods.length]?.(socket))
  })
  const client = openClient({ maxConnections: 20, maxConnecting: 5 })
  const origins = [at(port), at(port), at(port, false, 'localhost'), at(await closedPort())]
  const ends = new Map<number, number>()
  const wrong: string[] = []

  async function user(id: number): Promise<void> {
    for (let i = 0; i < 40; i++) {
      const key = id * 1_000 + i
      const origin = origins[draw() % origins.length] ?? at(port)
      const options = { head: false, keepBody: true, timeoutMs: 80, idempotent: draw() % 2 === 0 }
      const exchange = await new Promise<Exchange>((resolve) =>
        client.send(origin, GET, options, (ended) => {
          ends.set(key, (ends.get(key) ?? 0) + 1)
          resolve(ended)
        }),
      )
      if ((exchange.error === null) !== (exchange.status === 200 && exchange.body?.toString() === 'ok')) wrong.push(`${exchange.status} ${exchange.body?.toString()} ${exchange.error?.message}`)
      if (exchange.endAt < exchange.firstByteAt || exchange.firstByteAt < exchange.sentAt) wrong.push('times run backwards')
    }
  }
  await Promise.all(Array.from({ length: 60 }, (_, id) => user(id)))

  expect(wrong).toEqual([])
  expect([...ends.values()]).toEqual(Array(2_400).fill(1))
  expect(client.inFlight).toBe(0)
  expect(open).toBeLessThanOrEqual(40)
  await client.close()
  await pause(50)
  expect(open).toBe(0)
})
