import { plain } from '../model/text.ts'
import { showBytes, showDuration } from '../model/unit.ts'
import { ERROR_CODES, type ErrorCode } from '../contract/error-code.ts'
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
export function unreachable(where: string, reason: string, { hint = 'check the address, and that the instance is running', wasRefused = false }: { readonly hint?: string; /** No connection was made, which may pass. */ readonly wasRefused?: boolean } = {}): UserError {
  return new UserError({ code: 'UNREACHABLE', kind: 'unreachable', message: `no instance answers at ${where}: ${reason}`, hint, details: wasRefused ? { wasRefused } : {} })
}

/** The instance took the request and did not answer in time. */
export function noAnswer(where: string, timeoutMs: number): UserError {
  return new UserError({ code: 'NO_ANSWER', kind: 'unreachable', message: `no answer from ${where} within ${showDuration(timeoutMs)}`, hint: 'it may be overloaded or hang; allow it more time with --timeout' })
}

/** The connection ended in the middle of an answer. */
export function brokenOff(where: string): UserError {
  return new UserError({ code: 'BROKEN_OFF', kind: 'unreachable', message: `the connection to ${where} broke off in the middle of an answer`, hint: 'the instance, or a proxy before it, may have restarted; try again' })
}

/** The instance does not know who asks, or does not let them; `setting` is the one of its configuration that forbids it. */
export function refused({ where, status, said, hasToken, changes, setting }: { readonly where: string; readonly status: number; readonly said: string; readonly hasToken: boolean; readonly changes: boolean; readonly setting: string }): UserError {
  const is403 = status === 403
  // "Forbidden" and its like tell no reason.
  const isReason = is403 && said.split(/\s+/).length >= 4
  const guess = is403 ? `the token is not allowed to ${changes ? 'do' : 'read'} this` : hasToken ? 'the token is wrong or has expired' : 'it wants a token'
  const what = isReason ? said : `${guess}${said && ` ("${said}")`}`
  const forAdmins = `${changes ? 'what changes something is' : 'most figures are'} for administrators: take the token of one, with --token-file FILE`
  const isAboutWho = !isReason || /\b(role|roles|admin\w*|permi\w+|token|scope|forbidden|access|denied|unauthori[sz]ed|privilege\w*)\b/i.test(said)
  const hint = is403 ? (setting !== '' ? `that is up to ${setting} in the configuration of the instance` : isAboutWho ? forAdmins : 'what it says is up to its configuration: ask whoever looks after it') : TOKEN_HINT
  return new UserError({ code: is403 ? 'FORBIDDEN' : 'UNAUTHORIZED', kind: 'input', message: `${where} refused the request (${status}): ${what}`, hint, details: { status, ...(setting === '' ? {} : { setting }) } })
}

/** An error in the words of the documentation; `fields` are those of a question that were not taken. */
export function documentedError({ where, status, code, said, retryMs, fields }: { readonly where: string; readonly status: number; readonly code: ErrorCode; readonly said: string; readonly retryMs: number; readonly fields: readonly string[] }): UserError {
  const { about, retry } = ERROR_CODES[code]
  const isBusy = ERROR_CODES[code].status === 503 || code === 'RATE_LIMITED'
  const reasons = fields.filter((field) => !said.includes(field))
  return new UserError({
    code, kind: isBusy || code === 'OPTIMIZATION_FAILED' ? 'unreachable' : 'input',
    message: `${where} answered ${status} ${code}: ${[said || about, ...reasons.slice(0, 5)].join('; ')}`,
    hint: retry ? (retryMs > 0 ? `ask again in ${showDuration(retryMs)}: ${about}` : `ask again in a while: ${about}`) : code === 'VALIDATION_ERROR' && said === '' && reasons.length === 0 ? 'it does not say what it wants; an instance of another version may want something else' : HINTS[code] ?? about,
    details: { status, ...(retryMs > 0 ? { retryAfter: retryMs / 1_000 } : {}), ...(fields.length > 0 ? { fields } : {}) },
  })
}

const HINTS: Partial<Readonly<Record<ErrorCode, string>>> = {
  VALIDATION_ERROR: 'change what it names',
  OPTIMIZATION_FAILED: 'the log of the instance says more; see what was done before you try again',
  CONFLICT: 'see what the instance is doing now, and ask again when that has ended',
  NOT_FOUND: 'check the name; instances forget what was long ago, and at a restart',
}

