import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** What libpq's `sslmode` may say (PostgreSQL documentation, "SSL Mode Descriptions"). */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

const SSL_MODES: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

/** Which server, which database, and as whom. */
export interface PostgresTarget {
  /** A name, an address, or the folder of a socket, which begins with `/`. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  readonly sslMode: SslMode
  /** Paths of files in PEM: what is trusted instead of the system's certificates, and who we are. */
  readonly certificates: { readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined }
}

/** What was told of it. */
export interface PostgresParts {
  readonly url?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: string | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/**
 * The server that is meant: the url, then the parts (but a password that is given apart weighs more), then the variables libpq knows (PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE, PGSSLROOTCERT,
 * PGSSLCERT, PGSSLKEY), then `localhost`, 5432 and a database named as the user. Parameters of the url that are for other clients (`schema`, `pool_timeout`) are passed over.
 * Throws UserError `BAD_POSTGRES_URL`, `BAD_POSTGRES_VALUE`, `NO_POSTGRES_USER`.
 */
export function readPostgresTarget(parts: PostgresParts, env: Readonly<Record<string, string | undefined>>): PostgresTarget {
  const url = parts.url === undefined ? {} : readUrl(parts.url)
  const said = (key: string, part: string | undefined, variable: string): string | undefined => [url[key], part, env[variable]].find((text) => text !== undefined && text !== '')
  const host = said('host', parts.host, 'PGHOST') ?? 'localhost'
  const user = said('user', parts.user, 'PGUSER') ?? ([env['LOGNAME'], env['USER']].find(Boolean))
  if (user === undefined) throw new UserError({ code: 'NO_POSTGRES_USER', kind: 'usage', message: 'it is not said as whom to ask PostgreSQL', hint: 'give `user`, or set PGUSER' })
  if (host.includes(',')) throw bad('host', host, 'name one server; a check for each')
  return {
    host, user,
    port: readPort(said('port', parts.port?.toString(), 'PGPORT') ?? '5432'),
    database: said('dbname', parts.database, 'PGDATABASE') ?? user,
    password: parts.password ?? said('password', undefined, 'PGPASSWORD'),
    ...readTls(said('sslmode', undefined, 'PGSSLMODE') ?? 'prefer', said('sslrootcert', undefined, 'PGSSLROOTCERT')),
  }

  function readTls(mode: string, ca: string | undefined): Pick<PostgresTarget, 'sslMode' | 'certificates'> {
    const sslMode = SSL_MODES.find((known) => known === mode)
    if (sslMode === undefined) throw bad('sslmode', mode, `it may be ${SSL_MODES.join(', ')}`)
    const certificates = { ca: ca === 'system' ? undefined : ca, cert: said('sslcert', undefined, 'PGSSLCERT'), key: said('sslkey', undefined, 'PGSSLKEY') }
    // As libpq: who names the root certificate wants it looked at.
    return { sslMode: sslMode === 'require' && ca !== undefined ? 'verify-ca' : sslMode, certificates }
  }
}

/** `db.local:5432`, `/run/postgresql (port 5432)`; safe to print. */
export function showPostgresTarget({ host, port }: Pick<PostgresTarget, 'host' | 'port'>): string {
  const name = plain(host, 100)
  return host.startsWith('/') ? `${name} (port ${port})` : host.includes(':') ? `[${name}]:${port}` : `${name}:${port}`
}

/** Whether it never leaves this machine. */
export function isLocalPostgres({ host }: Pick<PostgresTarget, 'host'>): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port >= 1 && port <= 65_535)) throw bad('port', text, 'it is a number from 1 to 65535')
  return port
}

const NO_HOST = 'none.invalid'

// The url itself is in no message: a password may be in it.
function readUrl(text: string): Readonly<Record<string, string | undefined>> {
  const refuse = (what: string): UserError => new UserError({ code: 'BAD_POSTGRES_URL', kind: 'usage', message: `the url of PostgreSQL cannot be read: ${what}`, hint: 'write it like postgres://user@host:5432/database?sslmode=require, with %40 for an @ in a password' })
  if (!/^postgres(ql)?:\/\//.test(text)) throw refuse('it does not begin with postgres://')
  // libpq takes an url without a host; the standard of urls does not.
  const whole = text.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#@]*@)?)(?=[/?]|$)/, `$1${NO_HOST}`)
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (url === undefined) throw refuse('it is no url')
  try {
    const decoded = (part: string): string | undefined => (part === '' ? undefined : decodeURIComponent(part))
    return {
      host: url.hostname === NO_HOST ? undefined : decoded(url.hostname.replace(/^\[(.*)\]$/, '$1')), port: decoded(url.port), user: decoded(url.username), password: decoded(url.password), dbname: decoded(url.pathname.slice(1)),
      ...Object.fromEntries(url.searchParams),
    }
  } catch {
    throw refuse('a % in it is not followed by two hexadecimal digits')
  }
}

function bad(what: string, value: string, hint: string): UserError {
  return new UserError({ code: 'BAD_POSTGRES_VALUE', kind: 'usage', message: `"${plain(value, 80)}" is no ${what} of PostgreSQL`, hint })
}
