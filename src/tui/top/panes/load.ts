import type { Moment } from '../../../analysis/moment.ts'
import { hundredths, percent, short } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, type Piece } from '../painting/pieces.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare } from '../tone.ts'

/** The load averages, what runs and what is blocked; empty where none of it is known. */
export function loadPieces(surface: Surface, moment: Moment): Piece[] {
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

/** Whether there is a limit to the processors that may be used. */
export function hasLimit(moment: Moment): boolean {
  return !Number.isNaN(moment.value('cgroup.cpu.limit'))
}

/** What the control group uses of its limit, as far as that is known. */
export function limitPieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown } = glyphsOf(surface)
  const limit = moment.value('cgroup.cpu.limit')
  const share = moment.value('cgroup.cpu.usage')
  const throttled = moment.value('cgroup.cpu.throttled')
  return [
    piece('cgroup ', 'label'),
    Number.isNaN(share) ? piece(`limit ${short(limit, unknown)} cpu`) : piece(`${hundredths(share * limit, unknown).trimStart()}/${short(limit, unknown)} cpu`, toneOfShare(share)),
    ...(Number.isNaN(throttled) ? [] : [piece(surface.width < 36 ? ' thr ' : '  throttled ', 'label', 1), piece(percent(throttled, unknown).trimStart(), throttled > 0 ? 'warn' : 'plain', 1)]),
  ]
}
