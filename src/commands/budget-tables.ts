import { showChange, showSize } from '../analysis/compare/evidence.ts'
import { showApart } from '../model/apart.ts'
import type { BudgetLimit, BudgetResult } from '../model/budget.ts'
import type { Cell, Table } from '../model/report.ts'
import { showQuantity, showRatio, type Unit } from '../model/unit.ts'

/** A share that says no more than that it is far off. */
const MOST_USED = 10
/** Results whose largest parts are shown. */
const MOST_PARTED = 3

/** What a result is called for people. */
export type LabelOf = (result: Pick<BudgetResult, 'line' | 'measured'>) => string

/** What results are about: their line, and which endpoint, page or file of it; pages of one host by their path. */
export function labelsOf(results: readonly BudgetResult[]): LabelOf {
  const hosts = new Set(results.flatMap(({ measured: { of } }) => (isAddress(of) ? [new URL(of).origin] : [])))
  const shown = (of: string): string => (hosts.size === 1 && isAddress(of) ? of.slice(new URL(of).origin.length) : of)
  return ({ line: { title }, measured: { of } }) => (of === '' || title.includes(of) ? title : `${title}: ${shown(of)}`)
}

function isAddress(of: string): boolean {
  return /^https?:/.test(of) && URL.canParse(of) && of.startsWith(new URL(of).origin)
}

/** The table that is read in five seconds: what, how much, how much it may be, what room is left. */
export function budgetTable(results: readonly BudgetResult[], labelOf: LabelOf): Table {
  const hasBaseline = results.some(({ baseline }) => baseline !== null)
  return {
    title: 'Budget',
    columns: [
      { label: 'What', isMain: true }, { label: 'Measured', align: 'right' }, { label: 'Limit', align: 'right' }, { label: 'Room', align: 'right' },
      ...(hasBaseline ? [{ label: 'Change', align: 'right' } as const] : []),
      { label: 'Used', align: 'right' }, { label: 'How', isSpare: true },
    ],
    rows: results.map((result) => [
      labelOf(result), measured(result), showLimit(result), room(result),
      ...(hasBaseline ? [showSince(result)] : []),
      bar(result), howOf(result),
    ]),
  }
}

/** The largest parts of what is over its limit, the worst first. */
export function partTables(ordered: readonly BudgetResult[], labelOf: LabelOf): Table[] {
  return ordered.filter(({ line, verdict, measured: { parts } }) => (verdict === 'fail' || verdict === 'warn') && parts.length > 1 && line.unit === 'bytes').slice(0, MOST_PARTED).map((result) => {
    const { parts, observed } = result.measured
    // Of what is counted one by one the largest is no whole that others are shares of.
    const whole = observed !== null && parts.reduce((sum, { value }) => sum + value, 0) <= observed ? observed : null
    return {
      title: `Largest of ${labelOf(result)}`,
      columns: [{ label: 'Part', isMain: true }, { label: 'Size', align: 'right' }, ...(whole === null ? [] : [{ label: 'Share', align: 'right' } as const])],
      rows: parts.map(({ name, value }) => [name, quantity(value, 'bytes'), ...(whole === null ? [] : [showRatio(value / whole)])]),
    }
  })
}

/** How much of its limit a result uses, 1 is all of it; null where that has no meaning. */
export function usedShare({ line: { better }, measured: { observed }, limitValue }: Pick<BudgetResult, 'line' | 'measured' | 'limitValue'>): number | null {
  if (observed === null || limitValue === null) return null
  const share = better === 'lower' ? observed / limitValue : limitValue / observed
  return Number.isFinite(share) && share >= 0 ? share : null
}

/** `12 kB over`, `0.5 points short`, `88 kB left`. */
export function showMargin({ line: { unit }, margin, limit, limitValue, measured: { observed }, verdict }: BudgetResult): string {
  if (observed === null) return 'not measured'
  if (margin === null || limitValue === null) return verdict === 'unknown' ? 'no baseline' : limit === null ? 'no limit' : 'new'
  const size = unit === 'ratio' ? showSize(Math.abs(margin), 'points') : showQuantity({ value: Math.abs(margin), unit })
  const isKept = margin > 0 || verdict === 'ok'
  if (margin < 0) return `${size} ${observed > limitValue ? 'over' : 'short'}${limit?.level === 'target' ? ' (target)' : ''}`
  return isKept ? (margin === 0 ? 'none left' : `${size} left`) : 'at the limit'
}

const BOUNDS: Readonly<Record<BudgetLimit['operator'], string>> = { '<': '< ', '<=': '', '>': '> ', '>=': 'min ', '==': '= ', '!=': 'not ' }

function showLimit(result: BudgetResult): Cell {
  const { line: { unit }, measured: { observed }, limit, limitValue } = result
  if (limit === null) return writtenLimit(result)
  const value = limitValue === null ? showRelative(limit, unit) : `${BOUNDS[limit.operator]}${observed === null ? showQuantity({ value: limitValue, unit }) : showApart(limitValue, observed, unit)}`
  return limit.level === 'fail' ? value : `${limit.level} ${value}`
}

/** The limit of what was not measured, as it was written. */
function writtenLimit({ line: { limits } }: BudgetResult): Cell {
  const limit = limits.find(({ level }) => level === 'fail') ?? limits[0]
  return limit ? `${BOUNDS[limit.operator]}${limit.text.replace(/^.*[<>=!]\s*/, '')}` : null
}

/** A limit against a baseline that is not there: `+5%`. */
export function showRelative({ value, against }: BudgetLimit, unit: Unit): string {
  if (against === 'share-of-baseline') return showChange(value, 'relative') || '+0%'
  return unit === 'ratio' ? showChange(value, 'points') : `${value < 0 ? '-' : '+'}${showQuantity({ value: Math.abs(value), unit })}`
}

function room(result: BudgetResult): Cell {
  const text = showMargin(result)
  return result.verdict === 'ok' ? text : { text, tone: result.verdict }
}

function bar(result: BudgetResult): Cell {
  // Of what has to be more there is nothing to use up.
  const share = result.line.better === 'higher' ? null : usedShare(result)
  return share === null || share >= MOST_USED ? null : { share, tone: result.verdict }
}

/** How it was measured and of which files: `gzip -9, dist/main.js`. */
export function howOf({ measured: { how, from, of } }: Pick<BudgetResult, 'measured'>): string | null {
  const files = from.filter((file) => file !== of)
  const named = files.length > 2 ? [`${files[0] ?? ''} and ${files.length - 1} more`] : files
  return [how, ...named].filter((part) => part !== '').join(', ') || null
}

/** What a result's change since the baseline is called: `+12%`, `-2 points`; null without one. */
function showSince({ line: { unit }, measured: { observed }, baseline }: BudgetResult): Cell {
  if (observed === null || baseline === null) return null
  if (observed === baseline) return 'same'
  if (unit === 'ratio') return showChange(observed - baseline, 'points')
  const change = (observed - baseline) / Math.abs(baseline)
  return Number.isFinite(change) ? showChange(change, 'relative') : null
}

/** What was measured, and the limit, as texts that differ where the numbers do. */
function measured({ line: { unit }, measured: { observed }, limitValue }: BudgetResult): Cell {
  return observed === null || limitValue === null ? quantity(observed, unit) : showApart(observed, limitValue, unit)
}

function quantity(value: number | null, unit: Unit): Cell {
  return value === null ? null : { value, unit }
}
