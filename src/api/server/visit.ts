import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../contract/instance.ts'
import type { Weight } from './request-limit.ts'

/** What is known of one request while it is answered. */
export interface Visit {
  /** Monotonic milliseconds. */
  readonly since: number
  readonly address: string
  /** Null until it is known, and where it need not be. */
  caller: Caller | null
  /** What requests are counted by, and as what. */
  key: string
  weight: Weight
  /** Why nobody is let in; told once requests were counted. */
  refusal: unknown
  /** When what was shown is worth nothing any more, milliseconds since 1970. */
  expiresAt: number | null
  /** Of the error that was answered. */
  code: string | null
  isStream: boolean
}

const visits = new WeakMap<FastifyRequest['raw'], Visit>()

/** Begins a visit. */
export function beginVisit(request: FastifyRequest, since: number): Visit {
  const visit: Visit = { since, address: request.ip, caller: null, key: `refused:${request.ip}`, weight: 'refused', refusal: null, expiresAt: null, code: null, isStream: false }
  visits.set(request.raw, visit)
  return visit
}

/** The visit of a request; undefined for one that came no further than the parser. */
export function visitOf(request: FastifyRequest): Visit | undefined {
  return visits.get(request.raw)
}

/** Who asks. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = visitOf(request)?.caller
  if (!caller) throw new Error('a route that asks who it is was open to all')
  return caller
}
