import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from '../../contract/error-code.ts'
import type { Caller } from '../../contract/instance.ts'
import { plain } from '../../model/text.ts'
import { findToken, isMadeToken, type AccessToken } from './access-token.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import { distrustOf } from './jwt-caller.ts'

/** Who asks, as far as it was shown. */
export interface Identity {
  readonly caller: Caller
  /** What requests are counted by. */
  readonly key: string
  /** When what was shown is worth nothing any more, milliseconds since 1970; null for never. */
  readonly expiresAt: number | null
}

/** What a token is checked with. */
export interface Doorman {
  readonly tokens: readonly AccessToken[]
  /** Checks a JWT; null where none is taken. Throws what `distrustOf` reads, or `ApiError`. */
  readonly verifyJwt: ((token: string) => { readonly id: string; readonly role: Caller['role']; readonly expiresAt: number }) | null
  readonly attempts: FailedAttempts
  /** Milliseconds since 1970. */
  readonly wallTime: () => number
}

const LONGEST_TOKEN = 8_192

/** Who asks, by the header `Authorization` and nothing else: addresses, queries and cookies end up in logs. Throws `ApiError` `UNAUTHORIZED`, `FORBIDDEN`, `RATE_LIMITED`. */
export function identify(headers: IncomingHttpHeaders, address: string, door: Doorman): Identity {
  const userAgent = agentOf(headers)
  if (door.tokens.length === 0 && door.verifyJwt === null) return { caller: { id: address, role: 'reader', userAgent }, key: `address:${address}`, expiresAt: null }
  const token = bearerOf(headers.authorization)
  const waitSeconds = door.attempts.waitOf(address)
  const wait = new ApiError('RATE_LIMITED', 'too many tokens were tried from this address: wait', { details: { retryAfter: waitSeconds } })
  // Nobody guesses 256 bits, or a signature: those are looked at all the same, or one who guesses behind a proxy would shut out everybody else behind it.
  if (waitSeconds > 0 && !isBeyondGuessing(token, door)) throw wait
  const guessed = (refusal: ApiError): ApiError => {
    if (waitSeconds > 0) return wait
    door.attempts.note(address, token)
    return refusal
  }
  if (door.verifyJwt !== null && token.split('.').length === 3) {
    try {
      const { id, role, expiresAt } = door.verifyJwt(token)
      return { caller: { id, role, userAgent }, key: `jwt:${id}`, expiresAt }
    } catch (error) {
      if (error instanceof ApiError) throw error
      const { refusal, isGuess } = distrustOf(error)
      throw isGuess ? guessed(refusal) : refusal
    }
  }
  const known = findToken(door.tokens, token)
  if (known === undefined) throw guessed(new ApiError('UNAUTHORIZED', 'the token is not known here'))
  if (known.expiresAt !== null && known.expiresAt <= door.wallTime()) throw new ApiError('UNAUTHORIZED', 'the token has expired')
  return { caller: { id: known.name, role: known.role, userAgent }, key: `token:${known.name}`, expiresAt: known.expiresAt }
}

function isBeyondGuessing(token: string, { verifyJwt }: Doorman): boolean {
  return isMadeToken(token) || (verifyJwt !== null && token.split('.').length === 3)
}

/** Somebody nobody knows, where nobody needs to be known. */
export function stranger(headers: IncomingHttpHeaders, address: string): Caller {
  return { id: address, role: 'user', userAgent: agentOf(headers) }
}

function agentOf(headers: IncomingHttpHeaders): string | null {
  const text = headers['user-agent']
  return text === undefined ? null : plain(text, 200)
}

/** RFC 6750 2.1. */
function bearerOf(header: string | undefined): string {
  if (header === undefined) throw new ApiError('UNAUTHORIZED', 'a token is needed: send it in the header Authorization, as Bearer TOKEN')
  const [, token] = /^bearer +([\w~+/.=-]+) *$/i.exec(header) ?? []
  if (token === undefined || token.length > LONGEST_TOKEN) throw new ApiError('UNAUTHORIZED', 'the header Authorization is not Bearer and a token')
  return token
}
