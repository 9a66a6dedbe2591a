import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import type { Resident } from '../../contract/resident.ts'
import { PAGES } from '../../contract/streams.ts'
import { VERSION } from '../../version.ts'
import { sendExposition } from './exposition.ts'
import { routerPath } from './route-rule.ts'

/** What pages tell of; `now` is monotonic milliseconds. */
interface Paged {
  readonly resident: Pick<Resident, 'exposition' | 'readiness'>
  readonly now: () => number
  readonly isEnding: () => boolean
}

/** Puts what is no question on its paths: expositions, probes, and the document of the contract. */
export function servePages(app: FastifyInstance, { resident, now, isEnding }: Paged): void {
  const since = now()
  const probe = (status: 'ok' | 'unavailable', reason: string | null): string => JSON.stringify({ status, version: VERSION, uptime: Math.floor((now() - since) / 1_000), ...(reason === null ? {} : { reason }) })
  let document: Promise<string> | undefined
  const handlers: { readonly [Name in keyof typeof PAGES]: RouteHandlerMethod } = {
    prometheus: (request, reply) => sendExposition(request, reply, resident),
    openapi: async (_request, reply) => {
      // Made when somebody wants it, for what writes schemas down is large.
      document ??= import('../../contract/openapi.ts').then(({ openApi }) => JSON.stringify(openApi(VERSION)))
      return reply.type(JSON_TYPE).send(await document)
    },
    live: (_request, reply) => reply.type(JSON_TYPE).send(probe('ok', null)),
    ready: (_request, reply) => {
      const { isReady, reason } = isEnding() ? { isReady: false, reason: 'this instance is about to end' } : resident.readiness()
      return reply.code(isReady ? 200 : 503).type(JSON_TYPE).send(probe(isReady ? 'ok' : 'unavailable', isReady ? null : reason))
    },
  }
  for (const name of Object.keys(PAGES) as (keyof typeof PAGES)[]) // The names of the table are its keys.
    for (const path of PAGES[name].paths) app.get(routerPath(path), { config: { served: { method: 'GET', path, role: PAGES[name].role, changes: false, takesFromAll: false } } }, handlers[name])
}

const JSON_TYPE = 'application/json; charset=utf-8'
