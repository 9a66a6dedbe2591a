import { seriesKey, type MeasuredSeries } from '../../model/measurements.ts'
import { plural } from '../../model/text.ts'
import type { Judged } from '../shape/compare-shape.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { counts, showSize, untested } from './evidence.ts'
import { addPair, judgePairs, LOOKS, pairedDecision, startPairs, type Pair, type PairedQuestion, type PairedState } from './paired.ts'
import { SEVERITY_FROM, type CompareRules } from './rules.ts'

/** The figures of one slice: series of one value each, every slice with the same ones. */
export type SliceFigures = readonly MeasuredSeries[]

/** Slices of two sides in pairs, several figures deciding together; never changed, `addSlices` makes the next. */
export interface Interleaved {
  readonly rules: CompareRules
  readonly looks: readonly number[]
  readonly base: readonly SliceFigures[]
  readonly head: readonly SliceFigures[]
  readonly gates: ReadonlyMap<string, Gate>
}

/** A figure that decides: by its pairs, or where it is a share of events by all of them together. */
type Gate = { readonly kind: 'paired'; readonly state: PairedState } | { readonly kind: 'counted'; readonly settled: Settled | null }

/** An answer, and after how many pairs there was one. */
interface Settled {
  readonly decision: Decision
  readonly after: number
}

/**
 * Begins without slices. `gates` are the figures that decide: paired ones share alpha among them, as shares of events do among themselves, because what
 * the median and the error rate are asked is not the same.
 */
export function startInterleaved(gates: SliceFigures, rules: CompareRules, looks: readonly number[] = LOOKS): Interleaved {
  const paired = gates.filter((gate) => !isCounted(gate)).length
  const counted = gates.length - paired
  const states = gates.map((gate): [string, Gate] => [
    seriesKey(gate),
    isCounted(gate) ? { kind: 'counted', settled: null } : { kind: 'paired', state: startPairs({ better: gate.better, resolution: gate.resolution, rules, looks, figures: paired }) },
  ])
  return { rules: counted > 1 ? { ...rules, alpha: rules.alpha / counted } : rules, looks, base: [], head: [], gates: new Map(states) }
}

/** The same with a slice of each side more; what was settled stays. */
export function addSlices(before: Interleaved, base: SliceFigures, head: SliceFigures): Interleaved {
  const next = { ...before, base: [...before.base, base], head: [...before.head, head] }
  const pairs = next.base.length
  const isLook = before.looks.includes(pairs)
  const [bases, heads] = [byKey(base), byKey(head)]
  const paired = new Map([...before.gates].map(([key, gate]): [string, Gate] =>
    gate.kind === 'paired' ? [key, { kind: 'paired', state: addPair(gate.state, pairOf(bases.get(key), heads.get(key))) }] : [key, gate]))
  if (!isLook) return { ...next, gates: paired }
  const states = [...paired.values()].flatMap((gate) => (gate.kind === 'paired' ? [gate.state] : []))
  // Where nothing is waited for but failures, and there is none, what can be ruled out by now is enough.
  const isAwaited = states.length > 0 && states.every(({ settled }) => settled !== null)
  const gates = new Map([...paired].map(([key, gate]): [string, Gate] => {
    if (gate.kind === 'paired' || gate.settled !== null) return [key, gate]
    const strict = countedDecision(next, key)
    const decision = isAwaited || pairs >= last(before.looks) ? withoutFailures(strict, next, key) : strict
    return [key, { kind: 'counted', settled: decision.verdict !== 'inconclusive' || pairs >= last(before.looks) ? { decision, after: pairs } : null }]
  }))
  return { ...next, gates }
}

/**
 * So few events that the tolerance is not ruled out, but not one of them was bad on either side: that is no change so long as they rule out at least what would be a major one.
 * The reason says how much they do.
 */
function withoutFailures(decision: Decision, { base, head }: Pick<Interleaved, 'base' | 'head'>, key: string): Decision {
  const { verdict, interval, n } = decision
  const series = [base, head].map((side) => joined(side).find((each) => seriesKey(each) === key))
  const isClean = series.every((each) => each?.better === 'lower' && each.events?.every(({ yes }) => yes === 0) === true && each.values.every(Number.isFinite))
  if (verdict !== 'inconclusive' || interval === null || !isClean || interval.high >= SEVERITY_FROM.points.major) return decision
  return { ...decision, verdict: 'unchanged', why: `none of ${counts(n, 'event')}: that rules out ${showSize(interval.high, 'points')} or more, not less` }
}

