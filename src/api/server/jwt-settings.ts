import { createPublicKey, type KeyObject } from 'node:crypto'
import type { ServeSection } from '../../config.ts'
import { parseDuration } from '../../model/unit.ts'
import type { ServeFile } from '../../serve-schema/schema.ts'
import { readSecret, type SecretWorld } from '../../services/secret.ts'
import { badKey, badSetting } from './errors.ts'

/** How JSON Web Tokens are believed; the algorithm is ours to choose, never the token's. */
export interface JwtSettings {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256'
  /** The secret of HS256, the public key of the others in PEM. */
  readonly key: string
  readonly issuer: string
  readonly audience: string
  readonly roleClaim: string
  readonly maxAgeMs: number | null
}

const LEAST_SECRET_BYTES = 32
const LEAST_RSA_BITS = 2_048

/** Reads `serve.jwt` and looks at its key (RFC 8725 3.5). Throws UserError `INVALID_VALUE`, `NO_SECRET`, `BAD_KEY`. */
export async function readJwtSettings(file: NonNullable<ServeFile['jwt']>, section: ServeSection, world: SecretWorld): Promise<JwtSettings> {
  const { algorithm } = file
  const field = algorithm === 'HS256' ? 'secret' : 'publicKey'
  const other = algorithm === 'HS256' ? 'publicKey' : 'secret'
  const where = section.at(['jwt', field])
  if (file[other] !== undefined) throw badSetting(`serve.jwt.${other} means nothing to ${algorithm}`, `${algorithm} needs serve.jwt.${field} alone`, section.at(['jwt', other], 'key'))
  const key = await readSecret(file[field], world)
  if (key === undefined) throw badSetting(`serve.jwt needs ${field} for ${algorithm}`, `add ${field}: {file: PATH}`, section.at(['jwt']))
  for (const name of ['issuer', 'audience'] as const) if (file[name].trim() === '') throw badSetting(`serve.jwt.${name} is empty, so that every token would be meant for this instance`, 'write what the tokens have there', section.at(['jwt', name]))
  if (algorithm === 'HS256') expectSecret(key, where)
  else expectPublicKey(key, algorithm, where)
  return { algorithm, key, issuer: file.issuer, audience: file.audience, roleClaim: file.roleClaim ?? 'role', maxAgeMs: file.maxAge === undefined ? null : parseDuration(String(file.maxAge)) }
}

type Where = ReturnType<ServeSection['at']>

/** RFC 7518 3.2: at least as long as the hash. */
function expectSecret(secret: string, where: Where): void {
  if (/-----BEGIN [A-Z ]*KEY-----/.test(secret)) throw badKey('serve.jwt.secret is a key in PEM, which others may know', 'HS256 takes a random secret; for a public key set algorithm to RS256 or ES256', where)
  const bytes = Buffer.byteLength(secret)
  if (bytes < LEAST_SECRET_BYTES) throw badKey(`serve.jwt.secret has ${bytes} bytes, and could be guessed`, `HS256 needs at least ${LEAST_SECRET_BYTES}: openssl rand -base64 48 > FILE makes one`, where)
  if (new Set(secret).size < 8) throw badKey('serve.jwt.secret repeats a few characters, and could be guessed', 'openssl rand -base64 48 > FILE makes one', where)
}

/** RFC 7518 3.3 and 3.4. */
function expectPublicKey(pem: string, algorithm: 'RS256' | 'ES256', where: Where): void {
  if (/PRIVATE KEY/.test(pem)) throw badKey('serve.jwt.publicKey holds a private key, which this instance has no use for', 'openssl pkey -in PRIVATE -pubout > FILE writes the public one', where)
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    throw badKey('serve.jwt.publicKey is no public key in PEM', 'it begins with -----BEGIN PUBLIC KEY-----', where)
  }
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType ?? 'of no known type'
  if (algorithm === 'RS256' && type !== 'rsa') throw badKey(`serve.jwt.publicKey is ${type}, and RS256 needs RSA`, 'set algorithm to what the tokens are signed with', where)
  if (algorithm === 'RS256' && modulusLength < LEAST_RSA_BITS) throw badKey(`serve.jwt.publicKey has ${modulusLength} bits, and could be broken`, `RS256 needs at least ${LEAST_RSA_BITS}`, where)
  if (algorithm === 'ES256' && namedCurve !== 'prime256v1') throw badKey(`serve.jwt.publicKey is ${namedCurve === undefined ? type : `on the curve ${namedCurve}`}, and ES256 needs P-256`, 'openssl ecparam -name prime256v1 -genkey makes one', where)
}
