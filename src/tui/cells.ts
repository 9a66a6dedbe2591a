/** First and last code points of the blocks that take two cells (Unicode UAX #11, with all of the emoji counted as wide). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x231a, 0x231b], [0x2329, 0x232a], [0x23e9, 0x23f3], [0x25fd, 0x25fe], [0x2600, 0x27bf], [0x2b1b, 0x2b1c], [0x2b50, 0x2b55],
  [0x2e80, 0xa4cf], [0xa960, 0xa97c], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfe10, 0xfe19], [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff], [0x1af00, 0x1b2ff], [0x1f000, 0x1faff], [0x20000, 0x3fffd],
]

function cellsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x1100) return 1
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/**
 * How many cells a text takes on a terminal, at most: combining marks count as a cell of their own and emoji sequences
 * as the sum of their parts, so that what is cut by this measure never wraps.
 */
export function cellWidth(text: string): number {
  let width = 0
  for (const character of text) width += cellsOf(character)
  return width
}

/** As much of the text as fits into `width` cells. */
export function cutCells(text: string, width: number): string {
  if (text.length * 2 <= width) return text
  let room = width
  let cut = ''
  for (const character of text) {
    room -= cellsOf(character)
    if (room < 0) break
    cut += character
  }
  return cut
}
