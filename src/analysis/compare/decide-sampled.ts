import type { MeasuredSeries } from '../../model/measurements.ts'
import { plural } from '../../model/text.ts'
import { showRatio } from '../../model/unit.ts'
import type { ChangeScale, Decision } from './decision.ts'
import { counts, SCALES, showChange, untested, type Evidence } from './evidence.ts'
import { shiftBetween, type Interval } from './hodges-lehmann.ts'
import { mannWhitney } from './mann-whitney.ts'
import { median } from './ranks.ts'
import { severityOf, type CompareRules } from './rules.ts'

/** What runs or slices of two sides tell: evidence, or a decision where they cannot be tested. */
export function weighSampled(base: MeasuredSeries, head: MeasuredSeries, rules: CompareRules): Evidence | Decision {
  const good = [base.values.filter(Number.isFinite), head.values.filter(Number.isFinite)] as const
  const n = { base: good[0].length, head: good[1].length }
  const scale: ChangeScale = head.class === 'rate' ? 'points' : 'relative'
  const lost = base.values.length + head.values.length - n.base - n.head
  const flaw = lost > 0 ? `${lost === 1 ? 'a value is' : `${lost} values are`} missing` : undefined
  if (n.base === 0 || n.head === 0) return untested('inconclusive', `the ${n.base === 0 ? 'base' : 'head'} has no value`, { n, scale })

  if (scale === 'points' && ![...good[0], ...good[1]].every((share) => share >= 0 && share <= 1)) return untested('inconclusive', 'a share is not between 0 and 100%', { n, scale })

  // Half a step: a clock of whole milliseconds that says 0 means less than one.
  const resolution = Math.max(base.resolution ?? 0, head.resolution ?? 0)
  const [before, after] = good.map((values) => values.map((value) => value + resolution / 2)) as [number[], number[]] // two in, two out
  if (scale === 'relative' && ![...before, ...after].every((value) => value > 0)) return refused(before, after, n)

  const [x, y] = scale === 'relative' ? [before.map(Math.log), after.map(Math.log)] : [before, after]
  if (n.base < rules.leastPerSide || n.head < rules.leastPerSide) return guarded(x, y, { scale, n, better: head.better, flaw }, rules)
  const { estimate, interval } = shiftBetween(x, y, rules.alpha)
  if (interval === null) return guarded(x, y, { scale, n, better: head.better, flaw }, rules)
  const { p } = mannWhitney(x, y)
  return { scale, better: head.better, estimate, p, n, unit: 'run', flaw, interval: widened(interval, coarseness(before, after, resolution, scale)) }
}

/** Zeros and negative values have no ratios; equal sides need none. */
function refused(before: readonly number[], after: readonly number[], n: Decision['n']): Decision {
  if ([...before, ...after].every((value) => value === before[0])) return untested('unchanged', `${before[0]} in every run of both sides`, { n, estimate: 0 })
  return untested('inconclusive', 'values of zero or less have no ratio, and the resolution of the tool is not known', { n })
}

/** What so few values can say: nothing, unless the change is enormous. */
function guarded(x: readonly number[], y: readonly number[], { scale, n, better, flaw }: Pick<Evidence, 'scale' | 'n' | 'better' | 'flaw'>, rules: CompareRules): Decision {
  const by = median(y) - median(x)
  const estimate = SCALES[scale].toShown(by)
  const guard = scale === 'relative' ? rules.guard : rules.rate.guard
  const edge = SCALES[scale].ofShown(guard)
  const parts = { scale, n, estimate, detectable: scale === 'relative' && better === 'higher' ? -Math.expm1(-edge) : guard }
  const told = `${showChange(estimate, scale)}, ${counts(n, 'run')}`
  const need = `a test needs ${rules.leastPerSide} a side`
  if (better === 'neither' || Math.abs(by) <= edge) return untested('inconclusive', `${told}: so few runs cannot tell a change from noise; ${need}`, parts)
  const isWorse = by > 0 === (better === 'lower')
  if (!isWorse && flaw !== undefined) return untested('inconclusive', `${told}: ${flaw}`, parts)
  const size = scale === 'relative' ? showRatio(guard) : `${guard * 100} points`
  return untested(isWorse ? 'regressed' : 'improved', `${told}: beyond the guard of ${size}, though ${plural(Math.min(n.base, n.head), 'run')} cannot tell how sure that is; ${need}`, { ...parts, severity: isWorse ? severityOf(estimate, scale) : null })
}

/**
 * How far rounding alone can move a shift: one step, where a side has so few different values that noise does not even the steps out; else nothing.
 * On the scale of effects.
 */
export function coarseness(before: readonly number[], after: readonly number[], resolution: number, scale: ChangeScale): number {
  if (resolution === 0 || [before, after].every((values) => new Set(values).size > 2)) return 0
  return scale === 'points' ? resolution : Math.log1p(resolution / Math.min(median(before), median(after)))
}

/** An interval with so much more at either end. */
export function widened({ low, high }: Interval, by: number): Interval {
  return { low: low - by, high: high + by }
}
