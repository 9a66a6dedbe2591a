import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WireClient } from '../../../src/load/exchange.ts'
import { VirtualUser, type UserOutcome } from '../../../src/load/flow/user.ts'
import { compilePrograms } from '../../../src/load/flow/program.ts'
import type { Step } from '../../../src/model/plan.ts'
import { capture, expecting, fakeExchange, fakeWorld, get, planOf } from './fake-world.ts'

interface Received {
  request: string
  headers: IncomingMessage['headers']
  body: string
}

const TOKEN = '{"token": "žluť"}'
const received: Received[] = []
let server: Server
let target: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ request: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      response.shouldKeepAlive = false
      if (request.url === '/login') response.writeHead(302, { location: '/welcome', 'set-cookie': 'session=s1; HttpOnly' }).end()
      else response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(TOKEN) }).end(TOKEN)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address with a port.
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

/** One connection per request, read to its end: enough to put real bytes before a real parser. */
const send: WireClient['send'] = ({ host, port }, request, _options, done) => {
  const socket = connect(port, host)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)))
  socket.on('error', () => done(fakeExchange({ error: 'reset' })))
  socket.on('end', () => {
    const [head = '', body = ''] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n', 2)
    const [first = '', ...lines] = head.split('\r\n')
    done(fakeExchange({ status: Number(first.split(' ')[1]), headers: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)])), body }))
  })
  socket.write(typeof request === 'string' ? Buffer.from(request, 'latin1') : request)
}

describe('a flow against Node\'s own HTTP server', () => {
  it('is understood word for word', async () => {
    const steps: Step[] = [
      get('/login', { method: 'POST', body: { kind: 'form', fields: { user: 'Jö & R', pass: '{{ pass }}' } }, captures: [capture('$.token', 'token')], expects: [expecting<'contentType'>({ kind: 'contentType', type: 'json' })] }),
      get('/items/{{ token }}', { method: 'PUT', query: { q: '{{ token }}' }, headers: { 'X-Token': '{{ token }}' }, body: { kind: 'json', value: { token: '{{ token }}' } } }),
    ]
    const plan = planOf(steps, { target, variables: { pass: 'a=b' } })
    const fake = fakeWorld(plan)
    const outcome = await new Promise<UserOutcome>((resolve) => {
      const world = { ...fake.world, client: { send }, later: (ms: number, then: () => void) => setTimeout(then, ms), cancel: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout) }
      const [program] = compilePrograms(plan)
      if (program) new VirtualUser(world, (_, __, how) => resolve(how)).start(program, 0)
    })

    expect(outcome).toBe('completed')
    expect(received.map(({ request, body }) => [request, body])).toEqual([
      ['POST /login', 'user=J%C3%B6+%26+R&pass=a%3Db'],
      ['GET /welcome', ''],
      ['PUT /items/%C5%BElu%C5%A5?q=%C5%BElu%C5%A5', '{"token":"žluť"}'],
    ])
    expect(received[1]?.headers).toMatchObject({ cookie: 'session=s1', 'user-agent': 'medianest-perf' })
    expect(received[1]?.headers['content-type']).toBeUndefined()
    expect(Buffer.from(String(received[2]?.headers['x-token']), 'latin1').toString('utf8')).toBe('žluť')
  })
})
