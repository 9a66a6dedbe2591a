import { showChange } from '../analysis/compare/evidence.ts'
import type { Figure } from '../model/figure.ts'
import { showNumber, showQuantity, type Unit } from '../model/unit.ts'
import { VERDICTS, type Verdict } from '../model/verdict.ts'
import { escapeComment } from './markdown-text.ts'

/** The sign of a verdict in Markdown. */
export const SYMBOLS: Readonly<Record<Verdict, string>> = { ok: '✅', warn: '⚠️', unknown: '❓', fail: '❌' }

/** Below this a change is rounding. */
const LEAST_CHANGE = 0.0005

/** Whether a reviewer should look at a figure: it failed, warned, is not known, or counts and has changed. */
export function isRemarkable(figure: Figure): boolean {
  if (figure.verdict !== 'ok') return true
  const { change, decides, word } = figure
  if (!decides || !change || word === 'unchanged' || Math.abs(change.estimate) < LEAST_CHANGE) return false
  const { low, high } = change
  return low === undefined || high === undefined || low > 0 || high < 0
}

/** The figures by how much they matter: the worst verdict, then what decides, then the largest change. */
export function mostRemarkableFirst(figures: readonly Figure[]): readonly Figure[] {
  const size = ({ change }: Figure): number => Math.abs(change?.estimate ?? 0)
  return figures.toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) || Number(b.decides) - Number(a.decides) || size(b) - size(a))
}

interface Column {
  readonly label: string
  readonly isRight?: true
  readonly cell: (figure: Figure) => string
}

const quantity = (value: number | null | undefined, unit: Unit): string => (value === null || value === undefined ? '' : showQuantity({ value, unit }))

const COLUMNS: readonly Column[] = [
  { label: '', cell: ({ verdict, word, decides }) => (decides || verdict !== 'ok' ? `${SYMBOLS[verdict]} ${escapeComment(word)}` : escapeComment(word)) },
  { label: 'Figure', cell: ({ name }) => escapeComment(name).trim() || '-' },
  { label: 'Baseline', isRight: true, cell: ({ baseline, unit }) => quantity(baseline, unit) },
  { label: 'Now', isRight: true, cell: ({ value, unit, verdict }) => (value === null ? 'nothing' : isLoud(verdict) ? `**${quantity(value, unit)}**` : quantity(value, unit)) },
  { label: 'Change', isRight: true, cell: ({ change, verdict }) => (change ? (isLoud(verdict) ? `**${showChange(change.estimate, change.scale)}**` : showChange(change.estimate, change.scale)) : '') },
  { label: 'Interval', isRight: true, cell: showInterval },
  { label: 'Limit', isRight: true, cell: showLimit },
]

/** A table of figures, a line each after the two of its head; columns that none of them fills are left out. */
export function deltaTable(figures: readonly Figure[]): { readonly head: readonly string[]; readonly rows: readonly string[] } {
  const columns = COLUMNS.filter(({ cell }) => figures.some((figure) => cell(figure) !== ''))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return {
    head: [line(columns.map(({ label }) => label)), line(columns.map(({ isRight }) => (isRight ? '---:' : '---')))],
    rows: figures.map((figure) => line(columns.map(({ cell }) => cell(figure)))),
  }
}

function isLoud(verdict: Verdict): boolean {
  return verdict === 'fail' || verdict === 'unknown'
}

function showInterval({ change }: Figure): string {
  if (change?.low === undefined || change.high === undefined) return ''
  return `${showChange(change.low, change.scale).replace(' points', '')} to ${showChange(change.high, change.scale)}`
}

/** The limit, and how far the value is beyond it. */
function showLimit({ limit, value, unit, verdict, better }: Figure): string {
  if (limit === null || limit === undefined) return ''
  const shown = quantity(limit, unit)
  if (verdict === 'ok' || verdict === 'unknown' || value === null || value === limit) return shown
  const isOver = value > limit
  if (better !== 'neither' && isOver !== (better === 'lower')) return shown
  const miss = Math.abs(value - limit)
  const told = unit === 'ratio' ? showChange(miss, 'points').slice(1) : unit === 'bytes' && quantity(value, unit) === shown ? `${showNumber(miss)} B` : quantity(miss, unit)
  return `${shown} (${told} ${isOver ? 'over' : 'under'})`
}
