import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../api/server/start.ts'
import { fuzz, type OpenApiDocument } from '../contract/fuzz.ts'
import { ask, BIN, childrenOf, goesOn, makeToken, makeTokens, newFolder, refusedServe, removeFolders, startServe, type Around, type Ended, type Serving } from './serve-program.ts'

const API = '/api/v1/performance'
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const isLinux = process.platform === 'linux'
/** Zones are not what these tests are about, and the machine may be busy. */
const CALM = { ENABLE_ADAPTIVE_INTERVALS: 'false' }

const running: Serving[] = []
async function serve(configuration: object | string | null = null, { env = {}, ...around }: Around = {}): Promise<Serving> {
  const serving = await startServe(configuration, { ...around, env: { ...CALM, ...env } })
  running.push(serving)
  return serving
}
afterEach(async () => void await Promise.all(running.splice(0).map((each) => each.stop())))
afterAll(removeFolders)

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((done) => {
    execFile(process.execPath, [BIN, ...args], { cwd: newFolder(), timeout: 20_000, env: { PATH: process.env['PATH'] ?? '', ...env } }, (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out, err }))
  })
}

/** The load tests of a test have somebody who answers. */
async function somebody(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server: Server = createServer((_request, response) => void response.end('{}'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // The system chose the port.
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => server.close(() => done()))
    },
  }
}

