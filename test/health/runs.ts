import type { CheckResult, Excuse } from '../../src/model/health.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { foldState, type Change, type HealthState } from '../../src/health/state.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** 3:00 in the morning of the machine these tests run on. */
export const START = new Date(2026, 10, 21, 3, 0).getTime()

export const MAINTENANCE: Excuse = { kind: 'maintenance', window: 'night', until: new Date(START + DAY) }

/** A result as far as the state looks at it; `excused` is one in maintenance. */
export function result(name: string, state: Verdict | 'excused'): CheckResult {
  const verdict = state === 'excused' ? 'ok' : state
  return {
    name, type: 'http', component: 'services', isOptional: false, isExternal: false, verdict, ...(state === 'excused' ? { excuse: MAINTENANCE } : {}),
    outcome: { verdict: state === 'excused' ? 'fail' : state, message: '', measures: [], details: {} }, attempts: 1, durationMs: 1, checkedAt: new Date(START),
  }
}

/** What is left of runs of one check, `db`: pairs of minutes since the start and what it was. */
export function after(runs: readonly (readonly [minute: number, state: Verdict | 'excused'])[], before: HealthState | null = null): { readonly state: HealthState; readonly changes: readonly Change[]; /** Changes of the check itself, run by run. */ readonly told: readonly string[] } {
  let state = before
  let changes: readonly Change[] = []
  const told: string[] = []
  for (const [minute, verdict] of runs) {
    const folded = foldState(state, [result('db', verdict)], verdict === 'excused' ? 'ok' : verdict, new Date(START + minute * MINUTE))
    state = folded.state
    changes = folded.changes
    told.push(...changes.filter(({ check }) => check === 'db').map(({ kind, from, to }) => `${minute} ${kind} ${from ?? 'new'} ${to}`))
  }
  if (state === null) throw new Error('no runs')
  return { state, changes, told }
}

/** Runs every five minutes. */
export function every5(...states: readonly (Verdict | 'excused')[]): readonly (readonly [number, Verdict | 'excused'])[] {
  return states.map((state, index) => [index * 5, state])
}
