import type { Cell, Table } from '../model/report.ts'
import { areNumeric, showCell, toneOf } from './cell.ts'
import { COLORS, LEFT, WIDTH, type Sheet } from './pdf-sheet.ts'
import { winAnsi } from './win-ansi.ts'

/** From the widest that can be read to the smallest. */
const SIZES = [8.5, 7.5, 6.5]
const GAP = 10
/** No column of text is narrower than this, as long as there is room. */
const LEAST = 60
const PAD = 3

interface Column {
  readonly isRight: boolean
  readonly width: number
}

/** A table, whose headings are repeated on every page it goes on. */
export function drawPdfTable({ title, columns, rows }: Table, sheet: Sheet): void {
  sheet.heading(winAnsi(title))
  if (rows.length === 0) return sheet.paragraph('None.', { size: 8.5, color: COLORS.faint })
  const texts = rows.map((row) => columns.map((_, nth) => winAnsi(showCell(row[nth] ?? null))))
  const labels = columns.map(({ label }) => winAnsi(label))
  const right = columns.map(({ align }, nth) => align === 'right' || (align === undefined && areNumeric(rows.map((row) => row[nth] ?? null))))
  const main = columns.findIndex(({ isMain }) => isMain)
  const { size, places } = layOut(labels, texts, right, main === -1 ? right.lastIndexOf(false) : main, sheet)

  const draw = (cells: readonly string[], tones: readonly (Cell | undefined)[], isHead: boolean): void => {
    const x = places.map((_, nth) => LEFT + places.slice(0, nth).reduce((sum, { width }) => sum + width + GAP, 0))
    for (const [nth, { width, isRight }] of places.entries()) {
      const tone = toneOf(tones[nth] ?? null)
      sheet.print(cells[nth] ?? '', x[nth] ?? LEFT, sheet.y + PAD, { size, isBold: isHead, color: isHead ? COLORS.faint : tone === undefined ? COLORS.ink : COLORS[tone], width, align: isRight ? 'right' : 'left' })
    }
  }
  const rule = (color: string): void => void sheet.doc.moveTo(LEFT, sheet.y).lineTo(LEFT + WIDTH, sheet.y).lineWidth(0.5).strokeColor(color).stroke()
  const heightOf = (cells: readonly string[]): number => 2 * PAD + Math.max(...places.map(({ width }, nth) => (sheet.width(cells[nth] ?? '', size) <= width ? size * 1.2 : sheet.height(cells[nth] ?? '', width, size))))
  const drawHead = (): void => {
    draw(labels, [], true)
    sheet.skip(heightOf(labels))
    rule(COLORS.faint)
  }

  sheet.room(heightOf(labels) + heightOf(texts[0] ?? []))
  drawHead()
  for (const [nth, cells] of texts.entries()) {
    const height = heightOf(cells)
    if (sheet.room(height)) drawHead()
    draw(cells, rows[nth] ?? [], false)
    sheet.skip(height)
    rule(COLORS.rule)
  }
  sheet.skip(4)
}

/** How wide each column is, and in which size of letters: the largest in which numbers stand whole and text has some room. */
function layOut(labels: readonly string[], texts: readonly (readonly string[])[], right: readonly boolean[], main: number, sheet: Sheet): { readonly size: number; readonly places: readonly Column[] } {
  const room = WIDTH - GAP * (labels.length - 1)
  const last = SIZES.at(-1)
  for (const size of SIZES) {
    // A little more than it is, so that no rounding breaks a word.
    const natural = labels.map((label, nth) => 1 + Math.max(sheet.width(label, size, true), ...texts.map((row) => sheet.width(row[nth] ?? '', size))))
    const total = sum(natural)
    const place = (widths: readonly number[]): { readonly size: number; readonly places: readonly Column[] } => ({ size, places: widths.map((width, nth) => ({ width, isRight: right[nth] ?? false })) })
    if (total <= room) {
      // What is left goes to the main column of text, or else to all.
      return place(natural.map((width, nth) => (main === -1 ? width + (room - total) / natural.length : nth === main ? width + room - total : width)))
    }
    const numbers = sum(natural.filter((_, nth) => right[nth]))
    const words = natural.filter((_, nth) => !right[nth])
    if (words.length > 0 && room - numbers >= words.length * LEAST) return place(share(natural, right, room - numbers))
    if (size === last) return place(natural.map((width) => (width * room) / total))
  }
  return { size: last ?? 0, places: [] }
}

/** Gives columns of text what they need, the short ones first, and parts the rest evenly among the long ones. */
function share(natural: readonly number[], right: readonly boolean[], room: number): number[] {
  let left = room
  let open = natural.filter((_, nth) => !right[nth]).length
  const widths = [...natural]
  for (const [nth, width] of [...natural.entries()].filter(([each]) => !right[each]).sort(([, a], [, b]) => a - b)) {
    const given = Math.min(width, left / open)
    widths[nth] = given
    left -= given
    open--
  }
  return widths
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
