import type { CheckResult } from '../model/health.ts'
import { worst, type Verdict } from '../model/verdict.ts'

const POINTS: Readonly<Record<Verdict, number>> = { ok: 100, warn: 60, unknown: 30, fail: 0 }
/** A check that must be well weighs twice one that may fail. */
const WEIGHT = { critical: 2, optional: 1 } as const

/** What counts of all checks together: the worst; `unknown` where there is none. */
export function verdictOf(results: readonly Pick<CheckResult, 'verdict'>[]): Verdict {
  return results.length === 0 ? 'unknown' : worst(results.map(({ verdict }) => verdict))
}

/** From 0 to 100, one decimal: the weighted mean of 100 for ok, 60 for a warning, 30 for unknown, 0 for failed; those that are excused are left out. Null where there is none. */
export function healthScore(results: readonly Pick<CheckResult, 'verdict' | 'isOptional' | 'excuse'>[]): number | null {
  let points = 0
  let weights = 0
  for (const { verdict, isOptional } of results.filter(({ excuse }) => excuse === undefined)) {
    const weight = isOptional ? WEIGHT.optional : WEIGHT.critical
    points += weight * POINTS[verdict]
    weights += weight
  }
  return weights === 0 ? null : Math.round((points / weights) * 10) / 10
}
