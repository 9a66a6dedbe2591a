import { showApart } from '../../model/apart.ts'
import type { BudgetLimit, BudgetLine, BudgetResult, Measured } from '../../model/budget.ts'
import { holds } from '../../model/threshold.ts'
import { showNumber, showQuantity, showRatio, type Unit } from '../../model/unit.ts'
import { worst, type Verdict } from '../../model/verdict.ts'

/** A limit with what it comes to; null where that hangs on a baseline that is not there. */
interface Weighed {
  readonly limit: BudgetLimit
  readonly value: number | null
  readonly margin: number
  readonly holds: boolean
}

/**
 * Holds what was measured against the limits of its line. What was not measured and a relative limit without a baseline (unless an absolute one fails anyway) are `unknown`;
 * a `target` and a line without limits, which is there to be seen, turn no verdict. `baseline` is in the line's unit. What is `isNew` since a baseline that knows others is judged
 * by its absolute limits, and warns without one.
 */
export function judgeLine(line: BudgetLine, measured: Measured, baseline: number | null, isNew = false): BudgetResult {
  const { observed } = measured
  const common = { line, measured, baseline }
  const nothing = { limit: null, limitValue: null, margin: null }
  if (observed === null || !Number.isFinite(observed)) return { ...common, ...nothing, verdict: 'unknown', why: `not measured: ${measured.problem ?? 'there is no value'}` }
  if (line.limits.length === 0) return { ...common, ...nothing, verdict: 'ok', why: `${show(observed, line.unit)}, for information: it has no limit` }

  const absolute = line.limits.filter(({ against }) => against === 'nothing')
  const onlyRelative = line.limits.every(({ level, against }) => level === 'target' || against !== 'nothing')
  if (isNew && baseline === null && onlyRelative && absolute.length < line.limits.length) {
    const limit = line.limits.find(({ against }) => against !== 'nothing') ?? null
    return { ...common, ...nothing, limit, verdict: 'warn', why: `${show(observed, line.unit)}; it is new since the baseline: nothing to hold it against` }
  }
  const all = (isNew && baseline === null && absolute.length > 0 ? absolute : line.limits).map((limit) => weigh(limit, observed, baseline))
  const verdict = worst(all.map(verdictOf))
  const decider = decidingOf(all, verdict)
  const { limit, value } = decider
  const margin = value === null ? null : decider.margin
  return { ...common, verdict, limit, limitValue: value, margin, why: [sentence(decider, observed, line, baseline), ...errorBudget({ line, margin, limitValue: value }), ...missedTargets(all, decider, line.unit)].join('; ') }
}

function weigh(limit: BudgetLimit, observed: number, baseline: number | null): Weighed {
  const value = valueOf(limit, baseline)
  if (value === null) return { limit, value, margin: Number.NaN, holds: false }
  return { limit, value, margin: marginOf(limit, value, observed), holds: holds({ statistic: { kind: 'value' }, operator: limit.operator, limit: value, text: limit.text }, observed) }
}

/** What a limit comes to in the line's unit; null for a relative one without a baseline. A share of 0.05 is 5 % more than the baseline, -0.05 is 5 % less. */
function valueOf({ value, against }: BudgetLimit, baseline: number | null): number | null {
  if (against === 'nothing') return value
  if (baseline === null || !Number.isFinite(baseline)) return null
  return against === 'share-of-baseline' ? baseline * (1 + value) : baseline + value
}

function marginOf({ operator }: BudgetLimit, value: number, observed: number): number {
  switch (operator) {
    case '<': case '<=': return value - observed
    case '>': case '>=': return observed - value
    case '==': return observed === value ? 0 : -Math.abs(observed - value)
    case '!=': return Math.abs(observed - value)
  }
}

function verdictOf({ limit: { level }, value, holds: isKept }: Weighed): Verdict {
  if (level === 'target') return 'ok'
  if (value === null) return 'unknown'
  return isKept ? 'ok' : level
}

/** Of the limits that came to the verdict the one that is missed by most, or that is nearest; a target only where nothing else is. */
function decidingOf(all: readonly Weighed[], verdict: Verdict): Weighed {
  const strict = all.filter(({ limit }) => limit.level !== 'target')
  const judged = strict.length > 0 ? strict.filter((each) => verdictOf(each) === verdict) : all
  const known = judged.filter(({ value }) => value !== null)
  const byMargin = (known.length > 0 ? known : judged).toSorted((a, b) => a.margin - b.margin)
  // Non-null: the verdict is that of one of them, and there is one at least.
  return byMargin[0]!
}

function sentence({ limit, value, margin, holds: isKept }: Weighed, observed: number, { unit }: BudgetLine, baseline: number | null): string {
  const shown = value === null ? show(observed, unit) : showApart(observed, value, unit)
  if (value === null) return `${shown}; ${limit.text} is a limit against a baseline, and there is none`
  const than = limit.against === 'nothing' || baseline === null ? '' : ` (${limit.text} of the baseline's ${show(baseline, unit)})`
  const what = `${LEVEL_WORDS[limit.level]} ${OPERATOR_WORDS[limit.operator]} ${showApart(value, observed, unit)}${than}`
  if (isKept) return `${shown}, ${what}`
  const share = value === 0 ? '' : ` (${showRatio(Math.abs(margin / value))})`
  return margin === 0 ? `${shown} is not ${what}` : `${shown} is ${show(Math.abs(margin), unit)}${share} ${observed > value ? 'over' : 'under'} the ${what}`
}

/** How much of what may fail is left, or how often it is spent; nothing for other lines. */
export function errorBudget({ line, margin, limitValue }: Pick<BudgetResult, 'margin' | 'limitValue'> & { readonly line: Pick<BudgetLine, 'isErrorBudget'> }): string[] {
  if (line.isErrorBudget !== true || margin === null || limitValue === null || limitValue <= 0) return []
  return [margin >= 0 ? `${showRatio(margin / limitValue)} of the error budget is left` : `the error budget is spent ${showNumber(1 - margin / limitValue)} times over`]
}

const LEVEL_WORDS: Readonly<Record<BudgetLimit['level'], string>> = { target: 'target of', warn: 'warning level of', fail: 'limit of' }
const OPERATOR_WORDS: Readonly<Record<BudgetLimit['operator'], string>> = { '<': 'less than', '<=': 'at most', '>': 'more than', '>=': 'at least', '==': 'exactly', '!=': 'anything but' }

function missedTargets(all: readonly Weighed[], decider: Weighed, unit: Unit): string[] {
  return all.flatMap((each) => (each !== decider && each.limit.level === 'target' && each.value !== null && !each.holds ? [`the target of ${OPERATOR_WORDS[each.limit.operator]} ${show(each.value, unit)} is not reached`] : []))
}

function show(value: number, unit: Unit): string {
  return showQuantity({ value, unit })
}
