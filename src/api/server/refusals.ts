import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { ApiError } from '../../contract/error-code.ts'
import { bugError, toldOf, unknownRoute } from './api-errors.ts'
import { refused } from './answer-text.ts'
import type { AuditLog } from './audit-log.ts'
import { methodsOf } from './route-rule.ts'
import { visitOf } from './visit.ts'

/** Where errors become answers; nothing of the framework's own words is in them. */
export const tellErrors = {
  /** Answers all that goes wrong within. */
  install(app: FastifyInstance, world: { readonly log: AuditLog }): void {
    app.setErrorHandler((error: FastifyError, request, reply) => tellErrors.send(error, request, reply, world))
    app.setNotFoundHandler((request) => {
      throw unknownRouteOf(request)
    })
  },

  /** Answers with the envelope of errors. */
  send(error: unknown, request: FastifyRequest, reply: FastifyReply, { log }: { readonly log: AuditLog }): void {
    const told = toldOf(error) ?? bugOf(error, log)
    const visit = visitOf(request)
    if (visit) visit.code = told.code
    const { retryAfter, allow } = told.details
    if (typeof retryAfter === 'number') void reply.header('retry-after', String(Math.ceil(retryAfter)))
    if (Array.isArray(allow)) void reply.header('allow', allow.join(', '))
    // RFC 6750 3.
    if (told.statusCode === 401) void reply.header('www-authenticate', 'Bearer realm="medianest-perf"')
    // What is left of a body that is not read must not be taken for the next request.
    if (told.statusCode === 413 || request.raw.readableEnded === false && request.raw.headers['content-length'] !== undefined) void reply.header('connection', 'close')
    void reply.code(told.statusCode).type('application/json; charset=utf-8').header('cache-control', 'no-store').header('x-content-type-options', 'nosniff').send(refused(told))
  },
}

/** The error of a request that no route is for. */
export function unknownRouteOf(request: FastifyRequest): ApiError {
  const [path = '/'] = request.url.split('?')
  return unknownRoute(request.method, path, methodsOf(path))
}

/** More was asked than is allowed; milliseconds until it is again. */
export function rateLimited(waitMs: number): ApiError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1_000))
  return new ApiError('RATE_LIMITED', `more was asked than is allowed: ask again in ${retryAfter} s`, { details: { retryAfter } })
}

function bugOf(error: unknown, log: AuditLog): ApiError {
  const id = randomUUID()
  log.bug(id, error)
  return bugError(id)
}
