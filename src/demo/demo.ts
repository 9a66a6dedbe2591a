import { fastifyJwt } from '@fastify/jwt'
import { fastify } from 'fastify'
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { performance } from 'node:perf_hooks'
import { accountRoutes } from './accounts.ts'
import { sendError, serveRoutes } from './api.ts'
import type { Clock } from './clock.ts'
import { badPort, listenError } from './errors.ts'
import { type Faults, NO_FAULTS } from './fault.ts'
import { createGate } from './gate.ts'
import { healthRoutes } from './health.ts'
import { createLibrary } from './library.ts'
import { listRoutes } from './lists.ts'
import { mediaRoutes } from './media.ts'
import { operationRoutes } from './operations.ts'
import type { Route } from './route.ts'
import { searchRoutes } from './search.ts'
import { createSession } from './session.ts'
import { createShelf } from './shelf.ts'
import { type Arrivals, createTraffic, type Traffic, type TrafficStats } from './traffic.ts'

export interface DemoOptions extends Partial<Faults> {
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** The same seed gives the same data, database times and failing requests; 1 unless given. */
  readonly seed?: number
  /** Keeps the time of arrival of the first 100,000 requests. */
  readonly recordArrivals?: boolean
  readonly clock?: Clock
}

/** A running demo. */
export interface Demo {
  readonly url: string
  readonly port: number
  stats(): TrafficStats
  /** null unless `recordArrivals` was asked for. */
  arrivals(): Arrivals | null
  /** Takes no more requests, gives those under way one second, then breaks them off. */
  close(): Promise<void>
}

const DRAIN_MS = 1_000

/**
 * Starts a small API like MediaNest's, with data made from a seed, all in memory, and faults on request.
 * Throws UserError `PORT_IN_USE`, `PORT_NOT_ALLOWED`, `HOST_NOT_LOCAL`, `HOST_UNKNOWN` or `INVALID_VALUE`.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { host = '127.0.0.1', port = 0, seed = 1, clock = performance, recordArrivals = false } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw badPort(port)
  const traffic = createTraffic({ recordArrivals, originMs: clock.timeOrigin })

  const app = fastify({ logger: false, routerOptions: { ignoreTrailingSlash: true }, frameworkErrors: (error, _request, reply) => void sendError(error, reply) })
  const gate = createGate({ faults: { ...NO_FAULTS, ...options }, seed, clock, serve: (request, response) => app.routing(request, response) })
  await app.register(fastifyJwt, {
    secret: createHash('sha256').update(`medianest demo ${seed}`).digest('hex'),
    sign: { algorithm: 'HS256' },
    // The session compares the expiry with the clock it was given.
    verify: { algorithms: ['HS256'], ignoreExpiration: true },
  })
  const session = createSession(app.jwt, clock)
  const library = createLibrary(seed)
  const routes: Route[] = [
    ...accountRoutes({ library, session, clock, profiles: createShelf() }),
    ...mediaRoutes({ library, clock, uploads: createShelf(), requests: createShelf() }),
    ...searchRoutes(library),
    ...listRoutes({ noun: 'playlist', token: 'needed', seeded: library.playlists, created: createShelf(), clock }),
    ...listRoutes({ noun: 'collection', token: 'checked', seeded: library.collections, created: createShelf(), clock }),
    ...operationRoutes(library),
    ...healthRoutes(clock),
  ]
  const index = { name: 'MediaNest demo', endpoints: routes.map(({ method, url, token, about }) => ({ method, url, token, about })) }
  routes.push({ method: 'GET', url: '/', about: 'this list', token: 'ignored', handle: () => index })
  serveRoutes(app, routes, { session, seed, visit: (route) => traffic.visit(route), isDoomed: (request) => gate.isDoomed(request) })
  await app.ready()

  // A server of our own, so that arrivals are timed before anything else sees the request.
  const server = createServer((request, response) => {
    const atMs = clock.now()
    const page = own(request.url, traffic)
    if (page === undefined) {
      traffic.arrive(request, response, atMs)
      return gate.pass(request, response, atMs)
    }
    response.writeHead(page === null ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(page ?? { success: false, error: { code: 'NOT_RECORDED', message: 'arrivals are not recorded' } }))
  })
  // Longer than any pause of a load test, so that a kept connection is not closed under a request.
  server.keepAliveTimeout = 75_000
  const bound = await listen(server, host, port)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    stats: () => traffic.stats(),
    arrivals: () => traffic.arrivals(),
    async close() {
      await drain(server, () => traffic.stats().inFlight > 0)
      gate.close()
      await app.close()
    },
  }
}

/** What the demo tells about itself at this address; null for what it does not know, undefined for an address of the API. */
function own(url: string | undefined, traffic: Traffic): object | null | undefined {
  if (url === '/__stats') return traffic.stats()
  if (url !== '/__arrivals') return undefined
  const arrivals = traffic.arrivals()
  // JSON writes NaN as null.
  return arrivals && { ...arrivals, atMs: [...arrivals.atMs], due: [...arrivals.due] }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port) ?? error))
    server.listen({ host, port, backlog: 4_096 }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** Node's own close waits for every kept connection, and for those that never sent anything; here what counts is whether an answer is owed. */
function drain(server: Server, owesAnswers: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const breakOff = (): void => server.closeAllConnections()
    const look = setInterval(() => {
      if (!owesAnswers()) breakOff()
    }, 5)
    const patience = setTimeout(breakOff, DRAIN_MS)
    server.close(() => {
      clearInterval(look)
      clearTimeout(patience)
      resolve()
    })
  })
}
