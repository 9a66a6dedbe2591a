import { setTimeout as sleep } from 'node:timers/promises'
import { HttpProblem, type HttpAnswer, type HttpRequest } from '../services/http.ts'
import type { NetworkProblemKind } from '../services/problem.ts'
import { plain } from '../model/text.ts'
import { VERSION } from '../version.ts'
import { pingMessage, type PingKind, type PingMessage } from './ping-service.ts'
import { unescaped } from '../services/unescaped.ts'

/** What a ping is sent with. */
export interface PingWorld {
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>
  /** Ends it, pauses included. */
  readonly signal: AbortSignal
  /** For one try, milliseconds; 5 s unless told. */
  readonly timeoutMs?: number | undefined
  /** Before the second and third try, milliseconds. */
  readonly pausesMs?: readonly number[] | undefined
}

const TIMEOUT_MS = 5_000
const PAUSES_MS = [1_000, 3_000] as const
const MOST_ANSWER_BYTES = 1_000

/**
 * Tells a watcher (a dead man's switch) that a run has begun, ended well, or ended badly, in up to three tries. Returns a problem for stderr, or null; never throws.
 * The address is a secret: nothing but its host is ever named.
 */
export async function ping(address: string, kind: PingKind, body: string, world: PingWorld): Promise<string | null> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return 'nobody was pinged: the address is no http:// or https:// url'
  const url = new URL(address)
  const message = pingMessage(url, kind, body)
  if (message === null) return null
  const pauses = world.pausesMs ?? PAUSES_MS
  for (let tries = 1; ; tries++) {
    const { problem, isFinal } = await tell(message, world)
    if (problem === null) return null
    if (world.signal.aborted) return `${plain(url.host, 100)} was not told of the ${kind}: interrupted`
    const pauseMs = pauses[tries - 1]
    if (isFinal || pauseMs === undefined) return `${plain(url.host, 100)} was not told of the ${kind}: ${problem}${tries > 1 ? ` (tried ${tries} times)` : ''}`
    await sleep(pauseMs, undefined, { signal: world.signal }).catch(() => undefined)
  }
}

interface Told {
  readonly problem: string | null
  /** Whether to ask again would get the same answer. */
  readonly isFinal: boolean
}

async function tell({ url, method, body }: PingMessage, { send, signal, timeoutMs = TIMEOUT_MS }: PingWorld): Promise<Told> {
  const target = new URL(url)
  target.username = target.password = ''
  const headers = { 'user-agent': `medianest-perf/${VERSION}`, ...(body === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' }), ...credentials(url) }
  try {
    const answer = await send({ url: target, method, headers, body, maxBodyBytes: MOST_ANSWER_BYTES, timeoutMs, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
    return judge(answer)
  } catch (error) {
    return { problem: error instanceof HttpProblem ? WORDS[error.kind] : 'it could not be asked', isFinal: false }
  }
}

function judge({ status, body }: HttpAnswer): Told {
  // healthchecks.io answers 200 to what it does not know, so that a typo looks like success.
  const word = /^OK \((not found|rate limited)\)/.exec(body)?.[1]
  if (word === 'not found') return { problem: 'it answered that it knows no such check; look at the address', isFinal: true }
  if (word === 'rate limited') return { problem: 'it answered that it is pinged too often', isFinal: true }
  if (status >= 200 && status < 300) return { problem: null, isFinal: true }
  if (status >= 300 && status < 400) return { problem: `it answered ${status}, a redirect, which is not followed; use the address it leads to`, isFinal: true }
  return { problem: `it answered ${status}`, isFinal: status < 500 && status !== 408 && status !== 429 }
}

function credentials({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {}
  return { authorization: `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')}` }
}

/** Words of our own, because the problem's might name the address. */
const WORDS: Readonly<Record<NetworkProblemKind, string>> = {
  'no-name': 'its name is not known', refused: 'it refused the connection', unreachable: 'there is no way to it', 'no-answer': 'it did not answer in time', reset: 'it closed the connection',
  local: 'this machine could not even ask', certificate: 'its certificate is not to be trusted', tls: 'no secure connection could be made', 'not-http': 'what it answered is no HTTP',
}
