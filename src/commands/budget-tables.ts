import { showChange } from '../analysis/compare/evidence.ts'
import type { BudgetLimit, BudgetResult } from '../model/budget.ts'
import type { Cell, Table } from '../model/report.ts'
import { showQuantity, showRatio, type Unit } from '../model/unit.ts'

/** Results whose largest parts are shown. */
const MOST_PARTED = 3

/** What a result is about: its line, and which endpoint, page or file of it. */
export function labelOf({ line: { title }, measured: { of } }: Pick<BudgetResult, 'line' | 'measured'>): string {
  return of === '' || title.includes(of) ? title : `${title}: ${of}`
}

/** The table that is read in five seconds: what, how much, how much it may be, what room is left. */
export function budgetTable(results: readonly BudgetResult[]): Table {
  const hasBaseline = results.some(({ baseline }) => baseline !== null)
  return {
    title: 'Budget',
    columns: [
      { label: 'What', isMain: true }, { label: 'Measured', align: 'right' }, { label: 'Limit', align: 'right' }, { label: 'Room', align: 'right' },
      ...(hasBaseline ? [{ label: 'Since baseline', align: 'right' } as const] : []),
      { label: 'Used', align: 'right', isSpare: true }, { label: 'How', isSpare: true },
    ],
    rows: results.map((result) => [
      labelOf(result), quantity(result.measured.observed, result.line.unit), showLimit(result), room(result),
      ...(hasBaseline ? [showSince(result)] : []),
      bar(result), howOf(result),
    ]),
  }
}

/** The largest parts of what is over its limit, the worst first. */
export function partTables(ordered: readonly BudgetResult[]): Table[] {
  return ordered.filter(({ verdict, measured: { parts } }) => (verdict === 'fail' || verdict === 'warn') && parts.length > 1).slice(0, MOST_PARTED).map((result) => ({
    title: `Largest of ${labelOf(result)}`,
    columns: [{ label: 'Part', isMain: true }, { label: 'Size', align: 'right' }, { label: 'Share', align: 'right' }],
    rows: result.measured.parts.map(({ name, value }) => [name, quantity(value, result.line.unit), result.measured.observed ? showRatio(value / result.measured.observed) : null]),
  }))
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
  if (margin === null || limitValue === null) return verdict === 'unknown' ? 'no baseline' : 'no limit'
  const size = unit === 'ratio' ? showChange(Math.abs(margin), 'points').slice(1) || '0 points' : showQuantity({ value: Math.abs(margin), unit })
  const isKept = margin > 0 || verdict === 'ok'
  if (margin < 0) return `${size} ${observed > limitValue ? 'over' : 'short'}${limit?.level === 'target' ? ' (target)' : ''}`
  return isKept ? (margin === 0 ? 'none left' : `${size} left`) : 'at the limit'
}

const BOUNDS: Readonly<Record<BudgetLimit['operator'], string>> = { '<': 'below', '<=': 'max', '>': 'above', '>=': 'min', '==': 'exactly', '!=': 'not' }

function showLimit({ line: { unit }, limit, limitValue }: BudgetResult): Cell {
  if (limit === null) return null
  const value = limitValue === null ? limit.text : `${BOUNDS[limit.operator]} ${showQuantity({ value: limitValue, unit })}`
  return limit.level === 'fail' ? value : `${limit.level} ${value}`
}

function room(result: BudgetResult): Cell {
  const text = showMargin(result)
  return result.verdict === 'ok' ? text : { text, tone: result.verdict }
}

function bar(result: BudgetResult): Cell {
  const share = usedShare(result)
  return share === null ? null : { share, tone: result.verdict }
}

/** How it was measured and of which files: `gzip -9, dist/main.js`. */
function howOf({ measured: { how, from, of } }: BudgetResult): Cell {
  const files = from.filter((file) => file !== of)
  const named = files.length > 2 ? [`${files.length} files`] : files
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

function quantity(value: number | null, unit: Unit): Cell {
  return value === null ? null : { value, unit }
}
