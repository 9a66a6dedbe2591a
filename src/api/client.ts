import { Agent, type Dispatcher } from 'undici'
import { plain } from '../model/text.ts'
import { nodeLookup } from '../services/node-lookup.ts'
import { VERSION } from '../version.ts'
import { type Address, readAddress } from './address.ts'
import { complaintOf, isBody } from './body.ts'
import { badToken, brokenOff, noAnswer, notJson, notOffered, rateLimited, redirectedElsewhere, redirectedTooOften, refused, serverError, tooLarge } from './errors.ts'
import { type Headers, headerOf, type Limiter, openLimiter } from './rate-limit.ts'
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

/** Reads from an instance; it never writes to one. */
export interface Client {
  readonly address: Address
  readonly limiter: Limiter
  /** The JSON an endpoint answers with; `isAnswer` tells of a body with an error's status that it is one all the same. Throws UserError: unreachable, refused, not offered, limited, no JSON. */
  get(endpoint: string, query: Readonly<Record<string, string>>, signal?: AbortSignal, isAnswer?: (status: number, body: unknown) => boolean): Promise<unknown>
  /** Begins an event stream. Throws as `get`; `NOT_OFFERED` where something else than a stream comes. */
  open(endpoint: string, query: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ByteStream>
  close(): Promise<void>
}

type Query = Readonly<Record<string, string>>
interface Answer {
  readonly where: string
  readonly status: number
  readonly headers: Headers
  readonly body: Dispatcher.ResponseData['body']
}

const LARGEST_BODY = 8_000_000
const MOST_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const NOT_THERE = new Set([404, 405, 406, 410, 501])

/** A client of one instance. Throws UserError for an address or token that cannot be used. */
export function openClient({ url, token, timeoutMs, now, wallTime, insecure = false }: ClientOptions): Client {
  const address = readAddress(url)
  const secret = token?.trim() || null
  if (secret !== null && !/^[\x21-\x7e]+$/.test(secret)) throw badToken()
  const limiter = openLimiter(now, wallTime)
  // A little less than there is for all, so that it is said what the time was spent on.
  const lookup = nodeLookup(() => AbortSignal.timeout(timeoutMs * 0.9))
  const agent = new Agent({ connect: { timeout: timeoutMs, rejectUnauthorized: !insecure, lookup }, headersTimeout: 0, bodyTimeout: 0, connections: 6, maxHeaderSize: 65_536 })
  // Some servers repeat in their complaints what they were sent.
  const withoutToken = (text: string): string => (secret === null ? text : text.replaceAll(secret, '***'))

  async function send(endpoint: string, query: Query, headers: Query, signal: AbortSignal): Promise<Answer> {
    let target = new URL(endpoint, address.base)
    for (const [key, value] of Object.entries(query)) target.searchParams.set(key, value)
    for (let hops = 0; ; hops++) {
      const where = `${target.origin}${target.pathname}`
      const authorization = secret === null ? {} : { authorization: `Bearer ${secret}` }
      const answer = await agent.request({ origin: target.origin, path: `${target.pathname}${target.search}`, method: 'GET', headers: { 'user-agent': `medianest-perf/${VERSION}`, ...authorization, ...headers }, signal })
      limiter.note(answer.statusCode, answer.headers)
      const location = headerOf(answer.headers, 'location')
      if (!REDIRECTS.has(answer.statusCode) || location === undefined) return { where, status: answer.statusCode, headers: answer.headers, body: answer.body }
      discard(answer.body)
      const next = URL.canParse(location, target.href) ? new URL(location, target) : null
      if (next?.origin !== target.origin) throw redirectedElsewhere(where, withoutToken(next?.origin ?? location))
      if (hops === MOST_REDIRECTS) throw redirectedTooOften(where)
      target = next
    }
  }

  /** Runs an exchange within its time, and says of every failure what it means. */
  async function within<T>(endpoint: string, signal: AbortSignal | undefined, exchange: (signal: AbortSignal, begun: () => void) => Promise<T>): Promise<T> {
    const where = new URL(endpoint, address.base).href
    // Not AbortSignal.any: a signal that lives for days would keep every one that was derived from it.
    const over = new AbortController()
    const abort = (): void => over.abort()
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      abort()
    }, timeoutMs)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    let begun = false
    try {
      return await exchange(over.signal, () => (begun = true))
    } catch (error) {
      if (isLate) throw noAnswer(where, timeoutMs)
      throw transportProblem(error, where, timeoutMs, begun)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Throws for a status that is none of an answer; the body, where it is JSON, says why. */
  function expectAnswer({ where, status }: Answer, endpoint: string, body: unknown, isAnswer: (status: number, body: unknown) => boolean = () => false): void {
    if (status >= 500 && isAnswer(status, body)) return
    const said = withoutToken(complaintOf(body))
    if (status === 401 || status === 403) throw refused(where, status, secret !== null, said)
    if (NOT_THERE.has(status)) throw notOffered(where, nameOf(endpoint), status)
    if (status === 429) throw rateLimited(where, status, limiter.waitMs())
    // A critical instance answers 503 with the very figures that say so.
    const isData = status === 503 && isBody(body) && !('error' in body) && body['success'] !== false
    if (status >= 400 && !isData) throw status === 503 && limiter.waitMs() > 0 ? rateLimited(where, status, limiter.waitMs()) : serverError(where, status, said)
  }

  return {
    address,
    limiter,
    get: (endpoint, query, outer, isAnswer) =>
      within(endpoint, outer, async (signal, begun) => {
        const answer = await send(endpoint, query, { accept: 'application/json' }, signal)
        begun()
        const text = await readText(answer)
        const body = parsed(text)
        expectAnswer(answer, endpoint, body, isAnswer)
        if (body === undefined) throw notJson(answer.where, answer.status, withoutToken(pictureOf(text, headerOf(answer.headers, 'content-type'))))
        return body
      }),
    open: async (endpoint, query, headers, outer) => {
      const hangUp = new AbortController()
      const answer = await within(endpoint, outer, async (signal) => {
        // Once the stream has begun, only the caller ends it.
        const forward = (): void => hangUp.abort()
        signal.addEventListener('abort', forward)
        try {
          return await send(endpoint, query, { accept: 'text/event-stream', 'cache-control': 'no-cache', ...headers }, hangUp.signal)
        } finally {
          signal.removeEventListener('abort', forward)
        }
      })
      const isStream = /^text\/event-stream\b/i.test(headerOf(answer.headers, 'content-type') ?? '')
      if (answer.status === 200 && isStream) return { chunks: answer.body, close: () => discard(answer.body) }
      const body = await within(endpoint, outer, async (signal) => {
        signal.addEventListener('abort', () => discard(answer.body))
        return parsed(await readText(answer))
      }).catch(() => undefined)
      discard(answer.body)
      expectAnswer(answer, endpoint, body)
      throw notOffered(answer.where, nameOf(endpoint), answer.status)
    },
    close: () => agent.destroy(),
  }
}

async function readText({ body, headers, where }: Answer): Promise<string> {
  const limit = LARGEST_BODY
  if (Number(headerOf(headers, 'content-length')) > limit) {
    discard(body)
    throw tooLarge(where, limit)
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw tooLarge(where, limit)
    chunks.push(chunk)
  }
  if (length < Number(headerOf(headers, 'content-length') ?? 0)) throw brokenOff(where)
  return Buffer.concat(chunks).toString('utf8')
}

/** The value of JSON text; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What came instead of JSON, in a few words. */
function pictureOf(text: string, type: string | undefined): string {
  if (text.trim() === '') return 'an empty body'
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text.slice(0, 20_000))?.[1]?.trim()
  if (/^\s*<(!doctype html|html|head|body)/i.test(text)) return `a web page${title ? ` ("${plain(title, 80)}")` : ''}`
  if (/^\s*[{[]/.test(text)) return `${text.length} characters of JSON that is broken or breaks off`
  return `${type ? plain(type, 60) : 'text'} ("${plain(text, 60)}")`
}

const NAMES: Readonly<Record<string, string>> = { 'metrics/real-time': 'a live stream of metrics', application: 'application metrics', me: 'metrics of its users' }
const nameOf = (endpoint: string): string => NAMES[endpoint] ?? endpoint

/** Drops what is still to come, whatever state the stream is in. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy()
}
