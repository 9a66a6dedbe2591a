import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { showPostgresTarget, type PostgresTarget } from './postgres-target.ts'
import { NotPostgres } from './postgres-wire.ts'
import { NetworkProblem } from './problem.ts'

/** Why there is no connection, or no answer to a question. */
export type PostgresProblemKind =
  | 'no-name' | 'refused' | 'unreachable' | 'no-socket' | 'not-permitted' | 'no-answer' | 'closed' | 'not-postgres' | 'no-tls' | 'tls'
  | 'password' | 'no-password' | 'not-allowed' | 'no-database' | 'out-of-connections' | 'not-ready' | 'terminated' | 'query'

/** How far it got: the address of the host, the connection, the first word of the server, who we are, then questions. */
export type PostgresPhase = 'name' | 'connect' | 'greeting' | 'login' | 'query'

/** No connection, or no answer. The message is for people, one line, made safe; no password is in it. */
export class PostgresProblem extends Error {
  readonly kind: PostgresProblemKind
  /** What the server calls it; undefined where it said nothing. */
  readonly sqlState: string | undefined
  readonly hint: string | undefined

  constructor(kind: PostgresProblemKind, message: string, hint?: string, sqlState?: string) {
    super(message)
    this.name = 'PostgresProblem'
    this.kind = kind
    this.hint = hint
    this.sqlState = sqlState
  }
}

interface Words {
  readonly kind: PostgresProblemKind
  /** `said` is what the server said. */
  readonly message: (target: PostgresTarget, said: string) => string
  readonly hint: (target: PostgresTarget) => string
}

const who = ({ user }: PostgresTarget): string => `"${plain(user, 80)}"`
const where = (target: PostgresTarget): string => showPostgresTarget(target)

/** PostgreSQL documentation, "PostgreSQL Error Codes". */
const BY_STATE: Readonly<Record<string, Words>> = {
  '28P01': { kind: 'password', message: (target) => `${where(target)} refuses the password of ${who(target)}`, hint: () => 'check the password (and whether the user exists: the server says the same of one it does not know)' },
  '28000': { kind: 'not-allowed', message: (target, said) => `${where(target)} does not let ${who(target)} in: ${said}`, hint: () => 'check that the user exists and may log in, and the lines of pg_hba.conf for this address, database and TLS' },
  '3D000': { kind: 'no-database', message: (target) => `there is no database "${plain(target.database, 80)}" on ${where(target)}`, hint: () => 'check its name, and whether this is the right server' },
  '53300': { kind: 'out-of-connections', message: (target, said) => `${where(target)} is out of connections: ${said}`, hint: () => 'find who holds them (pg_stat_activity, with a superuser\'s reserved connection), end what is idle, lower the pools of the applications, or raise max_connections' },
  '57P03': { kind: 'not-ready', message: (target, said) => `${where(target)} takes no connections: ${said}`, hint: () => 'wait for it to end; where it lasts, the server\'s log says how far it is' },
  '57P01': { kind: 'terminated', message: (target, said) => `${where(target)} ended the connection: ${said}`, hint: () => 'somebody stops or restarts the server, or ended this session' },
  '57P02': { kind: 'terminated', message: (target, said) => `${where(target)} ended the connection: ${said}`, hint: () => 'a process of the server crashed; read its log' },
  '57014': { kind: 'query', message: (_, said) => `it took longer than the time there is: ${said}`, hint: () => 'look for locks (pg_locks, pg_stat_activity), or give the check more time' },
  '42501': { kind: 'not-allowed', message: (target, said) => `${where(target)} does not allow it to ${who(target)}: ${said}`, hint: () => 'GRANT what is missing to this user (CONNECT on the database, SELECT on a table)' },
}

const NETWORK = (kind: PostgresProblemKind, what: (target: PostgresTarget) => string, hint: string): Words => ({ kind, message: what, hint: () => hint })

const REACH = 'check address, routes and firewalls between here and there'
const BY_ERRNO: Readonly<Record<string, Words>> = {
  ECONNREFUSED: NETWORK('refused', (target) => `nothing listens on ${where(target)} (connection refused)`, 'start PostgreSQL, or check host and port (listen_addresses and port in postgresql.conf)'),
  ENOENT: NETWORK('no-socket', (target) => `there is no socket of PostgreSQL in ${plain(target.host)} for port ${target.port}`, 'start PostgreSQL, or check unix_socket_directories in postgresql.conf'),
  EACCES: NETWORK('not-permitted', (target) => `this user may not open the socket in ${plain(target.host)}`, 'check the rights of the folder and of the socket (unix_socket_permissions)'),
  EHOSTUNREACH: NETWORK('unreachable', (target) => `there is no way to ${where(target)} (host unreachable)`, REACH),
  ENETUNREACH: NETWORK('unreachable', (target) => `there is no way to ${where(target)} (network unreachable)`, REACH),
  ETIMEDOUT: NETWORK('unreachable', (target) => `${where(target)} did not answer a connection attempt`, REACH),
  ECONNRESET: NETWORK('closed', (target) => `${where(target)} broke the connection off`, 'read the server\'s log; a proxy or firewall between here and there may have done it'),
  EPIPE: NETWORK('closed', (target) => `${where(target)} broke the connection off`, 'read the server\'s log; a proxy or firewall between here and there may have done it'),
}

