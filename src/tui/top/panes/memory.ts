import type { Moment } from '../../../analysis/moment.ts'
import type { MetricName } from '../../../model/metric.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve } from '../painting/curve.ts'
import { count, percent, shortSize, size } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putPieces, putPiecesRight, type Piece } from '../painting/pieces.ts'
import { paintTrends, type Trend } from '../painting/trends.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare, type Tone } from '../tone.ts'
import type { Painter } from './painter.ts'

interface Line {
  /** 1 is shown wherever there is a line at all. */
  readonly rank: number
  has(moment: Moment): boolean
  paint(surface: Surface, y: number, moment: Moment): void
}

const known = (value: number): boolean => !Number.isNaN(value)
const limited = (moment: Moment): boolean => known(moment.value('cgroup.memory.limit'))
const hasSwap = (moment: Moment): boolean => moment.value('swap.total') > 0

/** Every line there can be, from top to bottom; those of the highest rank go first where there is little room. */
const LINES: readonly Line[] = [
  { rank: 1, has: limited, paint: (surface, y, moment) => paintShare(surface, y, 'cgroup', moment.value('cgroup.memory.usage')) },
  { rank: 3, has: limited, paint: (surface, y, moment) => putDetail(surface, y, limitPieces(surface, moment)) },
  { rank: 2, has: (moment) => known(moment.value('memory.total')) || !limited(moment), paint: (surface, y, moment) => paintShare(surface, y, 'host', hostShare(moment)) },
  { rank: 4, has: (moment) => known(moment.value('memory.total')), paint: (surface, y, moment) => putDetail(surface, y, hostPieces(surface, moment)) },
  { rank: 5, has: hasSwap, paint: (surface, y, moment) => paintShare(surface, y, 'swap', moment.value('swap.usage')) },
  { rank: 7, has: hasSwap, paint: (surface, y, moment) => putDetail(surface, y, swapPieces(surface, moment)) },
  { rank: 6, has: (moment) => known(moment.value('memory.cached')) || known(moment.value('memory.slab')), paint: (surface, y, moment) => void putPieces(surface, 0, y, surface.width, cachePieces(surface, moment)) },
  { rank: 8, has: (moment) => known(moment.value('heap.total')), paint: (surface, y, moment) => paintShare(surface, y, 'heap', moment.value('heap.used') / moment.value('heap.total')) },
]

/** The curve's foot is what a hundredth of the memory is: a line that is flat says so. */
const TRENDS: readonly Trend[] = [{ label: 'usage', metric: 'memory.usage', least: 0.01, tone: 'memory' }]

/** All figures, for the pane that fills the screen. */
const FIGURES: readonly (readonly [label: string, metric: MetricName, kind: 'bytes' | 'rate' | 'count'])[] = [
  ['total', 'memory.total', 'bytes'], ['used', 'memory.used', 'bytes'], ['available', 'memory.available', 'bytes'], ['free', 'memory.free', 'bytes'],
  ['buffers', 'memory.buffers', 'bytes'], ['cached', 'memory.cached', 'bytes'], ['shared', 'memory.shared', 'bytes'], ['slab', 'memory.slab', 'bytes'], ['dirty', 'memory.dirty', 'bytes'], ['writeback', 'memory.writeback', 'bytes'],
  ['swap total', 'swap.total', 'bytes'], ['swap used', 'swap.used', 'bytes'], ['swap in', 'swap.in.rate', 'rate'], ['swap out', 'swap.out.rate', 'rate'], ['major faults', 'memory.page_faults.major', 'count'], ['oom kills', 'memory.oom_kills', 'count'],
  ['cgroup limit', 'cgroup.memory.limit', 'bytes'], ['cgroup used', 'cgroup.memory.used', 'bytes'], ['cgroup oom', 'cgroup.oom_kills', 'count'],
]
/** Cells of a figure with its label, and between two of them. */
const FIGURE = 22
const FIGURE_GAP = 3

/** How many lines the pane could fill. */
export function memoryLines(moment: Moment): number | undefined {
  if (!known(moment.value('memory.total')) && !known(moment.value('memory.usage')) && !limited(moment)) return undefined
  return LINES.filter((line) => line.has(moment)).length
}

/** Memory: of the control group first where it has a limit, then of the machine, with its swap, caches and the heap of an instance. */
export const paintMemory: Painter = (surface, { view }, moment) => {
  if (isBare(surface)) return paintBare(surface, moment)
  const glyphs = glyphsOf(surface)
  const usage = moment.value('memory.usage')
  const kills = killsOf(moment)
  const inner = paintBox(surface, {
    left: [piece('MEM', 'title'), piece(` ${percent(usage, glyphs.unknown)}`, toneOfShare(usage))],
    right: kills > 0 && !limited(moment) ? [piece(`oom ${count(kills, 4, glyphs.unknown).trimStart()}`, 'fail')] : [],
  })
  const shown = LINES.filter((line) => line.has(moment))
  const last = shown.map(({ rank }) => rank).sort((a, b) => a - b)[inner.height - 1] ?? Number.POSITIVE_INFINITY
  let y = 0
  for (const line of shown) if (line.rank <= last) line.paint(inner, y++, moment)
  if (view.zoomed === 'memory') y = paintFigures(inner, y + 1, moment)
  paintTrends(inner, y, moment, TRENDS)
}

