import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTerminals, openTerminal } from './terminal.ts'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')
const SAMPLES = JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/instances/running.json'), 'utf8')) as readonly { readonly request: string; readonly status: number; readonly body: unknown }[]
const HASH = /sha256:[0-9a-f]{64}/

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

let folder = ''
const file = (name: string): string => join(folder, name)

/** Runs the built program; `interruptOn` sends Ctrl-C once stderr shows it. */
function run(args: readonly string[], { env = {}, interruptOn }: { readonly env?: Readonly<Record<string, string>>; readonly interruptOn?: RegExp } = {}): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const late = setTimeout(() => child.kill('SIGKILL'), 40_000)
    const told = { out: '', err: '' }
    let isInterrupted = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told.err += text
      if (isInterrupted || interruptOn?.test(told.err) !== true) return
      isInterrupted = true
      child.kill('SIGINT')
    })
    child.once('close', (code) => {
      clearTimeout(late)
      done({ code, ...told })
    })
  })
}

interface Serving {
  readonly url: string
  stop(): Promise<void>
}

async function serve(config: object, port = 0): Promise<Serving> {
  writeFileSync(file('serve.yaml'), JSON.stringify({ serve: config }))
  const child = spawn(process.execPath, [BIN, 'serve', '--port', String(port), '--config', file('serve.yaml')], { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, ENABLE_ADAPTIVE_INTERVALS: 'false' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const url = await new Promise<string>((listens, failed) => {
    const hear = (text: string): void => {
      said += text
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
      if (address !== undefined) listens(address)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear)
    child.once('exit', (code) => failed(new Error(`serve ended with ${code}: ${said}`)))
  })
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const LOAD = (seconds: number): object => ({ testName: 'small', scenarios: [{ name: 'all', target: '/things' }], load: { phases: [{ name: 'hold', duration: seconds, arrivalRate: 10 }] }, thresholds: { http_req_duration: ['p(97)<10000'], http_req_failed: 'rate<0.01' } })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'medianest-remote-'))
  writeFileSync(file('short.json'), JSON.stringify(LOAD(2)))
  writeFileSync(file('long.json'), JSON.stringify(LOAD(30)))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('commands with --url, against an instance of this tool', () => {
  const application = createServer((_request, response) => void response.end('{}'))
  let target = ''
  let instance: Serving
  let config: object
  const as = (who: 'admin' | 'user'): string[] => ['--url', instance.url, '--token-file', file(who)]

  beforeAll(async () => {
    target = await listen(application)
    const tokens = await Promise.all((['admin', 'user'] as const).map(async (role) => {
      const { out } = await run(['serve', '--make-token', role, '--name', role])
      writeFileSync(file(role), `${out.split('\n')[0]}\n`)
      chmodSync(file(role), 0o600)
      return { name: role, role, hash: HASH.exec(out)?.[0] }
    }))
    config = { tokens, loadTest: { targets: [target] }, rateLimit: 'off' }
    instance = await serve(config)
  }, 30_000)
  afterAll(async () => {
    await instance.stop()
    application.close()
  })

  test('load --remote keeps a result that compare and budget read, with thresholds the instance observed', async () => {
    const { code, out, err } = await run(['load', '--remote', 'short.json', ...as('admin'), '--save', 'run.json', '--format', 'json'])
    expect([code, err]).toEqual([0, expect.stringMatching(/hold \(1 of 1\)/)])
    expect(err).not.toContain('users')
    const { verdict, data } = JSON.parse(out) as { verdict: string; data: { version: number; engine: string; thresholds: readonly object[]; environment: object } }
    expect(verdict).toBe('ok')
    expect(data).toMatchObject({ version: 1, status: 'completed', partial: false, summary: { totalRequests: 20 }, environment: { cores: expect.any(Number) } })
    expect(data.thresholds).toMatchObject([{ expression: 'p(97)<10000', verdict: 'ok', observed: expect.any(Number) }, { expression: 'rate<0.01', verdict: 'ok', observed: 0 }])
    expect(JSON.parse(readFileSync(file('run.json'), 'utf8'))).toEqual(data)
    copyFileSync(file('run.json'), file('again.json'))
    expect(await run(['compare', 'run.json', 'again.json'])).toMatchObject({ code: 0, out: expect.stringContaining('http.duration') })
    writeFileSync(file('budget.json'), JSON.stringify({ thresholds: { http_req_duration: 'p(95)<10000' } }))
    expect(await run(['budget', '--budget', 'budget.json', 'run.json'])).toMatchObject({ code: 0 })
  }, 40_000)

  test('Ctrl-C ends the test over there, keeps what was found, and exits with 130', async () => {
    const { code, out } = await run(['load', '--remote', 'long.json', ...as('admin'), '--save', 'part.json', '--format', 'json'], { interruptOn: /hold \(1 of 1\) +requests [1-9]/ })
    expect(code).toBe(130)
    expect(JSON.parse(out)).toMatchObject({ data: { status: 'interrupted', partial: true, reason: 'the run was interrupted' } })
    expect(JSON.parse(readFileSync(file('part.json'), 'utf8'))).toMatchObject({ version: 1, partial: true })
    // The instance has room for the next one at once.
    expect((await run(['load', '--remote', 'short.json', ...as('admin')])).code).toBe(0)
  }, 40_000)

  test('what an instance forbids or does not do is said in its own words, with what mends it', async () => {
    const elsewhere = await run(['load', '--remote', 'short.json', ...as('admin'), '--target', 'http://127.0.0.1:9'])
    expect(elsewhere).toMatchObject({ code: 65, err: expect.stringMatching(/\(403\): load tests of this instance may not be turned on "http:\/\/127.0.0.1:9.*only on [\s\S]*hint: that is up to serve.loadTest.targets/) })
    expect(elsewhere.err).not.toContain('the token')
    expect(await run(['alerts', ...as('user')])).toMatchObject({ code: 65, err: expect.stringMatching(/\(403\): this is for the role admin[\s\S]*hint: .*administrators.*--token-file/) })
    expect(await run(['optimize', 'apply', 'memory_cleanup', '--yes', ...as('admin')])).toMatchObject({ code: 65, err: expect.stringMatching(/does not offer optimizations \(501 .*\): memory_cleanup: this version runs no optimizations/) })
    writeFileSync(file('wrong'), 'mnp_of-nobody')
    for (const command of [['metrics'], ['top', '--once'], ['recommend']]) {
      expect(await run([...command, '--url', instance.url, '--token-file', file('wrong')]), command.join(' ')).toMatchObject({ code: 65, err: expect.stringMatching(/\(401\): the token is wrong or has expired[\s\S]*--token-file FILE or MEDIANEST_TOKEN/) })
    }
    expect(await run(['health', '--url', instance.url, '--format', 'nagios'])).toMatchObject({ code: 3, out: expect.stringContaining('--token-file') })
  }, 60_000)

  test('a user is told that details are for administrators, and how much is in use', async () => {
    const { code, out } = await run(['metrics', ...as('user')])
    expect(code).toBe(0)
    expect(out).toMatch(/memory +[\d.]+%/)
    expect(out.replace(/\s+/g, ' ')).toContain('is told to administrators only')
  }, 20_000)

  test('alerts of a fresh instance are those this program documents for this machine', async () => {
    const [here, there] = await Promise.all([run(['alerts', '--format', 'json']), run(['alerts', ...as('admin'), '--format', 'json'])])
    const thresholds = ({ out }: Ran): unknown => (JSON.parse(out) as { data: { thresholds: unknown } }).data.thresholds
    expect(thresholds(here)).toEqual(thresholds(there))
  }, 20_000)

  test.skipIf(!hasTerminals)('a change of alerts waits for yes at a terminal, and is made then (needs script)', async () => {
    const terminal = openTerminal(['alerts', ...as('admin'), '--set', 'cpuUsage.warning=70'], { cwd: folder })
    try {
      await terminal.sees('Type yes to go on')
      terminal.type('yes\n')
      await terminal.sees('changed: cpuUsage.warning from 80% to 70%')
      expect(await terminal.ended).toBe(0)
    } finally {
      await terminal.close()
    }
  }, 30_000)

  test('a test that is lost with a restart of the instance is said to be, with 69', async () => {
    const port = Number(new URL(instance.url).port)
    const lost = run(['load', '--remote', 'long.json', ...as('admin')])
    await new Promise((passed) => setTimeout(passed, 4_000))
    await instance.stop()
    instance = await serve(config, port)
    expect(await lost).toMatchObject({ code: 69, err: expect.stringMatching(/no longer knows the load test|had begun there/) })
  }, 60_000)
})

describe('commands with --url, against an instance in the bare dialect', () => {
  const arrived: string[] = []
  const sample = (request: RegExp, status: number): unknown => SAMPLES.find((each) => request.test(each.request) && each.status === status)?.body
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://instance')
    arrived.push(`${request.method} ${pathname}`)
    const send = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (pathname.endsWith('/performance/metrics')) return searchParams.size === 0 ? send(500, { error: true, message: 'no window' }) : send(200, sample(/metrics\?timeWindow=15/, 200))
    if (pathname.endsWith('/performance/health')) return send(503, sample(/performance\/health/, 503))
    if (pathname.endsWith('/v1/performance/recommendations')) return send(200, sample(/recommendations/, 200))
    if (pathname.endsWith('/performance/optimize') && request.method === 'POST') return send(200, { success: true, message: 'Optimization completed', optimizations: ['Cache cleared: 4 keys flushed'] })
    send(404, { success: false, error: { code: 'NOT_FOUND', message: 'Endpoint not found' } })
  })
  let url = ''
  beforeAll(async () => {
    url = await listen(server)
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test('application figures are taken from its metrics, and said to be', async () => {
    const { code, out } = await run(['metrics', '--application', '--url', url])
    expect(code).toBe(0)
    for (const words of ['Slowest endpoints', '25.5%', 'does not offer application metrics']) expect(out.replace(/\s+/g, ' ')).toContain(words)
  }, 20_000)

  test('what it does not offer is said, and nothing that changes it is sent without a yes', async () => {
    for (const command of [['history'], ['alerts'], ['optimize', 'status', 'abc'], ['load', '--remote', 'short.json']]) expect(await run([...command, '--url', url]), command.join(' ')).toMatchObject({ code: 65, err: expect.stringContaining('this instance does not offer') })
    arrived.length = 0
    expect(await run(['optimize', 'apply', 'memory_cleanup', '--url', url])).toMatchObject({ code: 64, err: expect.stringMatching(/flush their whole cache[\s\S]*nothing was sent/) })
    expect(arrived).toEqual([])
    expect(await run(['optimize', 'apply', 'memory_cleanup', '--yes', '--url', url])).toMatchObject({ code: 0, out: expect.stringMatching(/Cache cleared: 4 keys flushed[\s\S]*told no id/) })
  }, 60_000)

  test('a critical health that comes with 503 is read, and its figures in their units', async () => {
    expect(await run(['health', '--url', url])).toMatchObject({ code: 2, out: expect.stringContaining('High error rate: 29.41% (its threshold is 5%') })
  }, 20_000)
})

describe('commands with --url, against what is no instance', () => {
  test('pages, redirects to TLS and TLS itself are told apart', async () => {
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/tls')) return void response.writeHead(301, { location: `https://${request.headers.host}/elsewhere` }).end()
      if (request.url?.startsWith('/plain')) return void response.writeHead(400, { 'content-type': 'text/html' }).end('<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>')
      if (request.url?.startsWith('/gone')) return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html><head><title>502 Bad Gateway</title></head></html>')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Login</title></html>')
    })
    const url = await listen(server)
    try {
      expect(await run(['alerts', '--url', `${url}/tls`])).toMatchObject({ code: 65, err: expect.stringMatching(/the same host over TLS; it was not followed[\s\S]*name that address with --url/) })
      expect(await run(['alerts', '--url', `${url}/plain`])).toMatchObject({ code: 65, err: expect.stringContaining('it speaks TLS: write https:// instead of http://') })
      expect(await run(['alerts', '--url', `${url}/gone`])).toMatchObject({ code: 69, err: expect.stringMatching(/502: a web page \("502 Bad Gateway"\)[\s\S]*see that the instance runs/) })
      expect(await run(['alerts', '--url', url])).toMatchObject({ code: 65, err: expect.stringContaining('a web page ("Login")') })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }, 30_000)
})
