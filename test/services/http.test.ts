import fc from 'fast-check'
import { once } from 'node:events'
import * as http from 'node:http'
import * as net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { HttpProblem, sendHttp, type HttpAnswer } from '../../src/services/http.ts'

const running: net.Server[] = []
afterEach(() => running.splice(0).forEach((server) => server.close()))

async function listen(server: net.Server, host = '127.0.0.1'): Promise<number> {
  running.push(server)
  await once(server.listen(0, host), 'listening')
  return (server.address() as net.AddressInfo).port // a TCP server's address is one
}

function send(url: string, { signal = AbortSignal.timeout(3_000), maxBodyBytes = 10_000 }: { readonly signal?: AbortSignal; readonly maxBodyBytes?: number } = {}): Promise<HttpAnswer> {
  return sendHttp({ url: new URL(url), method: 'GET', headers: {}, maxBodyBytes, signal, timeoutMs: 3_000 })
}

const says = (bytes: Uint8Array | string): net.Server => net.createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(bytes)))

describe('an HTTP exchange', () => {
  it('answers or says why not, whatever comes back', async () => {
    let bytes: Uint8Array = Buffer.alloc(0)
    const port = await listen(net.createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(bytes))))
    const line = fc.constantFrom('HTTP/1.1 200 OK\r\n', 'HTTP/1.0 301 Moved\r\n', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'HTTP/9.9 999 ?\r\n', 'content-length: 5\r\n', 'content-length: -1\r\n', 'transfer-encoding: chunked\r\n', 'content-encoding: br\r\n', 'location: http://[\r\n', '\r\n', '5\r\nhello\r\n', '0\r\n\r\n', 'ffffffffff\r\n', 'x: \u0000\r\n', 'charset')
    const noise = fc.array(fc.oneof({ weight: 4, arbitrary: line.map((text) => Buffer.from(text)) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((each) => Buffer.from(each)) }), { maxLength: 8 }).map((parts) => Buffer.concat(parts))
    await fc.assert(fc.asyncProperty(noise, async (given) => {
      bytes = given
      const outcome = await send(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(300) }).catch((error: unknown) => error)
      expect(outcome instanceof HttpProblem || (outcome as HttpAnswer).status >= 100).toBe(true)
    }), { numRuns: 150 })
  })

  it('tries the other address of a host when one refuses', async () => {
    const port = await listen(says('HTTP/1.1 204 No Content\r\n\r\n'), '::1')
    const answer = await send(`http://any.localhost:${port}/`)
    expect([answer.status, answer.address]).toEqual([204, '::1'])
  })

  it('leaves no connection open, however it ends', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/drip') response.write('a drop')
      if (request.url === '/endless') setInterval(() => response.write('x'.repeat(1_000)), 5).unref()
    })
    const port = await listen(server)
    for (const path of ['/silent', '/drip', '/endless']) await send(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(200), maxBodyBytes: 5_000 }).catch(() => undefined)
    for (let turn = 0; turn < 50 && (await connectionsOf(server)) > 0; turn++) await new Promise((wait) => setTimeout(wait, 20))
    expect(await connectionsOf(server)).toBe(0)
  })

  it('waits for twenty silent servers no longer than for one', async () => {
    const port = await listen(net.createServer((socket) => socket.on('error', () => undefined)))
    const started = performance.now()
    const problems = await Promise.all(Array.from({ length: 20 }, () => send(`http://localhost:${port}/`, { signal: AbortSignal.timeout(300) }).catch((error: unknown) => (error as HttpProblem).kind)))
    expect(new Set(problems)).toEqual(new Set(['no-answer']))
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('reads text in the charset it is in', async () => {
    const port = await listen(says(Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=iso-8859-1\r\n\r\ncaf\u00e9', 'latin1')))
    expect((await send(`http://127.0.0.1:${port}/`)).body).toBe('caf\u00e9')
  })
})

function connectionsOf(server: net.Server): Promise<number> {
  return new Promise((counted) => server.getConnections((_, count) => counted(count)))
}
