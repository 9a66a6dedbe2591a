import type { WireClient } from '../exchange.ts'
import type { CookieJar } from './cookie.ts'
import type { Deal } from './payload.ts'
import type { FlowRecorder } from './recorder.ts'
import type { ScopeWorld } from './scope.ts'

/** What a timer is to the one who set it. */
export type Timer = unknown

/** Everything outside of a user. */
export interface World {
  readonly client: Pick<WireClient, 'send'>
  /** The run's monotonic clock, milliseconds; the clock of every Exchange. */
  now(): number
  /** Calls back after `ms`, never before it returns. */
  later(ms: number, then: () => void): Timer
  cancel(timer: Timer): void
  readonly recorder: FlowRecorder
  /** Its `missing` goes to the recorder's. */
  readonly scope: ScopeWorld
  readonly deal: Deal
  /** From `loadCookieJars`; asked when a user is given its first cookie. */
  createJar(): CookieJar
  /** Whether a failed expectation ends its user's flow; Artillery's `reportFailuresAsErrors`. */
  readonly endOnFailedExpectation: boolean
}
