import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve } from '../painting/curve.ts'
import { frequency, hundredths, percent, short } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces, type Piece } from '../painting/pieces.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare } from '../tone.ts'
import type { Painter } from './painter.ts'

/** Narrowest column: a label, a bar of three cells and a percentage. */
const LEAST = 13
/** From this width on a core has a curve beside its bar. */
const CURVED = 26

/** How many lines the pane could fill. */
export function coreLines(moment: Moment): number | undefined {
  const cores = coreTags(moment).length
  const isKnown = cores > 0 || !Number.isNaN(moment.value('load.1')) || hasLimit(moment)
  return isKnown ? cores + 1 + (hasLimit(moment) ? 1 : 0) : undefined
}

function coreTags(moment: Moment): readonly string[] {
  return moment.tags('cpu.busy').filter((tag) => tag !== '')
}

function hasLimit(moment: Moment): boolean {
  return !Number.isNaN(moment.value('cgroup.cpu.limit'))
}

/** Each processor with a bar and a curve; averages of neighbours where there are more than fit. */
export const paintCores: Painter = (surface, _screen, moment) => {
  if (isBare(surface)) return void putPieces(surface, 1, 0, surface.width - 1, loadPieces(surface, moment))
  const { unknown, degree } = glyphsOf(surface)
  const cores = coreTags(moment)
  const heat = moment.value('cpu.temperature')
  const clock = moment.value('cpu.frequency')
  const extra = hasLimit(moment) ? 2 : 1
  const grid = gridOf(cores.length, surface.width - 2, Math.max(0, surface.height - 2 - extra))
  const inner = paintBox(surface, {
    left: [
      piece('CORES', 'title'),
      ...(clock > 0 ? [piece(`  ${frequency(clock, unknown)}`, 'plain', 2)] : []),
      ...(Number.isNaN(heat) ? [] : [piece(`  ${Math.round(Math.min(999, Math.max(-99, heat)))}${degree}C`, heat >= 85 ? 'fail' : heat >= 70 ? 'warn' : 'plain', 1)]),
    ],
    right: [piece(grid.each > 1 ? `${cores.length} by ${grid.each}` : String(cores.length), 'label')],
  })
  paintGrid(inner, moment, cores, grid)
  let y = Math.min(inner.height - 1, Math.max(inner.height - extra, grid.rows))
  if (extra === 2 && inner.height >= 2) {
    if (inner.height > extra || y > grid.rows) y = inner.height - extra
    putPieces(inner, 0, y, inner.width, limitPieces(surface, moment))
    y++
  }
  putPieces(inner, 0, Math.min(y, inner.height - 1), inner.width, loadPieces(surface, moment))
}

interface Grid {
  readonly columns: number
  readonly rows: number
  /** How many processors a cell of the grid stands for. */
  readonly each: number
}

function gridOf(cores: number, width: number, height: number): Grid {
  if (cores === 0 || height === 0) return { columns: 0, rows: 0, each: 1 }
  const most = Math.max(1, Math.floor((width + 2) / (LEAST + 2)))
  let each = 1
  while (Math.ceil(cores / each) > most * height) each *= 2
  const cells = Math.ceil(cores / each)
  const columns = Math.ceil(cells / height)
  return { columns, rows: Math.ceil(cells / columns), each }
}

function paintGrid(surface: Surface, moment: Moment, cores: readonly string[], { columns, rows, each }: Grid): void {
  const gap = 2
  for (let column = 0, x = 0; column < columns; column++) {
    const width = Math.floor((surface.width - x - gap * (columns - 1 - column)) / (columns - column))
    for (let row = 0; row < rows; row++) {
      const first = (column * rows + row) * each
      if (first < cores.length) paintCore(surface.part({ x, y: row, width, height: 1 }), moment, cores, first, Math.min(cores.length, first + each))
    }
    x += width + gap
  }
}

function paintCore(surface: Surface, moment: Moment, cores: readonly string[], first: number, end: number): void {
  const glyphs = glyphsOf(surface)
  const wide = Math.max(2, String(cores.length - 1).length + 1)
  const isOne = end === first + 1
  const label = isOne ? `c${plain(cores[first] ?? '', 6)}` : `${first}-${end - 1}`
  const labelWidth = isOne ? wide : 2 * wide - 1
  let sum = 0
  let known = 0
  for (let index = first; index < end; index++) {
    const share = moment.value('cpu.busy', cores[index])
    if (Number.isNaN(share)) continue
    sum += share
    known++
  }
  const busy = known > 0 ? sum / known : Number.NaN
  const free = surface.width - labelWidth - 1 - 5
  const curved = isOne && surface.width >= CURVED ? Math.max(8, Math.floor((free - 2) * 0.5)) : 0
  const bar = Math.max(0, free - (curved > 0 ? curved + 2 : 0))
  putFit(surface, 0, 0, labelWidth, label, 'label')
  paintBar(surface, labelWidth + 1, 0, bar, busy)
  surface.put(labelWidth + 1 + bar, 0, ` ${percent(busy, glyphs.unknown)}`, toneOfShare(busy))
  if (curved > 0) surface.put(surface.width - curved, 0, curve(moment.series('cpu.busy', cores[first] ?? '', curved), curved, 1, glyphs), toneOfShare(busy))
}

function loadPieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown } = glyphsOf(surface)
  const loads = [moment.value('load.1'), moment.value('load.5'), moment.value('load.15')]
  const running = moment.value('tasks.running')
  const blocked = moment.value('tasks.blocked')
  return [
    ...(loads.every(Number.isNaN) ? [] : [piece('load', 'label'), ...loads.map((load, index) => piece(` ${hundredths(load, unknown).trimStart()}`, 'plain', index === 0 ? 0 : 3 + index))]),
    ...(Number.isNaN(running) ? [] : [piece('  run ', 'label', 1), piece(String(Math.round(Math.min(99_999, running))), 'plain', 1)]),
    ...(Number.isNaN(blocked) ? [] : [piece('  blk ', 'label', 2), piece(String(Math.round(Math.min(99_999, blocked))), blocked > 0 ? 'warn' : 'plain', 2)]),
  ]
}

function limitPieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown } = glyphsOf(surface)
  const limit = moment.value('cgroup.cpu.limit')
  const share = moment.value('cgroup.cpu.usage')
  const throttled = moment.value('cgroup.cpu.throttled')
  return [
    piece('cgroup ', 'label'),
    piece(`${hundredths(share * limit, unknown).trimStart()}/${short(limit, unknown)} cpu`, toneOfShare(share)),
    ...(Number.isNaN(throttled) ? [] : [piece('  throttled', 'label', 1), piece(percent(throttled, unknown), throttled > 0 ? 'warn' : 'plain', 1)]),
  ]
}
