import { plain } from '../../model/text.ts'
import { ROLES, type Role } from '../../serve-schema/schema.ts'
import { ApiError } from '../../contract/error-code.ts'
import type { JwtSettings } from './jwt-settings.ts'

/** What is asked of @fastify/jwt: exactly one algorithm, and claims that must be there and right. Times in seconds but `clockTolerance`, which is milliseconds. */
export function verifyOptions({ algorithm, issuer, audience, maxAgeMs }: JwtSettings): Readonly<Record<string, unknown>> {
  return {
    algorithms: [algorithm], allowedIss: [issuer], allowedAud: [audience], clockTolerance: TOLERANCE_MS, cache: false,
    requiredClaims: ['exp', 'iss', 'aud', 'sub', ...(maxAgeMs === null ? [] : ['iat'])],
    ...(maxAgeMs === null ? {} : { maxAge: maxAgeMs / 1_000 }),
  }
}

const TOLERANCE_MS = 5_000
const MOST_SUBJECT = 200

/** Whose token it is, once its signature and claims are known to be right. Throws `ApiError` `UNAUTHORIZED`, `FORBIDDEN`. */
export function readClaims(claims: unknown, { roleClaim }: JwtSettings): { readonly id: string; readonly role: Role; readonly expiresAt: number } {
  const known: Readonly<Record<string, unknown>> = typeof claims === 'object' && claims !== null ? { ...claims } : {}
  const { sub, exp } = known
  if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number') throw new ApiError('UNAUTHORIZED', 'the token does not say whose it is and until when')
  const role = roleIn(claimAt(known, roleClaim))
  if (role === undefined) throw new ApiError('FORBIDDEN', `the token has none of the roles ${ROLES.join(', ')} in its claim "${plain(roleClaim, 80)}"`)
  return { id: plain(sub, MOST_SUBJECT), role, expiresAt: exp * 1_000 }
}

/** A claim by its name, or on a path (`realm_access.roles`). */
function claimAt(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((value, step) => (typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Readonly<Record<string, unknown>>)[step] : undefined), claims)
}

/** The one that may do most of those that are known. */
function roleIn(value: unknown): Role | undefined {
  const named: readonly unknown[] = Array.isArray(value) ? value : [value]
  return (['admin', 'user', 'scrape'] as const).find((role) => named.includes(role))
}

const WRONG: Readonly<Record<string, string>> = {
  FAST_JWT_EXPIRED: 'the token has expired',
  FAST_JWT_INACTIVE: 'the token is not valid yet',
  FAST_JWT_INVALID_CLAIM_VALUE: 'the token is not meant for this instance: issuer or audience differ',
  FAST_JWT_INVALID_CLAIM_TYPE: 'the token has claims of a wrong type',
  FAST_JWT_MISSING_REQUIRED_CLAIM: 'the token lacks one of the claims exp, iss, aud, sub (and iat, where its age is limited)',
}

/** Why a token is not believed, and whether it may be a guess: one that is signed as it should be is none. */
export function distrustOf(error: unknown): { readonly refusal: ApiError; readonly isGuess: boolean } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = WRONG[code]
  return { refusal: new ApiError('UNAUTHORIZED', known ?? 'the token is not one this instance believes'), isGuess: known === undefined }
}
