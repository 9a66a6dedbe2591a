import type { Table } from '../model/report.ts'
import { plural } from '../model/text.ts'
import { BAR_WIDTHS, drawBar } from './bar.ts'
import { areNumeric, isBar, showCell, toneOf } from './cell.ts'
import type { Screen, Tone } from './screen.ts'
import { cutText, textWidth, wrapText } from './width.ts'

interface Laid {
  readonly label: string
  readonly right: boolean
  readonly isMain: boolean
  readonly isSpare: boolean
  /** Which of the row's cells it shows. */
  readonly index: number
  readonly cells: readonly string[]
  readonly width: number
  /** Cells of the bars that stand before the numbers; 0 where there are none. */
  readonly bar: number
}

const GAP = '  '
// A text column narrower than this says nothing.
const LEAST = 16
// But what goes on in the next lines is all there even so, and gives way before a column is left out.
const LEAST_WRAPPED = 10
// Nor does a text beside a bar that is narrower than this, or what the table is read for: the bar gives way.
const LEAST_BESIDE_BAR = 24
const LEAST_MAIN = 28
/** Lines of one cell; who needs all of it finds it among the findings. */
const MOST_LINES = 4
const NO_LINES = Object.fromEntries(
  (['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const).map((name) => [name, '']),
)
// cli-table3 counts cells by an older table of widths, so it lays out stand-ins of the right width; the texts take their places at the end.
const STAND_IN = '\ue000'

/**
 * The table in lines of at most `width` cells: bars are shortened first, then what is spare is left out, then the bars; then text columns are cut, and the last
 * columns left out, which a line under the table says.
 */
export async function drawTable(table: Table, screen: Screen, width: number): Promise<string[]> {
  const columns = layOut(table, screen, width)
  const left = table.columns.filter(({ isSpare }, index) => !isSpare && !columns.some((column) => column.index === index)).length
  const placed: string[] = []
  const place = (column: Laid, text: string, tone?: Tone): string => {
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
    const lines = columns.map((column) => linesOf(column, column.cells[at] ?? '', screen))
    for (let nth = 0; nth < Math.max(...lines.map(({ length }) => length)); nth++) {
      grid.push(columns.map((column, index) => {
        const cell = row[column.index] ?? null
        const text = lines[index]?.[nth] ?? ''
        if (nth > 0 || !isBar(cell) || column.bar === 0) return place(column, text, toneOf(cell))
        const number = screen.paint(cell.tone, text)
        placed.push(`${drawBar(cell, column.bar, screen)}${' '.repeat(column.width - column.bar - textWidth(text))}${number}`)
        return STAND_IN.repeat(column.width)
      }))
    }
  })

  const lines = grid.toString().split('\n').map((line) => line.trimEnd().replace(/\ue000+/g, () => placed.shift() ?? ''))
  return left > 0 ? [...lines, screen.paint('faint', `(${plural(left, 'more column')}: widen the terminal, or use --format json)`)] : lines
}

function linesOf({ isMain, width }: Laid, text: string, screen: Screen): string[] {
  const lines = isMain ? wrapText(text, width) : [text]
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), cutText(lines.slice(MOST_LINES - 1).join(' '), width, screen.cut)]
}

/** The columns with their widths: the first of these ways that leaves the texts room to be read, or else what fits. */
function layOut(table: Table, screen: Screen, width: number): Laid[] {
  const [long, short] = BAR_WIDTHS
  const read = (bar: number, withSpare: boolean): Laid[] => table.columns.flatMap((column, index) => (column.isSpare && !withSpare ? [] : readColumn(table, screen, index, bar)))
  const hasBars = table.rows.some((row) => row.some(isBar))
  const ways = [...(hasBars ? [[long, true], [short, true], [short, false]] as const : []), [0, true] as const]
  for (const [bar, withSpare] of ways) {
    const all = read(bar, withSpare)
    const fitted = fit(all, width)
    if (fitted.length === all.length && fitted.every((column, index) => column.width >= Math.min(all[index]?.width ?? 0, leastOf(column, bar === long)))) return fitted
  }
  return fit(read(0, false), width)
}

/** What a column must have for a way to be good enough; the longest bars come only where everything fits beside them. */
function leastOf({ isMain, bar }: Laid, isRoomy: boolean): number {
  if (isRoomy || bar > 0) return Number.POSITIVE_INFINITY
  return isMain ? LEAST_MAIN : LEAST_BESIDE_BAR
}

function readColumn(table: Table, screen: Screen, index: number, bar: number): Laid {
  const { label: name = '', align, isMain = false, isSpare = false } = table.columns[index] ?? {}
  const values = table.rows.map((row) => row[index] ?? null)
  const label = screen.text(name)
  const cells = values.map((value) => screen.text(showCell(value)))
  const own = values.some(isBar) ? bar : 0
  const widths = cells.map((cell, at) => textWidth(cell) + (own > 0 && isBar(values[at] ?? null) ? own + 1 : 0))
  return { label, index, isMain, isSpare, cells, right: align === undefined ? areNumeric(values) : align === 'right', width: Math.max(1, textWidth(label), ...widths), bar: own }
}

function fit(columns: readonly Laid[], width: number): Laid[] {
  const widths = columns.map((column) => column.width)
  let over = widths.reduce((sum, each) => sum + each, GAP.length * (columns.length - 1)) - width
  // A cut number, or bar, would be another one, so only text gives way, the widest first.
  const isText = ({ right, bar }: Laid): boolean => !right && bar === 0
  for (const { least, may } of [{ least: LEAST, may: isText }, { least: LEAST_WRAPPED, may: (column: Laid) => column.isMain && isText(column) }]) {
    const givesWay = (each: number, index: number): boolean => each > least && columns.some((column, at) => at === index && may(column))
    while (over > 0) {
      const widest = Math.max(...widths.filter(givesWay))
      if (!Number.isFinite(widest)) break
      widths[widths.findIndex((each, index) => each === widest && givesWay(each, index))] = widest - 1
      over--
    }
  }
  if (over > 0 && columns.length > 1) return fit(columns.toSpliced(lastToGo(columns), 1), width)
  return columns.map((column, index) => ({ ...column, width: Math.min(widths[index] ?? column.width, width) }))
}

/** The last column, but sooner one that the table is not read for and that does not say what a row is about. */
function lastToGo(columns: readonly Laid[]): number {
  return columns.findLastIndex(({ isMain }, index) => !isMain && index > 1)
}
