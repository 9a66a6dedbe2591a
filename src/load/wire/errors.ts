import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import type { Exchange, TransportErrorKind } from '../exchange.ts'
import type { Fault } from './head.ts'

/** Why an exchange failed, as its `error` says it. */
export type TransportError = NonNullable<Exchange['error']>

/** How far a connection had come when it broke. */
export type ConnectionStage = 'connecting' | 'handshake' | 'open'

type Sentence = (where: string, detail: string) => string
type Meaning = readonly [TransportErrorKind, Sentence]

const refused: Sentence = (where) => `${where} refused the connection`
const reset: Sentence = (where) => `${where} broke off the connection`
const timedOut: Sentence = (where) => `the network gave up waiting for ${where}`
const unknownName: Sentence = (where) => `the name in ${where} does not resolve`
const noRoute: Sentence = (where) => `there is no route to ${where}`
const plainText: Sentence = (where) => `${where} answered a TLS handshake in plain text, perhaps it is http`
const badCertificate: Sentence = (where, detail) => `the certificate of ${where} is not trusted: ${detail}`

/** By `code` of a socket's error (Node's documentation, "Common system errors" and "X509 certificate error codes"). */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: ['refused', refused],
  ECONNRESET: ['reset', reset],
  ECONNABORTED: ['reset', reset],
  EPIPE: ['reset', reset],
  ERR_STREAM_DESTROYED: ['reset', reset],
  ETIMEDOUT: ['timeout', timedOut],
  ENOTFOUND: ['dns', unknownName],
  ENODATA: ['dns', unknownName],
  EAI_AGAIN: ['dns', (where) => `the name server gave no answer about ${where}`],
  EHOSTUNREACH: ['unreachable', noRoute],
  ENETUNREACH: ['unreachable', noRoute],
  EHOSTDOWN: ['unreachable', noRoute],
  ENETDOWN: ['unreachable', (where) => `the network to ${where} is down`],
  EADDRNOTAVAIL: ['unreachable', (where) => `no local port is free for a connection to ${where}`],
  EADDRINUSE: ['unreachable', (where) => `no local port is free for a connection to ${where}`],
  EMFILE: ['unreachable', (where) => `too many open files to connect to ${where}`],
  ENFILE: ['unreachable', (where) => `too many open files to connect to ${where}`],
  ENOBUFS: ['unreachable', (where) => `the system has no memory for a connection to ${where}`],
  EACCES: ['unreachable', (where) => `the system does not allow a connection to ${where}`],
  EPERM: ['unreachable', (where) => `the system does not allow a connection to ${where}`],
  ERR_SOCKET_BAD_PORT: ['unreachable', (where) => `${where} is no address to connect to`],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls', plainText],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['tls', plainText],
  ERR_SSL_HTTP_REQUEST: ['tls', plainText],
  ERR_SSL_UNEXPECTED_MESSAGE: ['tls', plainText],
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: ['tls', (where) => `${where} does not offer HTTP/1.1 over TLS`],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', (where, detail) => `the certificate of ${where} is for another name: ${detail}`],
  HOSTNAME_MISMATCH: ['tls', (where, detail) => `the certificate of ${where} is for another name: ${detail}`],
  CERT_HAS_EXPIRED: ['tls', (where) => `the certificate of ${where} has expired`],
  CERT_NOT_YET_VALID: ['tls', (where) => `the certificate of ${where} is not valid yet`],
}

/** Families of codes too large for a table. */
const BY_PATTERN: readonly { readonly code: RegExp; readonly means: Meaning }[] = [
  { code: /^(CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|INVALID_|PATH_LENGTH_|ERROR_IN_)/, means: ['tls', badCertificate] },
  { code: /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/, means: ['tls', (where, detail) => `the TLS handshake with ${where} failed: ${detail}`] },
  { code: /^(EAI_|ESERVFAIL)/, means: ['dns', unknownName] },
]

