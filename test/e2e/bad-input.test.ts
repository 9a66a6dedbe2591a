import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import type { Run } from '../../src/model/run.ts'
import { testHost } from '../host.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-bad-'))
mkdirSync(join(folder, 'directory'))
writeFileSync(join(folder, 'users.csv'), 'email,secret\na@example.com,x\n')

const servers: { server: Server; sockets: Set<Socket> }[] = []
afterAll(() => {
  for (const { server, sockets } of servers) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
})

/** A server of its own for each manner of misbehaving. */
function serve(behave: (socket: Socket) => void, create: (listener: (socket: Socket) => void) => Server = createServer): Promise<string> {
  const sockets = new Set<Socket>()
  const server = create((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    behave(socket)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  servers.push({ server, sockets })
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(`127.0.0.1:${(server.address() as { port: number }).port}`)))
}

async function load(scenario: string, ...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  writeFileSync(join(folder, 's.yaml'), scenario)
  return loadFile('s.yaml', ...flags)
}

async function loadFile(file: string, ...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  const host = testHost(['load', file, '--quiet', ...flags], { cwd: folder })
  const code = await main(host)
  return { code, out: host.out(), err: host.err() }
}

const scenario = (parts: { target?: string; phase?: string; flow?: string; more?: string; weight?: string; config?: string } = {}): string =>
  `config:
  target: ${parts.target ?? 'http://127.0.0.1:9'}
  phases:
    - ${parts.phase ?? '{ duration: 0.3, arrivalRate: 10 }'}
  http: { timeout: 0.5 }
${parts.config ?? ''}
scenarios:
  - name: only
    ${parts.weight ?? 'weight: 1'}
    flow:
${parts.flow ?? '      - get: { url: / }'}
${parts.more ?? ''}`

describe('a scenario that cannot be read', () => {
  it.each([
    ['a missing file', () => loadFile('nowhere.yaml'), 'nowhere.yaml does not exist', 'check the path'],
    ['a directory', () => loadFile('directory'), 'directory is a directory', 'name a file in it'],
    ['YAML that does not parse', () => load('config: [1,\n  target: {\n'), 's.yaml is not valid YAML', 's.yaml:'],
    ['something else entirely', () => load('hello: world\n'), 's.yaml', 's.yaml:1:1'],
    ['an unknown key', () => load(scenario({ config: '  tragets: {}' })), 'unknown key "tragets"', 'did you mean "targets"?'],
    ['a negative duration', () => load(scenario({ phase: '{ duration: -3, arrivalRate: 1 }' })), '-3', 's.yaml:4:'],
    ['weights of zero', () => load(scenario({ weight: 'weight: 0' })), 'weight', 's.yaml:9:'],
    ['a threshold with a wrong operator', () => load(scenario({ config: '  thresholds: { http_req_duration: "p(95)=<500" }' })), '"=<" is not an operator', 's.yaml:6:'],
    ['a threshold on an unknown metric', () => load(scenario({ config: '  thresholds: { http_req_durations: "p(95)<500" }' })), 'http_req_durations', 'http_req_duration'],
    ['a CSV that does not exist', () => load(scenario({ config: '  payload: { path: nobody.csv, fields: [email] }' })), 'nobody.csv', 's.yaml:6:'],
    ['a CSV without the named field', () => load(scenario({ config: '  payload: { path: users.csv, fields: [email, secret, phone] }' })), 'phone', 'users.csv'],
    ['a key that is not supported yet', () => load(scenario({ config: '  processor: ./functions.js' })), 'processor', 'not supported'],
    ['an unknown template function', () => load(scenario({ flow: "      - get: { url: '/{{ $randomStrin() }}' }" })), '$randomStrin', '$randomString'],
    ['no target', () => load('config: { phases: [{ duration: 1, arrivalRate: 1 }] }\nscenarios: [{ flow: [{ get: { url: / } }] }]\n'), 'target', '--target'],
    ['overrides that are no map', () => load(scenario(), '--overrides', '[1]'), '[1]', 'does not exist'],
  ])('says what is wrong with %s, and ends with 65', async (_name, run, message, hint) => {
    const { code, out, err } = await run()
    expect(err).toContain(message)
    expect(err).toContain(hint)
    expect({ code, out }).toEqual({ code: 65, out: '' })
  })

  it('tells the same as JSON', async () => {
    const { code, out } = await load(scenario({ config: '  tragets: {}' }), '--format', 'json')
    expect(code).toBe(65)
    expect(JSON.parse(out)).toMatchObject({ success: false, command: 'load', error: { code: 'UNKNOWN_KEY', details: { where: { line: 6, column: 3 } } } })
  })
})

