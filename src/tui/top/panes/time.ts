import { run } from '../painting/bar.ts'
import { shortSize, tenths } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putPieces, putPiecesRight } from '../painting/pieces.ts'
import { briefly, timeOfDay } from '../painting/times.ts'
import type { Painter } from './painter.ts'

/** The line of time: where in the reach of the history the picture is, and what this program itself uses. */
export const paintTime: Painter = (surface, screen, moment) => {
  const glyphs = glyphsOf(surface)
  const { view, reachMs, self, zoneMinutes } = screen
  const { width } = surface
  const isPast = view.back > 0 || view.frozen
  const end = width - 1
  const from = putPiecesRight(surface, Math.min(width, 20), end, 0, [
    piece(timeOfDay(moment.at, zoneMinutes), isPast ? 'accent' : 'plain'),
    piece(` of ${briefly(reachMs)}`, 'label', 1),
    piece(`  ${glyphs.leftRight}`, 'key', 3), piece(' scrub', 'label', 3),
    piece('  End', 'key', 4), piece(' live', 'label', 4),
    ...(Number.isNaN(self.cpu) ? [] : [piece('  self', 'label', 2), piece(` ${tenths(self.cpu, glyphs.unknown).trimStart()}% ${shortSize(self.memoryBytes, glyphs.unknown)}`, 'label', 2)]),
  ])
  const left = width >= 50 ? putPieces(surface, 1, 0, end, [piece('TIME ', 'title')]) : 1
  const track = from - 1 - left - 2
  if (track < 3) return
  surface.put(left, 0, glyphs.left, 'label')
  surface.put(left + track + 1, 0, glyphs.right, 'label')
  const step = Number.isNaN(moment.stepMs) ? view.intervalMs : moment.stepMs
  const cellOf = (ticksBack: number): number => {
    const share = reachMs > 0 ? 1 - (ticksBack * step) / reachMs : 1
    return Math.round(Math.min(1, Math.max(0, share)) * (track - 1))
  }
  const known = cellOf(moment.length + view.back - 1)
  surface.put(left + 1, 0, run(glyphs.future, known), 'faint')
  surface.put(left + 1 + known, 0, run(glyphs.horizontal, track - known), 'label')
  surface.put(left + 1 + cellOf(view.back), 0, glyphs.knob, isPast ? 'accent' : 'ok')
}
