import { request as httpRequest, validateHeaderName, validateHeaderValue, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { certificateTroubles, firstToEnd } from './certificate.ts'
import { readBody } from './http-body.ts'
import { codeOf, NetworkProblem, patienceUntil, showEndpoint, type NetworkPhase } from './problem.ts'
import { connectTcp, type TcpRequest } from './tcp.ts'
import { connectTls, shakeHands, type Handshake } from './tls.ts'

export { NetworkProblem as HttpProblem }

/** One HTTP exchange on a connection of its own, so that every phase is measured. */
export interface HttpRequest {
  /** http or https; a user and password in it are not sent. */
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Certificates in PEM that are trusted besides the usual. */
  readonly ca?: string | undefined
  /** Takes any certificate. */
  readonly insecure?: boolean | undefined
  /** Most of a body that is kept; the rest is not read. */
  readonly maxBodyBytes: number
  readonly signal: AbortSignal
  /** What is said of the time until the signal, milliseconds; the time that has passed where it is left out. */
  readonly timeoutMs?: number | undefined
}

/** Times of the phases, milliseconds, each its own duration; null where there was none. `total` is from the beginning to the last byte. */
export type HttpPhases = { readonly [phase in Exclude<NetworkPhase, 'total'>]: number | null } & { readonly total: number }

/** What came back. Untrusted. */
export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Bytes of the body that were received, as they came over the wire. */
  readonly bodyBytes: number
  /** Whether there was more of it than was kept. */
  readonly isCut: boolean
  readonly phases: HttpPhases
  readonly address: string
  /** When the certificate of the chain that ends first does, milliseconds since 1970; null without TLS. */
  readonly certificateEndsAt: number | null
}

/**
 * Sends a request and reads the answer; no redirect is followed. Throws `HttpProblem`, `no-answer` where the signal ended it; UserError `INVALID_HEADER`
 * where a header cannot be sent.
 */
export async function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  const { url } = request
  checkHeaders(request.headers)
  const started = performance.now()
  const isSecure = url.protocol === 'https:'
  const at = { host: url.hostname, port: Number(url.port || (isSecure ? 443 : 80)), patience: patienceUntil(request.signal, request.timeoutMs) }
  const connection = await connectTcp(at)
  try {
    const handshake = isSecure ? await shakeHands(connection, { ...at, ca: request.ca, protocols: ['http/1.1'] }) : null
    if (handshake && request.insecure !== true) refuseDistrusted(handshake, at)
    const socket = handshake?.socket ?? connection.socket
    const answer = await converse(request, socket, { ...at, sinceMs: connection.tcpMs })
    const phases = { dns: connection.dnsMs, tcp: connection.tcpMs, tls: handshake?.tlsMs ?? null, firstByte: answer.firstByte, total: performance.now() - started }
    return { ...answer.told, phases, address: connection.address, certificateEndsAt: firstToEnd(handshake?.chain ?? [])?.validTo ?? null }
  } catch (error) {
    throw await withBetterReason(error, isSecure, at)
  } finally {
    connection.socket.destroy()
  }
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch {
      throw new UserError({ code: 'INVALID_HEADER', kind: 'input', message: `the header ${plain(name, 80)} has characters that cannot be sent`, hint: 'look for a line break or a letter beyond Latin-1 in its name or value' })
    }
  }
}

function refuseDistrusted(handshake: Handshake, { host, port }: TcpRequest): void {
  const [trouble, ...more] = certificateTroubles(handshake, host)
  if (trouble === undefined) return
  const rest = more.map(({ text }) => `, and ${text}`).join('')
  throw new NetworkProblem('certificate', 'tls', `the certificate of ${plain(showEndpoint(host, port), 260)} ${trouble.text}${rest}`, trouble.hint)
}

interface Told {
  readonly told: Pick<HttpAnswer, 'status' | 'headers' | 'body' | 'bodyBytes' | 'isCut'>
  readonly firstByte: number
}

