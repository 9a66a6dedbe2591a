import { createServer, type RequestListener } from 'node:http'
import { Client, type Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { ask, at, listen, listenRaw, openClient } from './loopback.ts'

interface Answer {
  readonly status: number
  readonly body: string
  readonly failed: boolean
  readonly cookies: readonly string[]
}

const FAILED: Answer = { status: 0, body: '', failed: true, cookies: [] }

/** What undici's lowest level makes of the response. */
async function askUndici(port: number, method: 'GET' | 'HEAD'): Promise<Answer> {
  const client = new Client(`http://127.0.0.1:${port}`, { pipelining: 1, maxResponseSize: 1_000_000 })
  const answer = await new Promise<Answer>((resolve) => {
    let status = 0
    let cookies: readonly string[] = []
    const pieces: Buffer[] = []
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onRequestUpgrade: () => resolve(FAILED),
      onResponseStart: (_controller, code, headers) => {
        status = code
        cookies = [headers['set-cookie'] ?? []].flat()
      },
      onResponseData: (_controller, piece) => void pieces.push(piece),
      onResponseEnd: () => resolve({ status, body: Buffer.concat(pieces).toString('latin1'), failed: false, cookies }),
      onResponseError: () => resolve(FAILED),
    }
    client.dispatch({ path: '/', method }, handler)
  })
  await client.destroy()
  return answer
}

async function askOurs(port: number, method: 'GET' | 'HEAD'): Promise<Answer> {
  const exchange = await ask(openClient(), at(port), { head: method === 'HEAD' }, `${method} / HTTP/1.1\r\nHost: here\r\n\r\n`)
  return { status: exchange.status, body: exchange.body?.toString('latin1') ?? '', failed: exchange.error !== null, cookies: exchange.headers('set-cookie') }
}

const raw: readonly (readonly [name: string, response: string])[] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['no reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'],
  ['an odd reason', 'HTTP/1.1 299 it: was, \xe9\r\nContent-Length: 2\r\n\r\nok'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n'],
  ['chunks with extensions', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0002;a=b;c="d e"\r\nok\r\n0;last\r\n\r\n'],
  ['chunks with trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n'],
  ['chunks of upper-case size', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n`],
  ['chunks cut short', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok'],
  ['chunks without a last one', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n'],
  ['chunks with a wrong size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n'],
  ['chunks with no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nok\r\n0\r\n\r\n'],
  ['a body until the end', 'HTTP/1.1 200 OK\r\n\r\nall\r\nof\r\nit'],
  ['a body until the end and Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it'],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nall of it'],
  ['HTTP/1.0 with a length', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['304', 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'],
  ['an empty body', 'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n'],
  ['103 first', 'HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['cookies', 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n'],
  ['blanks before a value', 'HTTP/1.1 200 OK\r\nSet-Cookie: \t a=1\r\nContent-Length:2\r\n\r\nok'],
  ['an empty value', 'HTTP/1.1 200 OK\r\nSet-Cookie:\r\nContent-Length: 2\r\n\r\nok'],
  ['latin1 in a value', 'HTTP/1.1 200 OK\r\nX-Name: M\xfcller\r\nContent-Length: 2\r\n\r\nok'],
  ['binary in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\0\r\n\r\n\xff'],
  ['a length that is cut short', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok'],
  ['two different lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk'],
  ['a length of letters', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok'],
  ['a length beyond all numbers', `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\nok`],
  ['a blank before a colon', 'HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 2\r\n\r\nok'],
  ['a blank in a name', 'HTTP/1.1 200 OK\r\nX y: z\r\nContent-Length: 2\r\n\r\nok'],
  ['a line without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\nok'],
  ['a NUL in a value', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 2\r\n\r\nok'],
  ['two digits of status', 'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/2.9', 'HTTP/2.9 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a head cut short', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n'],
  ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ['html without a head', '<html>hello</html>'],
  ['nothing', ''],
]

/** Where we read on purpose what undici's parser refuses. */
const lenient: readonly (readonly [name: string, response: string])[] = [
  ['bare line feeds (RFC 9112 2.2)', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['the same length twice (RFC 9110 8.6)', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
  ['chunks and a length (RFC 9112 6.3)', 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
]

const answering = (response: string): Promise<number> => listenRaw((socket) => socket.once('data', () => socket.end(response, 'latin1')))

describe('undici and we make the same of', () => {
  test.each(raw)('%s', async (_name, response) => {
    const port = await answering(response)
    expect(await askOurs(port, 'GET')).toEqual(await askUndici(port, 'GET'))
  })

  test.each(lenient)('%s - but that it refuses it', async (_name, response) => {
    const port = await answering(response)
    expect(await askOurs(port, 'GET')).toMatchObject({ status: 200, body: 'ok', failed: false })
    expect(await askUndici(port, 'GET')).toEqual(FAILED)
  })
})

const handlers: readonly (readonly [name: string, handler: RequestListener])[] = [
  ['a plain answer', (_request, response) => response.end('hello')],
  ['many writes', (_request, response) => (response.write('a'), response.write('b'.repeat(100_000)), setTimeout(() => response.end('c'), 10))],
  ['a big answer', (_request, response) => response.end(Buffer.alloc(900_000, 'ab'))],
  ['no keep-alive', (_request, response) => response.setHeader('Connection', 'close').end('bye')],
  ['204', (_request, response) => response.writeHead(204).end()],
  ['304', (_request, response) => response.writeHead(304).end()],
  ['early hints', (_request, response) => (response.writeEarlyHints({ link: '</x>; rel=preload' }), response.end('x'))],
  ['processing', (_request, response) => (response.writeProcessing(), response.end('x'))],
  ['cookies', (_request, response) => response.setHeader('Set-Cookie', ['a=1', 'b=2; HttpOnly']).end('x')],
  ['trailers', (_request, response) => (response.write('x'), response.addTrailers({ 'X-Sum': '1' }), response.end())],
  ['an answer cut off', (_request, response) => (response.setHeader('Content-Length', 100), response.write('x'), setTimeout(() => response.destroy(), 20))],
]

describe('undici and we make the same of node:http sending', () => {
  test.each(handlers.flatMap(([name, handler]) => [['GET', name, handler] as const, ['HEAD', name, handler] as const]))('to %s %s', async (method, _name, handler) => {
    const port = await listen(createServer(handler))
    expect(await askOurs(port, method)).toEqual(await askUndici(port, method))
  })
})