/** Whether more slices would change nothing: all that decides is settled, or one of it has failed. */
export function isSettled({ gates }: Pick<Interleaved, 'gates'>): boolean {
  const settled = [...gates.values()].map((gate) => (gate.kind === 'paired' ? gate.state.settled : (gate.settled?.decision ?? null)))
  return settled.every((decision) => decision !== null) || settled.some((decision) => decision?.verdict === 'regressed')
}

/** What there is to say of every figure now. */
export function judgedSlices(interleaved: Interleaved): Judged[] {
  const { base, head, gates, rules } = interleaved
  const heads = byKey(joined(head))
  return joined(base).flatMap((before) => {
    const key = seriesKey(before)
    const after = heads.get(key)
    if (after === undefined) return []
    const gate = gates.get(key)
    const parts = { key, base: before, head: after, gates: gate !== undefined }
    if (gate === undefined) return [{ ...parts, decision: informed(before, after, rules) }]
    const [decision, settledAfter] = [decisionOf(interleaved, key, gate), settledWith(gate)]
    const isEarly = settledAfter !== null && settledAfter < base.length
    return [{ ...parts, settledAfter, decision: isEarly ? { ...decision, why: `${decision.why}; settled after ${plural(settledAfter, 'pair')}` } : decision }]
  })
}

/** After how many pairs there was an answer; null where there is none yet. */
function settledWith(gate: Gate): number | null {
  if (gate.kind === 'paired') return gate.state.settled === null ? null : gate.state.pairs.length
  return gate.settled?.after ?? null
}

/** What is known of what decides, as of now. */
export function gateDecisions(interleaved: Interleaved): readonly { readonly key: string; readonly decision: Decision }[] {
  return [...interleaved.gates].map(([key, gate]) => ({ key, decision: decisionOf(interleaved, key, gate) }))
}

function decisionOf(interleaved: Interleaved, key: string, gate: Gate): Decision {
  if (interleaved.base.length === 0) return untested('inconclusive', 'no pair was measured')
  if (gate.kind === 'paired') return pairedDecision(gate.state)
  if (gate.settled !== null) return gate.settled.decision
  const now = countedDecision(interleaved, key)
  return now.verdict === 'inconclusive' ? now : { ...now, verdict: 'inconclusive', severity: null, why: `${now.why}, but it was not yet time to judge` }
}

function countedDecision({ base, head, rules }: Interleaved, key: string): Decision {
  const [before, after] = [base, head].map((side) => joined(side).find((series) => seriesKey(series) === key))
  return before && after ? decide(before, after, rules) : untested('inconclusive', 'it was not measured')
}

/** A figure that decides nothing, as if it were looked at for the first time. */
function informed(base: MeasuredSeries, head: MeasuredSeries, rules: CompareRules): Decision {
  if (isCounted(head)) return decide(base, head, rules)
  const question: PairedQuestion = { better: head.better, resolution: head.resolution, rules, looks: LOOKS, figures: 1 }
  return judgePairs(base.values.map((value, nth) => ({ base: value, head: head.values[nth] ?? Number.NaN })), question)
}

function pairOf(base: MeasuredSeries | undefined, head: MeasuredSeries | undefined): Pair {
  return { base: base?.values[0] ?? Number.NaN, head: head?.values[0] ?? Number.NaN }
}

/** The slices of a side as one series for each figure; the coarsest step of any slice is that of all. */
function joined(slices: readonly SliceFigures[]): MeasuredSeries[] {
  const [first, ...others] = slices.map(byKey)
  if (first === undefined) return []
  return [...first].map(([key, series]) => {
    const all = [series, ...others.flatMap((slice) => slice.get(key) ?? [])]
    const steps = all.flatMap(({ resolution }) => resolution ?? [])
    return {
      ...series,
      values: all.flatMap(({ values }) => values),
      ...(series.events ? { events: all.flatMap(({ events }) => events ?? []) } : {}),
      ...(steps.length > 0 ? { resolution: Math.max(...steps) } : {}),
    }
  })
}

function byKey(series: readonly MeasuredSeries[]): Map<string, MeasuredSeries> {
  return new Map(series.map((each) => [seriesKey(each), each]))
}

function isCounted({ class: kind }: MeasuredSeries): boolean {
  return kind === 'rate'
}

function last(looks: readonly number[]): number {
  return Math.max(...looks)
}
