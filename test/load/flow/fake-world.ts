import { loadCookieJars } from '../../../src/load/flow/cookie.ts'
import { createDeal } from '../../../src/load/flow/payload.ts'
import { compilePrograms, type FlowPlan, type Program } from '../../../src/load/flow/program.ts'
import { createRandom } from '../../../src/load/flow/random.ts'
import { createScope, type Scope, type ScopeWorld } from '../../../src/load/flow/scope.ts'
import { VirtualUser, type UserOutcome } from '../../../src/load/flow/user.ts'
import type { World } from '../../../src/load/flow/world.ts'
import type { Exchange, Origin, SendOptions, TransportErrorKind } from '../../../src/load/exchange.ts'
import type { Expectation, Flow, Json, LoadSettings, LoopStep, RequestStep, Step } from '../../../src/model/plan.ts'

export const WHERE = { file: 'test.yml', line: 7, column: 3 }

export interface FakeReply {
  status?: number
  headers?: Record<string, string | string[]>
  body?: string
  error?: TransportErrorKind
  /** How long it takes to come. */
  ms?: number
}

export function fakeExchange({ status = 200, headers = {}, body = '', error }: FakeReply = {}, sentAt = 0, endAt = 0): Exchange {
  const all = (name: string): string[] => [headers[name] ?? []].flat()
  return {
    status: error ? 0 : status, error: error ? { kind: error, message: error } : null,
    header: (name) => all(name)[0], headers: all,
    body: Buffer.from(body), bytesSent: 0, bytesReceived: 0, sentAt, firstByteAt: endAt, endAt, connectMs: 0, tlsMs: 0,
  }
}

export function fakeScopeWorld(missing: string[] = []): ScopeWorld {
  return { random: createRandom(1), date: () => Date.UTC(2026, 0, 31, 12), env: { HOME_TOWN: 'Brno' }, testId: 'test-1', environment: 'staging', target: 'http://api.test', missing: (name) => void missing.push(name) }
}

/** A scope with variables in it. */
export function scopeOf(variables: Record<string, Json> = {}, missing: string[] = []): Scope {
  const scope = createScope(fakeScopeWorld(missing))
  for (const [name, value] of Object.entries(variables)) scope.variables.set(name, value)
  return scope
}

export function get(url: string, more: Partial<RequestStep> = {}): RequestStep {
  return { kind: 'request', name: `${more.method ?? 'GET'} ${url}`, method: 'GET', url, query: {}, headers: {}, cookies: {}, body: { kind: 'none' }, captures: [], expects: [], tags: {}, where: WHERE, ...more }
}

export function loop(steps: Step[], more: Partial<LoopStep>): LoopStep {
  return { kind: 'loop', steps, count: null, variable: '$loopCount', where: WHERE, ...more }
}

export function capture(path: string, as: string, strict = true): RequestStep['captures'][number] {
  return { from: { kind: 'json', path }, as, strict, where: WHERE }
}

export function expecting<Kind extends Expectation['kind']>(expectation: Omit<Extract<Expectation, { kind: Kind }>, 'where' | 'text'> & { kind: Kind }): Expectation {
  // The parts of one kind together are that kind.
  return { text: expectation.kind, where: WHERE, ...expectation } as unknown as Expectation
}

const SETTINGS: LoadSettings = { timeoutMs: 10_000, maxConnections: null, keepAlive: true, tls: { insecure: false }, maxBodyBytes: 1e6, maxHeaderBytes: 1e4, followRedirects: true, maxRedirects: 3, endOnFailedExpectation: false, atCap: 'wait' }

export function planOf(steps: Step[], more: Partial<FlowPlan> = {}): FlowPlan {
  const flow: Flow = { name: 'flow', steps }
  return { flows: [flow], target: 'http://api.test', settings: SETTINGS, variables: {}, payloads: [], ...more }
}

export interface Sent {
  at: number
  origin: Origin
  /** The whole request, one character a byte. */
  text: string
  options: SendOptions
}

/** A world with a clock of its own and a server that answers as it is told. */
export interface FakeWorld {
  world: World
  sent: Sent[]
  /** What the recorder and `onEnd` were told, in order. */
  told: string[]
  ended: { at: number; outcome: UserOutcome }[]
  user: VirtualUser
  program: Program
  now(): number
  /** Lets time pass until nothing is left to happen, or `ms` are over. */
  pass(ms?: number): void
}

const makeJar = await loadCookieJars(() => 0)

export function fakeWorld(plan: FlowPlan, answer: (sent: Sent, count: number) => FakeReply = () => ({}), endOnFailedExpectation = false): FakeWorld {
  let now = 0
  let timers: { at: number; then: () => void }[] = []
  const sent: Sent[] = []
  const told: string[] = []
  const ended: FakeWorld['ended'] = []
  const later = (ms: number, then: () => void): unknown => {
    const timer = { at: now + ms, then }
    timers.push(timer)
    return timer
  }
  const scope = { ...fakeScopeWorld(), missing: (name: string) => void told.push(`missing ${name}`) }
  const world: World = {
    client: {
      send: (origin, request, options, done) => {
        // As a socket does it: what does not fit into a byte is cut.
        const text = (typeof request === 'string' ? Buffer.from(request, 'latin1') : request).toString('latin1')
        const reply = answer({ at: now, origin, text, options }, sent.length)
        const sentAt = now
        sent.push({ at: now, origin, text, options })
        later(reply.ms ?? 10, () => done(fakeExchange(reply, sentAt, now)))
      },
    },
    now: () => now,
    later,
    cancel: (timer) => void (timers = timers.filter((each) => each !== timer)),
    recorder: {
      request: ({ name }, dueAt, { status, endAt }, { failed, reason }) => void told.push(`${name} due ${dueAt} end ${endAt}: ${failed ? `failed (${reason})` : status}`),
      unsent: ({ name }, dueAt, reason) => void told.push(`${name} due ${dueAt}: unsent (${reason})`),
      check: (_, { text }, held) => void told.push(`check ${text}: ${held}`),
      metric: (name, value) => void told.push(`metric ${name}: ${value}`),
      captureFailed: (_, name, strict) => void told.push(`no ${name}${strict ? '!' : ''}`),
      missing: scope.missing,
      note: (text) => void told.push(`note ${text}`),
      log: (text) => void told.push(`log ${text}`),
    },
    scope,
    deal: createDeal(plan, scope.random),
    createJar: makeJar,
    endOnFailedExpectation,
  }
  const [program] = compilePrograms(plan)
  if (!program) throw new Error('the plan has no flow')
  const user = new VirtualUser(world, (_, at, outcome) => void ended.push({ at, outcome }))
  const pass = (ms = Infinity): void => {
    const until = now + ms
    for (let turns = 0; turns < 10_000; turns++) {
      const next = timers.reduce<(typeof timers)[number] | null>((first, timer) => (first === null || timer.at < first.at ? timer : first), null)
      if (next === null || next.at > until) break
      timers = timers.filter((each) => each !== next)
      now = next.at
      next.then()
    }
    if (Number.isFinite(until)) now = until
  }
  return { world, sent, told, ended, user, program, now: () => now, pass }
}

/** Runs one user of a plan to its end. */
export function runUser(steps: Step[], answer?: (sent: Sent, count: number) => FakeReply, more: Partial<FlowPlan> = {}): FakeWorld {
  const fake = fakeWorld(planOf(steps, more), answer)
  fake.user.start(fake.program, 0)
  fake.pass()
  return fake
}

/** The request line's target of each request that was sent. */
export function paths({ sent }: FakeWorld): string[] {
  return sent.map(({ text }) => text.split(' ')[1] ?? '')
}