const SILENT: Readonly<Record<PostgresPhase, (place: string, time: string) => string>> = {
  name: (place, time) => `the name in ${place} was not resolved within ${time}: no name server answers`,
  connect: (place, time) => `no connection to ${place} within ${time}`,
  greeting: (place, time) => `${place} takes connections and says nothing: connected, then silent for ${time}`,
  login: (place, time) => `${place} began to answer and did not let us in within ${time}`,
  query: (place, time) => `${place} did not answer a query within ${time}`,
}
const SILENT_HINT: Readonly<Record<PostgresPhase, string>> = {
  name: 'see that the name servers of this machine are up and reachable (/etc/resolv.conf)',
  connect: `${REACH}; packets are dropped, or the machine is down`,
  greeting: 'the server hangs, is stopped (SIGSTOP), or is too busy to start a process; look at its machine, then restart it',
  login: 'the server is too busy, or waits for something else to decide on the login (LDAP, PAM, RADIUS)',
  query: 'look for locks (pg_locks, pg_stat_activity) and at the load and the disks of its machine',
}

/** What it means that nothing came in time. */
export function silence(target: PostgresTarget, phase: PostgresPhase, ms: number): PostgresProblem {
  return new PostgresProblem('no-answer', SILENT[phase](where(target), showDuration(ms)), SILENT_HINT[phase])
}

/** What an error of the driver, of TLS or of the network means; one that is known already stays as it is. */
export function problemOf(error: unknown, target: PostgresTarget): PostgresProblem {
  if (error instanceof PostgresProblem) return error
  // Only its name was looked up by then.
  if (error instanceof NetworkProblem) return new PostgresProblem(error.kind === 'no-answer' ? 'no-answer' : 'no-name', error.message, error.hint)
  const { code = '', message } = told(error)
  const said = plain(target.password === undefined || target.password.length < 3 ? message : message.replaceAll(target.password, '***'), 300)
  if (error instanceof NotPostgres) return new PostgresProblem('not-postgres', `what answers on ${where(target)} is not PostgreSQL`, 'check the port: another service listens there')
  // What a server calls a state is its own word, `constructor` too.
  const words = [BY_STATE, BY_ERRNO].find((known) => Object.hasOwn(known, code))?.[code]
  if (words) return new PostgresProblem(words.kind, words.message(target, said), words.hint(target), /^[0-9A-Z]{5}$/.test(code) ? code : undefined)
  if (/^[0-9A-Z]{5}$/.test(code)) return new PostgresProblem('query', said, undefined, code)
  if (/does not support SSL/.test(message)) return new PostgresProblem('no-tls', `${where(target)} does not speak TLS, and sslmode=${target.sslMode} demands it`, 'turn ssl on in postgresql.conf, or say sslmode=prefer')
  if (/CERT|SIGNATURE|ISSUER|ERR_TLS|ERR_SSL|EPROTO/.test(code) || /establishing an SSL/.test(message)) return new PostgresProblem('tls', `no TLS with ${where(target)}: ${said}${code === '' ? '' : ` (${plain(code, 60)})`}`, 'check the server\'s certificate, the name it is for, and sslrootcert')
  if (/Connection terminated/.test(message)) return new PostgresProblem('closed', `${where(target)} closed the connection without a word`, 'read the server\'s log; what listens there may be a proxy without a server behind it, or not be PostgreSQL')
  if (/SASL|SCRAM/.test(message)) return new PostgresProblem('not-postgres', `${where(target)} does not keep to the protocol of passwords: ${said}`, 'check that this is the right server')
  return new PostgresProblem('closed', `no connection to ${where(target)}: ${said}`)
}

function told(error: unknown): { readonly code?: string; readonly message: string } {
  if (!(error instanceof Error)) return { message: String(error) }
  // Several addresses were tried: the first tells what is wrong with the name that was given.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { ...(code === undefined ? {} : { code }), message: error.message || (first instanceof Error ? first.message : 'no reason was told') }
}
