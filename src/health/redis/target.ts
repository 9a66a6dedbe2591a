import type { ConfigOf } from '../../health-schema/schema.ts'
import { plain } from '../../model/text.ts'
import type { RedisTarget } from '../../services/redis.ts'
import { readSecret } from '../../services/secret.ts'
import { readAuthority } from '../web-client.ts'
import type { HealthWorld } from '../world.ts'
import { readRedisUrl } from './address.ts'

/** Which Redis is meant, and as whom it is asked. */
export interface RedisPlace extends RedisTarget {
  /** For people: `db1:6379`, never with user or password. */
  readonly shown: string
  readonly user: string | undefined
  readonly database: number
}

/** What a configuration means: its address first, the parts where that is silent, then localhost:6379; a password that is given apart weighs more. Throws UserError `INVALID_VALUE`, `NO_SECRET`, `INVALID_CA`. */
export async function readPlace(config: ConfigOf<'redis'>, world: Pick<HealthWorld, 'env' | 'readFile' | 'resolve'>): Promise<RedisPlace> {
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
    database: url?.database ?? config.database ?? 0,
    shown: plain(host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`, 100),
  }
}
