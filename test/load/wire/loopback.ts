import { once } from 'node:events'
import * as net from 'node:net'
import { afterEach } from 'vitest'
import type { Exchange, Origin, SendOptions, WireClient } from '../../../src/load/exchange.ts'
import { createWireClient, type WireOptions } from '../../../src/load/wire/client.ts'

const cleanups: (() => Promise<unknown> | void)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Starts any server on a free port of the loopback until the test ends. */
export async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as net.AddressInfo).port // a TCP server's address is one
}

/** Starts a server of bare sockets. */
export function listenRaw(onConnection: (socket: net.Socket) => void): Promise<number> {
  return listen(net.createServer(onConnection))
}

/** Starts a server that answers every request head it sees with the next of `answers` (the last one for ever). */
export function listenScript(...answers: readonly (string | Buffer)[]): Promise<number> {
  let turn = 0
  return listenRaw((socket) => socket.on('data', () => socket.write(answers[Math.min(turn++, answers.length - 1)] ?? '', 'latin1')))
}

/** A port that refuses connections. */
export async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo // a TCP server's address is one
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A client until the test ends. */
export function openClient(options: Partial<WireOptions> = {}): WireClient {
  const client = createWireClient({ now: () => performance.now(), tls: { insecure: false }, maxConnections: null, keepAlive: true, maxHeaderBytes: 16_384, maxBodyBytes: 1_000_000, ...options })
  cleanups.push(() => client.close())
  return client
}

export const at = (port: number, tls = false, host = '127.0.0.1'): Origin => ({ tls, host, port, authority: `${host}:${port}` })

export const GET = 'GET / HTTP/1.1\r\nHost: here\r\n\r\n'
export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Sends one request and waits for its exchange. */
export function ask(client: WireClient, origin: Origin, options: Partial<SendOptions> = {}, request: string | Buffer = GET): Promise<Exchange> {
  return new Promise((resolve) => client.send(origin, request, { head: false, idempotent: true, keepBody: true, timeoutMs: 5_000, ...options }, resolve))
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
