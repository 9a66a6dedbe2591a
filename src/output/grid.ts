import type { Table } from '../model/report.ts'
import { plural } from '../model/text.ts'
import { BAR_WIDTHS, drawBar } from './bar.ts'
import { areNumeric, isBar, showCell, toneOf } from './cell.ts'
import type { Screen, Tone } from './screen.ts'
import { cutText, textWidth } from './width.ts'

interface Column {
  readonly label: string
  readonly right: boolean
  readonly cells: readonly string[]
  readonly width: number
  /** Cells of the bars that stand before the numbers; 0 where there are none. */
  readonly bar: number
}

const GAP = '  '
// A text column narrower than this says nothing.
const LEAST = 16
// Nor does a reason beside a bar that is narrower than this: the bar gives way.
const LEAST_BESIDE_BAR = 24
const NO_LINES = Object.fromEntries(
  (['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const).map((name) => [name, '']),
)
// cli-table3 counts cells by an older table of widths, so it lays out stand-ins of the right width; the texts take their places at the end.
const STAND_IN = '\ue000'

/** The table in lines of at most `width` cells: bars are shortened first and then left out, then text columns are cut, then the last columns left out, which a line under the table says. */
export async function drawTable(table: Table, screen: Screen, width: number): Promise<string[]> {
  const all = table.columns.map(({ label, align }, index) => readColumn(table, screen, index, label, align, 0))
  const columns = withBars(table, screen, width) ?? fit(all, width)
  const left = all.length - columns.length
  const placed: string[] = []
  const place = (column: Column, text: string, tone?: Tone): string => {
    const shown = cutText(text, column.width, screen.cut)
    if (shown !== '') placed.push(screen.paint(tone, shown))
    return STAND_IN.repeat(textWidth(shown))
  }

  const { default: CliTable } = await import('cli-table3')
  const grid = new CliTable({
    chars: { ...NO_LINES, middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: columns.map((column) => column.width),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
  })
  grid.push(columns.map((column) => place(column, column.label, 'faint')))
  grid.push(columns.map((column) => place(column, screen.rule.repeat(column.width), 'faint')))
  table.rows.forEach((row, at) => {
    grid.push(columns.map((column, index) => {
      const cell = row[index] ?? null
      const text = column.cells[at] ?? ''
      if (!isBar(cell) || column.bar === 0) return place(column, text, toneOf(cell))
      const number = screen.paint(cell.tone, text)
      placed.push(`${drawBar(cell, column.bar, screen)}${' '.repeat(column.width - column.bar - textWidth(text))}${number}`)
      return STAND_IN.repeat(column.width)
    }))
  })

  const lines = grid.toString().split('\n').map((line) => line.trimEnd().replace(/\ue000+/g, () => placed.shift() ?? ''))
  return left > 0 ? [...lines, screen.paint('faint', `(${plural(left, 'more column')}: widen the terminal, or use --format json)`)] : lines
}

function readColumn(table: Table, screen: Screen, index: number, name: string, align: 'left' | 'right' | undefined, bar: number): Column {
  const values = table.rows.map((row) => row[index] ?? null)
  const label = screen.text(name)
  const cells = values.map((value) => screen.text(showCell(value)))
  const own = values.some(isBar) ? bar : 0
  const widths = cells.map((cell, at) => textWidth(cell) + (own > 0 && isBar(values[at] ?? null) ? own + 1 : 0))
  return { label, cells, right: align === undefined ? areNumeric(values) : align === 'right', width: Math.max(1, textWidth(label), ...widths), bar: own }
}

/** The columns with the longest bars that leave the text room to be read; undefined where there are no bars, or no room for any. */
function withBars(table: Table, screen: Screen, width: number): Column[] | undefined {
  if (!table.rows.some((row) => row.some(isBar))) return undefined
  for (const bar of BAR_WIDTHS) {
    const all = table.columns.map(({ label, align }, index) => readColumn(table, screen, index, label, align, bar))
    const fitted = fit(all, width)
    // The longest bars come only where everything fits beside them.
    const least = bar === BAR_WIDTHS[0] ? Number.POSITIVE_INFINITY : LEAST_BESIDE_BAR
    if (fitted.length === all.length && fitted.every((column, index) => column.width >= Math.min(all[index]?.width ?? 0, column.bar > 0 ? Number.POSITIVE_INFINITY : least))) return fitted
  }
  return undefined
}

function fit(columns: readonly Column[], width: number): Column[] {
  const widths = columns.map((column) => column.width)
  let over = widths.reduce((sum, each) => sum + each, GAP.length * (columns.length - 1)) - width
  while (over > 0) {
    // A cut number, or bar, would be another one, so only text gives way, the widest first.
    const givesWay = (each: number, index: number): boolean => !columns[index]?.right && columns[index]?.bar === 0 && each > LEAST
    const widest = Math.max(...widths.filter(givesWay))
    if (!Number.isFinite(widest)) break
    widths[widths.findIndex((each, index) => each === widest && givesWay(each, index))] = widest - 1
    over--
  }
  if (over > 0 && columns.length > 1) return fit(columns.slice(0, -1), width)
  return columns.map((column, index) => ({ ...column, width: Math.min(widths[index] ?? column.width, width) }))
}
