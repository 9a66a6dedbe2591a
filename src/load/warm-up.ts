import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Origin, WireClient } from './exchange.ts'

/** A reply that most captures find something in. */
const BODY = '{"token":"warm","id":1,"name":"warm","data":[{"id":1}],"results":[{"id":1}],"total":1}'
const REPLY = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`)

/**
 * Runs users against a sink inside the process until the engine's code is compiled: a cold engine falls behind at once,
 * opens a connection for every late request and measures itself. Nothing of it is recorded.
 */
export async function warmUp(client: WireClient, forMs: number, rehearse: (client: WireClient, enough: () => boolean) => Promise<void>, now: () => number): Promise<void> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    // A request's head ends in an empty line; bodies hold none, and one reply too many does no harm here.
    socket.on('data', (chunk) => {
      if (chunk.includes('\r\n\r\n')) socket.write(REPLY)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  try {
    await new Promise<void>((ready, failed) => server.once('error', failed).listen(0, '127.0.0.1', ready))
    const { port } = server.address() as AddressInfo
    const sink: Origin = { tls: false, host: '127.0.0.1', port, authority: `127.0.0.1:${port}` }
    const until = now() + forMs
    await rehearse({ ...methodsOf(client), send: (_origin, request, options, done) => client.send(sink, request, options, done) }, () => now() >= until)
  } finally {
    await client.close()
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((closed) => server.close(() => closed()))
  }
}

function methodsOf(client: WireClient): Omit<WireClient, 'send'> {
  return {
    close: () => client.close(),
    get inFlight() {
      return client.inFlight
    },
    get opened() {
      return client.opened
    },
  }
}
