import type { Zone } from '../analysis/zone.ts'
import { ZONE_RULES } from '../analysis/zone.ts'
import { PRIORITIES, type Collected, type Source } from '../model/source.ts'

/** How a source is. */
export type SourceHealth = 'healthy' | 'degraded' | 'unhealthy' | 'disabled' | 'pending'

/** After so many failures in a row a source is unhealthy. */
const UNHEALTHY_AFTER = 3
/** After so many it is left alone for a while, which doubles each time it fails again. */
const OPEN_AFTER = 5
const LEAST_REST_MS = 60_000
const MOST_REST_MS = 600_000
/** After so many intervals without a collection what a source said is no longer so. */
const KEPT_FOR = 3
/** The second collection comes early, so that the first rates are not a whole interval away. */
const SECOND_MS: Readonly<Partial<Record<Source['kind'], number>>> = { system: 250 }
const OTHER_SECOND_MS = 5_000

/** A source with what became of its collections; times are monotonic milliseconds unless they say otherwise. */
export interface CollectedSource {
  readonly source: Source
  readonly timeoutMs: number
  readonly isDisabled: boolean
  dueAt: number
  /** The collection under way, also one that nobody waits for any more. */
  running: Promise<void> | null
  begunAt: number
  last: { readonly collected: Collected; readonly at: number; readonly wallMs: number; readonly elapsedMs: number } | null
  lastDurationMs: number | null
  collections: number
  failures: number
  failuresInARow: number
  /** Until when it is left alone; null where it is not. */
  openUntil: number | null
  problem: string | null
  /** What to do about it. */
  hint: string | null
}

/** A source of which nothing is known yet. */
export function newSource(source: Source, { timeoutMs, isDisabled, now }: { readonly timeoutMs: number; readonly isDisabled: boolean; readonly now: number }): CollectedSource {
  return { source, timeoutMs, isDisabled, dueAt: now, running: null, begunAt: Number.NEGATIVE_INFINITY, last: null, lastDurationMs: null, collections: 0, failures: 0, failuresInARow: 0, openUntil: null, problem: null, hint: null }
}

/** The health a source has by its failures; one that could not tell all is degraded. */
export function healthOf({ isDisabled, collections, failures, failuresInARow, last }: CollectedSource): SourceHealth {
  if (isDisabled) return 'disabled'
  if (failuresInARow >= UNHEALTHY_AFTER) return 'unhealthy'
  if (failuresInARow > 0 || (last?.collected.problems ?? []).length > 0) return 'degraded'
  return collections + failures === 0 ? 'pending' : 'healthy'
}

/** The interval of a source in a zone, milliseconds; null where it is given up there. */
export function intervalIn(zone: Zone, { priority, intervalMs }: Pick<Source, 'priority' | 'intervalMs'>): number | null {
  const { least, stretch } = ZONE_RULES[zone]
  return PRIORITIES.indexOf(priority) > PRIORITIES.indexOf(least) ? null : intervalMs * (stretch[priority] ?? 1)
}

/** Whether what a source said last may still be said. */
export function isFresh({ source, last }: CollectedSource, zone: Zone, now: number): boolean {
  return last !== null && now - last.at <= KEPT_FOR * (intervalIn(zone, source) ?? source.intervalMs)
}

/** Notes a collection that went well, and when the next one is due. */
export function noteSuccess(state: CollectedSource, collected: Collected, { now, wallMs, intervalMs }: { readonly now: number; readonly wallMs: number; readonly intervalMs: number }): void {
  const isFirst = state.last === null
  state.last = { collected, at: now, wallMs, elapsedMs: state.last ? now - state.last.at : Number.NaN }
  state.lastDurationMs = now - state.begunAt
  state.collections++
  state.failuresInARow = 0
  state.openUntil = null
  state.problem = state.hint = null
  const early = SECOND_MS[state.source.kind] ?? OTHER_SECOND_MS
  state.dueAt = Math.max(now + 1, state.begunAt + (isFirst ? Math.min(intervalMs, early) : intervalMs))
}

/** Notes a collection that failed, and when the next one is due: later and later. */
export function noteFailure(state: CollectedSource, problem: string, { now, intervalMs, hint }: { readonly now: number; readonly intervalMs: number; readonly hint: string | null }): void {
  state.lastDurationMs = now - state.begunAt
  state.failures++
  state.failuresInARow++
  state.problem = problem
  state.hint = hint
  const beyond = state.failuresInARow - OPEN_AFTER
  const restMs = beyond < 0 ? intervalMs * Math.min(4, 2 ** (state.failuresInARow - 1)) : Math.min(MOST_REST_MS, Math.max(LEAST_REST_MS, intervalMs) * 2 ** Math.min(beyond, 10))
  // A pause is never shorter than the source's own.
  state.dueAt = now + Math.max(restMs, intervalMs)
  state.openUntil = beyond < 0 ? null : state.dueAt
}
