import type { Bar } from '../model/report.ts'
import type { Screen } from './screen.ts'

/** Cells of a bar where there is room, and where there is little. */
export const BAR_WIDTHS = [20, 10] as const

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of `width` cells: to an eighth of a cell where there is Unicode, to a whole one in ASCII. A share that is not known is an empty one; what is above 0 or below 1 never looks as if it were not. */
export function drawBar({ share, tone }: Bar, width: number, screen: Screen): string {
  const steps = screen.unicode ? EIGHTHS.length : 1
  const known = Number.isNaN(share) ? 0 : Math.min(1, Math.max(0, share))
  const exact = Math.round(known * width * steps)
  const filled = known > 0 && known < 1 ? Math.min(width * steps - 1, Math.max(1, exact)) : exact
  const done = (screen.unicode ? '█' : '#').repeat(Math.floor(filled / steps)) + (EIGHTHS[filled % steps] ?? '')
  return screen.paint(tone, done) + screen.paint('faint', (screen.unicode ? '·' : '.').repeat(width - done.length))
}
