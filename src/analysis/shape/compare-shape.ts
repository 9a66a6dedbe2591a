import type { Comparability } from '../compare/comparable.ts'
import type { Decision } from '../compare/decision.ts'
import { median } from '../compare/ranks.ts'
import type { CompareRules } from '../compare/rules.ts'
import type { MeasuredSeries, Measurements } from '../../model/measurements.ts'

/** A figure that was judged on two sides. */
export interface Judged {
  readonly key: string
  readonly base: MeasuredSeries
  readonly head: MeasuredSeries
  readonly gates: boolean
  readonly decision: Decision
  /** Of what was measured in turns: after how many pairs it was settled; what came later has not changed it. Null while it is not. */
  readonly settledAfter?: number | null | undefined
}

/** A side: what was read of it, and the names of its files. */
export interface Side {
  readonly files: readonly string[]
  readonly measured: Measurements
}

/** All that a comparison found. */
export interface Comparison {
  readonly base: Side
  readonly head: Side
  readonly comparability: Comparability
  readonly rules: CompareRules
  /** The figures that both sides have; none where the sides cannot be compared and nobody insists. */
  readonly figures: readonly Judged[]
  /** Keys that one side alone has. */
  readonly onlyBase: readonly string[]
  readonly onlyHead: readonly string[]
}

/** The middle of what a side measured; NaN where there is none. */
export function middle({ values }: MeasuredSeries): number {
  const good = values.filter(Number.isFinite)
  return good.length === 0 ? Number.NaN : median(good)
}

/** A comparison as JSON has it: no NaN, null for what is not known. */
export function compareShape({ base, head, comparability, rules, figures, onlyBase, onlyHead }: Comparison): Readonly<Record<string, unknown>> {
  const counts: Record<string, number> = { regressed: 0, improved: 0, unchanged: 0, inconclusive: 0, incomparable: 0 }
  for (const { gates, decision } of figures) if (gates) counts[decision.verdict] = (counts[decision.verdict] ?? 0) + 1
  return {
    verdicts: counts,
    comparable: comparability.comparable,
    reasons: comparability.reasons,
    figures: figures.map(figureShape),
    onlyInBaseline: onlyBase,
    onlyInCurrent: onlyHead,
    rules,
    baseline: sideShape(base),
    current: sideShape(head),
  }
}

function figureShape({ key, base, head, gates, decision, settledAfter }: Judged): Readonly<Record<string, unknown>> {
  const { verdict, severity, scale, estimate, interval, p, adjustedP, n, detectable, why } = decision
  return {
    figure: key, metric: head.metric, statistic: head.statistic, of: head.of, unit: head.unit, better: head.better, class: head.class, gates, verdict, severity,
    baseline: { median: known(middle(base)), values: base.values.map(known) },
    current: { median: known(middle(head)), values: head.values.map(known) },
    change: { scale, estimate, interval }, p, adjustedP, n, detectable, why,
    ...(settledAfter === undefined ? {} : { settledAfter }),
  }
}

function sideShape({ files, measured: { format, surroundings, takenAt } }: Side): Readonly<Record<string, unknown>> {
  return { files, format, surroundings, takenAt: takenAt === null ? null : new Date(takenAt).toISOString() }
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