describe.skipIf(!isLinux)('the built serve (needs Linux)', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says where it listens, and on %s gives its streams their end, ends with 0 and leaves nothing behind', async (signal) => {
    const serving = await serve()
    expect((await serving.ask('/health/live')).json()).toMatchObject({ status: 'ok' })
    const stream = await listen(serving.port, `${API}/metrics/real-time?interval=1`)
    await stream.until((each) => each.events().length > 1)
    serving.kill(signal)
    await stream.ended
    expect(stream.text()).toMatch(/: this instance ends\n\n$/)
    const { code, out, err } = await serving.ended
    expect([code, await serving.left()]).toEqual([0, []])
    expect(out).toContain(`at ${serving.url}, ended by ${signal}`)
    expect(out).not.toContain('partial')
    expect(err).toMatch(/"msg":"ended"\}\n$/)
  })

  it('answers a program on this machine without a token, and nobody who changes something or calls it by another name', async () => {
    const serving = await serve()
    const { port } = serving
    expect((await serving.ask(`${API}/resources`)).json().data.processes.some(({ pid }: { pid: number }) => pid === serving.pid)).toBe(true)
    const refusals = await Promise.all([
      serving.ask(`${API}/alerts`, { method: 'PUT', body: { enabled: false } }), serving.ask(`${API}/load-test`, { method: 'POST', body: {} }), serving.ask('/api/performance', { method: 'POST', body: { page: '/', type: 'LCP', value: 1 } }),
      serving.ask(`${API}/metrics`, { headers: { host: `evil.example:${port}` } }), serving.ask(`${API}/metrics`, { headers: { origin: 'https://evil.example' } }), serving.ask(`${API}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } }),
    ])
    expect(refusals.map((each) => [each.status, each.json().error.code])).toEqual(refusals.map(() => [403, 'FORBIDDEN']))
    expect((await serving.ask(`${API}/alerts`)).json().data.enabled).toBe(true)
  })

  it('shares its looks: fifty who ask all the time cost a handful', async () => {
    const serving = await serve()
    const looks = async (): Promise<number> => (await serving.ask('/api/performance/sources')).json().sources[0].collections
    await pause(1_000)
    const before = await looks()
    const began = performance.now()
    let answered = 0
    await Promise.all(Array.from({ length: 50 }, async () => {
      while (performance.now() - began < 2_000) {
        expect((await serving.ask(`${API}/metrics`)).status).toBe(200)
        answered++
      }
    }))
    const seconds = (performance.now() - began) / 1_000
    expect(answered).toBeGreaterThan(50)
    expect(await looks() - before).toBeLessThanOrEqual(Math.ceil(seconds / 0.9) + 2)
  }, 40_000)
})

describe.skipIf(!isLinux)('tokens that --make-token printed (needs Linux)', () => {
  it('let in whom they should, for what their role may, once pasted into a configuration', async () => {
    const made = { admin: makeToken('admin', 'ops'), user: makeToken('user', "Zoë's phone"), scrape: makeToken('scrape') }
    const configuration = `${made.admin.configuration}${[made.user, made.scrape].map((each) => each.configuration.replace(/^serve:\n\s*tokens:\n/, '')).join('')}`
    const serving = await serve(configuration)
    const statuses = async (token: string | undefined): Promise<number[]> => Promise.all([`${API}/metrics`, `${API}/resources`, '/metrics', '/health/live'].map(async (path) => (await serving.ask(path, { token })).status))
    expect(await statuses(made.admin.token)).toEqual([200, 200, 200, 200])
    expect(await statuses(made.user.token)).toEqual([200, 403, 403, 200])
    expect(await statuses(made.scrape.token)).toEqual([403, 403, 200, 200])
    expect(await statuses(undefined)).toEqual([401, 401, 401, 200])
    expect(await statuses(`${made.admin.token}x`)).toEqual([401, 401, 401, 200])
    expect((await serving.ask(`${API}/alerts`, { method: 'PUT', token: made.admin.token, body: { thresholds: { cpuUsage: { warning: 71 } } } })).json().data.thresholds.cpuUsage.warning).toBe(71)
    const { err } = await serving.stop()
    expect(err).toMatch(/"event":"change","who":"ops","role":"admin"/)
    for (const { token } of Object.values(made)) expect(err).not.toContain(token)
  })

  it('are what a client gives, by file or by environment', async () => {
    const { tokens, entries } = makeTokens()
    const serving = await serve({ serve: { tokens: entries } })
    const folder = newFolder()
    writeFileSync(join(folder, 'token'), `${tokens.user}\n`, { mode: 0o600 })
    expect(await run(['metrics', '--url', serving.url, '--token-file', join(folder, 'token'), '--format', 'json'])).toMatchObject({ code: 0, err: '' })
    expect(await run(['metrics', '--url', serving.url], { MEDIANEST_TOKEN: tokens.admin })).toMatchObject({ code: 0, err: '' })
    expect(await run(['metrics', '--url', serving.url])).toMatchObject({ code: expect.toBeOneOf([65, 69]), err: expect.stringContaining('token') })
    expect(await run(['history', '--url', serving.url], { MEDIANEST_TOKEN: tokens.user })).toMatchObject({ err: expect.stringMatching(/admin/) })
    expect(await run(['metrics', '--url', serving.url, '--token-file', join(folder, 'nowhere')])).toMatchObject({ code: 65, err: expect.stringContaining('nowhere') })
  })
})

describe('serve that cannot begin', () => {
  const refused = async (configuration: object | string | null, around: Around = {}): Promise<Ended> => {
    const ended = await refusedServe(configuration, around)
    expect(ended.err, ended.out).toMatch(/^error: .*\n hint: \S/)
    expect(ended.err.trim().split('\n').length).toBeLessThanOrEqual(3)
    expect(ended.err).not.toMatch(/\n\s+at \w|node:|dist\//)
    return ended
  }
  const entry = { name: 'ops', role: 'admin', hash: `sha256:${'0'.repeat(64)}` }

  it('for somebody else has its port says so', async () => {
    const taken = createSocketServer()
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
    const { port } = taken.address() as AddressInfo // The system chose it.
    expect(await refused(null, { flags: ['--port', String(port)] })).toMatchObject({ code: 65, err: expect.stringContaining(`port ${port} on 127.0.0.1 is in use`) })
    await new Promise<void>((done) => taken.close(() => done()))
  })

  it.each<[string, object | string | null, Around, string]>([
    ['for all to reach without a token', null, { flags: ['--host', '0.0.0.0'] }, '--make-token'],
    ['on every IPv6 address without a token', { serve: { host: '::' } }, {}, '--make-token'],
    ['with a configuration that is not YAML', 'serve: {tokens: [', {}, 'medianest-perf.yaml'],
    ['with a key nobody knows', { serve: { toknes: [] } }, {}, 'toknes'],
    ['with a token instead of its hash', { serve: { tokens: [{ ...entry, hash: 'mnp_hunter2' }] } }, {}, '--make-token'],
    ['with a secret whose file is not there', { serve: { jwt: { algorithm: 'HS256', secret: { file: 'jwt-secret' }, issuer: 'a', audience: 'b' } } }, {}, 'jwt-secret'],
    ['with an empty file for a secret', { serve: { jwt: { algorithm: 'HS256', secret: { file: 'jwt-secret' }, issuer: 'a', audience: 'b' } } }, { files: { 'jwt-secret': '\n' } }, 'jwt'],
    ['with a certificate that is none', { serve: { tokens: [entry], tls: { cert: 'cert.pem', key: 'key.pem' } } }, { files: { 'cert.pem': 'hello', 'key.pem': 'hello' } }, 'cert.pem holds no certificate'],
    ['with a certificate that is not there', { serve: { tokens: [entry], tls: { cert: 'cert.pem', key: 'key.pem' } } }, {}, 'cert.pem cannot be read'],
    ['with two sources of one name', { collect: { sources: [{ type: 'redis' }, { type: 'redis' }] } }, {}, 'redis'],
  ])('%s says what and where', async (_what, configuration, around, words) => {
    const { code, err } = await refused(configuration, around)
    expect([code, err]).toEqual([65, expect.stringContaining(words)])
    expect(err).not.toContain('hunter2')
  })

  it.each([
    ['PERFORMANCE_BATCH_SIZE', 'many'], ['PERFORMANCE_FLUSH_INTERVAL', 'soon'], ['PERFORMANCE_CPU_THRESHOLD', '101'], ['PERFORMANCE_MEMORY_THRESHOLD', '-1'], ['PERFORMANCE_REDIS_MEMORY_THRESHOLD', '0'], ['PERFORMANCE_LOG_LEVEL', 'loud'],
    ['ENABLE_PERFORMANCE_MONITORING', 'maybe'], ['ENABLE_METRIC_COMPRESSION', '2'], ['ENABLE_ADAPTIVE_INTERVALS', 'x'], ['ENABLE_INSIGHT_CORRELATION', 'x'], ['DISABLE_DETAILED_MONITORING', 'x'], ['DEBUG_PERFORMANCE_COORDINATOR', 'x'],
  ])('with nonsense in %s names the variable and what it holds', async (name, value) => {
    expect(await refused(null, { env: { [name]: value } })).toMatchObject({ code: 65, err: expect.stringContaining(`the variable ${name} is "${value}", which is not`) })
  })
})

describe.skipIf(!isLinux)('a load test of the built serve (needs Linux)', () => {
  const body = { testName: 'endless', scenarios: [{ name: 'home', target: '/' }], load: { phases: [{ duration: 60, arrivalRate: 5 }] } }

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends with it, even on %s', async (signal) => {
    const target = await somebody()
    const { tokens, entries } = makeTokens()
    const serving = await serve({ serve: { tokens: entries, loadTest: { targets: target.url } } })
    const { testId } = (await serving.ask(`${API}/load-test`, { method: 'POST', token: tokens.admin, body })).json().data as { testId: string }
    await expect.poll(async () => (await serving.ask(`${API}/load-test/${testId}/results`, { token: tokens.admin })).json().data.progress?.completedRequests, { timeout: 15_000 }).toBeGreaterThan(0)
    const children = childrenOf(serving.pid)
    expect(children).toHaveLength(1)
    serving.kill(signal)
    const { code } = await serving.ended
    expect(code).toBe(signal === 'SIGKILL' ? null : 0)
    await expect.poll(() => children.filter(goesOn), { timeout: 8_000 }).toEqual([])
    expect(await serving.left()).toEqual([])
    await target.close()
  }, 40_000)
})

describe.skipIf(!hasOpenssl || !isLinux)('serve with a certificate of its own making (needs openssl and Linux)', () => {
  let cert: string
  let key: string
  beforeAll(() => {
    const folder = newFolder()
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { cwd: folder, stdio: 'ignore' })
    const read = (name: string): string => execFileSync('cat', [join(folder, name)], { encoding: 'utf8' })
    cert = read('cert.pem')
    key = read('key.pem')
  })

  it('answers over TLS alone, and to our own client where that trusts it', async () => {
    const { tokens, entries } = makeTokens()
    const serving = await serve({ serve: { tokens: entries, tls: { cert: 'cert.pem', key: 'key.pem' } } }, { files: { 'cert.pem': cert, 'key.pem': key } })
    expect(serving.url).toBe(`https://127.0.0.1:${serving.port}`)
    const answer = await serving.ask(`${API}/metrics`, { token: tokens.user, ca: cert })
    expect([answer.status, answer.headers['strict-transport-security']]).toEqual([200, expect.stringContaining('max-age=')])
    await expect(ask(serving.url.replace('https', 'http'), '/health/live')).rejects.toThrow()

    const trusting = { MEDIANEST_TOKEN: tokens.admin, NODE_EXTRA_CA_CERTS: join(serving.folder, 'cert.pem') }
    expect(await run(['metrics', '--url', serving.url, '--format', 'json'], trusting)).toMatchObject({ code: 0, err: '' })
    const live = await run(['top', '--once', '--url', serving.url], trusting)
    expect(live.code, live.err).toBe(0)
    const stranger = await run(['metrics', '--url', serving.url], { MEDIANEST_TOKEN: tokens.admin })
    expect(stranger).toMatchObject({ code: 69, err: expect.stringMatching(/its certificate is signed by itself[\s\S]*NODE_EXTRA_CA_CERTS/) })
    const plain = await run(['metrics', '--url', serving.url.replace('https', 'http')], { MEDIANEST_TOKEN: tokens.admin })
    expect(plain.code).toBe(69)
  }, 40_000)
})

describe.skipIf(!isLinux)('whatever the built serve is asked (needs Linux)', () => {
  it.each<[string, number]>([['with a token', 40], ['without one', 15]])('%s, it answers in time, as it documents, and never with a bug', async (how, runs) => {
    const target = await somebody()
    const { tokens, entries } = makeTokens()
    const isKnown = how === 'with a token'
    const serving = await serve({ serve: { rateLimit: 'off', ...(isKnown ? { tokens: entries, loadTest: { targets: target.url, maxDuration: '1s', maxRate: 5 } } : {}) }, health: { checks: [{ name: 'memory', type: 'memory' }] } })
    const document = (await serving.ask(`${API}/openapi.json`)).json() as OpenApiDocument
    const sent = await fuzz({ baseUrl: serving.url, document, token: isKnown ? tokens.admin : null, runs, deadlineMs: 10_000, seed: 20_261_121 })
    expect(sent).toBeGreaterThanOrEqual(runs * Object.values(document.paths).flatMap((operations) => Object.keys(operations)).length)
    expect((await serving.ask('/health/ready')).status).toBe(200)
    const { code, err } = await serving.stop()
    expect([code, await serving.left()]).toEqual([0, []])
    expect(err).not.toMatch(/"event":"bug"|^\s+at /m)
    await target.close()
  }, 60_000)
})