/** What came is JSON, but not what the documentation has for this question. */
export function notDocumented(where: string, what: string, problems: readonly string[]): UserError {
  return new UserError({ code: 'NOT_UNDERSTOOD', kind: 'input', message: `${where} answered, but not with ${what} in a shape that is known${problems.length > 0 ? ` (${problems.slice(0, 3).map((each) => plain(each, 100)).join('; ')})` : ''}`, hint: 'check that the address is that of an instance\'s API; it may be of another version' })
}

/** It is not known whether the instance has done what it was told. */
export function maybeDone(error: UserError, method: string): UserError {
  return new UserError({ code: error.code, kind: error.kind, message: `${error.message}; whether it has done what it was told is not known`, hint: `the ${method} was not sent a second time: see what the instance is doing before you do`, details: { ...error.details, isSent: true } })
}

/** The instance sends something that changes it elsewhere. */
export function redirectedChange(where: string, method: string, target: string): UserError {
  return new UserError({ code: 'REDIRECTED', kind: 'input', message: `${where} redirects a ${method} to ${plain(target, 200)}; it was not followed`, hint: 'what changes an instance is sent once, to the address that was named: name the right one with --url' })
}

/** The instance has no such endpoint, or says that it does no such thing. */
export function notOffered(where: string, what: string, status: number, said = ''): UserError {
  return new UserError({ code: 'NOT_OFFERED', kind: 'input', message: `this instance does not offer ${what} (${status} from ${where})${said && `: ${said}`}`, hint: said === '' ? 'check that the address is that of an instance\'s API' : undefined, details: { status } })
}

/** The instance wants to be left alone for a while, and may say why. */
export function rateLimited(where: string, status: number, waitMs: number, said = ''): UserError {
  const why = `${status === 429 ? ', too many requests' : ''}${said && `: ${said}`}`
  const again = `ask again ${waitMs > 0 ? `in ${showDuration(waitMs)}` : 'in a while'}`
  const hint = /\btokens?\b/i.test(said) ? `${again}, and ${TOKEN_HINT}` : `${again}; what asks again and again may do so less often, with --interval`
  return new UserError({ code: 'RATE_LIMITED', kind: 'unreachable', message: `${where} asks to wait ${showDuration(waitMs)} before the next request (${status}${why})`, hint, details: { status, waitMs } })
}

/** The instance failed. */
export function serverError(where: string, status: number, said: string, isAboutToken = false): UserError {
  if ([502, 503, 504].includes(status) && !isAboutToken) return new UserError({ code: 'SERVER_ERROR', kind: 'unreachable', message: `${where} answered ${status}${said && `: ${said}`}`, hint: 'see that the instance runs: a proxy before it answers so when it does not, or takes too long', details: { status } })
  return new UserError({ code: 'SERVER_ERROR', kind: 'unreachable', message: `${where} answered ${status}${said && `: ${said}`}${isAboutToken ? ' (the token is probably wrong or has expired)' : ''}`, hint: `look into the instance's log; some instances answer so to a bad or expired token (${TOKEN_HINT})`, details: { status } })
}

/** What came is no JSON. */
export function notJson(where: string, status: number, came: string): UserError {
  // So say nginx, Go and Apache.
  const wantsTls = where.startsWith('http:') && /plain http request|http request to an https server|speaking plain http/i.test(came)
  return new UserError({ code: 'NOT_JSON', kind: 'input', message: `${where} answered ${status} with ${came} where JSON was expected`, hint: wantsTls ? 'it speaks TLS: write https:// instead of http://' : 'the address may be that of a web page or a proxy: name the API, such as http://nas:4000/api/v1', details: { status } })
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
  const isSameHost = URL.canParse(target) && new URL(target).hostname === new URL(where).hostname
  const what = !isSameHost ? 'which is another server' : target.startsWith('https:') ? 'the same host over TLS' : 'the same host at another port'
  return new UserError({ code: 'REDIRECTED', kind: 'input', message: `${where} redirects to ${plain(target, 200)}, ${what}; it was not followed, for a token goes only where it was told to`, hint: `${isSameHost ? '' : 'if you trust it, '}name that address with --url` })
}

/** The instance sends in a circle. */
export function redirectedTooOften(where: string): UserError {
  return new UserError({ code: 'REDIRECTED', kind: 'unreachable', message: `${where} redirects again and again`, hint: 'check the address of the instance' })
}
