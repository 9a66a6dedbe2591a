import { Agent } from 'undici'
import { nodeLookup } from '../services/node-lookup.ts'
import { VERSION } from '../version.ts'
import { UserError } from '../model/error.ts'
import { type Address, readAddress } from './address.ts'
import { type Answer, discard, parsed, pictureOf, readText } from './answer-text.ts'
import { complaint, nameOf } from './complaint.ts'
import { badToken, maybeDone, noAnswer, notJson, notOffered, redirectedChange, redirectedElsewhere, redirectedTooOften } from './errors.ts'
import { headerOf, type Limiter, openLimiter } from './rate-limit.ts'
import { transportProblem } from './transport-problem.ts'

/** How an instance is reached. */
export interface ClientOptions {
  readonly url: string
  readonly token: string | null
  /** For a whole exchange, milliseconds; of a stream, for its beginning. */
  readonly timeoutMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Milliseconds since 1970. */
  readonly wallTime: () => number
  /** Takes any certificate. */
  readonly insecure?: boolean | undefined
}

/** A stream of bytes that has begun. */
export interface ByteStream {
  readonly chunks: AsyncIterable<Uint8Array>
  close(): void
}

type Query = Readonly<Record<string, string>>

/** One exchange with an instance. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the performance API, or an absolute address of the same server. */
  readonly endpoint: string
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  /** Longest wait, milliseconds; that of the client where it is left out. */
  readonly timeoutMs?: number | undefined
  /** Tells of a body with an error's status that it is an answer all the same. */
  readonly isAnswer?: ((status: number, body: unknown) => boolean) | undefined
}