const tls = {
  key: readFileSync(join(import.meta.dirname, '../fixtures/tls/localhost.key.pem')),
  cert: readFileSync(join(import.meta.dirname, '../fixtures/tls/localhost.cert.pem')),
}

/** Manners of a server, the kind of error each causes, and what the person is told. */
const MANNERS: readonly (readonly [string, () => Promise<string>, string, string])[] = [
  ['refuses', async () => {
    const address = await serve(() => undefined)
    await new Promise((closed) => servers.at(-1)?.server.close(closed))
    return `http://${address}`
  }, 'refused', 'refused'],
  ['never answers', async () => `http://${await serve(() => undefined)}`, 'timeout', 'no response'],
  ['resets', async () => `http://${await serve((socket) => socket.on('data', () => socket.resetAndDestroy()))}`, 'reset', 'broke'],
  ['talks TLS on a plain port', async () => `http://${await serve(() => undefined, (listener) => createTlsServer(tls, listener))}`, 'reset', 'the server speaks TLS: use https://'],
  ['talks plain on a TLS port', async () => `https://${await serve((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')))}`, 'tls', 'http'],
  ['has a certificate nobody trusts', async () => `https://${await serve(() => undefined, (listener) => createTlsServer(tls, listener))}`, 'tls', 'certificate'],
  ['answers garbage', async () => `http://${await serve((socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))}`, 'protocol', 'did not answer in HTTP/1.1'],
  ['sends 10 MB of headers', async () => `http://${await serve((socket) => socket.once('data', () => {
    socket.write('HTTP/1.1 200 OK\r\n')
    for (let i = 0; i < 160 && !socket.destroyed; i++) socket.write(`x-${i}: ${'a'.repeat(65_536)}\r\n`)
  }))}`, 'too-large', 'header block'],
  ['sends an endless body', async () => `http://${await serve((socket) => socket.once('data', () => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    const block = `10000\r\n${'a'.repeat(65_536)}\r\n`
    const more = (): void => {
      while (!socket.destroyed && socket.write(block));
    }
    socket.on('drain', more)
    more()
  }))}`, 'too-large', 'the body from'],
]

describe('a target', () => {
  it.each(MANNERS)('that %s is told by kind, and when nothing answers at all the exit code is 69', async (_manner, start, kind, message) => {
    const { code, out } = await load(scenario({ target: await start() }), '--format', 'json')
    const report = JSON.parse(out) as { verdict: string; findings: { id: string; title: string; hint: string }[]; data: Run }
    expect(report.data.summary).toMatchObject({ totalRequests: 3, successfulRequests: 0, p95: null })
    expect(report.data.errors).toEqual([expect.objectContaining({ type: kind, count: 3 })])
    const finding = report.findings.find(({ id }) => id === 'unreachable')
    expect(`${finding?.title} ${finding?.hint}`).toContain(message)
    expect(code).toBe(69)
  })

  it('that misbehaves for one request leaves the results of the others whole', async () => {
    const address = await serve((socket) => socket.on('data', (chunk) => {
      if (chunk.toString().startsWith('GET /bad')) socket.end('nonsense\r\n\r\n')
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    }))
    const flow = '      - get: { url: /good }\n      - get: { url: /bad }'
    const { code, out } = await load(scenario({ target: `http://${address}`, flow }), '--format', 'json')
    const report = JSON.parse(out) as { verdict: string; data: Run }
    expect(report.verdict).toBe('warn')
    expect(code).toBe(0)
    expect(report.data.endpoints).toEqual([
      expect.objectContaining({ name: 'GET /good', requests: 3, failedRequests: 0 }),
      expect.objectContaining({ name: 'GET /bad', requests: 3, failedRequests: 3 }),
    ])
    expect((await load(scenario({ target: `http://${address}`, flow }), '--strict')).code).toBe(1)
  })
})
