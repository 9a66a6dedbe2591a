import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { onTestFinished } from 'vitest'
import type { Feed, FeedListener, FeedState } from '../../src/model/feed.ts'
import type { Snapshot, SystemFacts } from '../../src/model/snapshot.ts'
import { openRemoteFeed, type RemoteFeedOptions } from '../../src/api/remote-feed.ts'

/** What an instance does with a request; `nth` counts from 1 per endpoint. */
export type Answer = (response: ServerResponse, request: IncomingMessage, nth: number) => void

export interface Instance {
  readonly url: string
  readonly requests: { readonly endpoint: string; readonly url: URL; readonly headers: IncomingMessage['headers'] }[]
  /** How often an endpoint was asked. */
  asked(endpoint: string): number
}

/** An instance that answers as the test says; what is not said is not offered. It ends with the test. */
export async function startInstance(answers: Readonly<Record<string, Answer>>): Promise<Instance> {
  const requests: Instance['requests'] = []
  const asked = (endpoint: string): number => requests.filter((each) => each.endpoint === endpoint).length
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://instance')
    const endpoint = url.pathname.replace('/api/v1/performance/', '')
    requests.push({ endpoint, url, headers: request.headers })
    response.on('error', () => undefined)
    const answer = answers[endpoint] ?? json({ success: false, error: { code: 'NOT_FOUND', message: 'Endpoint not found' } }, 404)
    answer(response, request, asked(endpoint))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>((done) => server.close(() => done()))
  })
  // The system chose the port.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, asked }
}

/** Answers with JSON. */
export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => (response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** Answers with text of any kind. */
export const page = (text: string, type = 'text/html', status = 200): Answer => (response) => void response.writeHead(status, { 'content-type': type }).end(text)

/** Takes the request and says nothing. */
export const hang: Answer = () => undefined

/** Sends one byte of an answer every few milliseconds, for ever. */
export const drip: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

/** Answers a bad token as some instances do. */
export const guarded = (token: string, answer: Answer, status = 500): Answer => (response, request, nth) =>
  (request.headers.authorization === `Bearer ${token}` ? answer : json({ error: true, message: `cannot verify ${request.headers.authorization}` }, status))(response, request, nth)

/** Begins an event stream and leaves the rest to the test. */
export const stream = (play: (send: (text: string) => void, response: ServerResponse, nth: number, request: IncomingMessage) => void): Answer => (response, request, nth) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  play((text) => void (response.writableEnded || response.destroyed || response.write(text)), response, nth, request)
}

/** When the instances of the tests begin their time. */
export const START = Date.UTC(2026, 0, 1)

/** One event with the processors' usage in percent, so many seconds after the start. */
export function cpuEvent(seconds: number, usage: number, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify({ type: 'metrics', timestamp: new Date(START + seconds * 1_000).toISOString(), cpu: { usage } })}\n\n`
}

/** A small full answer in the documented form. */
export function metricsBody(seconds = 0, usage = 10): object {
  return {
    success: true,
    data: { timestamp: new Date(START + seconds * 1_000).toISOString(), system: { hostname: 'web-01', platform: 'linux', arch: 'x64', nodeVersion: '20.19.0', uptime: 60 }, metrics: { cpu: { usage, cores: 8 }, memory: { total: 1_000, used: 500, usage: 50 } } },
  }
}

export interface Heard {
  readonly feed: Feed
  readonly snapshots: Snapshot[]
  readonly states: FeedState[]
  readonly facts: SystemFacts[]
  readonly alerts: Parameters<FeedListener['alert']>[0][]
  /** The processors' usage of each snapshot in percent. */
  usages(): number[]
  /** Waits until a condition holds, a few seconds at most. */
  until(holds: () => boolean): Promise<void>
}

/** Times short enough for tests. */
export const QUICK = { pollMs: 30, sideMs: 60, silenceMs: 200, backoffMs: 20, backoffMostMs: 60, healthyMs: 5_000, thinMs: 50 }

/** Opens a feed with short times and keeps what it tells; it is closed with the test. */
export function hear(url: string, options: Partial<RemoteFeedOptions> = {}): Heard {
  const feed = openRemoteFeed({ url, token: null, intervalMs: 20, timeoutMs: 1_000, now: () => performance.now(), wallTime: () => Date.now(), random: () => 0.5, timings: QUICK, ...options })
  onTestFinished(() => feed.close())
  const snapshots: Snapshot[] = []
  const states: FeedState[] = []
  const facts: SystemFacts[] = []
  const alerts: Heard['alerts'] = []
  feed.start({ snapshot: (each) => void snapshots.push(each), state: (each) => void states.push(each), facts: (each) => void facts.push(each), alert: (each) => void alerts.push(each) })
  return {
    feed, snapshots, states, facts, alerts,
    usages: () => snapshots.map(({ samples }) => Math.round((samples.get('cpu.usage')?.get('') ?? Number.NaN) * 100)),
    until: async (holds) => {
      const last = performance.now() + 5_000
      while (!holds()) {
        if (performance.now() > last) throw new Error(`it did not happen: ${JSON.stringify({ states: states.slice(-5), snapshots: snapshots.length })}`)
        await new Promise((done) => setTimeout(done, 5))
      }
    },
  }
}
