import type { Chart } from '../model/report.ts'
import { linesOf, longest, timeLabels, valueAxis } from './axis.ts'
import { COLORS, LEFT, WIDTH, type Sheet } from './pdf-sheet.ts'
import { winAnsi } from './win-ansi.ts'

const HEIGHT = 120
const MARGIN = 52
const SMALL = 7

/** A chart as lines; nothing where there is too little to draw. */
export function drawPdfChart(chart: Chart, sheet: Sheet): void {
  const axis = valueAxis(chart, 4)
  if (!axis) return
  sheet.room(HEIGHT + 52)
  sheet.heading(winAnsi(chart.title))
  sheet.skip(4)
  drawLegend(chart, sheet)
  const { doc } = sheet
  const top = sheet.y
  const x = (share: number): number => LEFT + MARGIN + share * (WIDTH - MARGIN)
  const y = (share: number): number => top + (1 - share) * HEIGHT
  for (const { value, label } of axis.ticks) {
    const at = y((value - axis.low) / (axis.high - axis.low))
    doc.moveTo(x(0), at).lineTo(x(1), at).lineWidth(0.5).strokeColor(value === 0 ? COLORS.faint : COLORS.rule).stroke()
    sheet.print(winAnsi(label), LEFT, at - SMALL / 2, { size: SMALL, color: COLORS.faint, width: MARGIN - 6, align: 'right' })
  }
  const [start, middle, end] = timeLabels(chart)
  for (const [text, align] of [[start, 'left'], [middle, 'center'], [end, 'right']] as const) {
    if (text !== '') sheet.print(winAnsi(text), x(0), top + HEIGHT + 4, { size: SMALL, color: COLORS.faint, width: WIDTH - MARGIN, align })
  }
  const count = longest(chart)
  for (const [nth, { values }] of chart.series.entries()) {
    const color = colorOf(nth)
    for (const line of linesOf(values, count, axis, Math.floor(WIDTH - MARGIN))) {
      const [first, ...rest] = line
      if (!first) continue
      if (rest.length === 0) {
        doc.circle(x(first.x), y(first.y), 1.2).fill(color)
        continue
      }
      doc.moveTo(x(first.x), y(first.y))
      for (const point of rest) doc.lineTo(x(point.x), y(point.y))
      doc.lineWidth(1.2).lineJoin('round').strokeColor(color).stroke()
    }
  }
  sheet.skip(HEIGHT + 18)
}

function drawLegend({ series }: Chart, sheet: Sheet): void {
  if (series.length < 2) return
  let at = LEFT + MARGIN
  for (const [nth, { name }] of series.entries()) {
    const text = winAnsi(name, 40)
    const width = 16 + sheet.width(text, SMALL + 0.5) + 14
    if (at + width > LEFT + WIDTH) break
    sheet.doc.moveTo(at, sheet.y + 1).lineTo(at + 12, sheet.y + 1).lineWidth(1.5).strokeColor(colorOf(nth)).stroke()
    sheet.print(text, at + 16, sheet.y - 2, { size: SMALL + 0.5, color: COLORS.faint })
    at += width
  }
  sheet.skip(14)
}

function colorOf(nth: number): string {
  return COLORS.lines[nth % COLORS.lines.length] ?? COLORS.ink
}
