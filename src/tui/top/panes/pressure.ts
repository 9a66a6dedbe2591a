import type { Alarm } from '../../../analysis/alarm.ts'
import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { tenths } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putPieces, widthOf, type Piece } from '../painting/pieces.ts'
import { briefly, timeOfDay } from '../painting/times.ts'
import type { Screen } from '../screen.ts'
import type { Surface } from '../surface.ts'
import type { Painter } from './painter.ts'

const RESOURCES = [['cpu', 'cpu'], ['mem', 'memory'], ['io', 'io']] as const

/** How many lines the pane could fill. */
export function pressureLines(moment: Moment, { alarms }: Pick<Screen, 'alarms'>): number | undefined {
  return moment.tags('pressure.some').length > 0 || alarms.length > 0 ? 1 : undefined
}

/** Pressure stall information and the alarms of the moment, the latest first. */
export const paintPressure: Painter = (surface, screen, moment) => {
  const alarms = screen.alarms.filter(({ since }) => since <= moment.at)
  const open = alarms.filter((alarm) => isOpen(alarm, moment))
  const past = alarms.length - open.length
  const counts = [piece('a', 'key'), piece(`: ${open.length} open`, open.some(({ level }) => level === 'critical') ? 'fail' : open.length > 0 ? 'warn' : 'label'), piece(`, ${past} past`, 'label')]
  const isLine = isBare(surface)
  const psi = pressurePieces(surface, moment, isLine || surface.width < 90)
  const inner = isLine ? surface.part({ x: 1, y: 0, width: Math.max(0, surface.width - 2), height: 1 }) : paintBox(surface, { left: titlePieces(psi.length > 0), right: counts })
  const items = [...open.reverse(), ...alarms.filter((alarm) => !isOpen(alarm, moment)).reverse()].map((alarm) => alarmPieces(surface, screen, moment, alarm))
  const start = paintItems(inner, psi)
  paintAlarms(inner, start, items)
}

function titlePieces(hasPressure: boolean): Piece[] {
  return hasPressure ? [piece('PRESSURE', 'title'), piece(' (PSI avg10)', 'label', 2), piece(' & ALERTS', 'title', 1)] : [piece('ALERTS', 'title')]
}

function isOpen({ until }: Alarm, { at }: Moment): boolean {
  return until === null || until > at
}

function pressurePieces(surface: Surface, moment: Moment, isShort: boolean): Piece[] {
  const { unknown } = glyphsOf(surface)
  const pieces: Piece[] = []
  const known = new Set(moment.tags('pressure.some'))
  for (const [word, tag] of RESOURCES) {
    if (!known.has(tag)) continue
    const some = moment.value('pressure.some', tag)
    const full = moment.value('pressure.full', tag)
    pieces.push(piece(`${pieces.length > 0 ? '  ' : isShort ? 'psi ' : ''}${word}${isShort ? '' : ' some'} `, 'label'), piece(`${tenths(some, unknown).trimStart()}%`, toneOfPressure(some)))
    if (!isShort && !Number.isNaN(full) && tag !== 'cpu') pieces.push(piece(' full ', 'label', 1), piece(`${tenths(full, unknown).trimStart()}%`, toneOfPressure(full), 1))
  }
  return pieces
}

/** Waiting hurts long before it is all that is done. */
function toneOfPressure(share: number): 'plain' | 'warn' | 'fail' {
  return share >= 0.4 ? 'fail' : share >= 0.1 ? 'warn' : 'plain'
}

function paintItems(surface: Surface, pieces: readonly Piece[]): number {
  return pieces.length === 0 ? 0 : putPieces(surface, 0, 0, surface.width, pieces)
}

function alarmPieces(surface: Surface, { zoneMinutes }: Screen, moment: Moment, alarm: Alarm): Piece[] {
  const glyphs = glyphsOf(surface)
  const ongoing = isOpen(alarm, moment)
  const sign = alarm.level === 'critical' ? glyphs.critical : glyphs.warning
  const tone = alarm.level === 'critical' ? 'fail' : 'warn'
  const text = plain(alarm.text, 60)
  if (ongoing) return [piece(`${sign} ${text}`, tone), piece(` for ${briefly(moment.at - alarm.since)}`.padEnd(10), 'label')]
  return [piece(`${sign} ${timeOfDay(alarm.since, zoneMinutes)} `, 'faint'), piece(`${text} ${briefly((alarm.until ?? moment.at) - alarm.since)}`, 'label')]
}

function paintAlarms(surface: Surface, start: number, items: readonly Piece[][]): void {
  const glyphs = glyphsOf(surface)
  let x = start
  for (const [index, pieces] of items.entries()) {
    const gap = index > 0 ? 2 : start > 0 ? 3 : 0
    const room = surface.width - x - gap
    // What would only show its beginning says nothing, but for the first.
    if (widthOf(pieces) > room + 4 && (index > 0 || room < 20)) break
    if (index === 0 && start > 0) surface.put(x + 1, 0, glyphs.vertical, 'border')
    x = putPieces(surface, x + gap, 0, surface.width, pieces)
  }
  if (items.length === 0 && start > 0 && surface.width - x > 15) {
    surface.put(x + 1, 0, glyphs.vertical, 'border')
    surface.put(x + 3, 0, 'no alerts', 'faint')
  }
}
