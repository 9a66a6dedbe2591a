import type * as z from 'zod/mini'
import type { loadTestEvent } from './answers/load-test.ts'
import type { liveEvent } from './answers/metrics.ts'
import type { Instance, Caller } from './instance.ts'
import type { liveQuery } from './questions.ts'

/** An event of the live stream. */
export type LiveEvent = z.output<typeof liveEvent>
/** An event of a load test's stream. */
export type LoadTestEvent = z.output<typeof loadTestEvent>
/** How a live stream is wanted. */
export type LiveQuestion = z.output<typeof liveQuery>

/** An instance that lives in this process: what its server needs of it besides questions and answers. */
export interface Resident extends Instance {
  /** The figures of this moment as an event, for all who want the same: a look is shared by everybody who asks within a second. */
  live(question: LiveQuestion, caller: Pick<Caller, 'role'>): Promise<LiveEvent>
  /** Calls the listener when an alert begins or ends that the caller may know of; the function that is returned stops it. */
  onAlert(listener: (event: LiveEvent) => void, caller: Pick<Caller, 'role'>): () => void
  /** Events of a load test from now to its end. Throws `ApiError` `NOT_FOUND`. */
  followLoadTest(testId: string, signal: AbortSignal): AsyncIterable<LoadTestEvent>
  /** The results of a load test as a document; NOT_FOUND and CONFLICT (it still runs) are `ApiError`s. */
  loadTestDocument(testId: string, format: 'html' | 'pdf', detailed: boolean): Promise<{ readonly type: string; readonly body: string | Uint8Array }>
  /** All families in Prometheus' text format (version 0.0.4), or OpenMetrics 1.0. */
  exposition(format: 'prometheus' | 'openmetrics'): Promise<string>
  /** Whether it can answer; why not, where it cannot yet or no more. */
  readiness(): { readonly isReady: boolean; readonly reason: string | null }
  /** Told of every answer, for its own figures: `route` is the path of the contract. */
  noteAnswer(answered: { readonly method: string; readonly route: string; readonly status: number; readonly seconds: number }): void
  /** How many streams there are, for its own figures. */
  noteStreams(open: number): void
}
