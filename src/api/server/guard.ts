import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Resident } from '../../contract/resident.ts'
import { ApiError } from '../../contract/error-code.ts'
import type { AuditLog } from './audit-log.ts'
import { expectSameSite } from './cross-site.ts'
import { networkOf } from './failed-attempts.ts'
import { expectHost, expectOneHost } from './host-name.ts'
import { identify, stranger, type Doorman } from './identity.ts'
import { expectPermission } from './permission.ts'
import { rateLimited, unknownRouteOf } from './refusals.ts'
import type { ServedRoute } from './route-rule.ts'
import { hasAuthentication, type ServerSettings } from './settings.ts'
import { beginVisit, visitOf, type Visit } from './visit.ts'

/** What stands before the routes. */
export interface Guard {
  readonly settings: ServerSettings
  readonly world: { readonly now: () => number; readonly log: AuditLog }
  readonly resident: Pick<Resident, 'noteAnswer'>
  readonly door: Doorman
  readonly isEnding: () => boolean
}

/** Puts a guard before every route: who asks is found out first, then requests are counted, then it is said who may not, all before a body is read. */
export function guardRoutes(app: FastifyInstance, { settings, world, resident, door, isEnding }: Guard): void {
  const isOpen = !hasAuthentication(settings)
  const names = { bound: settings.host, allowed: settings.allowedHosts, hasAuthentication: !isOpen }

  app.addHook('onRequest', async (request, reply) => {
    const visit = beginVisit(request, world.now())
    reply.raw.once('close', () => noteEnd(request, visit, reply.raw.statusCode, !reply.raw.writableFinished))
    if (isEnding()) void reply.header('connection', 'close')
    void reply.header('cache-control', 'no-store')
    const served = servedOf(request)
    expectOneHost(request.raw)
    expectHost(request.headers.host, request.socket.localAddress, names)
    expectSameSite(request.headers, { changes: served?.changes ?? !['GET', 'HEAD'].includes(request.method), isOpen, origins: settings.origins })
    if (isOpen) expectNoProxy(request, settings)
    try {
      find(request, visit, served)
    } catch (error) {
      // Told after this request was counted: those who are refused are counted hardest.
      visit.refusal = error
    }
  })

  // The limiter stands at each route by itself; what is no route has none.
  const limit = app.hasDecorator('createRateLimit') ? app.createRateLimit() : null

  app.addHook('preParsing', async (request) => {
    if (request.is404) {
      const counted = await limit?.(request)
      throw counted?.isAllowed === false && counted.isExceeded ? rateLimited(counted.ttl) : unknownRouteOf(request)
    }
    const visit = visitOf(request)
    if (visit && visit.refusal !== null) throw visit.refusal as Error // Nothing but errors is thrown by find.
    const served = servedOf(request)
    if (visit?.caller && served) expectPermission(visit.caller, served)
  })

  function find(request: FastifyRequest, visit: Visit, served: ServedRoute | undefined): void {
    const { headers, ip } = request
    const isFree = served === undefined || served.role === 'public' || (served.takesFromAll && settings.takesFromAll && headers.authorization === undefined)
    if (isFree) {
      visit.caller = stranger(headers, ip)
      visit.key = `public:${networkOf(ip)}`
      visit.weight = served === undefined ? 'refused' : 'public'
      return
    }
    visit.key = `refused:${networkOf(ip)}`
    const { caller, key, expiresAt } = identify(headers, ip, door)
    visit.caller = caller
    visit.key = key
    visit.weight = caller.role
    visit.expiresAt = expiresAt
  }

  function noteEnd(request: FastifyRequest, visit: Visit, status: number, aborted: boolean): void {
    const ms = world.now() - visit.since
    const served = servedOf(request)
    if (!visit.isStream) resident.noteAnswer({ method: request.method, route: served?.path ?? 'unknown', status, seconds: ms / 1_000 })
    const known = visit.weight === 'refused' || visit.weight === 'public' ? null : visit.caller
    const line = { who: known?.id ?? null, role: known?.role ?? null, address: visit.address, method: request.method, target: request.url, status, code: visit.code, ms, aborted }
    if (status >= 400 && status !== 404) world.log.refusal(line)
    else if (served?.changes) world.log.change(line)
    else world.log.answer(line)
  }
}

function servedOf(request: FastifyRequest): ServedRoute | undefined {
  return request.is404 ? undefined : request.routeOptions.config.served
}

const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto', 'via'] as const

/** Whoever is on this machine needs no token; whoever a proxy brings here is not on this machine. */
function expectNoProxy({ headers }: FastifyRequest, { trustProxy }: ServerSettings): void {
  const header = FORWARDED.find((name) => headers[name] !== undefined)
  if (header === undefined || trustProxy.length > 0) return
  throw new ApiError('FORBIDDEN', `this came through a proxy (${header}), and only programs on this machine are let in without a token: set serve.tokens, or serve.trustProxy where the proxy itself asks who it is`, { details: { header } })
}
