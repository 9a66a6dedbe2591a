import { showSize } from '../analysis/compare/evidence.ts'
import type { Finding } from '../model/finding.ts'
import { showApart } from '../model/apart.ts'
import { showQuantity, showRatio } from '../model/unit.ts'

/** From so many times its limit on the times are told, not the share above it. */
const MANY = 10

/** What was measured, the limit and by how much it was missed: `observed 812 ms, limit 500 ms (62.4% over)`; empty when the finding has neither. */
export function showEvidence({ verdict, observed, limit, unit = 'count' }: Finding): string {
  const parts: string[] = []
  const beside = (value: number, other: number | null | undefined): string => (typeof other === 'number' && Number.isFinite(other) ? showApart(value, other, unit) : showQuantity({ value, unit }))
  if (observed !== undefined) parts.push(`observed ${observed === null || !Number.isFinite(observed) ? 'nothing' : beside(observed, limit)}`)
  if (limit !== undefined) parts.push(`limit ${beside(limit, observed)}`)
  const evidence = parts.join(', ')
  if (verdict === 'ok' || verdict === 'unknown' || typeof observed !== 'number' || limit === undefined) return evidence
  const miss = (observed - limit) / limit
  // A limit of nothing has no share to be over by.
  if (!Number.isFinite(miss) || miss === 0 || limit < 0) return evidence
  const times = observed / limit
  return times >= MANY ? `${evidence} (${showQuantity({ value: Math.round(times), unit: 'count' })}x)` : `${evidence} (${unit === 'ratio' && miss < 0 ? showSize(Math.abs(observed - limit), 'points') : showRatio(Math.abs(miss))} ${miss > 0 ? 'over' : 'under'})`
}
