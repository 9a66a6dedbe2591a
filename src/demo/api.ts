import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { createRandom } from './random.ts'
import { refusal } from './refusal.ts'
import type { Call, Route } from './route.ts'
import type { Session } from './session.ts'

const UPLOAD_LIMIT = 10_000_000

/** What the server puts between the wire and its routes. */
export interface Surroundings {
  readonly session: Session
  readonly seed: number
  /** Called with `GET /api/v1/media/:id` or `unmatched` for each request. */
  readonly visit: (route: string) => void
  /** Whether this request was chosen to fail. */
  readonly isDoomed: (request: IncomingMessage) => boolean
}

/** Puts the routes on the server, with HEAD, OPTIONS, sessions, database times and the error envelope. */
export function serveRoutes(app: FastifyInstance, routes: readonly Route[], surroundings: Surroundings): void {
  const { session, visit, isDoomed } = surroundings
  const dbTime = createDbTimes(surroundings.seed)

  function answer(route: Route): (request: FastifyRequest, reply: FastifyReply) => unknown {
    return (request, reply) => {
      const user = session.userOf(route.token === 'ignored' ? {} : request.headers)
      if (route.token === 'needed' && user.role === 'guest') throw refusal(401, 'TOKEN_REQUIRED', 'log in and send the token as "Authorization: Bearer ..." or the cookie')
      const call: Call = {
        // Fastify's router and query parser make no other values than these.
        params: request.params as Call['params'],
        query: request.query as Call['query'],
        body: request.body,
        user,
        header: (name, value) => void reply.header(name, value),
      }
      const body = route.handle(call)
      reply.statusCode = route.status ?? 200
      if (route.dbMs === undefined) return reply.send({ success: true, ...body })
      const dbTimeMs = dbTime(route.dbMs)
      reply.header('x-db-time', String(dbTimeMs))
      return reply.send(body && { success: true, ...body, meta: { dbTimeMs } })
    }
  }

  app.addHook('preHandler', (request, _reply, done) => {
    if (isDoomed(request.raw)) done(refusal(500, 'INJECTED_FAULT', 'this answer fails because the demo was asked for errors'))
    else done()
  })

  for (const route of routes) {
    const { method, url } = route
    const count: onRequestHookHandler = (_request, _reply, done) => {
      visit(`${method} ${url}`)
      done()
    }
    const served: RouteOptions = { method, url, handler: answer(route), onRequest: count }
    if (!route.anyBody) app.route(served)
    // A room of its own, because a parser of bodies is for all routes beside it.
    else {
      void app.register(async (room) => {
        room.removeContentTypeParser('text/plain')
        room.addContentTypeParser('*', { bodyLimit: UPLOAD_LIMIT }, countBytes)
        room.route(served)
      })
    }
  }
  for (const [url, allow] of methodsByUrl(routes)) {
    app.options(url, (_request, reply) => {
      visit(`OPTIONS ${url}`)
      return reply.code(204).header('allow', allow).send()
    })
  }

  app.setNotFoundHandler((request) => {
    visit('unmatched')
    throw refusal(404, 'NOT_FOUND', `no endpoint ${request.method} ${request.url.split('?')[0] ?? ''}; GET / lists them`)
  })
  app.setErrorHandler((error: FastifyError, _request, reply) => void sendError(error, reply))
}

/** Answers with the error envelope. */
export function sendError(error: FastifyError, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500
  // RFC 9110 11.6.1: a 401 says how to do better.
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(status).send({ success: false, error: { code: readCode(error, status), message: error.message } })
}

/** The framework's own codes in the words of the API. */
function readCode({ code }: FastifyError, status: number): string {
  const words: Readonly<Record<number, string>> = { 400: 'BAD_REQUEST', 413: 'PAYLOAD_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' }
  return code && !code.startsWith('FST_') ? code : words[status] ?? 'INTERNAL_ERROR'
}

/** Takes a body of any type without keeping it; its value is the number of bytes. */
async function countBytes(_request: FastifyRequest, payload: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0
  for await (const chunk of payload) {
    bytes += chunk.length
    if (bytes > UPLOAD_LIMIT) throw refusal(413, 'PAYLOAD_TOO_LARGE', `an upload may have at most ${UPLOAD_LIMIT} bytes`)
  }
  return bytes
}

/** Pretended times in a database: from half to twice the typical one, three decimals. */
function createDbTimes(seed: number): (typicalMs: number) => number {
  const random = createRandom(seed + 1)
  return (typicalMs) => Math.round(typicalMs * 2 ** (2 * random() - 1) * 1_000) / 1_000
}

function methodsByUrl(routes: readonly Route[]): Map<string, string> {
  const allow = new Map<string, string>()
  for (const { method, url } of routes) {
    const methods = method === 'GET' ? 'GET, HEAD' : method
    allow.set(url, `${allow.get(url) ?? 'OPTIONS'}, ${methods}`)
  }
  return allow
}
