import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { hear } from '../api/instance.ts'
import { freePort } from '../services/redis-server.ts'
import { nginx } from './nginx.ts'
import { knownToken, listenTo, runBuilt, serveBuilt, snippet, until, type Served } from './served.ts'

const TLS = resolve(import.meta.dirname, '../fixtures/tls')
const CA = readFileSync(join(TLS, 'localhost.cert.pem'), 'utf8')
const BASE = '/api/v1/performance'
const admin = knownToken('admin')
const user = knownToken('user')

interface Proxy {
  /** Where it speaks TLS, as the page has it. */
  readonly url: string
  readonly tlsPort: number
  /** The same server without TLS, for what cannot be told to trust a certificate. */
  readonly plainUrl: string
  reload(): void
  stop(): Promise<void>
}

/** A real nginx with the server of docs/deploy.md: only its ports, names and certificate are others; `change` makes it another. */
async function startProxy(upstream: number, change: (text: string) => string = (text) => text): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-proxy-'))
  mkdirSync(join(folder, 'logs'))
  const [tlsPort, plainPort] = [await freePort(), await freePort()]
  const [before, after] = change(snippet('deploy.md', 'nginx')).replace('127.0.0.1:9464', `127.0.0.1:${upstream}`).replace('server_name perf.example.org;', 'server_name localhost;')
    .replace(/ssl_certificate .*;/, `ssl_certificate ${TLS}/localhost.cert.pem;`).replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${TLS}/localhost.key.pem;`).split('listen 443 ssl;')
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')
  writeFileSync(join(folder, 'nginx.conf'), `
    daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log warn; worker_shutdown_timeout 1s; user root;
    events { worker_connections 256; }
    http { access_log off; ${scratch} ${before}listen 127.0.0.1:${tlsPort} ssl; listen 127.0.0.1:${plainPort};${after} }`)
  // Its workers end with it: they see that their master has gone.
  const child = spawn(nginx ?? '', ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
  const stop = async (): Promise<void> => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  await until(async () => child.exitCode !== null || (await isOpen(plainPort)), () => 'nginx does not listen')
  if (child.exitCode !== null) throw new Error(`nginx did not start: ${readFileSync(join(folder, 'error.log'), 'utf8')}`)
  return { url: `https://localhost:${tlsPort}`, tlsPort, plainUrl: `http://localhost:${plainPort}`, reload: () => void child.kill('SIGHUP'), stop }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((tried) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      tried(true)
    }).on('error', () => tried(false))
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await once(child, 'exit')
  clearTimeout(late)
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Asks once; `from` is the address on this machine that is asked from. */
function ask(url: string, { token, headers = {}, from }: { readonly token?: string; readonly headers?: Readonly<Record<string, string>>; readonly from?: string } = {}): Promise<Answer> {
  return new Promise((done, failed) => {
    const options = { headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers }, ...(from === undefined ? {} : { localAddress: from }) }
    const request = url.startsWith('https:') ? httpsRequest(url, { ...options, agent: new Agent({ ca: CA }) }) : httpRequest(url, { ...options, agent: false })
    request.once('error', failed).once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).once('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, text }))
    }).end()
  })
}

