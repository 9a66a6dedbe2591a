import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import { paintArea } from '../painting/area-chart.ts'
import { paintBar, run } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve } from '../painting/curve.ts'
import { short, tenths } from '../painting/figures.ts'
import { widthOfText } from '../painting/fit.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putPieces, widthOf, type Piece } from '../painting/pieces.ts'
import { briefly, timeOfDay } from '../painting/times.ts'
import type { Screen } from '../screen.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare } from '../tone.ts'
import { coreLines } from './cores.ts'
import { hasLimit, limitPieces, loadPieces } from './load.ts'
import type { Painter } from './painter.ts'

const MODES = [['usr', 'cpu.user', 'user'], ['sys', 'cpu.system', 'system'], ['iow', 'cpu.iowait', 'iowait'], ['st', 'cpu.steal', 'steal']] as const
/** Cells of the percent axis with its line. */
const AXIS = 6

/** The processors together: an area over time with its summit marked, and what the time was spent on in the title. */
export const paintCpu: Painter = (surface, screen, moment) => {
  const glyphs = glyphsOf(surface)
  const usage = moment.value('cpu.usage')
  if (isBare(surface)) {
    const figures = [piece(`cpu ${tenths(usage, glyphs.unknown)}%`, toneOfShare(usage))]
    const end = surface.width - 1
    const at = 1 + putPieces(surface, 1, 0, end, figures)
    const rest = end - at
    const wide = Math.max(0, Math.min(20, rest > 30 ? Math.floor(rest / 3) : rest))
    paintBar(surface, at, 0, wide, usage)
    const modes = modePieces(moment)
    const room = rest - wide - 1 - (rest > 52 ? widthOf(modes) : 0)
    if (room > 4) surface.put(at + wide + 1, 0, curve(moment.series('cpu.usage', '', room), room, 1, glyphs), 'user')
    if (rest > 52) putPieces(surface, end - widthOf(modes), 0, end, modes)
    return
  }
  const model = screen.facts?.cpuModel ?? ''
  const inner = paintBox(surface, {
    left: [piece('CPU', 'title'), piece(` ${tenths(usage, glyphs.unknown)}%`, toneOfShare(usage)), ...scopePieces(surface, moment), ...modePieces(moment)],
    right: model === '' ? [] : [piece(plain(model, 60), 'faint')],
    // Where no pane of the cores tells of it.
    foot: coreLines(moment) === undefined ? footPieces(surface, moment) : [],
  })
  paintChart(inner, screen, moment)
}

function footPieces(surface: Surface, moment: Moment): Piece[] {
  const load = loadPieces(surface, moment)
  if (!hasLimit(moment)) return load
  return [...limitPieces(surface, moment), ...(load.length > 0 ? [piece('  ')] : []), ...load]
}

/** Whose share the headline is where there is a limit; what follows it is the machine's in any case. */
function scopePieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown, dot } = glyphsOf(surface)
  const limit = moment.value('cgroup.cpu.limit')
  if (Number.isNaN(limit) || Number.isNaN(moment.value('cpu.usage'))) return []
  const split = MODES.some(([, metric]) => !Number.isNaN(moment.value(metric)))
  if (Number.isNaN(moment.value('cgroup.cpu.usage'))) return [piece(' host', 'label')]
  return [piece(` of ${short(limit, unknown)} cpu`, 'label', 1), ...(split ? [piece(` ${dot} host`, 'label', 1)] : [])]
}

function modePieces(moment: Moment): Piece[] {
  const pieces: Piece[] = []
  for (const [label, metric, tone] of MODES) {
    const share = moment.value(metric)
    if (!Number.isNaN(share)) pieces.push(piece(`${pieces.length === 0 ? '  ' : ' '}${label} ${String(Math.round(Math.min(9.99, Math.max(0, share)) * 100)).padStart(2)}`, tone, pieces.length + 1))
  }
  return pieces
}

