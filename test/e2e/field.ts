import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Run } from '../../src/model/run.ts'
import { nginx } from './nginx.ts'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')

/** A folder that `endAll` takes away. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-field-'))
  folders.push(folder)
  return folder
}

const folders: string[] = []
const running = new Set<ChildProcess>()

function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess & { said: string } {
  const child = Object.assign(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], MEDIANEST_PERF_CI: 'off', ...env } }), { said: '' })
  running.add(child)
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (child.said += text))
  return child
}

/** Ends one program by its id, at once unless it may say goodbye. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const late = setTimeout(() => child.kill('SIGKILL'), 8_000)
    child.kill('SIGCONT')
    child.kill(signal)
    await once(child, 'exit')
    clearTimeout(late)
  }
  running.delete(child)
}

/** Ends all that was started here. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => end(child, 'SIGTERM')))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** Waits until it is so. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false> | T | null | undefined | false, withinMs = 15_000): Promise<T> {
  const stop = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > stop) throw new Error(`not within ${withinMs} ms: ${what}`)
    await pause(50)
  }
}

/** One source as the instance tells of it. */
export interface SourceRow {
  readonly source: { readonly id: string; readonly enabled: boolean }
  readonly health: string
  readonly problem?: string
  readonly hint?: string
  readonly notes?: readonly string[]
  readonly collections: number
  readonly failures: number
}

/** A running `serve`. */
export interface Served {
  readonly url: string
  /** What it wrote: its log. */
  readonly log: () => string
  /** Files and sockets it has open. */
  readonly open: () => number
  /** The answer as it is, within two seconds. */
  readonly get: (path: string) => Promise<{ readonly status: number; readonly text: string }>
  /** `data` of an answer. */
  readonly ask: <T>(path: string) => Promise<T>
  readonly source: (id: string) => Promise<SourceRow>
  /** A sample of its exposition: NaN where there is none. */
  readonly exposed: (sample: string) => Promise<number>
}

/** Starts the built program's `serve` with these sources, and never lets the zones of a busy test machine decide. */
export async function serve(sources: readonly object[], folder = newFolder()): Promise<Served> {
  return serveText(JSON.stringify({ collect: { sources }, serve: { rateLimit: 'off' } }), {}, folder)
}

/** The same with a configuration as it is written, and variables of the environment. */
export async function serveText(configuration: string, env: Readonly<Record<string, string>> = {}, folder = newFolder()): Promise<Served> {
  const path = join(folder, 'medianest-perf.yaml')
  writeFileSync(path, configuration)
  const child = start(process.execPath, [BIN, 'serve', '--config', path, '--port', '0'], { ENABLE_ADAPTIVE_INTERVALS: 'false', PERFORMANCE_FLUSH_INTERVAL: '200', HOME: folder, ...env })
  const url = await until('serve listens', () => {
    if (child.exitCode !== null) throw new Error(`serve ended: ${child.said}`)
    return /listens at (http:\S+?)[,\s"]/.exec(child.said)?.[1]
  })
  const get = async (path: string): Promise<{ status: number; text: string }> => {
    const answer = await fetch(url + path, { signal: AbortSignal.timeout(2_000) })
    return { status: answer.status, text: await answer.text() }
  }
  const parsed = async <T>(path: string): Promise<T> => {
    const { status, text } = await get(path)
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`)
    return JSON.parse(text) as T
  }
  const ask = async <T>(path: string): Promise<T> => (await parsed<{ data: T }>(path)).data
  return {
    url, get, ask, log: () => child.said,
    open: () => readdirSync(`/proc/${child.pid}/fd`).length,
    source: async (id) => {
      const { sources: rows } = await parsed<{ sources: readonly SourceRow[] }>('/api/performance/sources')
      const row = rows.find(({ source }) => source.id === id)
      if (!row) throw new Error(`no source ${id} among ${rows.map(({ source }) => source.id).join()}`)
      return row
    },
    exposed: async (sample) => {
      const line = (await get('/metrics')).text.split('\n').find((each) => each.startsWith(`${sample} `))
      return line === undefined ? Number.NaN : Number(line.slice(sample.length + 1))
    },
  }
}

/** Runs the built program's `load`: so many arrivals a second, each sending these requests. */
export async function load(target: string, { rate, seconds, flow }: { readonly rate: number; readonly seconds: number; readonly flow: readonly object[] }): Promise<Run> {
  const file = join(newFolder(), 'load.yaml')
  writeFileSync(file, JSON.stringify({ config: { target, phases: [{ duration: seconds, arrivalRate: rate }] }, scenarios: [{ flow }] }))
  const child = start(process.execPath, [BIN, 'load', file, '--quiet', '--format', 'json'])
  let out = ''
  child.stdout?.on('data', (text: string) => (out += text))
  await once(child, 'close')
  running.delete(child)
  return (JSON.parse(out) as { data: Run }).data
}

/** A program that is there and may be killed and started again at its port. */
export interface Runnable {
  readonly port: number
  readonly kill: () => Promise<void>
  readonly restart: () => Promise<void>
}

async function runnable(port: number, begin: () => ChildProcess & { said: string }): Promise<Runnable> {
  const listens = (child: ChildProcess & { said: string }): Promise<unknown> => until(`port ${port} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${child.said}`)
    return fetch(`http://127.0.0.1:${port}/up`, { signal: AbortSignal.timeout(1_000) }).then((answer) => answer.text().then(() => true), () => false)
  })
  let child = begin()
  await listens(child)
  return {
    port,
    kill: () => end(child),
    restart: async () => {
      await end(child)
      child = begin()
      await listens(child)
    },
  }
}

/** The demo of the built program. */
export function startDemo(port: number, ...flags: readonly string[]): Promise<Runnable> {
  return runnable(port, () => start(process.execPath, [BIN, 'demo', '--port', String(port), ...flags]))
}

/** The application of `field-app.mjs`. */
export function startApp(port: number, env: Readonly<Record<string, string>> = {}): Promise<Runnable> {
  return runnable(port, () => start(process.execPath, [join(import.meta.dirname, 'field-app.mjs'), String(port)], env))
}

/** An nginx before a port. */
export interface Front extends Runnable {
  /** Combined, with the time of each request. */
  readonly logPath: string
  /** Has it open its log anew. */
  readonly reopen: () => void
}

/** Starts an nginx that writes a log of what it passes on. */
export async function startFront(port: number, to: number): Promise<Front> {
  const folder = newFolder()
  mkdirSync(join(folder, 'logs'))
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')
  const logPath = join(folder, 'logs', 'access.log')
  writeFileSync(join(folder, 'nginx.conf'), `daemon off; ${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 1; pid ${folder}/pid; error_log stderr crit; events { worker_connections 1024; }
    http {
      log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';
      access_log ${logPath} timed; ${scratch} keepalive_requests 1000000;
      upstream application { server 127.0.0.1:${to} max_fails=0; keepalive 32; }
      server { listen 127.0.0.1:${port}; location = /up { access_log off; return 204; } location / { proxy_pass http://application; proxy_http_version 1.1; proxy_set_header Connection ""; } }
    }`)
  const front = await runnable(port, () => start(nginx ?? 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]))
  return { ...front, logPath, reopen: () => void process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGUSR1') }
}
