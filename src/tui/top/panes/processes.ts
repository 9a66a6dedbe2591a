import type { Moment } from '../../../analysis/moment.ts'
import { processKey } from '../../../model/process.ts'
import { plain } from '../../../model/text.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { fit } from '../painting/fit.ts'
import { run } from '../painting/bar.ts'
import { glyphsOf, type Glyphs } from '../painting/glyphs.ts'
import { piece, putPieces, type Piece } from '../painting/pieces.ts'
import { timeOfDay } from '../painting/times.ts'
import type { Screen, TableRow } from '../screen.ts'
import type { Rectangle, Surface } from '../surface.ts'
import { isAscending } from '../order.ts'
import { columnsFor, type Column } from './process-columns.ts'
import type { Painter } from './painter.ts'

/** How many processes a pane of this size shows at once. */
export function processRows({ width, height }: Pick<Rectangle, 'width' | 'height'>): number {
  return Math.max(0, isBoxed({ width, height }) ? height - 3 : height - 1)
}

/** The line of the screen the first shown process is on, in a pane at `place`. */
export function processTop(place: Rectangle): number {
  return place.y + (isBoxed(place) ? 2 : 1)
}

/** How many lines the pane could fill: in steps, so that one process more or less moves nothing. */
export function processLines(moment: Moment): number | undefined {
  return moment.processes ? 1 + Math.max(10, Math.ceil(Math.max(moment.processes.total, moment.processes.rows.length) / 10) * 10) : undefined
}

function isBoxed(size: Pick<Rectangle, 'width' | 'height'>): boolean {
  return !isBare(size) && size.height >= 5
}

/** The table of processes: filtered, in order, one of them selected. */
export const paintProcesses: Painter = (surface, screen, moment) => {
  const rows = screen.rows
  const visible = processRows(surface)
  const first = firstRow(screen, rows, visible)
  // A column for containers is worth its room where something is in one, in sight or not: scrolling moves no column.
  const columns = columnsFor(Math.max(0, surface.width - (isBoxed(surface) ? 2 : 0) - 2), (column) => column.head !== 'CTR' || rows.some(({ process }) => process.program.container !== null && process.program.container !== ''))
  const inner = isBoxed(surface) ? paintBox(surface, { left: titlePieces(surface, screen, moment), right: orderPieces(surface, screen), foot: placePieces(rows.length, first, visible) }) : surface
  paintHead(inner, columns, screen)
  const glyphs = glyphsOf(inner)
  const chosen = selectedPid(screen)
  for (let index = 0; index < visible; index++) {
    const row = rows[first + index]
    if (!row) break
    const isSelected = isChosen(row, screen, chosen) || (screen.view.selected === null && first + index === 0)
    paintRow(inner, index + 1, row, columns, moment, glyphs, isSelected)
  }
  if (rows.length === 0 && inner.height > 1) putPieces(inner, 2, 1, inner.width, [piece(screen.view.filter ? 'no process matches the filter' : 'no processes', 'faint')])
}

function selectedPid({ view }: Screen): number {
  return view.selected === null ? Number.NaN : Number.parseInt(view.selected, 10)
}

// The numbers are compared first: a key is made for one row only.
function isChosen({ process }: TableRow, { view }: Screen, pid: number): boolean {
  return process.program.pid === pid && processKey(process.program) === view.selected
}

/** The first row in sight: as the view says, but never beyond the end, and with the selected row in sight. */
function firstRow(screen: Screen, rows: readonly TableRow[], visible: number): number {
  const first = Math.max(0, Math.min(Math.floor(screen.view.offset) || 0, rows.length - visible))
  if (screen.view.selected === null || visible === 0) return first
  const pid = selectedPid(screen)
  const selected = rows.findIndex((row) => isChosen(row, screen, pid))
  if (selected < 0) return first
  return selected < first ? selected : selected >= first + visible ? selected - visible + 1 : first
}

function titlePieces(surface: Surface, { rows, view, zoneMinutes }: Screen, moment: Moment): Piece[] {
  const table = moment.processes
  const total = table?.total ?? rows.length
  const { dot } = glyphsOf(surface)
  const isPast = view.back > 0 && table !== null && table.rows.length < table.total
  return [
    piece('PROCESSES', 'title'),
    piece(` ${rows.length}/${total}`, 'strong'),
    ...(isPast ? [piece(` ${dot} the busiest at ${timeOfDay(table.at, zoneMinutes)}`, 'label', 3)] : []),
    ...(view.filter ? [piece('  filter: ', 'label', 1), piece(plain(view.filter.text, 60), 'accent', 1), piece('  (/ edit, Esc clear)', 'faint', 4)] : []),
  ]
}

function orderPieces(surface: Surface, { view }: Screen): Piece[] {
  const { dot } = glyphsOf(surface)
  return [piece('sort: ', 'label', 2), piece(`${view.sort} ${arrowOf(surface, view)}`, 'accent', 1), ...(view.tree ? [piece(` ${dot} tree`, 'accent', 3)] : [])]
}

/** The direction that the figures take from top to bottom. */
function arrowOf(surface: Surface, { sort, reversed }: Screen['view']): string {
  const { up, down } = glyphsOf(surface)
  return isAscending(sort, reversed) ? up : down
}

function placePieces(rows: number, first: number, visible: number): Piece[] {
  return rows > visible && visible > 0 ? [piece(`${first + 1}-${Math.min(rows, first + visible)} of ${rows}`, 'label', 1)] : []
}

function paintHead(surface: Surface, columns: readonly Column[], { view }: Screen): void {
  const arrow = arrowOf(surface, view)
  let x = 2
  for (const { head, width, isRight, sort } of columns) {
    const isSorted = sort === view.sort && (sort !== 'io' || head === 'IO w/s')
    // Within its column, the arrow leaves the gap before the next head.
    const text = isSorted ? `${head}${arrow}` : head
    surface.put(x, 0, isRight ? text.padStart(width) : text, isSorted ? 'accent' : 'label')
    x += width + 1
  }
  const text = fit('COMMAND', surface.width - x - (view.sort === 'name' ? 1 : 0), glyphsOf(surface).ellipsis)
  const end = surface.put(x, 0, text, view.sort === 'name' ? 'accent' : 'label')
  if (view.sort === 'name') surface.put(end, 0, arrow, 'accent')
}

function paintRow(surface: Surface, y: number, row: TableRow, columns: readonly Column[], moment: Moment, glyphs: Glyphs, isSelected: boolean): void {
  if (isSelected) {
    surface.put(0, y, run(' ', surface.width), 'selected')
    surface.put(0, y, glyphs.right, 'selected')
  }
  let x = 2
  for (const column of columns) {
    const text = column.text(row, moment, glyphs, column.width)
    const shown = column.isRight && text.length < column.width ? text.padStart(column.width) : text
    surface.put(x, y, shown, isSelected ? 'selected' : (column.tone?.(row) ?? 'plain'))
    x += column.width + 1
  }
  const { command, name, isKernel } = row.process.program
  const branch = surface.unicode ? row.branch : plainBranch(row.branch)
  if (branch !== '') x = surface.put(x, y, fit(branch, surface.width - x, glyphs.ellipsis), isSelected ? 'selected' : 'faint')
  surface.put(x, y, fit(command === '' ? name : command, surface.width - x, glyphs.ellipsis), isSelected ? 'selected' : isKernel ? 'faint' : 'plain')
}

function plainBranch(branch: string): string {
  return branch.replaceAll('│', '|').replaceAll('├', '|').replaceAll('└', '`').replaceAll('─', '-')
}