/** Talks with an instance: every exchange happens once. */
export interface Client {
  readonly address: Address
  readonly limiter: Limiter
  /** The JSON an endpoint answers with; undefined for a change that is answered with nothing. Throws UserError: unreachable, refused, not offered, limited, a documented error, no JSON. */
  send(exchange: Exchange): Promise<unknown>
  /** Reads, as `send` does. */
  get(endpoint: string, query: Query, signal?: AbortSignal, isAnswer?: Exchange['isAnswer']): Promise<unknown>
  /** Begins an event stream. Throws as `get`; `NOT_OFFERED` where something else than a stream comes. */
  open(endpoint: string, query: Query, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ByteStream>
  /** Takes out of a text what nobody may see: the token. */
  readonly hide: (text: string) => string
  close(): Promise<void>
}

/** A connection that was not accepted after so long never will be, however long an answer may take. */
const CONNECT_MS = 10_000
const MOST_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** A shorter token may be part of any word. */
const LEAST_SECRET = 6

/** A client of one instance. Throws UserError for an address or token that cannot be used. */
export function openClient({ url, token, timeoutMs, now, wallTime, insecure = false }: ClientOptions): Client {
  const address = readAddress(url)
  const secret = token?.trim() || null
  if (secret !== null && !/^[\x21-\x7e]+$/.test(secret)) throw badToken()
  const limiter = openLimiter(now, wallTime)
  // A little less than there is for all, so that it is said what the time was spent on.
  const lookup = nodeLookup(() => AbortSignal.timeout(timeoutMs * 0.9))
  const agent = new Agent({ connect: { timeout: Math.min(timeoutMs, CONNECT_MS), rejectUnauthorized: !insecure, lookup }, headersTimeout: 0, bodyTimeout: 0, connections: 6, maxHeaderSize: 65_536 })
  // Some servers repeat in their complaints what they were sent.
  const hide = (text: string): string => (secret === null || secret.length < LEAST_SECRET ? text : text.replaceAll(secret, '***'))

  async function exchange({ method, endpoint, query = {}, body }: Exchange, headers: Query, signal: AbortSignal): Promise<Answer> {
    const content = body === undefined ? {} : { 'content-type': 'application/json' }
    let target = new URL(endpoint, address.base)
    for (const [key, value] of Object.entries(query)) target.searchParams.set(key, value)
    for (let hops = 0; ; hops++) {
      const where = `${target.origin}${target.pathname}`
      const authorization = secret === null ? {} : { authorization: `Bearer ${secret}` }
      const answer = await agent.request({ origin: target.origin, path: `${target.pathname}${target.search}`, method, headers: { 'user-agent': `medianest-perf/${VERSION}`, ...authorization, ...content, ...headers }, body: body === undefined ? null : JSON.stringify(body), signal })
      limiter.note(answer.statusCode, answer.headers)
      const location = headerOf(answer.headers, 'location')
      if (!REDIRECTS.has(answer.statusCode) || location === undefined) return { where, status: answer.statusCode, headers: answer.headers, body: answer.body }
      discard(answer.body)
      const next = URL.canParse(location, target.href) ? new URL(location, target) : null
      if (next?.origin !== target.origin) throw redirectedElsewhere(where, hide(next?.origin ?? location))
      if (method !== 'GET') throw redirectedChange(where, method, hide(next.pathname))
      if (hops === MOST_REDIRECTS) throw redirectedTooOften(where)
      target = next
    }
  }

  /** Runs an exchange within its time, and says of every failure what it means. */
  async function within<T>({ method, endpoint, signal, timeoutMs: longest = timeoutMs }: Exchange, talk: (signal: AbortSignal, begun: () => void) => Promise<T>): Promise<T> {
    const where = new URL(endpoint, address.base).href
    // Not AbortSignal.any: a signal that lives for days would keep every one that was derived from it.
    const over = new AbortController()
    const abort = (): void => over.abort()
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      abort()
    }, longest)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    let begun = false
    try {
      return await talk(over.signal, () => (begun = true))
    } catch (error) {
      const problem = isLate ? noAnswer(where, longest) : transportProblem(error, where, longest, begun)
      throw method === 'GET' || !MAYBE_SENT.has(problem.code) || isNeverSent(error) ? problem : maybeDone(problem, method)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Throws for a status that is none of an answer. */
  function expectAnswer(answer: Answer, { method, endpoint, isAnswer = () => false }: Exchange, body: unknown, came: string): void {
    if (answer.status >= 500 && isAnswer(answer.status, body)) return
    const problem = complaint(answer, body, { method, endpoint, hasToken: secret !== null, hide, waitMs: limiter.waitMs(), wallTime: wallTime(), came })
    if (problem) throw problem
  }

  const send: Client['send'] = (asked) =>
    within(asked, async (signal, begun) => {
      const answer = await exchange(asked, { accept: 'application/json' }, signal)
      begun()
      const text = await readText(answer)
      const body = parsed(text)
      const came = body === undefined ? hide(pictureOf(text, answer.headers)) : ''
      expectAnswer(answer, asked, body, came)
      if (body !== undefined) return body
      if (asked.method !== 'GET' && text.trim() === '') return undefined
      throw notJson(answer.where, answer.status, came)
    })

  return {
    address,
    limiter,
    send,
    hide,
    get: (endpoint, query, signal, isAnswer) => send({ method: 'GET', endpoint, query, signal, isAnswer }),
    open: async (endpoint, query, headers, outer) => {
      const hangUp = new AbortController()
      const asked: Exchange = { method: 'GET', endpoint, query, signal: outer }
      const answer = await within(asked, async (signal) => {
        // Once the stream has begun, only the caller ends it.
        const forward = (): void => hangUp.abort()
        signal.addEventListener('abort', forward)
        try {
          return await exchange(asked, { accept: 'text/event-stream', 'cache-control': 'no-cache', ...headers }, hangUp.signal)
        } finally {
          signal.removeEventListener('abort', forward)
        }
      })
      const isStream = /^text\/event-stream\b/i.test(headerOf(answer.headers, 'content-type') ?? '')
      if (answer.status === 200 && isStream) return { chunks: answer.body, close: () => discard(answer.body) }
      const body = await within(asked, async (signal) => {
        signal.addEventListener('abort', () => discard(answer.body))
        return parsed(await readText(answer))
      }).catch(() => undefined)
      discard(answer.body)
      expectAnswer(answer, asked, body, '')
      throw notOffered(answer.where, nameOf(endpoint), answer.status)
    },
    close: () => agent.destroy(),
  }
}

/** After these nobody knows what has become of a request. */
const MAYBE_SENT = new Set(['NO_ANSWER', 'BROKEN_OFF', 'UNREACHABLE'])
/** Failures of a connection that was never made. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'])

/** Whether an exchange failed before anything of it can have arrived. */
function isNeverSent(error: unknown): boolean {
  if (error instanceof UserError || !(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return NEVER_SENT.has(code) || /CERT|SELF_SIGNED|_SSL_|EPROTO|TLS/.test(code) || (error.cause instanceof Error && isNeverSent(error.cause))
}
