import { fastifyCors } from '@fastify/cors'
import { fastifyHelmet } from '@fastify/helmet'
import { fastifyRateLimit } from '@fastify/rate-limit'
import { fastify, type FastifyInstance } from 'fastify'
import { createServer as createPlainServer, type IncomingMessage, type Server as PlainServer, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Resident } from '../../contract/resident.ts'
import { BODY_LIMIT, wireError } from './api-errors.ts'
import { refused } from './answer-text.ts'
import type { AuditLog } from './audit-log.ts'
import { listenError, needsAuthentication } from './errors.ts'
import { createFailedAttempts } from './failed-attempts.ts'
import { guardRoutes } from './guard.ts'
import { readClaims, verifyOptions } from './jwt-caller.ts'
import { openLiveHub } from './live-hub.ts'
import { openLoadTestHub } from './load-test-hub.ts'
import { limitConnections } from './limit-connections.ts'
import { isLoopback } from './loopback.ts'
import { readJsonBody } from './json-body.ts'
import { requestLimit } from './request-limit.ts'
import { rateLimited, tellErrors } from './refusals.ts'
import { serveEndpoints } from './serve-endpoints.ts'
import { servePages } from './serve-pages.ts'
import { serveStreams } from './serve-streams.ts'
import { hasAuthentication, type ServerSettings } from './settings.ts'
import { openStreamRoom, STREAM_TIMES, type StreamTimes } from './stream-room.ts'
import { visitOf } from './visit.ts'

/** What the server works with besides its settings. */
export interface ServerWorld {
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly wallTime: () => Date
  readonly log: AuditLog
  /** Names this run: ids of events begin with it. */
  readonly bootId: string
  /** In PEM; null to answer in plain text. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly times?: Partial<ServerTimes & StreamTimes>
}

/** Times a server gives its visitors, milliseconds. */
export interface ServerTimes {
  /** Until the headers of a request are there. */
  readonly headersMs: number
  /** Until all of it is there. */
  readonly requestMs: number
  /** Between looks at requests that are late. */
  readonly lookMs: number
  /** For an answer; health waits as long as it is asked to. */
  readonly answerMs: number
  /** For requests under way when the server ends. */
  readonly drainMs: number
}

/** A server that answers. */
export interface ApiServer {
  readonly url: string
  readonly port: number
  /** Takes another certificate from now on. Throws Node's error. */
  renew(tls: { readonly cert: string; readonly key: string }): void
  /** Takes no more requests, ends the streams, lets those under way finish, then breaks them off; the second time it waits for the first. */
  close(): Promise<void>
}

const TIMES: ServerTimes = { headersMs: 10_000, requestMs: 30_000, lookMs: 2_000, answerMs: 60_000, drainMs: 10_000 }
/** Longer than a proxy keeps its connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 75_000
/** A connection on which nothing moves; longer than the longest answer may take. */
const SILENCE_MS = 330_000
/** For whoever was refused to read why. */
const LINGER_MS = 1_000
/** Connections besides streams. */
const MORE_CONNECTIONS = 1_000
const BACKLOG = 1_024

/** Puts HTTP before a resident. Throws UserError `PORT_IN_USE`, `PORT_NOT_ALLOWED`, `HOST_NOT_LOCAL`, `HOST_UNKNOWN`. */
export async function startServer(resident: Resident, settings: ServerSettings, world: ServerWorld): Promise<ApiServer> {
  const times = { ...TIMES, ...STREAM_TIMES, ...world.times }
  const { now, log, bootId } = world
  const owed = new Set<ServerResponse>()
  let isEnding = false
  let closing: Promise<void> | undefined
  let events = 0
  const next = (): number => ++events
  const reporter = complainSometimes(log, now)
  const room = openStreamRoom({ most: settings.maxStreams, now, wallTime: () => world.wallTime().getTime(), times, onChange: (open) => resident.noteStreams(open) })
  const live = openLiveHub({ resident, bootId, next, now, onProblem: reporter })
  const loadTests = openLoadTestHub({ resident, bootId, next, now, onProblem: reporter })

  const app = fastify({
    logger: false, bodyLimit: BODY_LIMIT, trustProxy: settings.trustProxy.length > 0 ? [...settings.trustProxy] : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 }, return503OnClosing: false,
    frameworkErrors: (error, request, reply) => tellErrors.send(error, request, reply, world),
  })
  tellErrors.install(app, world)
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: world.tls === null ? false : { maxAge: 15_552_000, includeSubDomains: false },
  })
  if (settings.origins.length > 0) await app.register(fastifyCors, { origin: [...settings.origins], methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'], allowedHeaders: ['authorization', 'content-type', 'last-event-id'], exposedHeaders: ['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'], maxAge: 600, strictPreflight: false })
  const verifyJwt = await openJwt(app, settings)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, readJsonBody(String(text)))
    } catch (error) {
      done(error as Error) // readJsonBody throws nothing but errors.
    }
  })
  if (settings.rateLimit !== 'off') {
    await app.register(fastifyRateLimit, {
      cache: 10_000, keyGenerator: (request) => visitOf(request)?.key ?? request.ip,
      max: (request) => requestLimit(settings, visitOf(request)?.weight ?? 'refused').requests, timeWindow: (request) => requestLimit(settings, visitOf(request)?.weight ?? 'refused').perMs,
      errorResponseBuilder: (_request, { ttl }) => rateLimited(ttl),
    })
  }
  guardRoutes(app, { settings, world, resident, isEnding: () => isEnding, door: { tokens: settings.tokens, verifyJwt, attempts: createFailedAttempts(now), wallTime: () => world.wallTime().getTime() } })
  // Routes come in a room of their own, after the limits that look at each as it is made.
  await app.register(async (routes) => {
    serveEndpoints(routes, { resident, world, answerMs: times.answerMs })
    serveStreams(routes, { room, live, loadTests, settings })
    servePages(routes, { resident, now, isEnding: () => isEnding })
  })
  await app.ready()

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    owed.add(response)
    response.once('close', () => owed.delete(response))
    app.routing(request, response)
  }
  const server = open(settings, world, times, answer)
  const port = await listen(server, settings).catch(async (error: unknown) => {
    room.close('')
    live.close()
    await app.close()
    throw error
  })
  const scheme = world.tls === null ? 'http' : 'https'
  return {
    url: `${scheme}://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`,
    port,
    renew(tls) {
      if ('setSecureContext' in server) server.setSecureContext(tls)
    },
    close: () => (closing ??= end()),
  }

  async function end(): Promise<void> {
    isEnding = true
    const closed = drain(server, () => owed.size > 0, times.drainMs)
    live.close()
    loadTests.close()
    room.close('this instance ends')
    await closed
    await app.close()
  }
}

