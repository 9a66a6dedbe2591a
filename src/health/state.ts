import type { CheckResult } from '../model/health.ts'
import { VERDICTS, type Verdict } from '../model/verdict.ts'
import { isFlapping, REMEMBERED } from './flapping.ts'
import { bounded, HISTORY_MS, remember, type Stretch } from './history.ts'
import { GAPS, longestGap } from './uptime.ts'

/** What is remembered of one check, or of all together; times in milliseconds since 1970. */
export interface Standing {
  /** The last that counted; null where it was excused whenever it was looked at. */
  readonly verdict: Verdict | null
  /** When it was first seen so, with no other verdict seen since; times when it was excused or nobody looked do not end it. */
  readonly since: number
  /** Whether it was excused when it was last seen. */
  readonly isExcused: boolean
  readonly lastSeen: number
  readonly flappingSince: number | null
  /** The last 21 verdicts that counted, the newest last. */
  readonly recent: readonly Verdict[]
  /** The last 20 distances between two looks, milliseconds. */
  readonly gaps: readonly number[]
  /** Watched time of the last 30 days, in order and without overlaps. */
  readonly history: readonly Stretch[]
}

/** What a state file remembers between runs. */
export interface HealthState {
  readonly overall: Standing
  readonly checks: ReadonlyMap<string, Standing>
}

/** Something that somebody should be told. */
export interface Change {
  /** Null where it is about all together. */
  readonly check: string | null
  /** `flapping` is told once when it begins; single changes are not told until it has `settled`. */
  readonly kind: 'changed' | 'flapping' | 'settled'
  /** Null where it is seen for the first time, and is not ok. */
  readonly from: Verdict | null
  readonly to: Verdict
  readonly at: Date
  /** How long the state before lasted, milliseconds, what came before `settled` being the flapping; null where there was none. */
  readonly lastedMs: number | null
}

/** Stretches that are remembered of one check, and of all together, which keeps a state file below 16 MiB. */
const MOST_STRETCHES = { each: 2_000, all: 100_000, least: 100 } as const

/** The state after a run, and what has changed by it; all together first, then in the order of the results. Checks that no run has had for 30 days are forgotten. */
export function foldState(before: HealthState | null, results: readonly CheckResult[], verdict: Verdict, at: Date): { readonly state: HealthState; readonly changes: readonly Change[] } {
  const now = at.getTime()
  const seen = new Map(results.map((result) => [result.name, result]))
  const lost = [...(before?.checks ?? [])].filter(([name, { lastSeen }]) => !seen.has(name) && now - lastSeen <= HISTORY_MS)
  const most = Math.max(MOST_STRETCHES.least, Math.min(MOST_STRETCHES.each, Math.floor(MOST_STRETCHES.all / (1 + seen.size + lost.length))))

  const changes: (Change | null)[] = []
  const fold = (check: string | null, known: Standing | undefined, look: Look): Standing => {
    const standing = foldStanding(known, look, now, most)
    changes.push(changeOf(check, known, standing, at))
    return standing
  }
  const overall = fold(null, before?.overall, { verdict, isExcused: isHidden(before, results, verdict) })
  const checks = new Map<string, Standing>()
  for (const [name, result] of seen) checks.set(name, fold(name, before?.checks.get(name), { verdict: result.verdict, isExcused: result.excuse !== undefined }))
  for (const [name, standing] of lost) checks.set(name, { ...standing, history: bounded(standing.history, now, most) })
  return { state: { overall, checks }, changes: changes.filter((change) => change !== null) }
}

/** Whether all together only looks as it does because something is excused, which must not be told as recovery. */
function isHidden(before: HealthState | null, results: readonly CheckResult[], verdict: Verdict): boolean {
  const excused = results.filter(({ excuse }) => excuse !== undefined)
  const rank = (of: Verdict): number => VERDICTS.indexOf(of)
  return excused.length > 0 && (excused.length === results.length || excused.some(({ name }) => rank(before?.checks.get(name)?.verdict ?? 'ok') > rank(verdict)))
}

interface Look {
  readonly verdict: Verdict
  readonly isExcused: boolean
}

function foldStanding(known: Standing | undefined, { verdict, isExcused }: Look, now: number, most: number): Standing {
  if (known === undefined) return { verdict: isExcused ? null : verdict, since: now, isExcused, lastSeen: now, flappingSince: null, recent: isExcused ? [] : [verdict], gaps: [], history: [] }
  const gap = now - known.lastSeen
  // Time belongs to what was found at its beginning; a clock that was set back makes none.
  const earlier = known.isExcused ? 'excused' : known.verdict
  const isWatched = gap > 0 && gap <= longestGap(known.gaps) && earlier !== null
  const history = bounded(isWatched ? remember(known.history, { of: earlier, from: known.lastSeen, until: now }) : known.history, now, most)
  const gaps = gap > 0 ? [...known.gaps, gap].slice(-GAPS) : known.gaps
  if (isExcused) return { ...known, isExcused, lastSeen: now, gaps, history }
  const recent = [...known.recent, verdict].slice(-REMEMBERED)
  return {
    verdict, isExcused, lastSeen: now, gaps, history, recent,
    since: verdict === known.verdict ? known.since : now,
    flappingSince: isFlapping(recent, known.flappingSince !== null) ? (known.flappingSince ?? now) : null,
  }
}

function changeOf(check: string | null, known: Standing | undefined, { verdict: to, isExcused, flappingSince }: Standing, at: Date): Change | null {
  if (isExcused || to === null) return null
  const lasted = (since: number): number => Math.max(0, at.getTime() - since)
  if (known === undefined || known.verdict === null) return to === 'ok' ? null : { check, kind: 'changed', from: null, to, at, lastedMs: null }
  const change = { check, from: known.verdict, to, at, lastedMs: lasted(known.since) }
  if (known.flappingSince === null && flappingSince !== null) return { ...change, kind: 'flapping' }
  if (known.flappingSince !== null) return flappingSince === null ? { ...change, kind: 'settled', lastedMs: lasted(known.flappingSince) } : null
  return known.verdict === to ? null : { ...change, kind: 'changed' }
}
