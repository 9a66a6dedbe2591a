import type { CellGrid } from './cell-grid.ts'
import { CHARACTER, characterOf } from './character.ts'
import type { Palette } from './palette.ts'

/** Says what a terminal must be sent to show a grid, and remembers that it was. */
export interface FrameWriter {
  frame(): string
  invalidate(): void
}

const SPACE = 0x20
const ESC = 0x1b
// DEC private mode 2026 shows a frame at once; it is ignored where it is unknown.
const BEGIN = Buffer.from('\x1b[?2026h\x1b[m')
const END = Buffer.from('\x1b[?2026l')
const CLEAR = Buffer.from('\x1b[H\x1b[J')
const ERASE = Buffer.from('\x1b[K')
const RESET = Buffer.from('\x1b[m')
/** Most bytes one cell can take: a move, a style, blanks under a wide character, the character, and what is needed to erase. */
const CELL_BYTES = 96

/** Opens a writer for a grid; the first frame is whole. */
export function createFrameWriter(grid: CellGrid, palette: Palette): FrameWriter {
  const { codes, styles, width, height } = grid
  const shownCodes = new Uint32Array(codes.length).fill(SPACE)
  const shownStyles = new Uint8Array(codes.length)
  const anew = palette.styles.map(({ sgr }) => (sgr === '' ? RESET : Buffer.from(`\x1b[0;${sgr}m`)))
  const added = palette.styles.map(({ sgr }) => Buffer.from(`\x1b[${sgr}m`))
  const onlyColor = palette.styles.map((style) => style.onlyColor)
  const paintsBlanks = palette.styles.map((style) => style.paintsBlanks)

  let whole = true
  let bytes = Buffer.allocUnsafe(16_384)
  let length = 0
  // Where the cursor is: column -1 when only the row is certain, row -1 when nothing is.
  let column = -1
  let row = -1
  let style = 0

  const add = (source: Buffer): void => {
    for (let index = 0; index < source.length; index++) bytes[length++] = source[index] ?? 0
  }
  const addNumber = (value: number): void => {
    if (value >= 1_000) bytes[length++] = 0x30 + (Math.floor(value / 1_000) % 10)
    if (value >= 100) bytes[length++] = 0x30 + (Math.floor(value / 100) % 10)
    if (value >= 10) bytes[length++] = 0x30 + (Math.floor(value / 10) % 10)
    bytes[length++] = 0x30 + (value % 10)
  }
  const addCode = (code: number): void => {
    if (code < 0x80) bytes[length++] = code
    else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6)
      bytes[length++] = 0x80 | (code & 63)
    } else if (code < 0x10000) {
      bytes[length++] = 0xe0 | (code >> 12)
      bytes[length++] = 0x80 | ((code >> 6) & 63)
      bytes[length++] = 0x80 | (code & 63)
    } else {
      bytes[length++] = 0xf0 | (code >> 18)
      bytes[length++] = 0x80 | ((code >> 12) & 63)
      bytes[length++] = 0x80 | ((code >> 6) & 63)
      bytes[length++] = 0x80 | (code & 63)
    }
  }
  const isBlank = (at: number): boolean => codes[at] === SPACE && styles[at] === 0
  const isDoubtful = (code: number): boolean => code === 0 || (code > 0x7e && (characterOf(code) & CHARACTER.doubtful) !== 0)

  const wear = (next: number): void => {
    if (next === style) return
    // A colour replaces a colour; anything else has to be taken off first.
    const canAdd = style === 0 || (onlyColor[style] === true && onlyColor[next] === true)
    const sgr = (canAdd && next !== 0 ? added : anew)[next]
    if (sgr) add(sgr)
    style = next
  }

  /** Whether the cells between the cursor and a column can be written again for less than a jump over them costs. */
  const canRewrite = (from: number, to: number): boolean => {
    if (to - from > 4) return false
    let cost = 0
    for (let x = from; x < to; x++) {
      const at = row * width + x
      const code = codes[at] ?? 0
      if (isDoubtful(code) || (styles[at] !== style && !(isBlank(at) && !paintsBlanks[style]))) return false
      cost += code < 0x80 ? 1 : code < 0x800 ? 2 : 3
    }
    return cost <= (to - from === 1 ? 3 : 4)
  }
  const move = (x: number, y: number): void => {
    if (row === y && column === x) return
    if (row === y && column >= 0 && column < x) {
      if (canRewrite(column, x)) for (let at = y * width + column; at < y * width + x; at++) addCode(codes[at] ?? SPACE)
      else {
        bytes[length++] = ESC
        bytes[length++] = 0x5b
        if (x - column > 1) addNumber(x - column)
        bytes[length++] = 0x43
      }
    } else if (x === 0 && row >= 0 && y === row + 1) {
      bytes[length++] = 0x0d
      bytes[length++] = 0x0a
    } else {
      bytes[length++] = ESC
      bytes[length++] = 0x5b
      if (y > 0) addNumber(y + 1)
      if (x > 0) {
        bytes[length++] = 0x3b
        addNumber(x + 1)
      }
      bytes[length++] = 0x48
    }
    row = y
    column = x
  }
  const absolute = (x: number, y: number): void => {
    row = -1
    move(x, y)
  }

  /** Writes the cell at a column and returns the next column that has to be written whatever it shows. */
  const writeCell = (x: number, y: number): number => {
    const at = y * width + x
    const code = codes[at] ?? SPACE
    const wasDoubtful = isDoubtful(shownCodes[at] ?? SPACE)
    move(x, y)
    if (!(isBlank(at) && !paintsBlanks[style])) wear(styles[at] ?? 0)
    shownCodes[at] = code
    shownStyles[at] = styles[at] ?? 0
    const isWide = x + 1 < width && codes[at + 1] === 0
    // The last cell stays free, so half of it would be missing.
    if (isWide && y === height - 1 && x + 2 === width) {
      bytes[length++] = SPACE
      column = x + 1
      return -1
    }
    if (isWide) {
      // A terminal that gives it one cell must not show what was in the other.
      bytes[length++] = SPACE
      bytes[length++] = SPACE
      absolute(x, y)
      shownCodes[at + 1] = 0
      shownStyles[at + 1] = styles[at + 1] ?? 0
    }
    addCode(code)
    const after = x + (isWide ? 2 : 1)
    column = after >= width || isDoubtful(code) ? -1 : after
    if (isDoubtful(code)) row = -1
    return wasDoubtful || isDoubtful(code) ? after : -1
  }

  const writeRow = (y: number): void => {
    const first = y * width
    const limit = y === height - 1 ? width - 1 : width
    let end = limit
    while (end > 0 && isBlank(first + end - 1)) end--
    let shownEnd = limit
    while (shownEnd > end && shownCodes[first + shownEnd - 1] === SPACE && shownStyles[first + shownEnd - 1] === 0) shownEnd--
    const erases = shownEnd - end > 3
    let forced = -1
    for (let x = 0; x < (erases ? end : limit); x++) {
      const at = first + x
      if (codes[at] === shownCodes[at] && styles[at] === shownStyles[at] && x !== forced) continue
      if (codes[at] !== 0) forced = writeCell(x, y)
      // Only the right half changed: it is written with its left one.
      else forced = writeCell(x - 1, y)
    }
    if (!erases) return
    move(end, y)
    // Erased cells take on the background.
    if (paintsBlanks[style]) wear(0)
    add(ERASE)
    shownCodes.fill(SPACE, first + end, first + width)
    shownStyles.fill(0, first + end, first + width)
  }

  return {
    frame: () => {
      length = 0
      add(BEGIN)
      row = column = -1
      style = 0
      if (whole) {
        whole = false
        add(CLEAR)
        row = column = 0
        shownCodes.fill(SPACE)
        shownStyles.fill(0)
      }
      const start = BEGIN.length
      for (let y = 0; y < height; y++) {
        if (bytes.length - length < width * CELL_BYTES + 64) {
          const larger = Buffer.allocUnsafe(bytes.length * 2 + width * CELL_BYTES)
          bytes.copy(larger, 0, 0, length)
          bytes = larger
        }
        writeRow(y)
      }
      if (length === start) return ''
      add(END)
      return bytes.toString('utf8', 0, length)
    },
    invalidate: () => {
      whole = true
    },
  }
}
