import { createConnection, type Socket } from 'node:net'
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls'
// Written as CommonJS, so it is imported statically: this module itself is loaded when it is needed.
import { AbstractConnector, Redis } from 'ioredis'
import { plain } from '../model/text.ts'
import { answering, lookUp } from './dns.ts'
import { patienceUntil } from './problem.ts'
import { noAnswer, problemOf, RedisProblem } from './redis-problem.ts'

/** Where a Redis is, and who asks. */
export interface RedisTarget {
  /** A name, an address, or the path of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  /** Certificates in PEM that are trusted besides those Node brings along. */
  readonly ca?: string | undefined
  /** Kept out of every message. */
  readonly password?: string | undefined
}

/** An answer; numbers are texts. Untrusted. */
export type RedisReply = string | null | readonly RedisReply[]

/** A command and its words. */
export type RedisCommand = readonly [command: string, ...words: readonly string[]]

/** One connection. */
export interface RedisConnection {
  /** Sends a command and reads its answer. Throws `RedisProblem`: `said` for an error the server answered with, `no-answer` where the signal ended it. */
  ask(command: string, ...words: readonly string[]): Promise<RedisReply>
  /** Sends many commands at once and reads their answers, in their order; an error the server answered one with stands in its place. Throws `RedisProblem` as `ask` does, but `said`. */
  askAll(commands: readonly RedisCommand[]): Promise<readonly (RedisReply | RedisProblem)[]>
  /** Whether it can be asked: neither end has closed it. */
  isOpen(): boolean
  /** Ends it at once. */
  close(): void
}

/** More than this no question is answered with: INFO has some kilobytes. */
const MOST_BYTES = 4 * 2 ** 20

/**
 * Opens one connection without saying anything on it: no AUTH, no HELLO, no second try. When the signal aborts, its socket is destroyed at once.
 * Throws `RedisProblem`.
 */
export async function connectRedis(target: RedisTarget, signal: AbortSignal): Promise<RedisConnection> {
  const Connector = await connectorTo(target, signal)
  const client = new Redis({
    // Says which event tells that it is connected; the connector does the rest.
    Connector, ...(target.isTls ? { tls: {} } : {}),
    // HELLO, CLIENT SETINFO and INFO would be asked unasked, and their errors printed; a server that loads its data must be seen as it is.
    protocol: 2, disableClientInfo: true, enableReadyCheck: false,
    lazyConnect: true, enableOfflineQueue: false, autoResendUnfulfilledCommands: false, retryStrategy: null, maxRetriesPerRequest: 0,
    connectTimeout: 0,
  })
  let first: Error | undefined
  client.on('error', (error: Error) => (first ??= error))

  let readBytes = 0
  let isOpen = false
  const close = (): void => {
    signal.removeEventListener('abort', close)
    // A client whose socket has closed would start a timer that nothing ends.
    if (client.status !== 'end' && client.status !== 'close') client.disconnect()
    // Declared as always there, which it is not before there was an attempt.
    const socket = client.stream as typeof client.stream | undefined
    isOpen ||= socket !== undefined && !socket.connecting && !socket.destroyed
    socket?.destroy()
  }
  const explain = (error: unknown, asked: string): RedisProblem => {
    if (error instanceof Error && error.name === 'ReplyError') return new RedisProblem('said', asked, plain(without(error.message, target.password), 300))
    close()
    if (signal.aborted) return noAnswer(asked === 'connect' && isOpen ? 'TLS' : asked)
    if (readBytes > MOST_BYTES) return new RedisProblem('not-redis', asked, 'sends without end', 'check host and port: something else may listen there')
    // What the parser cannot read it says in plain errors, without a code.
    if (first !== undefined && !('code' in first)) return new RedisProblem('not-redis', asked, 'what answers there is not Redis', 'check host and port: something else listens there')
    return problemOf(first, asked)
  }

  if (signal.aborted) throw explain(undefined, 'connect')
  signal.addEventListener('abort', close)
  try {
    await client.connect()
  } catch (error) {
    throw explain(error, 'connect')
  }
  client.stream.on('data', (data: Buffer) => {
    readBytes += data.length
    if (readBytes > MOST_BYTES) close()
  })
  const send = async ([command, ...words]: RedisCommand): Promise<RedisReply> => {
    try {
      return readable(await client.call(command, ...words))
    } catch (error) {
      throw explain(error, command)
    }
  }
  return {
    close,
    isOpen: () => client.status === 'ready' && !client.stream.destroyed,
    ask: async (...command) => {
      readBytes = 0
      return send(command)
    },
    askAll: async (commands) => {
      readBytes = 0
      return Promise.all(commands.map((command) => send(command).catch((error: unknown) => {
        if (error instanceof RedisProblem && error.kind === 'said') return error
        throw error
      })))
    },
  }
}

/** How the driver gets its socket: to addresses that are known by then. Throws `RedisProblem` where the name has none. */
async function connectorTo({ host, port, isTls, ca }: RedisTarget, signal: AbortSignal): Promise<new () => AbstractConnector> {
  const isPath = host.startsWith('/')
  const addresses = isPath ? [] : await lookUp(host, patienceUntil(signal)).then((found) => found.addresses, (error: unknown) => {
    throw problemOf(error as Error, 'connect')
  })
  const place = isPath ? { path: host } : { host, port, lookup: answering(addresses), autoSelectFamily: true }
  return class extends AbstractConnector {
    constructor() {
      super(0)
    }

    async connect(): Promise<Socket | TLSSocket> {
      const stream = isTls ? connectTls({ ...place, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) }) : createConnection(place)
      stream.once('error', (error: Error) => (this.firstError = error))
      this.stream = stream
      return stream
    }
  }
}

function readable(reply: unknown): RedisReply {
  if (reply === null || typeof reply === 'string') return reply
  if (Array.isArray(reply)) return reply.map(readable)
  return typeof reply === 'number' ? String(reply) : ''
}

/** A server that does not know AUTH answers with the arguments it was given. */
function without(text: string, password: string | undefined): string {
  return password === undefined || password === '' ? text : text.replaceAll(password, '***')
}
