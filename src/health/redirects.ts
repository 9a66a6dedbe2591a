import type { HttpAnswer } from '../services/http.ts'
import type { Remark } from './remark.ts'
import type { Send } from './web-client.ts'
import { showUrl } from './web-address.ts'

/** Which redirects are followed. */
export type RedirectPolicy = 'follow' | 'same-host' | 'none'

/** A request and the answers on the way to the last. */
export interface Journey {
  readonly answer: HttpAnswer
  /** Where the last answer came from. */
  readonly url: URL
  /** The addresses it led through, fit to be shown. */
  readonly redirects: readonly string[]
  /** All answers together, milliseconds. */
  readonly totalMs: number
  /** Of the certificate that ends first on the way. */
  readonly certificateEndsAt: number | null
  /** Why it went no further, where it should have. */
  readonly end: Remark | null
}

interface Leg {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

const MOST_REDIRECTS = 5
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Headers that tell a stranger nothing. */
const HARMLESS: ReadonlySet<string> = new Set(['accept', 'accept-language', 'accept-encoding', 'user-agent', 'cache-control'])

/** Sends a request and goes where it leads. Credentials stay with the host they are for. Throws what `send` throws. */
export async function follow(send: Send, first: Leg & { readonly maxBodyBytes: number }, policy: RedirectPolicy): Promise<Journey> {
  const redirects: string[] = []
  const seen = new Set([first.url.href])
  let leg: Leg = first
  let totalMs = 0
  let certificateEndsAt: number | null = null
  for (;;) {
    const answer = await send({ ...leg, maxBodyBytes: first.maxBodyBytes })
    totalMs += answer.phases.total
    certificateEndsAt = earlier(certificateEndsAt, answer.certificateEndsAt)
    const journey = { answer, url: leg.url, redirects, totalMs, certificateEndsAt }
    const target = policy === 'none' ? undefined : targetOf(answer, leg.url)
    if (target === undefined) return { ...journey, end: null }
    const shown = showUrl(target)
    const end = whyNot(target, leg.url, policy) ?? (seen.has(target.href) ? stop(`redirects in a circle: ${[...redirects, shown].join(' > ')}`, 'see the rules for redirects of the server, and those of the proxy in front of it') : redirects.length >= MOST_REDIRECTS ? stop(`leads through more than ${MOST_REDIRECTS} redirects, at last to ${shown}`, 'ask for the address where they end') : null)
    if (end) return { ...journey, end }
    redirects.push(shown)
    seen.add(target.href)
    leg = next(leg, target, answer.status)
  }
}

/** Where an answer leads, as far as it can be read; undefined where it leads nowhere. */
export function targetOf({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>, from: URL): URL | undefined {
  const location = headers['location']
  return location !== undefined && REDIRECTS.has(status) && URL.canParse(location, from.href) ? new URL(location, from) : undefined
}

function stop(text: string, recommendation: string): Remark {
  return { verdict: 'fail', text, recommendation }
}

function whyNot(target: URL, from: URL, policy: RedirectPolicy): Remark | null {
  if (target.protocol !== 'http:' && target.protocol !== 'https:') return stop('redirects to something that is not http', 'see the rules for redirects of the server')
  if (policy === 'same-host' && target.hostname !== from.hostname) return stop(`redirects to another host (${showUrl(target)})`, 'ask for that address, or set redirects: follow')
  return null
}

function next(leg: Leg, target: URL, status: number): Leg {
  const headers = isSameServer(leg.url, target) ? leg.headers : Object.fromEntries(Object.entries(leg.headers).filter(([name]) => HARMLESS.has(name.toLowerCase())))
  const becomesGet = leg.method === 'POST' && status !== 307 && status !== 308
  if (!becomesGet) return { ...leg, url: target, headers }
  return { url: target, method: 'GET', headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('content-'))) }
}

/** The same origin, or the same host when it only asks for TLS on the usual port. */
function isSameServer(from: URL, to: URL): boolean {
  return from.origin === to.origin || (from.hostname === to.hostname && from.protocol === 'http:' && from.port === '' && to.protocol === 'https:' && to.port === '')
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b)
}
