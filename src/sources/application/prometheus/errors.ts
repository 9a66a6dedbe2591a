import { UserError } from '../../../model/error.ts'
import { plain } from '../../../model/text.ts'
import { showBytes } from '../../../model/unit.ts'
import type { ExpositionProblem } from './exposition.ts'

/** The endpoint answers with another status than 200; `location` is where it would lead, fit to be shown. */
export function wrongStatus(address: string, status: number, hasToken: boolean, location: string | undefined): UserError {
  const to = location === undefined ? '' : ` to ${location}`
  return new UserError({ code: 'NO_METRICS', kind: status >= 500 ? 'unreachable' : 'input', message: `${address} answers ${status}${to} instead of metrics`, hint: hintOf(status, hasToken) })
}

function hintOf(status: number, hasToken: boolean): string {
  if (status === 401 || status === 403) return hasToken ? 'it does not take the credentials of this source: check them, and whether a token has expired' : 'it wants credentials: set token (a file or a variable) of this source, or allow this machine there'
  if (status >= 300 && status < 400) return 'redirects are not followed, so that no token goes elsewhere: set url to the address it leads to'
  if (status === 404) return 'check the path of url; most applications have their metrics at /metrics'
  if (status === 429) return 'set a longer interval, or see who else asks'
  return status >= 500 ? 'see the log of the application' : 'check the url of this source'
}

/** What comes is a page, or JSON. */
export function notMetrics(address: string, what: string): UserError {
  return new UserError({ code: 'NO_METRICS', kind: 'input', message: `${address} answers with ${what} instead of metrics`, hint: 'set url to where the application exposes metrics for Prometheus, often /metrics; a page may be a login, or what a web application shows for every path' })
}

/** It is larger than what is read. */
export function tooMuch(address: string, bytes: number): UserError {
  return new UserError({ code: 'METRICS_TOO_LARGE', kind: 'input', message: `${address} exposes more than ${showBytes(bytes)}, which is not read`, hint: 'some label has too many values, perhaps a path with an identifier: label by route instead' })
}

/** It is no text that Prometheus would read. */
export function brokenMetrics(address: string, { line, reason }: ExpositionProblem): UserError {
  return new UserError({ code: 'BROKEN_METRICS', kind: 'input', message: `the metrics of ${address} cannot be read: line ${line} ${plain(reason, 200)}`, hint: 'see what promtool check metrics says of them', details: { line } })
}

/** Nothing in it is known. */
export function nothingKnown(address: string, names: readonly string[], wanted: readonly string[]): UserError {
  const seen = names.length === 0 ? 'it is empty' : `it has ${names.slice(0, 5).map((name) => plain(name, 80)).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
  const what = wanted.length === 0 ? 'no family that is known here' : `no family ${wanted.map((name) => plain(name, 80)).join(' or ')}`
  return new UserError({
    code: 'UNKNOWN_FAMILIES', kind: 'input', message: `${address} exposes ${what}: ${seen}`,
    hint: wanted.length === 0 ? 'name yours: families: {requests: ..., duration: ...} of this source, and labels where they have other names than method, route and status' : 'check families of this source; a family without labels may not be there before the first request',
    details: { families: names.slice(0, 50).map((name) => plain(name, 80)) },
  })
}

/** Each look is answered by another process, so that no count can be told from another. */
export function processesInTurn(address: string): UserError {
  return new UserError({ code: 'PROCESSES_IN_TURN', kind: 'input', message: `several processes answer at ${address} in turn, each with counts of its own`, hint: 'give each process a source with an address of its own, or let one answer for all (prom-client: AggregatorRegistry)' })
}