function converse(request: HttpRequest, socket: Socket, at: TcpRequest & { readonly sinceMs: number }): Promise<Told> {
  const { signal, url } = request
  return new Promise((resolve, reject) => {
    let firstByte = Number.NaN
    let response: IncomingMessage | undefined
    const end = (error: NetworkProblem): void => {
      signal.removeEventListener('abort', giveUp)
      sent.destroy()
      reject(error)
    }
    const where = plain(showEndpoint(at.host, at.port), 260)
    const giveUp = (): void => {
      const limit = `within ${showDuration(at.patience.timeoutMs)}`
      if (response !== undefined) return end(new NetworkProblem('no-answer', 'total', `${where} answered ${response.statusCode} after ${showDuration(firstByte)}, but its body was not complete ${limit}`, SLOW_HINT))
      if (!Number.isNaN(firstByte)) return end(new NetworkProblem('no-answer', 'firstByte', `${where} began to answer after ${showDuration(firstByte)}, but its headers were not complete ${limit}`, SLOW_HINT))
      end(new NetworkProblem('no-answer', 'firstByte', `${where} accepted the connection in ${showDuration(at.sinceMs)}, then gave no answer ${limit}`, SLOW_HINT))
    }
    const begun = performance.now()
    const sent = httpRequest({
      createConnection: () => socket,
      method: request.method, path: `${url.pathname}${url.search}`, setHost: false,
      headers: { host: url.host, 'user-agent': 'medianest-perf', accept: '*/*', ...lowerCase(request.headers) },
    })
    sent.on('error', (error) => end(conversationProblem(error, where, response, Number.isNaN(firstByte))))
    sent.once('socket', (open) => open.once('data', () => (firstByte = performance.now() - begun)))
    sent.once('upgrade', () => end(new NetworkProblem('not-http', 'firstByte', `${where} changed to another protocol, which nobody had asked for`)))
    sent.once('response', (message) => {
      response = message
      readBody(message, request.maxBodyBytes).then(
        (body) => {
          signal.removeEventListener('abort', giveUp)
          resolve({ told: { status: message.statusCode ?? 0, headers: flat(message), ...body }, firstByte })
        },
        (error: unknown) => end(conversationProblem(error, where, message, false)),
      )
    })
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
    else sent.end(request.body)
  })
}

const SLOW_HINT = 'see whether the service is overloaded or waits for something itself: its log, its database, its upstream'

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function flat({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
}

function conversationProblem(error: unknown, where: string, response: IncomingMessage | undefined, isSilent: boolean): NetworkProblem {
  const code = codeOf(error)
  const phase = response === undefined ? 'firstByte' : 'total'
  if (code === 'HPE_HEADER_OVERFLOW') return new NetworkProblem('not-http', phase, `the headers of the answer of ${where} are larger than 16 kB`)
  if (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE') {
    if (isTlsRecord(error)) return speaksTlsProblem(where)
    return new NetworkProblem('not-http', phase, response === undefined ? `${where} answers, but not in HTTP` : `${where} breaks the rules of HTTP in the body of its answer`, 'see what listens on this port')
  }
  if (/^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_PADDING|ERR_BUFFER)/.test(code)) return new NetworkProblem('not-http', 'total', `the body of the answer of ${where} is not packed as it says (${plain(response?.headers['content-encoding'] ?? '', 40)})`)
  if (/^ERR_SSL_.*CERTIFICATE_REQUIRED/.test(code)) return new NetworkProblem('tls', phase, `${where} wants a certificate from us`, 'this check has none to show')
  if (response !== undefined) return new NetworkProblem('reset', 'total', `${where} answered ${response.statusCode}, then broke off in the middle of its answer`, 'see what its log says: a process that died, or a proxy that lost its upstream')
  if (!isSilent) return new NetworkProblem('reset', 'firstByte', `${where} broke off in the middle of its answer's headers`, 'see what its log says: a process that died, or a proxy that lost its upstream')
  return new NetworkProblem('reset', 'firstByte', `${where} closed the connection without an answer`, 'see what its log says, and whether it speaks HTTP on this port')
}

// The first byte of an alert or a handshake record, then the major version (RFC 8446, 5.1).
function isTlsRecord(error: unknown): boolean {
  const packet = error instanceof Error && 'rawPacket' in error ? error.rawPacket : undefined
  return packet instanceof Uint8Array && (packet[0] === 0x15 || packet[0] === 0x16) && packet[1] === 3
}

function speaksTlsProblem(where: string): NetworkProblem {
  return new NetworkProblem('tls', 'firstByte', `${where} speaks TLS, and was asked without`, 'use https://')
}

/** How long a server may take to show that it speaks TLS. */
const TLS_PROBE_MS = 500

/** Some servers close a plain request on their TLS port without a word; the person who forgot the s deserves to hear of it. */
async function withBetterReason(error: unknown, isSecure: boolean, at: TcpRequest): Promise<unknown> {
  const isRiddle = error instanceof NetworkProblem && error.kind === 'reset' && error.phase === 'firstByte' && !isSecure
  if (!isRiddle) return error
  const stop = new AbortController()
  const end = (): void => stop.abort()
  const timer = setTimeout(end, TLS_PROBE_MS)
  at.patience.signal.addEventListener('abort', end, { once: true })
  if (at.patience.signal.aborted) end()
  try {
    const { socket } = await connectTls({ ...at, patience: patienceUntil(stop.signal) })
    socket.destroy()
    return speaksTlsProblem(plain(showEndpoint(at.host, at.port), 260))
  } catch {
    return error
  } finally {
    clearTimeout(timer)
    at.patience.signal.removeEventListener('abort', end)
  }
}