describe.skipIf(nginx === undefined)('serve behind the nginx of docs/deploy.md (needs nginx)', () => {
  let served: Served
  let proxy: Proxy
  beforeAll(async () => {
    served = await serveBuilt({ serve: { allowedHosts: 'localhost', trustProxy: '127.0.0.1', tokens: [admin.entry, user.entry] } })
    proxy = await startProxy(served.port)
    // A share of the processors is known from the second look on.
    await until(async () => (await ask(`${proxy.plainUrl}${BASE}/metrics`, { token: admin.token })).text.includes('"cpu":{"usage":null') === false, () => served.said())
  })
  afterAll(async () => {
    await proxy?.stop()
    expect(await served?.stop()).toBe(0)
  })

  it('answers JSON over the TLS of nginx, with its own headers', async () => {
    const { status, headers, text } = await ask(`${proxy.url}${BASE}/metrics`, { token: admin.token })
    expect([status, headers['cache-control'], headers['x-content-type-options']]).toEqual([200, 'no-store', 'nosniff'])
    expect(JSON.parse(text)).toMatchObject({ success: true, data: { system: { cpu: { usage: expect.any(Number) } } } })
    expect((await ask(`${proxy.url}${BASE}/metrics`)).status).toBe(401)
    expect((await ask(`${proxy.url}/health/ready`)).status).toBe(200)
  })

  it('refuses a name that is none of its own', async () => {
    const { status, text } = await ask(`${proxy.plainUrl}${BASE}/metrics`, { token: admin.token, headers: { host: 'somebody.example' } })
    expect([status, text]).toEqual([403, expect.stringContaining('is no name of this instance')])
  })

  it.each([
    ['as the page has it', (text: string) => text],
    ['even where it buffers, for the stream says that it must not', (text: string) => text.replace('proxy_buffering off;', '')],
  ])('lets each event of a stream through at once, %s', async (_how, change) => {
    const another = change(snippet('deploy.md', 'nginx')) === snippet('deploy.md', 'nginx') ? null : await startProxy(served.port, change)
    if (another !== null) onTestFinished(() => another.stop())
    const stream = listenTo(`${(another ?? proxy).plainUrl}${BASE}/metrics/real-time?interval=1`, { authorization: `Bearer ${admin.token}` })
    onTestFinished(() => stream.stop())
    await until(() => stream.events.length >= 4, () => stream.events.length)
    expect(await stream.headers).toMatchObject({ status: 200, 'content-type': 'text/event-stream; charset=utf-8' })
    // Kept back, they would come together: a buffer of nginx holds four of them easily.
    const waits = stream.events.slice(1, 4).map(({ atMs }, index) => atMs - (stream.events[index]?.atMs ?? 0))
    expect(Math.max(...waits)).toBeLessThan(2_500)
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(1_500)
  })

  it('believes X-Forwarded-For of the proxy alone, and counts the requests of each client apart', async () => {
    const limited = await serveBuilt({ serve: { allowedHosts: 'localhost', trustProxy: '127.0.0.2', tokens: [admin.entry], rateLimit: { requests: 3, per: '1m' } } })
    const trusted = await startProxy(limited.port, (text) => text.replace('proxy_buffering off;', 'proxy_buffering off; proxy_bind 127.0.0.2;'))
    onTestFinished(async () => {
      await trusted.stop()
      await limited.stop()
    })
    // Those who show no token are counted by their address.
    const through = (from: string, claimed?: string): Promise<number> => ask(`${trusted.plainUrl}${BASE}/metrics`, { from, ...(claimed === undefined ? {} : { headers: { 'x-forwarded-for': claimed } }) }).then(({ status }) => status)
    const direct = (claimed: string): Promise<number> => ask(`http://127.0.0.1:${limited.port}${BASE}/metrics`, { from: '127.0.0.9', headers: { 'x-forwarded-for': claimed } }).then(({ status }) => status)
    expect([await through('127.0.0.5'), await through('127.0.0.5', '8.8.8.8'), await through('127.0.0.5', '9.9.9.9'), await through('127.0.0.5', '7.7.7.7')]).toEqual([401, 401, 401, 429])
    expect(await through('127.0.0.6')).toBe(401)
    // Whoever is no proxy is counted as itself, whatever it says.
    expect([await direct('1.1.1.1'), await direct('1.1.1.2'), await direct('1.1.1.3'), await direct('1.1.1.4')]).toEqual([401, 401, 401, 429])
    expect(limited.said()).toContain('"address":"127.0.0.5"')
    expect(limited.said()).not.toContain('8.8.8.8')
  })

  it.each([
    ['metrics', ['metrics', '--format', 'json'], { command: 'metrics', success: true }],
    ['top --once', ['top', '--once', '--format', 'json'], { command: 'top', success: true }],
    ['health', ['health', '--format', 'json'], { command: 'health', success: true }],
  ])('can be asked by %s --url', async (_name, words, answer) => {
    const env = { MEDIANEST_TOKEN: admin.token, NODE_EXTRA_CA_CERTS: join(TLS, 'localhost.cert.pem') }
    const { code, out, err } = await runBuilt([...words, '--url', proxy.url], { env })
    expect(JSON.parse(out), err).toMatchObject(answer)
    expect(code).toBeLessThan(3)
  })

  it('is come back to when nginx is reloaded in the middle of a stream, and nothing was missed', async () => {
    const heard = hear(proxy.plainUrl, { token: user.token, intervalMs: 1_000, timeoutMs: 5_000, timings: {} })
    const kinds = (): string[] => heard.states.map(({ kind }) => kind)
    await until(() => heard.snapshots.length >= 3, kinds)
    proxy.reload()
    await until(() => kinds().includes('lost'), kinds)
    const before = heard.snapshots.length
    await until(() => kinds().at(-1) === 'live' && heard.snapshots.length >= before + 4, kinds)
    const gaps = heard.snapshots.slice(2).map(({ at }, index) => at - (heard.snapshots[index + 1]?.at ?? 0))
    // The stream says: wait 3 s. Without what was missed there would be a gap of as long.
    expect(Math.max(...gaps), JSON.stringify(gaps)).toBeLessThan(2_500)
  })
})
