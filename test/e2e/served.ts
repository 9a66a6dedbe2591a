import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Role } from '../../src/serve-schema/schema.ts'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')
const ROOT = resolve(import.meta.dirname, '../..')

/** A token with the entry of `serve.tokens` that knows it. */
export interface KnownToken {
  readonly token: string
  readonly entry: { readonly name: string; readonly role: Role; readonly hash: string }
}

export function knownToken(role: Role): KnownToken {
  const token = `mnp_${randomBytes(32).toString('base64url')}`
  return { token, entry: { name: `the ${role}`, role, hash: `sha256:${createHash('sha256').update(token).digest('hex')}` } }
}

/** The built program, serving. */
export interface Served {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly folder: string
  /** What it has written to stderr: its log. */
  said(): string
  /** Ends it by TERM; its exit code. */
  stop(): Promise<number | null>
}

/** How it is started besides its configuration. */
export interface Serving {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Files in its folder, by name. */
  readonly files?: Readonly<Record<string, string>>
  /** A command that runs it, its own words last. */
  readonly by?: readonly string[]
}

/** Starts the built `serve` on a free port, and waits until it listens. Zones are off: a machine that runs tests is busy. */
export async function serveBuilt(configuration: object, { flags = [], env = {}, files = {}, by = [] }: Serving = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-serve-'))
  for (const [name, text] of Object.entries({ 'medianest-perf.yaml': JSON.stringify(configuration, undefined, 1), ...files })) writeFileSync(join(folder, name), text)
  const [command = '', ...words] = [...by, process.execPath, BIN, 'serve', '--port', '0', '--format', 'ndjson', ...flags]
  const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: folder, ENABLE_ADAPTIVE_INTERVALS: 'false', ...env } })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const lines = createInterface({ input: child.stdout })
  const gone = once(child, 'exit')
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await gone
      clearTimeout(late)
    }
    rmSync(folder, { recursive: true, force: true })
    return child.exitCode
  }
  const first = await Promise.race([once(lines, 'line'), gone.then(() => null)])
  if (first === null) {
    await stop()
    throw new Error(`serve did not start: ${said}`)
  }
  const { data } = JSON.parse(String(first[0])) as { data: { url: string; port: number; pid: number } }
  return { ...data, folder, said: () => said, stop }
}

/** A run of the built program that is over. */
export interface Ran {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** One that is under way. */
export interface Running {
  out(): string
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ran>
}

/** Starts the built program; it is killed after half a minute. */
export function startBuilt(args: readonly string[], { env = {}, by = [] }: Pick<Serving, 'env' | 'by'> = {}): Running {
  const [command = '', ...words] = [...by, process.execPath, BIN, ...args]
  const child = spawn(command, words, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: tmpdir(), ...env } })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000)
  const ended = once(child, 'close').then(([code]) => {
    clearTimeout(late)
    return { code: code as number | null, out, err } // Node gives the exit code, or null, first.
  })
  return { out: () => out, kill: (signal) => void child.kill(signal), ended }
}

/** Runs the built program to its end. */
export const runBuilt = (...given: Parameters<typeof startBuilt>): Promise<Ran> => startBuilt(...given).ended

/** An event of a stream, and when it came: milliseconds since the stream was asked for. */
export interface Heard {
  readonly id: string
  readonly data: { readonly type: string; readonly timestamp: string }
  readonly atMs: number
}

/** Somebody who listens to a stream. */
export interface Listening {
  readonly events: readonly Heard[]
  readonly headers: Promise<Readonly<Record<string, unknown>>>
  readonly ended: Promise<void>
  stop(): void
}

/** Listens to a stream of server-sent events, reading bytes as they come. */
export function listenTo(url: string, headers: Readonly<Record<string, string>> = {}): Listening {
  const events: Heard[] = []
  const since = performance.now()
  const request = get(url, { agent: false, headers: { accept: 'text/event-stream', ...headers } })
  const answered = once(request, 'response').then(([response]) => response as IncomingMessage) // what Node says a response is
  const ended = answered.then((response) => new Promise<void>((done) => {
    let rest = ''
    response.setEncoding('utf8').on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, id, data] = /^id: (\S+)\ndata: (.*)$/.exec(block) ?? []
        if (id !== undefined && data !== undefined) events.push({ id, data: JSON.parse(data) as Heard['data'], atMs: performance.now() - since })
      }
    }).once('close', done).on('error', () => undefined)
  }))
  ended.catch(() => undefined)
  return { events, ended, headers: answered.then((response) => ({ ...response.headers, status: response.statusCode })), stop: () => void request.destroy() }
}

/** Waits until something is so, or fails saying what was there in the end. */
export async function until(isSo: () => boolean | Promise<boolean>, state: () => unknown, withinMs = 15_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it did not come to that: ${JSON.stringify(state())}`)
    await pause(50)
  }
}

/** A fenced block of a page of docs/, by the name in the comment above it: `<!-- NAME -->`. */
export function snippet(page: string, name: string): string {
  const [, text] = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(join(ROOT, 'docs', page), 'utf8')) ?? []
  if (text === undefined) throw new Error(`docs/${page} has no snippet ${name}`)
  return text
}
