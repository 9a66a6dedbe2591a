import type { MeasuredSeries } from '../../model/measurements.ts'
import type { Comparability } from './comparable.ts'
import type { Decision } from './decision.ts'
import { decideExact } from './decide-exact.ts'
import { weighRate } from './decide-rate.ts'
import { weighSampled } from './decide-sampled.ts'
import { conclude, untested, type Evidence } from './evidence.ts'
import { holm } from './holm.ts'
import { COMPARE_RULES, type CompareRules } from './rules.ts'

/** One figure on two sides. */
export interface Figure {
  readonly base: MeasuredSeries
  readonly head: MeasuredSeries
  /** Whether it can fail the comparison; one that only informs does not make the others' test harder. True unless told. */
  readonly gates?: boolean | undefined
}

/** Judges figures together: Holm over all that gate and were tested. Where the sides are not comparable the numbers stay and every verdict is `incomparable`. */
export function decideAll(figures: readonly Figure[], rules: CompareRules = COMPARE_RULES, comparability?: Comparability): Decision[] {
  const weighed = figures.map((figure) => ({ gates: figure.gates ?? true, found: weigh(figure, rules) }))
  const family = weighed.flatMap(({ gates, found }) => (gates && isEvidence(found) ? [found] : []))
  const adjusted = new Map(holm(family.map(({ p }) => p)).map((p, nth) => [family[nth], p]))
  const decisions = weighed.map(({ found }) => (isEvidence(found) ? conclude(found, adjusted.get(found) ?? found.p, rules) : found))
  if (comparability === undefined || comparability.comparable) return decisions
  return decisions.map((decision) => ({ ...decision, verdict: 'incomparable', severity: null, why: comparability.reasons.join('; ') }))
}

/** Judges one figure by itself. */
export function decide(base: MeasuredSeries, head: MeasuredSeries, rules: CompareRules = COMPARE_RULES): Decision {
  // Non-null: one figure, one decision.
  return decideAll([{ base, head }], rules)[0]!
}

function weigh({ base, head }: Figure, rules: CompareRules): Evidence | Decision {
  if (base.unit !== head.unit) return untested('incomparable', `the base is in ${base.unit}, the head in ${head.unit}`)
  if (base.class !== head.class) return untested('incomparable', `the base is ${base.class}, the head ${head.class}`)
  if (base.better !== head.better) return untested('incomparable', `the sides do not agree on which way is better (${base.better}, ${head.better})`)
  if (head.class === 'exact') return decideExact(base, head, rules)
  if (head.class === 'rate' && base.events && head.events) return weighRate(base.events, head.events, head.better, rules)
  return weighSampled(base, head, rules)
}

function isEvidence(found: Evidence | Decision): found is Evidence {
  return !('verdict' in found)
}
