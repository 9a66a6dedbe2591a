import type { ConfigOf } from '../../health-schema/schema.ts'
import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import type { RedisTarget } from '../../services/redis.ts'
import { readSecret } from '../secret.ts'
import { readAuthority } from '../web-client.ts'
import type { HealthWorld } from '../world.ts'

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
  const url = address === undefined ? undefined : readUrl(address)
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

interface Parts {
  readonly isTls: boolean
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly database?: number | undefined
}

function readUrl(text: string): Parts {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw badUrl('it is none', 'write it like redis://user@host:6379/0; in a password # / ? @ are written %23 %2F %3F %40, or give it as `password`')
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') throw badUrl(`it begins with ${plain(url.protocol, 20)}`, 'it begins with redis:// or, with TLS, rediss://')
  const database = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1]
  if (database === undefined) throw badUrl('what follows the host is no number of a database', 'write it like redis://host:6379/0')
  return {
    isTls: url.protocol === 'rediss:',
    host: decode(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: url.port === '' ? undefined : Number(url.port),
    user: decode(url.username),
    password: decode(url.password),
    database: database === '' ? undefined : Number(database),
  }
}

function decode(part: string): string | undefined {
  if (part === '') return undefined
  try {
    return decodeURIComponent(part)
  } catch {
    throw badUrl('it has a % that begins no escape', 'a % itself is written %25')
  }
}

// The address is not shown: there may be a password in it.
function badUrl(what: string, hint: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `the url of a redis check is no address of Redis: ${what}`, hint })
}
