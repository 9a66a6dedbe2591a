import { ERROR_CODES, type ErrorCode } from '../contract/error-code.ts'
import type { UserError } from '../model/error.ts'
import { bodies, complaintOf, isBody, textOf, under } from './body.ts'
import { documentedError, notJson, notOffered, rateLimited, refused, serverError } from './errors.ts'
import { readRetryAfter } from './rate-limit.ts'
import type { Answer } from './answer-text.ts'

/** What is known of a question that an instance did not answer. */
export interface Asked {
  readonly method: string
  readonly endpoint: string
  readonly hasToken: boolean
  /** Takes the token out of a text. */
  readonly hide: (text: string) => string
  /** How long the instance wants to be left alone, milliseconds. */
  readonly waitMs: number
  readonly wallTime: number
  /** What came where it is no JSON, in a few words. */
  readonly came: string
}

const NOT_THERE = new Set([404, 405, 406, 410, 501])
const NAMES: Readonly<Record<string, string>> = {
  'metrics/real-time': 'a live stream of metrics', application: 'application metrics', me: 'metrics of its users', optimize: 'optimizations', 'load-test': 'load tests', resources: 'processes and connections', summary: 'a summary',
  recommendations: 'recommendations', report: 'a report', insights: 'insights', sources: 'its sources', performance: 'measurements of browsers to be sent to it',
}
/** What may be asked for by an id, of which a missing one is told from a missing endpoint by nothing but words. */
const BY_ID = /(?:^|\/)(optimize|load-test)\/([^/?]+)(\/(?:stream|results))?$/

/** What servers say of a path that nothing stands at. */
const NO_ROUTE = /\b(endpoint|route|path|page) not found\b|^cannot (get|post|delete) /i

/** What people call what an endpoint tells. */
export function nameOf(endpoint: string): string {
  const last = /([^/]+)\/?$/.exec(endpoint)?.[1] ?? endpoint
  return NAMES[endpoint] ?? NAMES[last] ?? last
}

/** What a status that is none of an answer means; undefined for one that is. The body, where it is JSON, says why. */
export function complaint({ where, status, headers }: Pick<Answer, 'where' | 'status' | 'headers'>, body: unknown, asked: Asked): UserError | undefined {
  const { method, endpoint, hasToken, hide, waitMs, wallTime, came } = asked
  const said = hide(complaintOf(body))
  if (status === 401 || status === 403) return refused({ where, status, said, hasToken, changes: method !== 'GET', setting: textOf(under(body, 'error', 'details', 'setting'), 80) })
  const code = codeOf(body)
  const retryMs = Math.max(waitMs, readRetryAfter(headers, wallTime) ?? 0, retryAfterOf(body))
  if (status === 429) return rateLimited(where, status, retryMs, said)
  // A critical instance answers 503 with the very figures that say so.
  const isData = status === 503 && method === 'GET' && isBody(body) && !('error' in body) && body['success'] !== false
  const hasFailed = status >= 400 ? !isData : isBody(body) && body['success'] === false
  if (!hasFailed) return undefined
  if (status === 404 && BY_ID.test(endpoint) && !NO_ROUTE.test(said)) return documentedError({ where, status, code: 'NOT_FOUND', said: said || 'there is nothing of that name', retryMs: 0, fields: [] })
  if (NOT_THERE.has(status)) return notOffered(where, nameOf(endpoint), status, status === 501 ? said : '')
  if (code !== null && code !== 'INTERNAL_ERROR') return documentedError({ where, status, code, said, retryMs, fields: fieldsOf(body, hide) })
  if ([502, 503, 504].includes(status) && retryMs > 0) return rateLimited(where, status, retryMs, said)
  if (status === 400 && body === undefined) return notJson(where, status, came)
  if (status === 400 || status === 413 || status === 415 || status === 422 || status === 409) return documentedError({ where, status, code: status === 409 ? 'CONFLICT' : status === 413 ? 'PAYLOAD_TOO_LARGE' : 'VALIDATION_ERROR', said, retryMs: 0, fields: fieldsOf(body, hide) })
  return serverError(where, status, said || (body === undefined ? came : ''), hasToken && /jwt|token|signature|expired|unauthori[sz]ed|authenticat/i.test(said))
}

/** The documented code an error names; null for none or another. */
function codeOf(body: unknown): ErrorCode | null {
  const code = textOf(under(body, 'error', 'code') ?? under(body, 'code'), 60)
  return Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : null // The line above has found it among them.
}

/** Seconds in the body, as documented; 0 where it says nothing. */
function retryAfterOf(body: unknown): number {
  const seconds = [under(body, 'error', 'details', 'retryAfter'), under(body, 'error', 'retryAfter'), under(body, 'retryAfter')].find((each) => typeof each === 'number' && each > 0 && each <= 3_600)
  return typeof seconds === 'number' ? seconds * 1_000 : 0
}

/** The fields that were not taken, with why. */
function fieldsOf(body: unknown, hide: (text: string) => string): string[] {
  return bodies(under(body, 'error', 'details', 'issues') ?? under(body, 'error', 'details', 'errors') ?? under(body, 'errors'), 20).flatMap((issue) => {
    const [field, message] = [textOf(issue['field'] ?? issue['path'], 80), textOf(issue['message'] ?? issue['msg'], 160)]
    return message === '' ? [] : [hide(field === '' ? message : `${field}: ${message}`)]
  })
}
