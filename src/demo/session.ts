import type { JWT } from '@fastify/jwt'
import { type Clock, wallTime } from './clock.ts'
import type { User } from './library.ts'
import { refusal } from './refusal.ts'
import { createShelf } from './shelf.ts'

/** Gives out tokens and recognises them. */
export interface Session {
  open(email: string): { readonly token: string; readonly cookie: string; readonly user: User }
  /** Who sends these headers: by bearer token, else by cookie, else the guest. Throws status 401 for a token that is bad or expired. */
  userOf(headers: Credentials): User
}

/** What a token says. */
interface Claims {
  readonly email: string
  /** Seconds since 1970. */
  readonly exp: number
}

interface Credentials {
  readonly authorization?: string | undefined
  readonly cookie?: string | undefined
}

const TOKEN_SECONDS = 3_600
const GUEST: User = { id: 0, email: '', name: 'Guest', role: 'guest' }

/** Whether the demo lets this address in: any name under .test or example.com, both reserved for tests (RFC 2606). */
export function isTestAddress(email: string): boolean {
  return email.length <= 254 && /^[^@\s]+@(?:(?:[^@\s]+\.)?test|(?:[^@\s]+\.)?example\.com)$/i.test(email)
}

/** The account of an address, made from the address alone: the demo keeps no list of accounts. */
export function userOf(email: string): User {
  // FNV-1a, 32 bits; above the seeded users' ids.
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(email.toLowerCase())) hash = Math.imul(hash ^ byte, 0x01000193)
  return { id: 1_000 + (hash >>> 0), email, name: email.split('@')[0] ?? email, role: 'user' }
}

/** Sessions of one hour, as JSON web tokens (HS256); `jwt` is what @fastify/jwt puts on the server. */
export function createSession(jwt: JWT, clock: Clock): Session {
  // Checking a signature costs as much as all the rest of a small answer.
  const known = createShelf<Claims, string>()

  function recognise(token: string): Claims {
    const before = known.get(token)
    if (before) return before
    const claims = verify(jwt, token)
    known.put(token, claims)
    return claims
  }

  return {
    open(email) {
      const iat = Math.floor(wallTime(clock) / 1_000)
      const token = jwt.sign({ email, iat, exp: iat + TOKEN_SECONDS })
      return { token, cookie: `session=${token}; HttpOnly; Path=/`, user: userOf(email) }
    },
    userOf(headers) {
      const token = readToken(headers)
      if (token === undefined) return GUEST
      const { email, exp } = recognise(token)
      if (exp * 1_000 <= wallTime(clock)) throw refusal(401, 'TOKEN_EXPIRED', 'the token has expired; log in again')
      return userOf(email)
    },
  }
}

function readToken({ authorization, cookie }: Credentials): string | undefined {
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  return cookie === undefined ? undefined : /(?:^|;)\s*session="?([^;"\s]*)/.exec(cookie)?.[1]
}

function verify(jwt: JWT, token: string): Claims {
  try {
    return jwt.verify(token)
  } catch {
    throw refusal(401, 'INVALID_TOKEN', 'the token is not one that this server gave out')
  }
}
