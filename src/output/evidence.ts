import type { Finding } from '../model/finding.ts'
import { showApart } from '../model/apart.ts'
import { showQuantity, showRatio } from '../model/unit.ts'

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
  return `${evidence} (${showRatio(Math.abs(miss))} ${miss > 0 ? 'over' : 'under'})`
}
