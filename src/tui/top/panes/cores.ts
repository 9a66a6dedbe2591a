import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import { paintArea } from '../painting/area-chart.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve } from '../painting/curve.ts'
import { frequency, percent } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces } from '../painting/pieces.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare } from '../tone.ts'
import { knownTags } from './known-tags.ts'
import { hasLimit, limitPieces, loadPieces } from './load.ts'
import type { Painter } from './painter.ts'

/** Cells between columns. */
const GAP = 2
/** From this width on a core has a curve beside its bar. */
const CURVED = 26

/** How many lines the pane could fill. */
export function coreLines(moment: Moment): number | undefined {
  const cores = coreTags(moment).length
  // The load and the limit alone stand in the border of the pane beside, if that is there.
  const isAlone = cores === 0 && !Number.isNaN(moment.value('load.1')) && Number.isNaN(moment.value('cpu.usage')) && Number.isNaN(moment.value('cpu.cores'))
  return cores > 0 || isAlone ? cores + 1 + (hasLimit(moment) ? 1 : 0) : undefined
}

function coreTags(moment: Moment): readonly string[] {
  return knownTags(moment, 'cpu.busy', 'cpu.time.user').filter((tag) => tag !== '')
}

/** Each processor with a bar and a curve; averages of neighbours where there are more than fit. */
export const paintCores: Painter = (surface, _screen, moment) => {
  if (isBare(surface)) return void putPieces(surface, 1, 0, surface.width - 1, loadPieces(surface, moment))
  const { unknown, degree } = glyphsOf(surface)
  const cores = coreTags(moment)
  const heat = moment.value('cpu.temperature')
  const clock = moment.value('cpu.frequency')
  const room = surface.height - 2
  const limit = hasLimit(moment) && room > 1 ? 1 : 0
  const load = loadPieces(surface, moment)
  // The load goes into the border where processors can make use of its line.
  const inside = gridOf(cores.length, surface.width - 2, room - limit - 1)
  const whole = gridOf(cores.length, surface.width - 2, room - limit)
  const isFoot = load.length === 0 || (cores.length > 0 && (inside.columns === 0 || whole.each < inside.each || whole.columns < inside.columns))
  const grid = isFoot ? whole : inside
  const inner = paintBox(surface, {
    left: [
      piece('CORES', 'title'),
      ...(clock > 0 ? [piece(`  ${frequency(clock, unknown)}`, 'plain', 2)] : []),
      ...(Number.isNaN(heat) ? [] : [piece(`  ${Math.round(Math.min(999, Math.max(-99, heat)))}${degree}C`, heat >= 85 ? 'fail' : heat >= 70 ? 'warn' : 'plain', 1)]),
    ],
    right: [piece(grid.each > 1 ? `${cores.length} by ${grid.each}` : String(cores.length), 'label')],
    foot: isFoot ? load : [],
  })
  paintGrid(inner.part({ x: 0, y: 0, width: inner.width, height: Math.max(0, room - limit - (isFoot ? 0 : 1)) }), moment, cores, grid)
  if (limit > 0) putPieces(inner, 0, room - (isFoot ? 1 : 2), inner.width, limitPieces(surface, moment))
  if (!isFoot) putPieces(inner, 0, room - 1, inner.width, load)
}

interface Grid {
  readonly columns: number
  readonly rows: number
  /** How many processors a cell of the grid stands for. */
  readonly each: number
}

/** The fewest columns that show each processor; with figures alone where there is no room for bars, with averages where there is none for figures. */
function gridOf(cores: number, width: number, height: number): Grid {
  if (cores === 0 || height <= 0) return { columns: 0, rows: 0, each: 1 }
  for (let each = 1; ; each *= 2) {
    const cells = Math.ceil(cores / each)
    const columns = Math.ceil(cells / height)
    const least = labelWidth(cores, each) + 5
    if (columns === 1 || columns * (least + GAP) - GAP <= width) return { columns, rows: Math.ceil(cells / columns), each }
  }
}

function labelWidth(cores: number, each: number): number {
  const digits = Math.max(1, String(cores - 1).length)
  return each === 1 ? digits + 1 : 2 * digits + 1
}

function paintGrid(surface: Surface, moment: Moment, cores: readonly string[], { columns, rows, each }: Grid): void {
  // Curves grow with the room there is.
  const high = rows > 0 ? Math.max(1, Math.min(4, Math.floor(surface.height / rows))) : 1
  for (let column = 0, x = 0; column < columns; column++) {
    const width = Math.floor((surface.width - x - GAP * (columns - 1 - column)) / (columns - column))
    for (let row = 0; row < rows; row++) {
      const first = (column * rows + row) * each
      if (first < cores.length) paintCore(surface.part({ x, y: row * high, width, height: high }), moment, cores, first, Math.min(cores.length, first + each), each)
    }
    x += width + GAP
  }
}

function paintCore(surface: Surface, moment: Moment, cores: readonly string[], first: number, end: number, each: number): void {
  const glyphs = glyphsOf(surface)
  const wide = labelWidth(cores.length, each)
  let sum = 0
  let known = 0
  for (let index = first; index < end; index++) {
    const share = moment.value('cpu.busy', cores[index])
    if (Number.isNaN(share)) continue
    sum += share
    known++
  }
  const busy = known > 0 ? sum / known : Number.NaN
  const free = surface.width - wide - 1 - 5
  const curved = each === 1 && surface.width >= CURVED ? Math.max(8, Math.floor((free - 2) * 0.5)) : 0
  const bar = free - (curved > 0 ? curved + 2 : 0)
  const figure = surface.width - (curved > 0 ? curved + 2 : 0) - 4
  putFit(surface, 0, 0, wide, each === 1 ? `c${plain(cores[first] ?? '', 6)}` : `${first}-${end - 1}`, 'label')
  if (bar >= 3) paintBar(surface, wide + 1, 0, bar, busy)
  putFit(surface, Math.max(0, figure), 0, 4, percent(busy, glyphs.unknown), toneOfShare(busy))
  if (curved === 0) return
  const values = moment.series('cpu.busy', cores[first] ?? '', curved)
  if (surface.height > 1) paintArea(surface.part({ x: surface.width - curved, y: 0, width: curved, height: surface.height }), values, 1)
  else surface.put(surface.width - curved, 0, curve(values, curved, 1, glyphs), toneOfShare(busy))
}
