import { isIP, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'
import { plain } from '../model/text.ts'
import { nodeLookup } from './node-lookup.ts'
import { problemOf, PostgresProblem, silence, type PostgresPhase } from './postgres-problem.ts'
import { isLocalPostgres, showPostgresTarget, type PostgresTarget, type SslMode } from './postgres-target.ts'
import { wholeMessages } from './postgres-wire.ts'

/** Certificates and a key in PEM. */
export interface PostgresPem {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** The answer to a question: rows of texts as the server writes them, and the type of each column (its OID). */
export interface PostgresRows {
  readonly columns: readonly { readonly name: string; readonly type: number }[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** One connection. */
export interface PostgresSession {
  /** `15.14 (Debian 15.14-0+deb12u1)`; empty where it was not told. Untrusted. */
  readonly version: string
  readonly isTls: boolean
  /** Sends statements in one message, outside of a transaction unless they begin one, and answers with the result of each. Throws `PostgresProblem`. */
  ask(statements: string): Promise<readonly PostgresRows[]>
  /** Sends exactly one statement; two are an error of the server. Throws `PostgresProblem`. */
  askOne(statement: string): Promise<PostgresRows>
  /** Says goodbye without waiting for an answer; nothing is open afterwards. */
  close(): void
}

/** A name or a text as SQL has it. */
export const quoteName: (name: string) => string = pg.escapeIdentifier
export const quoteText: (text: string) => string = pg.escapeLiteral

type Transport = 'plain' | 'tls'

// `prefer` would have TLS first; where nobody can listen it costs a handshake and hides nothing.
const TRANSPORTS: Readonly<Record<SslMode, (isLocal: boolean) => readonly Transport[]>> = {
  disable: () => ['plain'],
  allow: () => ['plain', 'tls'],
  prefer: (isLocal) => (isLocal ? ['plain', 'tls'] : ['tls', 'plain']),
  require: () => ['tls'],
  'verify-ca': () => ['tls'],
  'verify-full': () => ['tls'],
}

/** What another transport may mend. */
const TRY_THE_OTHER: readonly PostgresProblem['kind'][] = ['not-allowed', 'no-tls', 'tls']

/**
 * Opens one connection. Nothing of it is left when `signal` aborts: it is then destroyed, whatever the server does. Throws `PostgresProblem`,
 * `no-answer` where the signal ended it. The first reason counts where TLS and plain both fail.
 */
export async function openPostgres(target: PostgresTarget, pem: PostgresPem, signal: AbortSignal): Promise<PostgresSession> {
  // A socket of the file system has no TLS.
  const transports = target.host.startsWith('/') ? (['plain'] as const) : TRANSPORTS[target.sslMode](isLocalPostgres(target))
  let first: PostgresProblem | undefined
  for (const transport of transports) {
    try {
      return await connect(target, transport === 'tls' ? tlsOf(target, pem) : false, signal)
    } catch (error) {
      const problem = problemOf(error, target)
      // Of a server without TLS only what it says without it is of interest.
      if (first === undefined || first.kind === 'no-tls') first = problem
      if (!TRY_THE_OTHER.includes(problem.kind)) break
    }
  }
  throw first ?? silence(target, 'connect', 0)
}

function tlsOf({ sslMode }: PostgresTarget, { ca, cert, key }: PostgresPem): ConnectionOptions {
  const isVerified = sslMode === 'verify-ca' || sslMode === 'verify-full'
  return {
    rejectUnauthorized: isVerified, ...(sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }),
  }
}

async function connect(target: PostgresTarget, ssl: ConnectionOptions | false, signal: AbortSignal): Promise<PostgresSession> {
  const client = clientFor(target, ssl)
  const { connection } = client
  const socket = connection.stream
  const hasName = !target.host.startsWith('/') && isIP(target.host) === 0
  // Its types know the stream by what it is read for.
  if (hasName) lookUpNames(socket as Socket, signal)
  let phase: PostgresPhase = hasName ? 'name' : 'connect'
  let version = ''
  let lastWordAt = performance.now()
  socket.once('lookup', () => void (phase = 'connect'))
  socket.once('connect', () => {
    phase = 'greeting'
    lastWordAt = performance.now()
  })
  for (const event of ['authenticationOk', 'authenticationSASL', 'authenticationMD5Password', 'authenticationCleartextPassword']) connection.once(event, () => void (phase = 'login'))
  connection.on('parameterStatus', ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) => {
    if (parameterName === 'server_version') version = parameterValue
  })
  let rowCount = 0
  connection.on('dataRow', () => {
    // What nobody expected must not fill the memory.
    if (++rowCount === MOST_ROWS) connection.stream.destroy(new PostgresProblem('query', `the answer has ${MOST_ROWS} rows and more`, undefined, TOO_MUCH))
  })
  // What goes wrong is told by the promise of a question; one that nobody waits for any more is of no interest.
  client.on('error', () => undefined)

  const destroy = (): void => {
    signal.removeEventListener('abort', destroy)
    connection.stream.destroy()
    socket.destroy()
  }
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    let stop = (): void => undefined
    const aborted = new Promise<never>((_, reject) => {
      stop = () => {
        destroy()
        reject(silence(target, phase, performance.now() - lastWordAt))
      }
    })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    try {
      return await Promise.race([aborted, work()])
    } catch (error) {
      throw problemOf(error, target)
    } finally {
      signal.removeEventListener('abort', stop)
      lastWordAt = performance.now()
    }
  }
  const send = async (question: { text: string; queryMode?: 'extended' }): Promise<readonly PostgresRows[]> => {
    rowCount = 0
    const results: pg.QueryArrayResult | readonly pg.QueryArrayResult[] = await during(() => client.query<(string | null)[]>({ ...question, rowMode: 'array', types: AS_WRITTEN }))
    return [results].flat().map(({ fields, rows }) => ({ columns: fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })), rows: rows as (string | null)[][] }))
  }

  try {
    await during(() => client.connect())
  } catch (error) {
    destroy()
    if (!(error instanceof PostgresProblem) || error.kind !== 'query') throw error
    // A state without words of ours: poolers have many.
    throw new PostgresProblem('not-allowed', `${showPostgresTarget(target)} refuses the connection: ${error.message}`, 'read the log of the server, or of the pooler before it', error.sqlState)
  }
  signal.addEventListener('abort', destroy, { once: true })
  phase = 'query'
  return {
    version, isTls: ssl !== false,
    ask: (statements) => send({ text: statements }),
    async askOne(statement) {
      const [rows] = await send({ text: statement, queryMode: 'extended' })
      return rows ?? { columns: [], rows: [] }
    },
    close() {
      connection.end()
      // The goodbye is in the kernel's hands by now, or would wait for a server that reads no more.
      setImmediate(destroy)
    },
  }
}

