import type { SecretText } from '../health-schema/parts.ts'
import { plain } from '../model/text.ts'
import { readAuthority } from './authority.ts'
import type { RedisTarget } from './redis.ts'
import { readRedisUrl } from './redis-address.ts'
import { readSecret, type SecretWorld } from './secret.ts'

/** Where a Redis is, as a configuration says it. */
export interface RedisConfig {
  readonly url?: SecretText | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: number | undefined
  readonly user?: string | undefined
  readonly password?: SecretText | undefined
  /** A file of certificates. */
  readonly ca?: string | undefined
}

/** Which Redis is meant, and as whom it is asked. */
export interface RedisPlace extends RedisTarget {
  /** For people: `db1:6379`, never with user or password. */
  readonly shown: string
  readonly user: string | undefined
  /** Undefined where none is named: number 0. */
  readonly database: number | undefined
}

/** What a configuration means: its address first, the parts where that is silent, then localhost:6379; a password that is given apart weighs more. Throws UserError `INVALID_VALUE`, `NO_SECRET`, `INVALID_CA`. */
export async function readRedisPlace(config: RedisConfig, world: SecretWorld): Promise<RedisPlace> {
  const address = await readSecret(config.url, world)
  const url = address === undefined ? undefined : readRedisUrl(address)
  const host = url?.host ?? config.host ?? 'localhost'
  const port = url?.port ?? config.port ?? 6379
  const ca = config.ca === undefined ? undefined : await readAuthority(config.ca, world)
  return {
    host, port, ca,
    // Who names a certificate wants it looked at.
    isTls: url?.isTls ?? ca !== undefined,
    user: url?.user ?? config.user,
    password: await readSecret(config.password, world) ?? url?.password,
    database: url?.database ?? config.database,
    shown: plain(host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`, 100),
  }
}
