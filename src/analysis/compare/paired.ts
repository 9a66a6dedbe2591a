import type { MeasuredSeries } from '../../model/measurements.ts'
import { plural } from '../../model/text.ts'
import type { ChangeScale, Decision } from './decision.ts'
import { coarseness, widened } from './decide-sampled.ts'
import { conclude, SCALES, untested } from './evidence.ts'
import { walshCentre } from './hodges-lehmann.ts'
import { COMPARE_RULES, type CompareRules } from './rules.ts'
import { signedRanks } from './wilcoxon.ts'

/** One value of each side, measured right after each other. NaN where one has none. */
export interface Pair {
  readonly base: number
  readonly head: number
}

/** After how many pairs it is judged; the last decides whatever it finds. */
export const LOOKS: readonly number[] = [8, 16, 30]

/** What is asked of pairs: which way is better, the tool's step, the rules of one look, and how many figures are judged from the same slices (each gets that part of alpha). */
export interface PairedQuestion {
  readonly better: MeasuredSeries['better']
  readonly resolution?: number | undefined
  readonly rules: CompareRules
  readonly looks: readonly number[]
  readonly figures: number
}

/** A sequence of interleaved pairs and what is known of it so far; never changed, `addPair` makes the next. */
export interface PairedState {
  readonly question: PairedQuestion
  readonly pairs: readonly Pair[]
  /** The answer; null while more pairs are needed. */
  readonly settled: Decision | null
}

/** A sequence without pairs. The defaults: `COMPARE_RULES`, looks at 8, 16 and 30 pairs, one figure. */
export function startPairs(question: Pick<PairedQuestion, 'better'> & Partial<PairedQuestion>): PairedState {
  return { question: { rules: COMPARE_RULES, looks: LOOKS, figures: 1, ...question }, pairs: [], settled: null }
}

/** The sequence with one more pair, judged when it is time for a look; a settled one stays as it is. A pair without two good values is counted and makes a good verdict impossible. */
export function addPair(state: PairedState, pair: Pair): PairedState {
  if (state.settled) return state
  const pairs = [...state.pairs, pair]
  const { looks } = state.question
  if (!looks.includes(pairs.length) && pairs.length < Math.max(...looks)) return { ...state, pairs }
  const decision = judgePairs(pairs, state.question)
  return { ...state, pairs, settled: isFinal(decision, pairs.length, state.question) ? decision : null }
}

/** How many pairs more until the next look; 0 when it is settled. */
export function pairsToNextLook({ question, pairs, settled }: PairedState): number {
  return settled ? 0 : Math.min(...question.looks.filter((look) => look > pairs.length)) - pairs.length
}

/** What there is to say now, settled or not: of a sequence that was broken off, or for the screen. Looking does not use up a look; only what is settled is an answer. */
export function pairedDecision({ question, pairs, settled }: PairedState): Decision {
  if (settled) return settled
  const now = judgePairs(pairs, question)
  return now.verdict === 'inconclusive' ? now : { ...now, verdict: 'inconclusive', severity: null, why: `${now.why}, but it was not yet time to judge` }
}

/** An early look ends it with a clear answer: a change, or none in either direction. The last also takes "not worse". */
function isFinal({ verdict, interval }: Decision, pairs: number, { rules, looks }: PairedQuestion): boolean {
  if (pairs >= Math.max(...looks)) return true
  if (verdict !== 'unchanged') return verdict !== 'inconclusive'
  // Something that seems to have got better deserves the chance to show it.
  return interval === null || (Math.log1p(interval.low) > -Math.log1p(rules.tolerance) && interval.high < rules.tolerance)
}

/** The rule of one look: the Walsh centre of ln(head / base) with the interval that inverts the signed-rank test. */
export function judgePairs(pairs: readonly Pair[], { better, resolution = 0, rules, figures }: PairedQuestion): Decision {
  const scale: ChangeScale = 'relative'
  const lifted = pairs.map(({ base, head }) => ({ base: base + resolution / 2, head: head + resolution / 2 }))
  const good = lifted.filter(({ base, head }) => base > 0 && head > 0 && Number.isFinite(base) && Number.isFinite(head))
  const n = { base: good.length, head: good.length }
  const lost = pairs.length - good.length
  const flaw = lost > 0 ? `${plural(lost, 'pair')} had no value on one side, or zero, which has no ratio` : undefined
  if (good.length === 0) return untested('inconclusive', flaw ?? 'no pair was measured', { n })

  const differences = good.map(({ base, head }) => Math.log(head) - Math.log(base))
  const shared = { ...rules, alpha: rules.alpha / figures }
  const { estimate, interval } = walshCentre(differences, shared.alpha)
  if (interval === null) return untested('inconclusive', `${plural(good.length, 'pair')} cannot tell a change from noise${flaw === undefined ? '' : `; ${flaw}`}`, { n, estimate: SCALES.relative.toShown(estimate) })
  const { p } = signedRanks(differences)
  const coarse = coarseness(good.map(({ base }) => base), good.map(({ head }) => head), resolution, scale)
  return conclude({ scale, better, estimate, interval: widened(interval, coarse), p, n, unit: 'pair', flaw }, p, shared)
}
