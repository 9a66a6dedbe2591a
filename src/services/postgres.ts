import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'
import { showBytes } from '../model/unit.ts'
import { lookUp } from './dns.ts'
import { patienceUntil } from './problem.ts'
import { clientFor } from './postgres-client.ts'
import type { PostgresPem } from './postgres-place.ts'
import { problemOf, PostgresProblem, silence, type PostgresPhase } from './postgres-problem.ts'
import { isLocalPostgres, showPostgresTarget, type PostgresTarget, type SslMode } from './postgres-target.ts'

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
  const addresses = await addressesOf(target, signal)
  for (const transport of transports) {
    try {
      return await connect(target, addresses, transport === 'tls' ? tlsOf(target, pem) : false, signal)
    } catch (error) {
      const problem = problemOf(error, target)
      // Of a server without TLS only what it says without it is of interest.
      if (first === undefined || first.kind === 'no-tls') first = problem
      if (!TRY_THE_OTHER.includes(problem.kind)) break
    }
  }
  throw first ?? silence(target, 'connect', 0)
}

/** Nothing for the folder of a socket. Throws `PostgresProblem`. */
async function addressesOf(target: PostgresTarget, signal: AbortSignal): Promise<readonly string[]> {
  if (target.host.startsWith('/')) return []
  return lookUp(target.host, patienceUntil(signal)).then(({ addresses }) => addresses, (error: unknown) => {
    throw problemOf(error, target)
  })
}

function tlsOf({ sslMode }: PostgresTarget, { ca, cert, key }: PostgresPem): ConnectionOptions {
  const isVerified = sslMode === 'verify-ca' || sslMode === 'verify-full'
  return {
    rejectUnauthorized: isVerified, ...(sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }),
  }
}

async function connect(target: PostgresTarget, addresses: readonly string[], ssl: ConnectionOptions | false, signal: AbortSignal): Promise<PostgresSession> {
  const client = clientFor(target, addresses, ssl)
  const { connection } = client
  const socket = connection.stream
  let phase: PostgresPhase = 'connect'
  let version = ''
  let lastWordAt = performance.now()
  socket.once('connect', () => {
    phase = 'greeting'
    lastWordAt = performance.now()
  })
  for (const event of ['authenticationOk', 'authenticationSASL', 'authenticationMD5Password', 'authenticationCleartextPassword']) connection.once(event, () => void (phase = 'login'))
  connection.on('parameterStatus', ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) => {
    if (parameterName === 'server_version') version = parameterValue
  })
  let [rowCount, rowBytes] = [0, 0]
  connection.on('dataRow', ({ length }: { readonly length: number }) => {
    rowBytes += length
    // What nobody expected must not fill the memory.
    if (++rowCount >= MOST_ROWS || rowBytes > MOST_BYTES) connection.stream.destroy(new PostgresProblem('query', `the answer has ${rowBytes > MOST_BYTES ? showBytes(MOST_BYTES) : `${MOST_ROWS} rows`} and more`, undefined, TOO_MUCH))
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
    rowCount = rowBytes = 0
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

/** The most rows of an answer, the most bytes of them, and PostgreSQL's word for what is more (program_limit_exceeded). */
const MOST_ROWS = 50_000
const MOST_BYTES = 32_000_000
const TOO_MUCH = '54000'

const AS_WRITTEN: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value }
