import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** What an address of Redis says; what it does not is undefined. */
export interface RedisAddress {
  readonly isTls: boolean
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly database?: number | undefined
}

/** Reads `redis://user:password@host:port/database`, or `rediss://` with TLS. Throws UserError `INVALID_VALUE`, which repeats nothing of it. */
export function readRedisUrl(text: string): RedisAddress {
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
  return new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `the url is no address of Redis: ${what}`, hint })
}
