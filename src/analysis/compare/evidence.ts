import type { MeasuredSeries } from '../../model/measurements.ts'
import { plural } from '../../model/text.ts'
import { showRatio } from '../../model/unit.ts'
import type { ChangeScale, ChangeVerdict, Decision } from './decision.ts'
import { detectableChange } from './detectable.ts'
import type { Interval } from './hodges-lehmann.ts'
import { severityOf, type CompareRules } from './rules.ts'

/** What a test found of one figure, before it is known what else is judged beside it. */
export interface Evidence {
  readonly scale: ChangeScale
  readonly better: MeasuredSeries['better']
  /** On the scale of effects: the logarithm of head / base, or points; finite. */
  readonly estimate: number
  readonly interval: Interval
  /** Two-sided. */
  readonly p: number
  readonly n: Decision['n']
  /** What n counts: run, pair, event. */
  readonly unit: string
  /** Why it must not be called fine, as a sentence; undefined when nothing is against it. */
  readonly flaw?: string | undefined
}

/** Effects are added and mirrored; what is shown is for people. */
export const SCALES = {
  // So many orders of magnitude that the ratio is no number any more are as good as infinite.
  relative: { ofShown: Math.log1p, toShown: (effect: number) => Math.expm1(Math.min(effect, 700)) },
  points: { ofShown: (points: number) => points, toShown: (points: number) => points },
} as const satisfies Readonly<Record<ChangeScale, unknown>>

/** A change for people: `+12.3%`, `-2 points`, `0%`. */
export function showChange(change: number, scale: ChangeScale): string {
  const size = showSize(Math.abs(change), scale)
  return `${/^0(%| points)$/.test(size) ? '' : change > 0 ? '+' : change < 0 ? '-' : ''}${size}`
}

/** Nothing is shown of a change that is finer than a hundredth of a percent or a point: those would be digits of noise. */
const FINEST = 0.0001

/** The size of a change for people, whichever way it goes: `12.3%`, `1 point`. */
export function showSize(size: number, scale: ChangeScale): string {
  const percent = showRatio(size < 0.01 ? Math.round(size / FINEST) * FINEST : size)
  return scale === 'relative' ? percent : percent === '1%' ? '1 point' : `${percent.slice(0, -1)} points`
}

/** A chance for people: `p = 0.0079`, `p < 0.0001`. */
function showChance(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`
}

/** What a figure is said to be, given what was found and the chance after all that is judged beside it. */
export function conclude(evidence: Evidence, adjustedP: number, rules: CompareRules): Decision {
  const { scale, better, estimate, interval, p, n, flaw } = evidence
  const { ofShown, toShown } = SCALES[scale]
  const margins = scale === 'points' ? rules.rate : rules
  const least = ofShown(margins.minimumEffect)
  const tolerance = ofShown(margins.tolerance)
  // Turned so that above zero is worse.
  const sign = better === 'higher' ? -1 : 1
  const worse = sign * estimate
  const [best, worst] = sign > 0 ? [interval.low, interval.high] : [-interval.high, -interval.low]
  const isSure = adjustedP <= rules.alpha && (best > 0 || worst < 0)
  // Logarithms are mirrored: what undoes +3 % is -2.9 %. A hair less, so that rounding does not lift a change over the edge.
  const matters = Math.abs(worse) >= least * (1 - 1e-12)

  const detectable = detectableChange(interval, rules.alpha, least)
  const shown = {
    scale, p, adjustedP, n,
    estimate: toShown(estimate),
    interval: { low: toShown(interval.low), high: toShown(interval.high) },
    // A drop is never more than everything.
    detectable: Math.abs(toShown(sign * detectable)),
    severity: null,
  }
  const range = `between ${showChange(shown.interval.low, scale)} and ${showChange(shown.interval.high, scale)}`
  const told = `${showChange(shown.estimate, scale)}, ${range} (${showRatio(1 - rules.alpha)} sure), ${showChance(p)}${adjustedP > p ? `, ${showChance(adjustedP)} beside the others` : ''}, ${counts(n, evidence.unit)}`
  const say = (verdict: ChangeVerdict, why: string): Decision => ({ ...shown, verdict, severity: verdict === 'regressed' ? severityOf(shown.estimate, scale) : null, why: `${told}: ${why}` })
  const finds = `a change of ${showSize(shown.detectable, scale)} or more would be found`

  if (better === 'neither') {
    if (best > -tolerance && worst < tolerance && flaw === undefined) return say('unchanged', 'no change that matters')
    return say('inconclusive', isSure && matters ? 'it changed, but whether that is good nobody has said' : (flaw ?? finds))
  }
  if (isSure && matters && worse > 0) return say('regressed', 'worse, by more than chance makes likely')
  if (flaw !== undefined) return say('inconclusive', flaw)
  if (isSure && matters) return say('improved', 'better, by more than chance makes likely')
  if (matters && p <= rules.alpha && (best > 0 || worst < 0) && worst >= tolerance) return say('inconclusive', 'it would count by itself, but not beside the other figures that were judged; measure more often, or gate fewer figures')
  if (worst < tolerance) return say('unchanged', `a change for the worse of ${showSize(margins.tolerance, scale)} or more is ruled out; ${finds}`)
  return say('inconclusive', `neither a change nor its absence is shown; ${finds}`)
}

/** A figure nothing was tested of. */
export function untested(verdict: ChangeVerdict, why: string, parts: Partial<Decision> = {}): Decision {
  return { verdict, why, scale: 'relative', estimate: null, interval: null, p: null, adjustedP: null, n: { base: 0, head: 0 }, detectable: null, severity: null, ...parts }
}

/** `20 and 20 runs`, `30 pairs`. */
export function counts({ base, head }: Decision['n'], unit: string): string {
  return unit === 'pair' ? plural(head, unit) : `${base} and ${plural(head, unit)}`
}