/** Every figure that is known, from top to bottom and then from left to right; returns the line after the last. */
function paintFigures(surface: Surface, y: number, moment: Moment): number {
  const { unknown } = glyphsOf(surface)
  const shown = FIGURES.filter(([, metric]) => known(moment.value(metric)))
  const columns = Math.max(1, Math.floor((surface.width + FIGURE_GAP) / (FIGURE + FIGURE_GAP)))
  const rows = Math.min(Math.ceil(shown.length / columns), Math.max(0, surface.height - y))
  for (const [index, [label, metric, kind]] of shown.slice(0, rows * columns).entries()) {
    const x = Math.floor(index / rows) * (FIGURE + FIGURE_GAP)
    const value = moment.value(metric)
    const text = kind === 'count' ? count(value, 7, unknown) : size(value, 5, unknown) + (kind === 'rate' ? '/s' : '')
    const line = surface.part({ x, y: y + (index % rows), width: Math.min(FIGURE, surface.width - x), height: 1 })
    putPieces(line, 0, 0, line.width, [piece(label, 'label', 1)])
    putPiecesRight(line, 0, line.width, 0, [piece(text.trimStart())])
  }
  return y + rows
}

function paintBare(surface: Surface, moment: Moment): void {
  const glyphs = glyphsOf(surface)
  const isLimited = limited(moment)
  const usage = isLimited ? moment.value('cgroup.memory.usage') : hostShare(moment)
  const end = surface.width - 1
  const at = 2 + putPieces(surface, 1, 0, end, [piece(`mem  ${percent(usage, glyphs.unknown)}`, toneOfShare(usage))])
  const sums = [piece(` ${pairOf(surface, moment, isLimited)}`, 'plain', 1), ...(hasSwap(moment) ? [piece(`  swap${percent(moment.value('swap.usage'), glyphs.unknown)}`, 'label', 2)] : [])]
  const room = end - at
  const text = room >= 40 ? sums : sums.slice(0, 1)
  const width = text.reduce((sum, each) => sum + each.text.length, 0)
  // Figures are worth more than a bar of what the percentage says already.
  const isWide = room >= width
  const bar = isWide && room < width + 6 ? 0 : Math.max(0, Math.min(20, isWide ? room - width : room))
  paintBar(surface, at, 0, bar, usage)
  if (isWide) putPieces(surface, at + bar - (bar === 0 ? 1 : 0), 0, end, text)
  const rest = room - bar - width - 2
  if (isWide && rest > 8) surface.put(end - rest, 0, curve(moment.series('memory.usage', '', rest), rest, 1, glyphs), 'memory')
}

function hostShare(moment: Moment): number {
  const share = moment.value('memory.used') / moment.value('memory.total')
  return Number.isNaN(share) && !limited(moment) ? moment.value('memory.usage') : share
}

function paintShare(surface: Surface, y: number, label: string, share: number): void {
  const { unknown } = glyphsOf(surface)
  const bar = Math.min(surface.width - 12, 60)
  surface.put(0, y, label, 'label')
  if (bar >= 3) paintBar(surface, 7, y, bar, share)
  surface.put(bar >= 3 ? 7 + bar : 7, y, ` ${percent(share, unknown)}`, toneOfShare(share))
}

function putDetail(surface: Surface, y: number, pieces: readonly Piece[]): void {
  putPieces(surface, surface.width >= 30 ? 3 : 1, y, surface.width, pieces)
}

function pairOf(surface: Surface, moment: Moment, isLimited: boolean): string {
  const { unknown } = glyphsOf(surface)
  return isLimited
    ? `${size(moment.value('cgroup.memory.used'), 5, unknown)}/${shortSize(moment.value('cgroup.memory.limit'), unknown)}`
    : `${size(moment.value('memory.used'), 5, unknown)}/${shortSize(moment.value('memory.total'), unknown)}`
}

function killsOf(moment: Moment): number {
  return moment.value(limited(moment) ? 'cgroup.oom_kills' : 'memory.oom_kills')
}

function limitPieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown, dot } = glyphsOf(surface)
  const kills = killsOf(moment)
  return [
    piece(pairOf(surface, moment, true)),
    piece(' limit', 'label', 2),
    ...(known(kills) ? [piece(` ${dot} `, 'faint', 1), piece(`oom ${count(kills, 4, unknown).trimStart()}`, kills > 0 ? 'fail' : 'label', 1)] : []),
  ]
}

function hostPieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown, dot } = glyphsOf(surface)
  const available = moment.value('memory.available')
  return [piece(pairOf(surface, moment, false)), ...(known(available) ? [piece(` ${dot} `, 'faint', 1), piece(`avail ${size(available, 5, unknown)}`, 'label', 1)] : [])]
}

function swapPieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown, dot } = glyphsOf(surface)
  const rates: Piece[] = []
  for (const [word, metric, tone] of [['in', 'swap.in.rate', 'read'], ['out', 'swap.out.rate', 'write']] as const) {
    const value = moment.value(metric)
    if (known(value)) rates.push(piece(`  ${word}`, 'label', 1), piece(` ${size(value, 4, unknown)}/s`, value > 0 ? (tone satisfies Tone) : 'plain', 1))
  }
  return [piece(`${size(moment.value('swap.used'), 5, unknown)}/${shortSize(moment.value('swap.total'), unknown)}`), ...(rates.length > 0 ? [piece(` ${dot}`, 'faint', 1), ...rates] : [])]
}

function cachePieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown } = glyphsOf(surface)
  const pieces: Piece[] = []
  for (const [word, metric, keep] of [['cache', 'memory.cached', 0], ['dirty', 'memory.dirty', 2], ['slab', 'memory.slab', 3]] as const) {
    const value = moment.value(metric)
    if (known(value)) pieces.push(piece(`${pieces.length > 0 ? '  ' : ''}${word} `, 'label', keep), piece(size(value, 4, unknown), 'plain', keep))
  }
  return pieces
}
