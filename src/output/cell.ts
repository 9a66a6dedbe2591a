import type { Bar, Cell } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showQuantity, showRatio } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'

/** A cell as one line of safe text; a bare number is a count, and nothing known is `-`. */
export function showCell(cell: Cell): string {
  if (cell === null) return '-'
  if (typeof cell === 'string') return plain(cell)
  if (typeof cell === 'number') return showQuantity({ value: cell, unit: 'count' })
  if (isBar(cell)) return showRatio(cell.share)
  return 'text' in cell ? plain(cell.text) : showQuantity(cell)
}

/** Whether a cell is a share that may be drawn. */
export function isBar(cell: Cell): cell is Bar {
  return typeof cell === 'object' && cell !== null && 'share' in cell
}

/** The meaning a cell was given, if any. */
export function toneOf(cell: Cell): Verdict | undefined {
  return typeof cell === 'object' && cell !== null && 'tone' in cell ? cell.tone : undefined
}

/** Whether the column holds numbers, with or without units, or shares: it has one, and no plain text; a text with a meaning is taken for a number that was given one. */
export function areNumeric(cells: readonly Cell[]): boolean {
  const isNumber = (cell: Cell): boolean => typeof cell === 'number' || (typeof cell === 'object' && cell !== null && ('value' in cell || 'share' in cell))
  return cells.some(isNumber) && cells.every((cell) => typeof cell !== 'string')
}
