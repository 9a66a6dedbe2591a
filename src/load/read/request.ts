import type { RequestStep } from '../../model/plan.ts'
import { readCaptures } from './capture.ts'
import { mergeHeaders, readHeaders, texts, type StepContext } from './defaults.ts'
import { conflictingKeys, invalidTarget, invalidValue } from './errors.ts'
import { readExpectations, readMatches } from './expectation.ts'
import { durationOf, isYes } from './quantity.ts'
import type { Spot } from './spot.ts'
import type { WrittenRequest } from './step-schema.ts'

/** The methods a step can be named after. */
export const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const

/** A request as Artillery writes it. Throws UserError. */
export function readRequest(method: (typeof METHODS)[number], request: WrittenRequest, spot: Spot, context: StepContext): RequestStep {
  const verb = method.toUpperCase() as RequestStep['method']
  const url = readUrl(request.url, spot.at('url'))
  const headers = mergeHeaders(context.headers, readHeaders(request.headers, spot.at('headers')))
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  const gzip: Record<string, string> = isYes(request.gzip) && !named.has('accept-encoding') ? { 'accept-encoding': 'gzip' } : {}
  const expects = [...readExpectations(request.expect, spot.at('expect')), ...readMatches(request.match, spot.at('match'))]
  const expect200 = context.expect200 && !expects.some(({ kind }) => kind === 'status' || kind === 'notStatus')
  return {
    kind: 'request',
    name: request.name ?? requestName(verb, url),
    method: verb,
    url,
    query: request.qs ?? {},
    headers: { ...headers, ...gzip },
    cookies: { ...context.cookies, ...texts(request.cookie) },
    body: readBody(request, spot),
    ...(request.auth ? { auth: { user: String(request.auth.user), pass: String(request.auth.pass) } } : {}),
    captures: readCaptures(request.capture, spot.at('capture'), context.strictCapture),
    expects: expect200 ? [...expects, { kind: 'status', codes: [200], text: 'status is 200', where: spot.where() }] : expects,
    ...(request.ifTrue === undefined ? {} : { ifTrue: String(request.ifTrue) }),
    tags: texts(request.tags),
    ...(request.metric === undefined ? {} : { metric: timeMetric(request.metric, spot.at('metric'), context) }),
    ...(request.followRedirect === undefined ? {} : { followRedirects: isYes(request.followRedirect) }),
    ...(request.timeout === undefined ? {} : { timeoutMs: durationOf(request.timeout, spot.at('timeout'), 1_000, 'more') }),
    where: spot.keyWhere(),
  }
}

/** What a request's statistics are kept under when it has no name: method and path as written, without the query. */
export function requestName(method: string, url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return `${method} ${path === '' ? '/' : path}`
}

/** An address to send to: relative to the target, or http(s). Throws UserError `INVALID_TARGET`. */
export function readUrl(url: string, spot: Spot): string {
  const text = url.trim()
  if (text === '') throw invalidValue(spot, 'must name a path or an address', url)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined || text.startsWith('{{')) return text
  if (scheme !== 'http' && scheme !== 'https') throw invalidTarget('the url', text, 'is neither a path nor http(s)', 'write a path such as /api/health', spot.where())
  // A template may stand where the host or port will be; only a running user can tell.
  if (!text.includes('{{') && !URL.canParse(text)) throw invalidTarget('the url', text, 'cannot be read', 'write it like http://localhost:3000/health', spot.where())
  return text
}

function readBody(request: WrittenRequest, spot: Spot): RequestStep['body'] {
  const given = (['json', 'form', 'body'] as const).filter((key) => request[key] !== undefined)
  if (given.length > 1) throw conflictingKeys(spot, given, 'a request has one body')
  if (request.json !== undefined) return { kind: 'json', value: request.json }
  if (request.form !== undefined) return { kind: 'form', fields: request.form }
  return request.body === undefined ? { kind: 'none' } : { kind: 'text', text: request.body }
}

function timeMetric(name: string, spot: Spot, context: StepContext): string {
  const metric = context.metrics.need(name, spot.where())
  if (metric.kind !== 'trend' || !metric.fed) throw invalidValue(spot, 'must be a trend that the scenario declares or steps feed', name, 'declare it under "metrics", like db_time: trend')
  return metric.name
}
