import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { brokenOff, noAnswer, unreachable } from './errors.ts'

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name could not be looked up: no name server answers',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  EACCES: 'the system forbids the connection',
  ECONNRESET: 'it closed the connection without an answer',
  EPIPE: 'it closed the connection without an answer',
  ETIMEDOUT: 'it did not accept the connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  UND_ERR_SOCKET: 'it closed the connection without an answer',
  UND_ERR_HEADERS_OVERFLOW: 'the head of its answer is too large',
}
const OWN_AUTHORITY = 'if you know whose it is, have it believed: NODE_EXTRA_CA_CERTS=/path/to/its-ca.pem before the command'
const CERTIFICATES: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: { reason: 'its certificate is signed by itself', hint: OWN_AUTHORITY.replace('its-ca.pem', 'that-certificate.pem') },
  SELF_SIGNED_CERT_IN_CHAIN: { reason: 'its certificate is signed by an unknown authority', hint: OWN_AUTHORITY },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { reason: 'its certificate is signed by an unknown authority', hint: OWN_AUTHORITY },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { reason: 'its certificate is signed by an unknown authority', hint: OWN_AUTHORITY },
  CERT_HAS_EXPIRED: { reason: 'its certificate has expired', hint: 'renew it there' },
  ERR_TLS_CERT_ALTNAME_INVALID: { reason: 'its certificate is for another name', hint: 'call it by a name that its certificate has' },
}
const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
/** No connection was made, and a moment later one may be: the instance starts again. */
const PASSING = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'])
const NOT_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'])

/** What a failed exchange with an instance means for people; `begun` once the head of an answer was there. */
export function transportProblem(error: unknown, where: string, timeoutMs: number, begun: boolean): UserError {
  if (error instanceof UserError) return error
  const { code, message } = describe(error)
  if (TIMEOUTS.has(code)) return noAnswer(where, timeoutMs)
  const certificate = CERTIFICATES[code]
  if (certificate) return unreachable(where, certificate.reason, { hint: certificate.hint })
  if (NOT_TLS.has(code)) return unreachable(where, 'it does not speak TLS', { hint: 'write http:// instead of https://' })
  if (!begun && (code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError'))) return unreachable(where, 'what answers there does not speak HTTP', { hint: 'check the port of the address' })
  if (begun) return brokenOff(where)
  return unreachable(where, REASONS[code] ?? plain(message, 200), { wasRefused: PASSING.has(code) })
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: 'the exchange failed' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // undici wraps some failures; the cause says more.
  if (code === '' && error.cause instanceof Error) return describe(error.cause)
  return { code, message: error.message }
}
