import type { Expectation } from '../../model/plan.ts'
import type { Exchange } from '../exchange.ts'
import type { CompiledRequest } from './request.ts'

/** Whether a request failed, and why in a few words that group well: `timeout`, `status 503`, `capture: token`, `expectation: status 200`. */
export interface RequestOutcome {
  readonly failed: boolean
  readonly reason: string | null
}

/** What users tell of; nothing they pass on is changed afterwards, and nothing need be kept. */
export interface FlowRecorder {
  /** A request that was sent, and each hop of its redirects; `dueAt` is on the run's clock. Requests that were cut off by the end of the run are not told of. */
  request(request: CompiledRequest, dueAt: number, exchange: Exchange, outcome: RequestOutcome): void
  /** A request that could not be made of its templates: it failed, but was never sent. */
  unsent(request: CompiledRequest, dueAt: number, reason: string): void
  /** Whether an expectation held; without a response it did not. */
  check(request: CompiledRequest, expectation: Expectation, held: boolean): void
  /** A value of a metric the scenario feeds. */
  metric(name: string, value: number): void
  /** A capture that found nothing, strict or not. */
  captureFailed(request: CompiledRequest, name: string, strict: boolean): void
  /** A template asked for a value there is none of; once per name and step. */
  missing(name: string): void
  /** Something the reader of the result should know; the same text comes as often as it happens. */
  note(text: string): void
  /** A line of a `log` step, safe for a terminal. */
  log(text: string): void
}
