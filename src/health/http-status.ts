import { STATUS_CODES } from 'node:http'
import { plain } from '../model/text.ts'
import type { HttpAnswer } from '../services/http.ts'
import type { Remark } from './remark.ts'

/** A status with its words: `404 Not Found`. */
export function showStatus(status: number): string {
  const words = STATUS_CODES[status]
  return words === undefined ? String(status) : `${status} ${words}`
}

/** Whether a status is one of those that are right: `200`, `2xx`. */
export function isStatusAmong(status: number, right: readonly (string | number)[]): boolean {
  return right.some((each) => (typeof each === 'number' ? each === status : Number(each[0]) === Math.floor(status / 100)))
}

const ADVICE: Readonly<Record<number, string>> = {
  400: 'see whether the request is what the service expects',
  401: 'it wants credentials: check the token, or the user and password, of this check',
  403: 'the credentials may not see it, or it is blocked: check them, and the rules of the server',
  404: 'check the path, and what is deployed there',
  405: 'it does not take this method: check method',
  407: 'a proxy stands between and wants credentials',
  429: 'too many requests: look less often, or see who else asks',
  500: 'see the log of the service: it failed at this request',
  502: 'the proxy answers, what stands behind it does not: see whether it runs',
  503: 'it is overloaded, in maintenance, or what stands behind it is down: see its log',
  504: 'the proxy waited for what stands behind it in vain: see what that is busy with',
}

// What nginx, Apache and Go say to a plain request on their TLS port.
const WANTS_TLS = /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server/i

/** What there is to say of a status that is not right. */
export function wrongStatus({ status, headers, body }: Pick<HttpAnswer, 'status' | 'headers' | 'body'>, right: readonly (string | number)[] = ['2xx'], /** Where it sends people, fit to be shown. */ location?: string): Remark {
  if (status === 400 && WANTS_TLS.test(body)) return { verdict: 'fail', text: 'answered 400 Bad Request: the port speaks TLS, and was asked without', recommendation: 'use https://' }
  const later = headers['retry-after']
  const wait = later === undefined ? '' : /^\d+$/.test(later) ? `, try again in ${later} s` : `, try again at ${plain(later, 40)}`
  const to = location === undefined ? '' : ` to ${location}`
  const wanted = right.length === 1 && right[0] === '2xx' ? '' : `, expected ${right.join(' or ')}`
  const advice = ADVICE[status] ?? (status >= 500 ? 'see the log of the service' : status >= 300 && status < 400 ? 'ask for the address it leads to, or let redirects be followed' : 'check the address, and what the service says in its log')
  return { verdict: 'fail', text: `answered ${showStatus(status)}${to}${wanted}${wait}`, recommendation: advice }
}
