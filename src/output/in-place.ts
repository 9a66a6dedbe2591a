import { plural } from '../model/text.ts'
import { textWidth } from './width.ts'

/** Room of a terminal in cells. */
export interface Room {
  readonly columns: number
  readonly rows: number
}

const HOME = '\u001b[H'
const TO_END_OF_LINE = '\u001b[K'
const TO_END_OF_SCREEN = '\u001b[J'

/** The text so that it takes the place of the one before on a terminal: only what differs changes for the eye. What is too long for the screen is cut, for once it scrolls there is no way back. */
export function inPlace(text: string, { columns, rows }: Room): string {
  const lines = text.trimEnd().split('\n')
  const heights = lines.map((line) => Math.max(1, Math.ceil(widthOf(line) / columns)))
  // The cursor stands below the text.
  let room = rows - 1
  const fitting = heights.findIndex((height) => (room -= height) < 0)
  const kept = fitting < 0 ? lines : lines.slice(0, Math.max(0, fitting - 1))
  const left = lines.length - kept.length
  const shown = left === 0 ? kept : [...kept, `(${plural(left, 'more line')}: make the terminal taller)`.slice(0, columns)]
  return `${HOME}${shown.map((line) => `${line}${clearing(line, columns)}\n`).join('')}${TO_END_OF_SCREEN}`
}

/** Scrolls what a person has on the screen out of the way, so that it is not lost. */
export function makeRoom({ rows }: Room): string {
  return '\n'.repeat(Math.max(0, rows - 1))
}

/** What clears the rest of a line; a full one has none, and some terminals would take its last character. */
function clearing(line: string, columns: number): string {
  const width = widthOf(line)
  return width > 0 && width % columns === 0 ? '' : TO_END_OF_LINE
}

function widthOf(line: string): number {
  return textWidth(line.replace(/\u001b\[\d*m/g, ''))
}
