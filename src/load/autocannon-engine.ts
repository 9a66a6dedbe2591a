import type { Instance, Options, Request } from 'autocannon'
import { UserError } from '../model/error.ts'
import type { Json, Plan, RequestStep } from '../model/plan.ts'
import { plain } from '../model/text.ts'
import { noCounts } from './driver.ts'
import type { EngineWorld } from './engine.ts'
import { NO_EXCHANGE, type Exchange } from './exchange.ts'
import { compilePrograms } from './flow/program.ts'
import type { CompiledRequest } from './flow/request.ts'
import { Monitor } from './monitor.ts'
import type { LoadRecord } from './record.ts'
import type { Recorder } from './recorder.ts'
import { socketError } from './wire/errors.ts'

/** autocannon connects again at once when it is refused, for ever; after this many errors without an answer the run ends. */
const MOST_ERRORS = 1_000

/**
 * Sends a plan through autocannon: a fixed number of connections, each asking again as soon as it was answered. Times come from
 * its `response` events, because its own report knows whole milliseconds only. Throws UserError `NOT_FOR_AUTOCANNON`.
 */
export async function runAutocannon(plan: Plan, recorder: Recorder, world: EngineWorld): Promise<LoadRecord> {
  const { connections, options, requests } = translate(plan)
  const lane = recorder.lanes[0]
  if (!lane) throw new Error('a plan has at least one workload')
  const { default: autocannon } = await import('autocannon')
  const counts = noCounts()
  let startedAt = world.now()
  let interrupted = false
  let abortReason: string | null = null
  let state: 'running' | 'draining' = 'running'
  let opened = connections

  const request = requests.length === 1 ? requests[0] : undefined
  const record = request ?? { ...first(requests), name: `${requests.length} requests in turn` }
  const monitor = new Monitor(
    plan, recorder, world,
    () => ({ state, users: connections, started: counts.started, waiting: 0, late: 0, dropped: 0, askedRate: null, askedUsers: connections }),
    (reason) => {
      abortReason ??= reason
      instance?.stop?.()
    },
  )
  let instance: (Instance & { stop?: () => void }) | undefined
  const stop = (): void => {
    interrupted = true
    state = 'draining'
    instance?.stop?.()
  }
  await new Promise<void>((done, failed) => {
    instance = autocannon({ ...options, connections }, (error: unknown) => (error instanceof Error ? failed(error) : done()))
    startedAt = world.now()
    world.onStart(startedAt)
    monitor.start(startedAt)
    instance.on('response', (_client, status, bytes, milliseconds) => {
      const endAt = world.now()
      counts.started++
      counts.completed++
      const exchange: Exchange = { ...NO_EXCHANGE, status, bytesReceived: bytes, sentAt: endAt - milliseconds, firstByteAt: endAt, endAt }
      lane.request(record, exchange.sentAt, exchange, { failed: status >= 400, reason: status >= 400 ? `status ${status}` : null })
    })
    instance.on('reqError', (error: unknown) => {
      const endAt = world.now()
      counts.started++
      counts.failed++
      opened++
      lane.request(record, endAt, { ...NO_EXCHANGE, sentAt: endAt, firstByteAt: endAt, endAt, error: failureOf(error, plan.target) }, { failed: true, reason: null })
      if (recorder.responses === 0 && recorder.requests >= MOST_ERRORS) {
        abortReason ??= `autocannon met ${MOST_ERRORS} errors and not one answer`
        instance?.stop?.()
      }
    })
    world.drain.addEventListener('abort', stop, { once: true })
    if (world.drain.aborted) stop()
  }).finally(() => world.drain.removeEventListener('abort', stop))
  world.note('sent by autocannon: response times count from the moment a request was sent, TLS certificates are not verified')
  const elapsedMs = world.now() - startedAt
  const { generatorCpu } = await monitor.finish(elapsedMs)
  return { recorder, elapsedMs, counts, maxUsers: connections, connections: opened, generatorCpu, interrupted, abortReason }
}

function failureOf(error: unknown, target: string): NonNullable<Exchange['error']> {
  const message = error instanceof Error ? error.message : String(error)
  if (/timed? ?out/i.test(message)) return { kind: 'timeout', message: `no answer from ${target} in time` }
  return socketError(target, 'connecting', error instanceof Error ? error : new Error(plain(message)))
}

function first(requests: readonly CompiledRequest[]): CompiledRequest {
  const [request] = requests
  if (!request) throw refuse('it has no request')
  return request
}

interface Translated {
  readonly connections: number
  readonly options: Options
  readonly requests: readonly CompiledRequest[]
}

/** A plan in autocannon's words; what it cannot say is refused. */
function translate(plan: Plan): Translated {
  const [workload, ...others] = plan.workloads
  if (!workload || others.length > 0) throw refuse(`it has ${plan.workloads.length} workloads, autocannon runs one`)
  if (workload.model !== 'closed') throw refuse('autocannon has no arrivals, only connections that ask again')
  const [stage] = workload.stages
  if (!stage || workload.stages.length > 1 || stage.from !== stage.to) throw refuse('autocannon keeps one number of connections')
  if (plan.flows.length > 1) throw refuse(`it has ${plan.flows.length} flows, autocannon runs one`)
  const steps = plan.flows[0]?.steps ?? []
  const stranger = steps.find((step) => step.kind !== 'request' || step.captures.length > 0 || step.expects.length > 0)
  if (stranger) throw refuse(stranger.kind === 'request' ? 'autocannon knows no captures and no expectations' : `autocannon has no "${stranger.kind}" steps`)
  const requests = compilePrograms(plan).flatMap((program) => program.requests)
  const dynamic = requests.find(({ bytes }) => bytes === null)
  if (dynamic) throw refuse(`autocannon fills in no templates, and ${dynamic.name} has some`)
  const written = plan.settings.connections
  const base = new URL(plan.target)
  return {
    requests,
    connections: written?.connections ?? stage.from,
    options: {
      url: base.origin,
      pipelining: written?.pipelining ?? 1,
      ...(written?.amount ? { amount: written.amount } : { duration: Math.max(1, Math.ceil((written?.durationMs ?? stage.durationMs) / 1_000)) }),
      ...(written?.overallRate ? { overallRate: written.overallRate } : {}),
      timeout: Math.max(1, Math.ceil(plan.settings.timeoutMs / 1_000)),
      requests: requests.map((request) => requestOf(request.step, plan.target)),
    },
  }
}

function requestOf(step: RequestStep, target: string): Request {
  const { pathname, search } = new URL(step.url, target)
  const query = encodeFields(step.query)
  const { body } = step
  const text = body.kind === 'json' ? JSON.stringify(body.value) : body.kind === 'text' ? body.text : body.kind === 'form' ? encodeFields(body.fields) : undefined
  const type = body.kind === 'json' ? 'application/json' : body.kind === 'form' ? 'application/x-www-form-urlencoded' : undefined
  return {
    method: step.method,
    path: pathname + search + (query === '' ? '' : `${search === '' ? '?' : '&'}${query}`),
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...step.headers },
    ...(text === undefined ? {} : { body: text }),
  }
}

function encodeFields(fields: Readonly<Record<string, Json>>): string {
  return new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)])).toString()
}

function refuse(reason: string): UserError {
  return new UserError({ code: 'NOT_FOR_AUTOCANNON', kind: 'input', message: `this plan cannot be sent by autocannon: ${reason}`, hint: 'leave --engine out: the wire engine runs it' })
}