const BY_STAGE: Readonly<Record<ConnectionStage, Meaning>> = {
  connecting: ['unreachable', (where, detail) => `no connection to ${where}: ${detail}`],
  handshake: ['tls', (where, detail) => `the TLS handshake with ${where} failed: ${detail}`],
  open: ['reset', (where, detail) => `the connection to ${where} broke: ${detail}`],
}

/** What a socket's error means; `where` is `host:port`. */
export function socketError(where: string, stage: ConnectionStage, error: Error): TransportError {
  const { code = '' }: NodeJS.ErrnoException = error
  const detail = plain(error.message, 200)
  if (stage === 'handshake' && code === 'ECONNRESET') return { kind: 'tls', message: `${where} broke off the TLS handshake, perhaps it is http` }
  if (/wrong version number|packet length too long|http request/i.test(error.message)) return { kind: 'tls', message: plainText(where, detail) }
  const [kind, sentence] = BY_CODE[code] ?? BY_PATTERN.find((family) => family.code.test(code))?.means ?? BY_STAGE[stage]
  return { kind, message: sentence(where, detail) }
}

const FAULTS: Readonly<Record<Fault, Meaning>> = {
  'not-http': ['protocol', (where) => `${where} did not answer in HTTP/1.1`],
  'tls-record': ['protocol', (where) => `the server at ${where} speaks TLS; use https://`],
  status: ['protocol', (where) => `${where} answered with a status code outside 100 to 599`],
  header: ['protocol', (where) => `${where} answered with a malformed header line`],
  framing: ['protocol', (where) => `${where} answered with a Content-Length or Transfer-Encoding that cannot be right`],
  chunk: ['protocol', (where) => `${where} broke the chunked coding of its response`],
  upgrade: ['protocol', (where) => `${where} switched to another protocol, which the request did not ask for`],
  truncated: ['reset', (where, detail) => `${where} closed the connection ${detail}`],
  'head-too-large': ['too-large', (where, detail) => `the header block from ${where} is longer than ${detail} bytes`],
  'body-too-large': ['too-large', (where, detail) => `the body from ${where} is longer than ${detail} bytes`],
}

/** What a fault in a response means; `detail` is the limit, or how far the response had come. */
export function faultError(where: string, fault: Fault, detail: string): TransportError {
  const [kind, sentence] = FAULTS[fault]
  return { kind, message: sentence(where, detail) }
}

/** A request that no connection was free for, or could be opened for, in time. */
export function noConnectionInTime(where: string, timeoutMs: number): TransportError {
  return { kind: 'timeout', message: `no connection to ${where} within ${timeoutMs} ms` }
}

/** A response that did not come, or not whole, in time. */
export function noResponseInTime(where: string, timeoutMs: number, bytesReceived: number): TransportError {
  const what = bytesReceived === 0 ? 'no response' : `no whole response (${bytesReceived} bytes came)`
  return { kind: 'timeout', message: `${what} from ${where} within ${timeoutMs} ms` }
}

/** A request broken off by us. */
export function abortedAtEnd(where: string): TransportError {
  return { kind: 'aborted', message: `broken off: the client to ${where} was closed` }
}

/** A body in a coding that is unknown or broken. */
export function undecodable(where: string, coding: string): TransportError {
  return { kind: 'protocol', message: `the body from ${where} cannot be decoded as ${plain(coding, 40)}` }
}

/** A body that is within the limit on the wire but not when decoded. */
export function decodedTooLarge(where: string, limit: number): TransportError {
  return { kind: 'too-large', message: `the body from ${where} is longer than ${limit} bytes when decoded` }
}

/** Credentials that OpenSSL refuses. */
export function badCredentials(error: Error): UserError {
  return new UserError({
    code: 'BAD_TLS_CREDENTIALS',
    kind: 'input',
    message: `the TLS certificate, key or CA cannot be used: ${plain(error.message, 200)}`,
    hint: 'each must be PEM text, and the key must belong to the certificate',
  })
}
