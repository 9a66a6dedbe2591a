import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { onTestFinished } from 'vitest'
import { openAuditLog } from '../../../src/api/server/audit-log.ts'
import type { LogLevel } from '../../../src/api/server/log-level.ts'
import { startServer, type ApiServer, type ServerWorld } from '../../../src/api/server/server.ts'
import type { ServerSettings } from '../../../src/api/server/settings.ts'
import { makeToken, hashToken } from '../../../src/api/server/access-token.ts'
import type { Role } from '../../../src/serve-schema/schema.ts'
import type { Resident } from '../../../src/contract/resident.ts'
import { fakeResident, type FakeResident } from '../../contract/fake-instance.ts'
import { randomBytes } from 'node:crypto'

/** Fresh tokens, and the settings that know them. */
export const TOKENS: Readonly<Record<Role, string>> = { admin: fresh(), user: fresh(), scrape: fresh() }
export const KNOWN_TOKENS: ServerSettings['tokens'] = (['admin', 'user', 'scrape'] as const).map((role) => ({ name: `the ${role}`, role, hash: hashToken(TOKENS[role]), expiresAt: null }))

function fresh(): string {
  return makeToken(randomBytes).token
}

export const OPEN: ServerSettings = { host: '127.0.0.1', port: 0, allowedHosts: [], tokens: [], jwt: null, tls: null, origins: [], trustProxy: [], rateLimit: null, takesFromAll: false, auditLog: null, logLevel: 'info', maxStreams: 500, maxStreamsEach: null }

/** An answer with its body as text. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  json(): any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look at answers of every shape
}

export interface Asking {
  readonly method?: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Started {
  readonly server: ApiServer
  readonly resident: FakeResident
  readonly log: string[]
  /** Sends one request on a connection of its own. */
  readonly ask: (path: string, asking?: Asking) => Promise<Answer>
}

/** Starts a server before a made-up resident; it ends with the test. */
export async function start(settings: Partial<ServerSettings> = {}, { resident = {}, ...world }: Partial<Omit<ServerWorld, 'log'>> & { readonly resident?: Partial<Resident>; readonly level?: LogLevel } = {}): Promise<Started> {
  const log: string[] = []
  const fake = fakeResident(resident)
  const server = await startServer(fake, { ...OPEN, ...settings }, {
    now: () => performance.now(), wallTime: () => new Date(), bootId: 'boot', tls: null,
    log: openAuditLog({ level: world.level ?? 'debug', file: null, write: (line) => log.push(line), now: () => performance.now() }),
    ...world,
  })
  onTestFinished(() => server.close())
  return { server, resident: fake, log, ask: (path, asking) => ask(server.port, path, asking) }
}

/** Sends one request on a connection of its own. */
export function ask(port: number, path: string, { method = 'GET', token, headers = {}, body }: Asking = {}): Promise<Answer> {
  return new Promise((done, failed) => {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    const request = httpRequest({ host: '127.0.0.1', port, path, method, agent: false, headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }), ...headers } })
    request.once('error', failed)
    request.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', failed)
      response.once('end', () => {
        const answered = Buffer.concat(chunks).toString()
        done({ status: response.statusCode ?? 0, headers: response.headers, text: answered, json: () => JSON.parse(answered) as unknown })
      })
    })
    request.end(text)
  })
}

/** Sends bytes as they are, and gives back all that comes until the connection ends. */
export function sendRaw(port: number, ...pieces: readonly string[]): Promise<string> {
  return new Promise((done, failed) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece)
    })
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text)).once('close', () => done(answer)).once('error', failed)
  })
}

/** The events of a stream as they come. */
export interface Listening {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  text(): string
  events(): { readonly id: string; readonly data: { readonly type: string } & Readonly<Record<string, unknown>> }[]
  /** Resolves when the text of the stream is as the test wants it. */
  until(isThere: (listening: Listening) => boolean): Promise<void>
  readonly ended: Promise<void>
  close(): void
}

/** Reads a stream. */
export function listen(port: number, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Listening> {
  return new Promise((done, failed) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, agent: false, headers: { accept: 'text/event-stream', ...headers } })
    request.once('error', failed)
    request.once('response', (response) => {
      let text = ''
      const looks = new Set<() => void>()
      const ended = new Promise<void>((end) => response.once('close', end))
      response.on('error', () => undefined)
      const listening: Listening = {
        status: response.statusCode ?? 0, headers: response.headers, ended, text: () => text,
        events: () => [...text.matchAll(/^id: (.*)\ndata: (.*)\n\n/gm)].map(([, id = '', data = '']) => ({ id, data: JSON.parse(data) as { type: string } })),
        until: (isThere) => new Promise((there, late) => {
          const timer = setTimeout(() => late(new Error(`not there after 8 s: ${text.slice(0, 2_000)}`)), 8_000)
          const look = (): void => {
            if (!isThere(listening)) return
            clearTimeout(timer)
            looks.delete(look)
            there()
          }
          looks.add(look)
          look()
        }),
        close: () => request.destroy(),
      }
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more
        for (const look of looks) look()
      })
      request.removeListener('error', failed)
      request.on('error', () => undefined)
      done(listening)
    })
    request.end()
  })
}
