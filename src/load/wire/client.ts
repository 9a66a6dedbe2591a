import { createSecureContext, type SecureContext } from 'node:tls'
import type { Origin, WireClient } from '../exchange.ts'
import type { WireWorld } from './connection.ts'
import { createDeadlines } from './deadlines.ts'
import { badCredentials } from './errors.ts'
import { OriginPool } from './pool.ts'

/** TLS as a plan asks for it, with the contents of the files it names (PEM). */
export interface WireTls {
  /** Whether certificates are taken as they are. */
  readonly insecure: boolean
  /** The name asked for and expected in the certificate instead of the host's. */
  readonly serverName?: string | undefined
  /** Trusted instead of the authorities Node knows. */
  readonly ca?: string | Buffer | undefined
  readonly cert?: string | Buffer | undefined
  readonly key?: string | Buffer | undefined
}

export interface WireOptions {
  /** Monotonic clock, milliseconds. */
  readonly now: () => number
  readonly tls: WireTls
  /** Most connections per origin; null: no limit. */
  readonly maxConnections: number | null
  /** Most connections per origin that are being opened at once. */
  readonly maxConnecting?: number | undefined
  /** Whether a connection serves several requests. */
  readonly keepAlive: boolean
  /** Bytes; interim responses count too. */
  readonly maxHeaderBytes: number
  /** Bytes, on the wire as well as decoded. */
  readonly maxBodyBytes: number
}

const READ_BYTES = 65_536

/**
 * An HTTP/1.1 client for load generation: one request in flight per connection, connections kept alive and reused last in,
 * first out, requests waiting in order when there are too many. `timeoutMs` holds twice: for the wait for a connection,
 * opening included, and again from `sentAt` to the end of the response; timeouts come up to about 20 ms late. A request that
 * was sent again carries the times of its second sending.
 * @throws UserError BAD_TLS_CREDENTIALS
 */
export function createWireClient(options: WireOptions): WireClient {
  const pools = new Map<string, OriginPool>()
  // Callers keep their origins, so the one of the last request is mostly the one of the next.
  let lastOrigin: Origin | null = null
  let lastPool: OriginPool | null = null
  let closing: Promise<void> | null = null
  const deadlines = createDeadlines(options.now, (at) => Math.min(Infinity, ...Array.from(pools.values(), (pool) => pool.sweep(at))))
  const counts = { inFlight: 0, opened: 0 }
  const world: WireWorld = {
    now: options.now,
    keepAlive: options.keepAlive,
    maxHeaderBytes: options.maxHeaderBytes,
    maxBodyBytes: options.maxBodyBytes,
    tls: { insecure: options.tls.insecure, serverName: options.tls.serverName, context: prepareContext(options.tls) },
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    watchDeadline: (deadline) => deadlines.watch(deadline),
    counts,
  }
  const limits = { maxConnections: options.maxConnections ?? Infinity, maxConnecting: options.maxConnecting ?? 64 }

  function poolFor(origin: Origin): OriginPool {
    const key = `${origin.tls ? 'https' : 'http'}://${origin.host}:${origin.port}`
    let pool = pools.get(key)
    if (pool === undefined) {
      pool = new OriginPool(origin, world, limits)
      if (closing !== null) void pool.close()
      pools.set(key, pool)
    }
    return pool
  }

  return {
    send(origin, request, sendOptions, done) {
      if (origin !== lastOrigin || lastPool === null) {
        lastPool = poolFor(origin)
        lastOrigin = origin
      }
      lastPool.send(request, sendOptions, done)
    },
    get inFlight() {
      return counts.inFlight
    },
    get opened() {
      return counts.opened
    },
    close() {
      deadlines.stop()
      closing ??= Promise.all(Array.from(pools.values(), (pool) => pool.close())).then(() => {})
      return closing
    },
  }
}

/** The context is made once, and only for who needs it: it reads hundreds of certificates. Credentials are tried at once. */
function prepareContext({ ca, cert, key }: WireTls): () => SecureContext {
  let context: SecureContext | undefined
  if (ca !== undefined || cert !== undefined || key !== undefined) {
    try {
      context = createSecureContext({ ca, cert, key })
    } catch (error) {
      throw badCredentials(error as Error) // OpenSSL throws Errors
    }
  }
  return () => (context ??= createSecureContext())
}
