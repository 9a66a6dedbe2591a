import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The built program. */
export const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')
/** No run takes longer; one that does is killed and fails its test. */
const LONGEST_MS = 60_000

/** A run of the built `serve` that is over. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** An answer as it came. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly bytes: Buffer
  json(): any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look at answers of every shape
}

export interface Asking {
  readonly method?: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Certificates that are trusted. */
  readonly ca?: string
}

/** The built `serve`, under way. */
export interface Serving {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly folder: string
  out(): string
  err(): string
  ask(path: string, asking?: Asking): Promise<Answer>
  kill(signal: NodeJS.Signals): void
  /** Resolves once it has ended. */
  readonly ended: Promise<Ended>
  /** Ends it with TERM where it still goes on. */
  stop(): Promise<Ended>
  /** Processes that were started for this run and are still there after a moment. */
  left(): Promise<string[]>
}

/** What a run is given besides its flags. */
export interface Around {
  readonly env?: Readonly<Record<string, string>>
  /** Files in its folder, by name. */
  readonly files?: Readonly<Record<string, string>>
  readonly flags?: readonly string[]
}

const folders: string[] = []

/** A folder that is gone after the tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-serve-'))
  folders.push(folder)
  return folder
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** Runs `serve` with a configuration (null for none) to its end. */
export async function refusedServe(configuration: object | string | null, around: Around = {}): Promise<Ended> {
  const { ended, kill } = begin(configuration, around)
  // One that begins after all must not outlive its test.
  const late = setTimeout(() => kill('SIGKILL'), 20_000)
  return ended.finally(() => clearTimeout(late))
}

/** Starts `serve` on a free port, as a unit of systemd would; resolves when it listens, and rejects where it never does. */
export async function startServe(configuration: object | string | null = null, around: Around = {}): Promise<Serving> {
  const run = begin(configuration, around)
  let isOver = false
  const over = run.ended.then(() => (isOver = true))
  const url = (): string | undefined => /listens at (https?:\/\/\S+:\d+)[, ]/.exec(run.err())?.[1]
  const until = performance.now() + 20_000
  while (url() === undefined && !isOver && performance.now() < until) await Promise.race([over, pause(20)])
  const found = url()
  if (found === undefined) {
    run.kill('SIGKILL')
    throw new Error(`serve did not listen:\n${run.out()}${run.err()}`)
  }
  return {
    ...run, url: found, port: Number(new URL(found).port),
    ask: (path, asking) => ask(found, path, asking),
    stop: async () => {
      if (!isOver) run.kill('SIGTERM')
      return run.ended
    },
  }
}

type Begun = Omit<Serving, 'url' | 'port' | 'ask' | 'stop'>

function begin(configuration: object | string | null, { env = {}, files = {}, flags = [] }: Around): Begun {
  const folder = newFolder()
  const all = { ...files, ...(configuration === null ? {} : { 'medianest-perf.yaml': typeof configuration === 'string' ? configuration : JSON.stringify(configuration, undefined, 1) }) }
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text, { mode: 0o600 })
  const mark = randomUUID()
  const port = flags.includes('--port') ? [] : ['--port', '0']
  const child = spawn(process.execPath, [BIN, 'serve', ...port, ...flags], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '', HOME: folder, MEDIANEST_TEST_RUN: mark, ...env } })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  const ended = new Promise<Ended>((done, failed) => {
    child.once('error', failed).once('close', (code, signal) => {
      clearTimeout(late)
      done({ code, signal, out: out.join(''), err: err.join('') })
    })
  })
  return { pid: child.pid ?? 0, folder, out: () => out.join(''), err: () => err.join(''), kill: (signal) => void child.kill(signal), ended, left: () => leftOf(mark) }
}

/** Sends one request on a connection of its own. */
export function ask(base: string, path: string, { method = 'GET', token, headers = {}, body, ca }: Asking = {}): Promise<Answer> {
  return new Promise((done, failed) => {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    const url = new URL(base)
    const options = {
      host: url.hostname, port: url.port, path, method, agent: false as const, timeout: 20_000, ...(ca === undefined ? {} : { ca }),
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }), ...headers },
    }
    const request = url.protocol === 'https:' ? httpsRequest(options) : httpRequest(options)
    request.once('error', failed).once('timeout', () => request.destroy(new Error(`no answer: ${method} ${path}`)))
    request.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', failed)
      response.once('end', () => {
        const bytes = Buffer.concat(chunks)
        done({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString(), json: () => JSON.parse(bytes.toString()) as unknown })
      })
    })
    request.end(text)
  })
}

/** A token as `--make-token` prints it, and the text of the configuration below it. */
export function makeToken(role: string, name = role): { readonly token: string; readonly configuration: string } {
  const printed = execFileSync(process.execPath, [BIN, 'serve', '--make-token', role, '--name', name], { encoding: 'utf8', cwd: tmpdir(), env: { PATH: process.env['PATH'] } })
  return { token: printed.split('\n')[0] ?? '', configuration: printed.slice(printed.indexOf('serve:')) }
}

/** A token for each role, and the entries that know them. */
export function makeTokens(): { readonly tokens: Readonly<Record<'admin' | 'user' | 'scrape', string>>; readonly entries: readonly object[] } {
  const made = (['admin', 'user', 'scrape'] as const).map((role) => {
    const { data } = JSON.parse(execFileSync(process.execPath, [BIN, 'serve', '--make-token', role, '--format', 'json'], { encoding: 'utf8', cwd: tmpdir(), env: { PATH: process.env['PATH'] } })) as { data: { token: string; entry: object } }
    return { role, ...data }
  })
  return { tokens: Object.fromEntries(made.map(({ role, token }) => [role, token])) as Record<'admin' | 'user' | 'scrape', string>, entries: made.map(({ entry }) => entry) } // One for each role.
}

/** Processes whose parent this is. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && new RegExp(`^PPid:\\s*${pid}$`, 'm').test(read(`/proc/${name}/status`))).map(Number)
}

/** Whether a process goes on; one that has ended and was not waited for does not. */
export function goesOn(pid: number): boolean {
  return /^State:\s*[^ZX\s]/m.test(read(`/proc/${pid}/status`))
}

async function leftOf(mark: string): Promise<string[]> {
  for (let turn = 0; ; turn++) {
    const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(mark)).map((name) => `${name} ${read(`/proc/${name}/cmdline`).replaceAll('\0', ' ')}`)
    if (found.length === 0 || turn === 40) return found
    await pause(50)
  }
}

/** A file's text; empty where it is not there, as in /proc when its process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
