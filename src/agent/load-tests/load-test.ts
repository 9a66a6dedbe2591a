import type * as z from 'zod/mini'
import type { LOAD_TEST_STATES, loadTestResults } from '../../contract/answers/load-test.ts'
import type { LoadTestEvent } from '../../contract/resident.ts'
import type { Run } from '../../model/run.ts'
import type { Reading } from './generator.ts'
import type { TestOrder } from './test-order.ts'

/** Where a test stands. */
export type LoadTestState = (typeof LOAD_TEST_STATES)[number]
/** How far a test is, as documented. */
export type LoadTestProgress = NonNullable<z.output<typeof loadTestResults>['progress']>

/** One test, from its start to its result. */
export interface LoadTest {
  readonly order: TestOrder
  /** Who asked for it, as the audit log names them. */
  readonly startedBy: string
  readonly startedAt: Date
  state: LoadTestState
  /** Why it failed or was ended; null for one that ran to its end. */
  reason: string | null
  completedAt: Date | null
  reading: (Reading & { readonly atMs: number }) | null
  run: Run | null
  /** Called whenever something of it changes. */
  readonly listeners: Set<() => void>
}

/** How far a test is at this moment of the monotonic clock. Times in seconds, `errorRate` in percent; what is not known yet is null. */
export function progressOf({ order, reading, state, run }: LoadTest, now: number): LoadTestProgress {
  // Between two readings the clock goes on; nothing else is guessed.
  const elapsedMs = state === 'running' ? (reading ? reading.elapsedMs + (now - reading.atMs) : 0) : run ? run.duration * 1_000 : (reading?.elapsedMs ?? 0)
  const { phase, name } = phaseAt(order, elapsedMs)
  const requests = run?.summary.totalRequests ?? reading?.requests ?? 0
  const failed = run?.summary.failedRequests ?? reading?.failed ?? 0
  return {
    phase, phaseName: name,
    elapsed: round(elapsedMs / 1_000),
    remaining: state === 'running' ? round(Math.max(0, order.durationMs - elapsedMs) / 1_000) : 0,
    completedRequests: requests,
    requestRate: run ? round(run.summary.requestRate) : reading ? round(reading.rate) : null,
    errorRate: requests > 0 ? round((failed / requests) * 100) : null,
  }
}

function phaseAt({ phases }: TestOrder, elapsedMs: number): { readonly phase: number; readonly name: string } {
  let endsMs = 0
  const at = phases.findIndex(({ durationMs }) => (endsMs += durationMs) > elapsedMs)
  const index = at === -1 ? phases.length - 1 : at
  return { phase: index + 1, name: phases[index]?.name ?? '' }
}

/** What followers are told of a test now. */
export function eventOf(test: LoadTest, type: LoadTestEvent['type'], now: number, time: Date): LoadTestEvent {
  const base = { testId: test.order.testId, timestamp: time.toISOString(), status: test.state }
  return type === 'progress' ? { type, ...base, progress: progressOf(test, now) } : { type, ...base, reason: test.reason }
}

const round = (value: number): number => Math.round(value * 100) / 100
