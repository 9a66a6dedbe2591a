import { healthOf, type CollectedSource, type SourceHealth } from './collected-source.ts'
import type { Collector } from './collector.ts'

/** How a source is, why, and what to do about it. */
export interface SourceCondition {
  readonly health: SourceHealth
  /** Whether the zone of the machine keeps it from being asked. */
  readonly isGivenUp: boolean
  /** Null where there is none, or none that anybody knows. */
  readonly problem: string | null
  readonly hint: string | null
}

/** How a source is in the zone the machine is in; `now` is monotonic milliseconds. */
export function conditionOf(collector: Collector, state: CollectedSource, now: number): SourceCondition {
  const { isDisabled, problem, hint, openUntil } = state
  if (!isDisabled && collector.intervalOf(state) === null) {
    const before = problem === null ? '' : `; before that: ${problem}`
    return { health: 'disabled', isGivenUp: true, problem: `given up while the machine is in zone ${collector.zone}${before}`, hint: 'it is asked again when the machine has room; `collect.adaptive: false` keeps it whatever the zone' }
  }
  const rest = openUntil !== null && openUntil > now ? ` (left alone for ${Math.ceil((openUntil - now) / 1_000)} s)` : ''
  return { health: healthOf(state), isGivenUp: false, problem: problem === null ? null : `${problem}${rest}`, hint }
}
