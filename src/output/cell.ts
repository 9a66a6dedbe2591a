import type { Bar, Cell } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showQuantity, showRatio } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'

/** A cell as one line of safe text; a bare number is a count, and nothing known is `-`. */
export function showCell(cell: Cell): string {
  if (cell === null) return '-'
  if (typeof cell === 'string') return plain(cell)
  if (typeof cell === 'number') return showQuantity({ value: cell, unit: 'count' })
  if (isBar(cell)) return showShare(cell.share)
  return 'text' in cell ? plain(cell.text) : showQuantity(cell)
}

/** A share in whole percents, cut and never rounded up, so that 84.9% does not look like the 85% it has not reached; what is over all of it never looks like all of it. */
function showShare(share: number): string {
  if (!Number.isFinite(share)) return showRatio(share)
  // Binary fractions fall a little short: 0.29 * 100 is 28.999999999999996.
  const percent = Math.floor(share * 100 + 1e-9)
  if (share > 1 && percent === 100) return '101%'
  return share > 0 && percent === 0 ? '<1%' : `${percent}%`
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
