import { createHash, timingSafeEqual } from 'node:crypto'
import type { Role } from '../../serve-schema/schema.ts'

/** A token that is known by its hash alone. */
export interface AccessToken {
  readonly name: string
  readonly role: Role
  /** SHA-256, 32 bytes. */
  readonly hash: Uint8Array
  /** Milliseconds since 1970; null for ever. */
  readonly expiresAt: number | null
}

/** What every token begins with, so that programs that look for secrets in files know one when they see it. */
export const TOKEN_MARK = 'mnp_'

/** The hash of a token, 32 bytes. A token of ours is 256 random bits, so that nothing slower than SHA-256 is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

/** A fresh token of 256 bits; `random` must be fit for secrets. */
export function makeToken(random: (bytes: number) => Buffer): { readonly token: string; readonly hash: string } {
  const token = `${TOKEN_MARK}${random(32).toString('base64url')}`
  return { token, hash: `sha256:${hashToken(token).toString('hex')}` }
}

/** Whether a token looks like one that `makeToken` has made. */
export function isMadeToken(text: string): boolean {
  return text.startsWith(TOKEN_MARK) && /^[\w-]{43}$/.test(text.slice(TOKEN_MARK.length))
}

/** The entry of a token; undefined for a stranger. All entries are compared, each in constant time, so that how long it takes tells nothing. */
export function findToken(known: readonly AccessToken[], presented: string): AccessToken | undefined {
  const hash = hashToken(presented)
  let found: AccessToken | undefined
  for (const token of known) if (timingSafeEqual(token.hash, hash)) found = token
  return found
}