function paintChart(surface: Surface, screen: Screen, moment: Moment): void {
  const { width, height } = surface
  const glyphs = glyphsOf(surface)
  const left = width >= 24 ? AXIS : 0
  const columns = width - left - (width >= 24 ? 1 : 0)
  // Marks share the line of the axis where there are few lines.
  const below = height >= 6 ? 2 : height >= 2 ? 1 : 0
  const rows = height - below
  for (let y = 0; left > 0 && y < rows; y++) surface.put(left - 1, y, glyphs.tick, 'border')
  if (left > 0) paintScale(surface.part({ x: 0, y: 0, width: left - 1, height: below > 0 ? rows + 1 : rows }), rows)
  const values = moment.series('cpu.usage', '', columns)
  paintArea(surface.part({ x: left, y: 0, width: columns, height: rows }), values, 1)
  if (below === 0) return
  if (left > 0) surface.put(left - 1, rows, glyphs.corner, 'border')
  surface.put(left, rows, run(glyphs.horizontal, columns), 'border')
  paintMarks(surface.part({ x: left, y: rows, width: columns, height: below }), screen, moment, values.length)
}

/** Round percentages beside the tops of the rows nearest to them, 0 on the line of the axis. */
function paintScale(surface: Surface, rows: number): void {
  const step = rows >= 15 ? 10 : rows >= 10 ? 20 : rows >= 4 ? 25 : rows >= 2 ? 50 : 100
  for (let value = 0; value <= 100; value += step) {
    const y = rows - Math.round((value * rows) / 100)
    if (y < surface.height) surface.put(0, y, String(value).padStart(surface.width - 1), 'label')
  }
}

/** The ends of the time axis and the summit. */
function paintMarks(surface: Surface, screen: Screen, moment: Moment, known: number): void {
  const { width, height } = surface
  const times = moment.times(known)
  const bottom = height - 1
  const isShared = height === 1
  const pad = isShared ? ' ' : ''
  const first = times[0] ?? Number.NaN
  const end = `${pad}${isNow(screen) ? 'now' : timeOfDay(moment.at, screen.zoneMinutes)}`
  if (end.length <= width) surface.put(width - end.length, bottom, end, 'label')
  const start = known > 1 ? `-${briefly(moment.at - first)}${pad}` : ''
  const isFull = known >= width && start.length + end.length + 2 <= width
  const free = isFull ? start.length + 1 : 0
  const summit = paintSummit(surface, screen, moment, times, free, width - end.length - 1)
  // A history that has just begun has its start where the words of the summit may be.
  const at = isFull ? 0 : width - known
  if (at + start.length < summit.from || (at > summit.end && at + start.length + 1 < width - end.length)) surface.put(at, bottom, start, 'label')
}

function isNow({ view, feed }: Screen): boolean {
  return view.back === 0 && !view.frozen && feed.kind !== 'recording' && feed.state.kind === 'live'
}

/** Marks the summit and says when it was and who caused it, between two columns; returns the columns its words take. */
function paintSummit(surface: Surface, screen: Screen, moment: Moment, times: Float64Array, from: number, end: number): { readonly from: number; readonly end: number } {
  const { width, height } = surface
  const none = { from: end, end }
  const glyphs = glyphsOf(surface)
  const peak = moment.peak('cpu.usage', '', times.length)
  const column = peak ? columnOf(times, peak.at, width) : -1
  if (!peak || column < 0 || Number.isNaN(peak.value)) return none
  const isShared = height === 1
  // Where words and mark share a line, the mark keeps clear of the words at both ends.
  const mark = isShared ? Math.max(from, Math.min(column, end)) : column
  surface.put(mark, 0, glyphs.up, 'accent')
  const percent = `peak ${Math.round(Math.min(9.99, peak.value) * 100)}%`
  const time = ` @${timeOfDay(peak.at, screen.zoneMinutes)}`
  const who = peak.culprit === null ? '' : ` ${plain(peak.culprit, 40)}`
  // On a shared line the words stand on one side of the mark, so the longer side is what they have.
  const room = isShared ? Math.max(end - mark - 3, mark - 2 - from) : end - from
  const label = [percent + time + who, percent + time, percent].find((text) => widthOfText(text) <= room)
  if (label === undefined) return isShared ? { from: mark, end: mark } : none
  const wide = widthOfText(label)
  if (!isShared) {
    const x = Math.max(from, Math.min(column - Math.floor(wide / 2), end - wide))
    surface.put(x, 1, label, 'accent')
    return { from: x, end: x + wide }
  }
  const x = mark + 2 + wide < end ? mark + 1 : mark - wide - 2
  surface.put(x, 0, ` ${label} `, 'accent')
  return { from: Math.min(mark, x), end: x + wide + 2 }
}

/** The column of the chart in which a time is, the newest at the right edge; -1 where it is none of them. */
function columnOf(times: Float64Array, at: number, width: number): number {
  const index = times.indexOf(at)
  return index < 0 ? -1 : Math.max(0, width - times.length + index)
}
