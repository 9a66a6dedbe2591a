import { STATUS_CODES } from 'node:http'
import { Distribution } from '../analysis/histogram.ts'
import type { Expectation, Plan, Tags, Workload } from '../model/plan.ts'
import type { UserEnd } from './driver.ts'
import { NO_EXCHANGE, type Exchange } from './exchange.ts'
import type { CompiledRequest } from './flow/request.ts'
import type { FlowRecorder, RequestOutcome } from './flow/recorder.ts'
import { phasesOf, type Phases } from './phase.ts'
import type { Endpoint, Recorder, Tally } from './recorder.ts'
import type { Feed } from './request-metrics.ts'

interface Prepared {
  readonly endpoint: Endpoint
  readonly tags: Tags
  readonly feeds: readonly Feed[]
}

/** Where the users of one workload leave what they measure. */
export class Lane implements FlowRecorder {
  readonly phases: Phases
  readonly tallies: readonly Tally[]
  readonly tags: Tags
  /** How the latest request's connection failed; null when it did not. */
  lastFailure: Exchange['error'] = null
  readonly #recorder: Recorder
  readonly #startedAt: () => number
  readonly #prepared: (Prepared | undefined)[] = []

  constructor(recorder: Recorder, plan: Plan, workload: Workload, startedAt: () => number) {
    this.#recorder = recorder
    this.#startedAt = startedAt
    this.phases = phasesOf(workload)
    this.tallies = this.phases.list.map(() => ({ requests: 0, failed: 0, times: new Distribution() }))
    // k6 calls the workload a scenario; Artillery and the API call the flow one.
    this.tags = plan.dialect === 'k6' ? { scenario: workload.name, ...workload.tags } : workload.tags
  }

  request(request: CompiledRequest, dueAt: number, exchange: Exchange, outcome: RequestOutcome): void {
    const recorder = this.#recorder
    const { endpoint, feeds } = (this.#prepared[request.id] ??= this.#prepare(request))
    const { failed } = outcome
    const duration = exchange.status > 0 ? exchange.endAt - dueAt : null
    const index = this.#phaseAt(dueAt)
    const tally = this.tallies[index]

    recorder.requests++
    recorder.bytesReceived += exchange.bytesReceived
    recorder.bytesSent += exchange.bytesSent
    endpoint.requests++
    if (tally) tally.requests++
    if (duration !== null) {
      recorder.responses++
      recorder.serviceTimes.record(exchange.endAt - exchange.sentAt)
      recorder.waitingTimes.record(exchange.firstByteAt - exchange.sentAt)
      recorder.statuses.set(exchange.status, (recorder.statuses.get(exchange.status) ?? 0) + 1)
      endpoint.times.record(duration)
      tally?.times.record(duration)
    }
    recorder.timeline.record(duration, failed, exchange.bytesReceived)
    // Read by the user's slot right after this: a flow that a broken connection ended is begun again only after a pause.
    this.lastFailure = exchange.error
    if (failed) {
      recorder.failed++
      endpoint.failed++
      if (tally) tally.failed++
      const error = errorOf(exchange, outcome)
      recorder.countError(error.type, error.message)
    }
    for (const { series, value, dynamic } of feeds) {
      if (dynamic.length > 0 && !dynamic.every(([tag, wanted]) => this.#dynamicTag(tag, exchange, failed, index) === wanted)) continue
      const observed = value(exchange, dueAt, failed)
      if (!Number.isNaN(observed)) series.add(observed)
    }
  }

  unsent(request: CompiledRequest, dueAt: number, reason: string): void {
    const recorder = this.#recorder
    const { endpoint, feeds } = (this.#prepared[request.id] ??= this.#prepare(request))
    const tally = this.tallies[this.#phaseAt(dueAt)]
    for (const each of tally ? [recorder, endpoint, tally] : [recorder, endpoint]) {
      each.requests++
      each.failed++
    }
    recorder.timeline.record(null, true, 0)
    recorder.countError('unsent', `the request could not be made: ${reason}`)
    for (const { series, value, dynamic } of feeds) {
      const observed = dynamic.length === 0 ? value(NO_EXCHANGE, dueAt, true) : Number.NaN
      if (!Number.isNaN(observed)) series.add(observed)
    }
  }

  /** Told when a user's flow has ended. */
  flowEnded(durationMs: number, end: UserEnd): void {
    const recorder = this.#recorder
    if (end === 'completed') {
      recorder.observe('iterations', 1, this.tags)
      recorder.observe('iteration.duration', durationMs, this.tags)
    } else if (end === 'failed') {
      recorder.observe('iterations.failed', 1, this.tags)
    }
  }

  /** A strict one has failed its request already; a lenient one may find nothing. */
  captureFailed(): void {}

  check(request: CompiledRequest, expectation: Expectation, held: boolean): void {
    const { tags } = (this.#prepared[request.id] ??= this.#prepare(request))
    this.#recorder.check(expectation.text, held, { ...tags, check: expectation.text })
  }

  metric(name: string, value: number): void {
    this.#recorder.feed(name, value, this.tags)
  }

  missing(name: string): void {
    this.#recorder.miss(name)
  }

  note(text: string): void {
    this.#recorder.note(text)
  }

  log(text: string): void {
    this.#recorder.note(text)
  }

  #phaseAt(dueAt: number): number {
    // An arrival due at the very beginning of a phase belongs to it, whatever the subtraction rounds to.
    return this.phases.at(dueAt - this.#startedAt() + 0.001)
  }

  #prepare(request: CompiledRequest): Prepared {
    const tags: Tags = { method: request.method, name: request.name, url: request.step.url, flow: request.flow, scenario: request.flow, ...this.tags, ...request.tags }
    return { endpoint: this.#recorder.endpoint(request), tags, feeds: this.#recorder.feeds(tags) }
  }

  #dynamicTag(tag: string, exchange: Exchange, failed: boolean, phase: number): string | undefined {
    switch (tag) {
      case 'status': return String(exchange.status)
      case 'expected_response': return String(!failed)
      case 'error_code': return exchange.error?.kind ?? (exchange.status >= 400 ? String(1_000 + exchange.status) : '0')
      case 'phase': return this.phases.list[phase]?.name
      default: return undefined
    }
  }
}

/** A failure's kind and a sentence about it; a status alone is its number, as in the API's documentation. */
export function errorOf({ error, status }: Exchange, { reason }: RequestOutcome): { readonly type: string; readonly message: string } {
  if (error) return { type: error.kind, message: error.message }
  if (reason !== null && reason !== `status ${status}`) return { type: reason, message: `the answer (status ${status}) was not what the scenario expects` }
  return { type: String(status), message: `the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim() }
}
