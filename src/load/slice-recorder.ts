import { Distribution } from '../analysis/histogram.ts'
import type { Exchange } from './exchange.ts'
import type { RequestOutcome } from './flow/recorder.ts'
import type { CompiledRequest } from './flow/request.ts'
import { errorOf } from './lane.ts'
import type { UserRecorder } from './users.ts'

/** Counts and times of requests of one name. */
export interface SliceTally {
  requests: number
  failed: number
  readonly times: Distribution
}

/** The part of a slice that counts, on the run's clock. */
export interface SliceWindow {
  readonly from: number
  readonly to: number
}

const MOST_KINDS = 20

/** Takes what the users of a slice tell: a request counts when it was due within the window, however long its answer takes. */
export class SliceRecorder implements UserRecorder {
  readonly total: SliceTally = tally()
  readonly endpoints: ReadonlyMap<string, SliceTally>
  readonly errors = new Map<string, { count: number; message: string }>()
  readonly notes = new Set<string>()
  /** All answers that came, whether or not their requests count. */
  answered = 0
  /** Answers that came within the window. */
  inWindow = 0
  completedFlows = 0
  lastFailure: Exchange['error'] = null
  readonly #window: () => SliceWindow

  /** `names` are the requests that are told apart; none where one name is all there is. */
  constructor(names: readonly string[], window: () => SliceWindow) {
    this.#window = window
    this.endpoints = new Map(names.map((name) => [name, tally()]))
  }

  request(request: CompiledRequest, dueAt: number, exchange: Exchange, outcome: RequestOutcome): void {
    const { from, to } = this.#window()
    const hasAnswer = exchange.status > 0
    this.lastFailure = exchange.error
    if (hasAnswer) this.answered++
    if (hasAnswer && exchange.endAt >= from && exchange.endAt < to) this.inWindow++
    if (dueAt < from) return
    const endpoint = this.endpoints.get(request.name)
    for (const each of endpoint ? [this.total, endpoint] : [this.total]) {
      each.requests++
      if (outcome.failed) each.failed++
      if (hasAnswer) each.times.record(exchange.endAt - dueAt)
    }
    if (outcome.failed) this.#countError(errorOf(exchange, outcome))
  }

  unsent(request: CompiledRequest, dueAt: number, reason: string): void {
    if (dueAt < this.#window().from) return
    const endpoint = this.endpoints.get(request.name)
    for (const each of endpoint ? [this.total, endpoint] : [this.total]) {
      each.requests++
      each.failed++
    }
    this.#countError({ type: 'unsent', message: `the request could not be made: ${reason}` })
  }

  flowEnded(_durationMs: number, end: 'completed' | 'failed' | 'broken-off'): void {
    if (end === 'completed') this.completedFlows++
  }

  note(text: string): void {
    if (this.notes.size < MOST_KINDS) this.notes.add(text)
  }

  missing(name: string): void {
    this.note(`"${name}" had no value: see what should have captured or defined it`)
  }

  /** Checks and metrics of the scenario's own are for `load`; a broken expectation has failed its request already. */
  check(): void {}
  metric(): void {}
  captureFailed(): void {}
  log(): void {}

  #countError({ type, message }: { readonly type: string; readonly message: string }): void {
    const known = this.errors.get(type)
    if (known) known.count++
    else if (this.errors.size < MOST_KINDS) this.errors.set(type, { count: 1, message })
  }
}

function tally(): SliceTally {
  return { requests: 0, failed: 0, times: new Distribution() }
}
