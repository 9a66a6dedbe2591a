import { plain } from '../model/text.ts'
import { NetworkProblem } from './problem.ts'

/** Why a command of Redis has no answer: `said` where the server answered with an error, `not-redis` where what came back is not its protocol. */
export type RedisProblemKind = 'no-name' | 'refused' | 'unreachable' | 'no-answer' | 'closed' | 'certificate' | 'tls' | 'not-redis' | 'said'

/** No answer, or an error for one. The message is for people, without the address, one line, made safe, and never has the password. */
export class RedisProblem extends Error {
  readonly kind: RedisProblemKind
  /** What was asked when it happened: `PING`; `connect` before anything was. */
  readonly asked: string
  readonly hint: string | undefined

  constructor(kind: RedisProblemKind, asked: string, message: string, hint?: string) {
    super(message)
    this.name = 'RedisProblem'
    this.kind = kind
    this.asked = asked
    this.hint = hint
  }
}

interface Words {
  readonly kind: RedisProblemKind
  readonly message: string
  readonly hint: string
}

const CLOSED: Words = { kind: 'closed', message: 'closed the connection without an answer', hint: 'look into its log; where it expects TLS, write rediss://' }
const UNREACHABLE: Words = { kind: 'unreachable', message: 'cannot be reached from here', hint: 'check the address, the route and the firewall' }

/** By Node's error code. */
const BY_CODE: Readonly<Record<string, Words>> = {
  ECONNREFUSED: { kind: 'refused', message: 'refuses connections: nothing listens there', hint: 'start it, or correct host and port; Redis listens on 127.0.0.1 only unless `bind` says more' },
  ENOENT: { kind: 'refused', message: 'is not there: no such socket', hint: 'start it, or see `unixsocket` in its configuration' },
  EACCES: { kind: 'refused', message: 'may not be opened by this user', hint: 'join the group the socket belongs to, see `unixsocketperm`' },
  EHOSTUNREACH: UNREACHABLE, ENETUNREACH: UNREACHABLE, ETIMEDOUT: UNREACHABLE, EHOSTDOWN: UNREACHABLE, EADDRNOTAVAIL: UNREACHABLE,
  ECONNRESET: CLOSED, EPIPE: CLOSED,
  EPROTO: { kind: 'tls', message: 'does not speak TLS the way this end does', hint: 'where it has no TLS, write redis:// instead of rediss://' },
}
const CERTIFICATE = /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO|CRL_/

/** The words for what went wrong on the way to an answer; undefined where the other end just closed. */
export function problemOf(error: Error | undefined, asked: string): RedisProblem {
  // Only its name was looked up by then.
  if (error instanceof NetworkProblem) return new RedisProblem('no-name', asked, `cannot be asked: ${error.message}`, error.hint)
  const code = error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (CERTIFICATE.test(code)) return new RedisProblem('certificate', asked, `its certificate is not accepted (${plain(error?.message ?? code, 200)})`, 'renew it, or name the certificate that signed it as `ca`')
  const words = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') ? BY_CODE['EPROTO'] : undefined
  const { kind, message, hint } = words ?? CLOSED
  return new RedisProblem(kind, asked, words || code === '' ? message : `cannot be asked (${plain(error?.message ?? code, 200)})`, hint)
}

/** The words for silence; how long it lasted is for the caller to say. */
export function noAnswer(asked: string): RedisProblem {
  if (asked === 'name') return new RedisProblem('no-answer', asked, 'has a name that no name server resolves', 'see that the name servers of this machine are up and reachable (/etc/resolv.conf)')
  if (asked === 'connect') return new RedisProblem('no-answer', asked, 'takes no connection', 'check the address and the firewall: packets may be dropped')
  if (asked === 'TLS') return new RedisProblem('no-answer', asked, 'takes connections but answers no TLS handshake', 'where it has no TLS, write redis:// instead of rediss://')
  return new RedisProblem('no-answer', asked, `takes connections but does not answer ${asked}`, 'it hangs, is stopped or very slow: look at its process, SLOWLOG GET and whether its machine swaps')
}