/** The most rows of an answer, and PostgreSQL's word for what is more (program_limit_exceeded). */
const MOST_ROWS = 50_000
const TOO_MUCH = '54000'

const AS_WRITTEN: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value }

/** A client that reads nothing from the environment, asks for nothing but what is given, and survives whatever is sent to it. */
function clientFor(target: PostgresTarget, ssl: ConnectionOptions | false): pg.Client {
  const client = new pg.Client({
    host: target.host, port: target.port, database: target.database, user: target.user, ssl,
    // A function, for an empty password would be looked for in PGPASSWORD and ~/.pgpass.
    password: () => target.password ?? noPassword(target),
    application_name: 'medianest-perf', client_encoding: 'UTF8', connectionTimeoutMillis: 0, options: '-', sslnegotiation: 'postgres', keepAlive: false,
  })
  // Not in its types. These two it takes from PGOPTIONS and PGREPLICATION where they are empty; and poolers (PgBouncer) refuse a connection with options.
  Object.assign((client as unknown as { connectionParameters: object }).connectionParameters, { options: undefined, replication: undefined })
  const connection = client.connection as unknown as { attachListeners(stream: object): void }
  const read = connection.attachListeners.bind(connection)
  // Its reader may be made to throw where nobody catches, or to run for ever; it gets nothing but whole messages of the protocol.
  connection.attachListeners = (stream) => read(wholeMessages(stream as Socket))
  return client
}

/** The driver names host and port and leaves the rest to Node. */
function lookUpNames(socket: Socket, signal: AbortSignal): void {
  const connect = socket.connect.bind(socket)
  const named = (port: number, host: string): Socket => connect({ port, host, lookup: nodeLookup(() => signal) })
  // Of all the ways to call it, the driver takes this one.
  socket.connect = named as Socket['connect']
}

function noPassword(target: PostgresTarget): never {
  throw new PostgresProblem('no-password', `${showPostgresTarget(target)} asks for the password of "${plain(target.user, 80)}" and none is given`, 'give `password: {file: ...}` or {env: ...}, or set PGPASSWORD')
}
