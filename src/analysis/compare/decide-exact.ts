import type { MeasuredSeries } from '../../model/measurements.ts'
import { showQuantity, showRatio } from '../../model/unit.ts'
import type { Decision } from './decision.ts'
import { untested } from './evidence.ts'
import { median } from './ranks.ts'
import { severityOf, type CompareRules } from './rules.ts'

/** Judges what is counted: no statistics, a change counts when it exceeds both the absolute and the relative tolerance. Medians, where a side was counted several times. */
export function decideExact(base: MeasuredSeries, head: MeasuredSeries, rules: CompareRules): Decision {
  const sides = [base.values, head.values] as const
  const n = { base: base.values.length, head: head.values.length }
  const isMissing = (values: readonly number[]): boolean => values.length === 0 || !values.every(Number.isFinite)
  if (sides.some(isMissing)) return untested('inconclusive', sides.every(isMissing) ? 'it was measured on neither side' : 'a value is missing on one side', { n })

  const [before, after] = [median(base.values), median(head.values)]
  const by = after - before
  // Null for a base of nothing, or next to it.
  const relative = Number.isFinite(by / before) ? by / Math.abs(before) : null
  const absolute = rules.exact.absolute[head.unit] ?? 0
  const told = `from ${showQuantity({ value: before, unit: base.unit })} to ${showQuantity({ value: after, unit: head.unit })}${relative === null || by === 0 ? '' : ` (${by > 0 ? '+' : '-'}${showRatio(Math.abs(relative))})`}`
  const parts = { n, estimate: by === 0 ? 0 : relative, detectable: relative === null ? null : Math.max(rules.exact.relative, absolute / Math.abs(before)) }
  // From nothing to something has no relative size: the absolute tolerance decides alone.
  const exceeds = Math.abs(by) > absolute && (relative === null || Math.abs(relative) > rules.exact.relative)
  if (!exceeds) return untested('unchanged', by === 0 ? `${showQuantity({ value: after, unit: head.unit })} on both sides` : `${told}, within the tolerance`, parts)
  if (head.better === 'neither') return untested('inconclusive', `${told}: it changed, but whether that is good nobody has said`, parts)
  const isWorse = by > 0 === (head.better === 'lower')
  if (!isWorse) return untested('improved', told, parts)
  return untested('regressed', `${told}, more than the tolerance`, { ...parts, severity: relative === null ? 'critical' : severityOf(relative, 'relative') })
}