async function openJwt(app: FastifyInstance, { jwt }: ServerSettings): Promise<((token: string) => ReturnType<typeof readClaims>) | null> {
  if (jwt === null) return null
  const { default: fastifyJwt } = await import('@fastify/jwt')
  await app.register(fastifyJwt, { secret: jwt.algorithm === 'HS256' ? jwt.key : { public: jwt.key, private: '' }, verify: verifyOptions(jwt) })
  return (token) => readClaims(app.jwt.verify(token), jwt)
}

function open(settings: ServerSettings, world: ServerWorld, times: ServerTimes, answer: (request: IncomingMessage, response: ServerResponse) => void): PlainServer | TlsServer {
  const options: ServerOptions = { requestTimeout: times.requestMs, headersTimeout: times.headersMs, connectionsCheckingInterval: times.lookMs, keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false }
  const server = world.tls === null ? createPlainServer(options, answer) : createTlsServer({ ...options, ...world.tls, minVersion: 'TLSv1.2', handshakeTimeout: times.headersMs }, answer)
  server.timeout = SILENCE_MS
  server.maxConnections = settings.maxStreams + MORE_CONNECTIONS
  limitConnections(server, { most: Math.ceil(server.maxConnections / 2), trusted: settings.trustProxy })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const told = wireError(error.code)
    const body = refused(told)
    socket.end(`HTTP/1.1 ${told.statusCode} ${REASONS[told.statusCode] ?? 'Bad Request'}\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
    // Whoever does not close its side would hold a place for ever.
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  })
  return server
}

const REASONS: Readonly<Record<number, string>> = { 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }

async function listen(server: PlainServer, settings: ServerSettings): Promise<number> {
  const { host, port } = settings
  await new Promise<void>((done, failed) => {
    server.once('error', (error) => failed(listenError(error, host, port) ?? error))
    server.listen({ host, port, backlog: BACKLOG }, done)
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('a server on a port has an address')
  // A name may mean another address than it says.
  if (!hasAuthentication(settings) && !isLoopback(address.address)) {
    server.close()
    throw needsAuthentication(`${host} (${address.address})`)
  }
  return address.port
}

/** Node's own close waits for every kept connection, and for those that never sent anything; here what counts is whether an answer is owed. */
function drain(server: PlainServer, owesAnswers: () => boolean, mostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (!owesAnswers()) server.closeAllConnections()
    }, 10)
    const patience = setTimeout(() => server.closeAllConnections(), mostMs)
    server.close(() => {
      clearInterval(look)
      clearTimeout(patience)
      resolve()
    })
  })
}

const MINUTE_MS = 60_000

/** What goes wrong at every tick is told once a minute. */
function complainSometimes(log: AuditLog, now: () => number): (error: unknown) => void {
  let told = Number.NEGATIVE_INFINITY
  return (error) => {
    if (now() - told < MINUTE_MS) return
    told = now()
    log.bug('stream', error)
  }
}
