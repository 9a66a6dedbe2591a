import { plain } from '../model/text.ts'
import { showBytes, showDuration } from '../model/unit.ts'
import { UserError } from '../model/error.ts'

const TOKEN_HINT = 'give a valid token with --token-file FILE or MEDIANEST_TOKEN'

/** The text of --url cannot be an instance's address. */
export function badAddress(url: string, problem: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `"${plain(url, 200)}" is no address of an instance: ${problem}`, hint: 'write it like http://nas:9464 or https://media.example.com/api/v1' })
}

/** The token cannot stand in a header. It is not shown. */
export function badToken(): UserError {
  return new UserError({ code: 'BAD_TOKEN', kind: 'usage', message: 'the token holds characters that cannot be sent in a header', hint: 'look for line breaks or quotes in the token\'s file' })
}

/** Nothing came back: refused, no route, no name, no time left, no TLS, broken off. */
export function unreachable(where: string, reason: string, hint?: string): UserError {
  return new UserError({ code: 'UNREACHABLE', kind: 'unreachable', message: `no instance answers at ${where}: ${reason}`, hint: hint ?? 'check the address, and that the instance is running' })
}

/** The instance took the request and did not answer in time. */
export function noAnswer(where: string, timeoutMs: number): UserError {
  return new UserError({ code: 'NO_ANSWER', kind: 'unreachable', message: `no answer from ${where} within ${showDuration(timeoutMs)}`, hint: 'it may be overloaded or hang; allow it more time with --timeout' })
}

/** The connection ended in the middle of an answer. */
export function brokenOff(where: string): UserError {
  return new UserError({ code: 'BROKEN_OFF', kind: 'unreachable', message: `the connection to ${where} broke off in the middle of an answer`, hint: 'the instance, or a proxy before it, may have restarted; try again' })
}

/** The instance does not know who asks, or does not let them. */
export function refused(where: string, status: number, hasToken: boolean, said: string): UserError {
  const what = status === 403 ? 'the token is not allowed to read this' : hasToken ? 'the token is wrong or has expired' : 'it wants a token'
  return new UserError({ code: status === 403 ? 'FORBIDDEN' : 'UNAUTHORIZED', kind: 'input', message: `${where} refused the request (${status}${said && `: ${said}`}): ${what}`, hint: status === 403 ? 'most figures are for administrators: take the token of one, with --token-file FILE' : TOKEN_HINT, details: { status } })
}

/** The instance has no such endpoint. */
export function notOffered(where: string, what: string, status: number): UserError {
  return new UserError({ code: 'NOT_OFFERED', kind: 'input', message: `this instance does not offer ${what} (${status} from ${where})`, hint: 'check that the address is that of an instance\'s API', details: { status } })
}

/** The instance asks for fewer requests. */
export function rateLimited(where: string, status: number, waitMs: number): UserError {
  return new UserError({ code: 'RATE_LIMITED', kind: 'unreachable', message: `${where} asks to wait ${showDuration(waitMs)} before the next request (${status}, too many requests)`, hint: 'ask less often with --interval', details: { status, waitMs } })
}

/** The instance failed. */
export function serverError(where: string, status: number, said: string): UserError {
  return new UserError({ code: 'SERVER_ERROR', kind: 'unreachable', message: `${where} answered ${status}${said && `: ${said}`}`, hint: `look into the instance's log; some instances answer so to a bad or expired token (${TOKEN_HINT})`, details: { status } })
}

/** What came is no JSON. */
export function notJson(where: string, status: number, came: string): UserError {
  return new UserError({ code: 'NOT_JSON', kind: 'input', message: `${where} answered ${status} with ${came} where JSON was expected`, hint: 'the address may be that of a web page or a proxy: name the API, such as http://nas:4000/api/v1', details: { status } })
}

/** What came is JSON of something else. */
export function notMetrics(where: string, keys: readonly string[]): UserError {
  return new UserError({ code: 'NOT_METRICS', kind: 'input', message: `${where} answered with JSON in which no known figure was found${keys.length ? ` (it has ${keys.slice(0, 6).map((key) => plain(key, 30)).join(', ')})` : ''}`, hint: 'check that the address is that of an instance\'s API' })
}

/** What came is JSON of something else than rows of users' metrics. */
export function notUserMetrics(where: string, keys: readonly string[]): UserError {
  return new UserError({ code: 'NOT_METRICS', kind: 'input', message: `${where} answered, but not with metrics of its users${keys.length ? ` (it has ${keys.slice(0, 6).map((key) => plain(key, 30)).join(', ')})` : ''}`, hint: 'check that the address is that of an instance\'s API' })
}

/** What came is JSON of something else than health. */
export function notHealth(where: string, keys: readonly string[]): UserError {
  return new UserError({ code: 'NOT_HEALTH', kind: 'input', message: `${where} answered, but not with a health${keys.length ? ` (it has ${keys.slice(0, 6).map((key) => plain(key, 30)).join(', ')})` : ''}`, hint: 'check that the address is that of an instance\'s API, or of its page of health' })
}

/** The instance does not say how it is; how it does may still be seen. `isOwnPage`: the address was that of a page of health itself. */
export function healthNotOffered({ where, status, url, isOwnPage }: { readonly where: string; readonly status: number; readonly url: string; readonly isOwnPage: boolean }): UserError {
  return new UserError({ code: 'NOT_OFFERED', kind: 'input', message: `this instance does not offer health (${status} from ${where})`, hint: `${isOwnPage ? '' : 'where its health is on another page, name that: an address that ends in /health, or in the name of a file, is asked as it is; '}what it measures may be had with: medianest-perf metrics --url ${plain(url, 200)}`, details: { status } })
}

/** What came is larger than an answer can be. */
export function tooLarge(where: string, limit: number): UserError {
  return new UserError({ code: 'TOO_LARGE', kind: 'input', message: `${where} answered with more than ${showBytes(limit)}; the rest was not read`, hint: 'check that the address is that of an instance\'s API' })
}

/** The instance sends elsewhere, where the token must not go. */
export function redirectedElsewhere(where: string, target: string): UserError {
  return new UserError({ code: 'REDIRECTED', kind: 'input', message: `${where} redirects to ${plain(target, 200)}, which is another server; it was not followed`, hint: 'if you trust it, name that address with --url' })
}

/** The instance sends in a circle. */
export function redirectedTooOften(where: string): UserError {
  return new UserError({ code: 'REDIRECTED', kind: 'unreachable', message: `${where} redirects again and again`, hint: 'check the address of the instance' })
}
