import { CHARACTER, characterOf } from './character.ts'
import { toneIndex, type Palette } from './palette.ts'
import type { Rectangle, Surface } from './surface.ts'
import type { Tone } from './tone.ts'

/** The cells of a screen: a code point each, 0 for the right half of a wide one, and an index into the styles of a palette. */
export interface CellGrid extends Surface {
  readonly codes: Uint32Array
  readonly styles: Uint8Array
  /** Everything blank. */
  clear(): void
}

const SPACE = 0x20
const REPLACEMENT = 0xfffd
const JOINER = 0x200d
const QUESTION = 0x3f
/** Beside the bits of `CHARACTER`: the first letter of a flag. */
const FLAG = 64

/** Creates a blank grid; where there is no Unicode, what is not ASCII is a question mark. */
export function createCellGrid(width: number, height: number, palette: Palette, unicode: boolean): CellGrid {
  const codes = new Uint32Array(width * height).fill(SPACE)
  const styles = new Uint8Array(width * height)
  const { styleOf } = palette

  /** One cell that is not the half of anything; what it tears apart becomes blank. */
  const set = (at: number, column: number, code: number, style: number): void => {
    if (codes[at] === 0 && column > 0) codes[at - 1] = SPACE
    if (column + 1 < width && codes[at + 1] === 0) codes[at + 1] = SPACE
    // In the last column a terminal that gives it two cells would put it over the one before; the last cell of all is never written, so it could not be mended.
    codes[at] = (column === width - 1 || at === codes.length - 2) && code > 0x7e && (characterOf(code) & CHARACTER.doubtful) !== 0 ? QUESTION : code
    // A blank looks the same in every style that only colours what is written.
    styles[at] = code === SPACE && !palette.styles[style]?.paintsBlanks ? 0 : style
  }

  /** A surface whose zero is at (left, top), where only columns `from` to `to` and rows `above` to `below` may be written to. */
  const surface = (left: number, top: number, across: number, down: number, from: number, to: number, above: number, below: number): Surface => {
    const write = (x: number, y: number, given: string, style: number): number => {
      const row = top + y
      const shows = row >= above && row < below
      let text = given
      let composed = false
      let column = left + x
      let before = 0
      for (let index = 0; index < text.length && column < to; index++) {
        let code = text.charCodeAt(index)
        let kind = 1
        if (code < SPACE || code > 0x7e) {
          code = text.codePointAt(index) ?? REPLACEMENT
          if (code > 0xffff) index++
          kind = characterOf(code)
          if ((kind & CHARACTER.cells) === 0) {
            if (code === JOINER && (before & CHARACTER.emoji) !== 0) index = afterCharacter(text, index + 1) - 1
            else if (!composed) {
              // Marks may make one character with the letter before them: once more, from the start.
              text = given.normalize('NFC')
              composed = true
              ;[index, column, before] = [-1, left + x, 0]
            }
            continue
          }
          // The second letter of a flag.
          if (code >= 0x1f1e6 && code <= 0x1f1ff) {
            const isSecond = (before & FLAG) !== 0
            before = isSecond ? 0 : kind | FLAG
            if (isSecond) continue
          } else before = kind
          if ((kind & CHARACTER.unsafe) !== 0) [code, kind] = [REPLACEMENT, 1]
          if (!unicode) [code, kind] = [QUESTION, 1]
        } else before = 0
        const wide = (kind & CHARACTER.cells) === 2
        if (shows && column >= from) {
          const at = row * width + column
          if (wide && column + 1 < to) {
            set(at, column, code, style)
            set(at + 1, column + 1, SPACE, style)
            codes[at + 1] = 0
            styles[at + 1] = style
          } else set(at, column, wide ? SPACE : code, style)
        } else if (shows && wide && column + 1 === from) set(row * width + from, from, SPACE, style)
        column += wide ? 2 : 1
      }
      return Math.min(column, Math.max(to, left + x)) - left
    }
    const styleFor = (tone: Tone | undefined): number => (tone === undefined ? 0 : (styleOf[toneIndex(tone)] ?? 0))

    return {
      width: across,
      height: down,
      unicode,
      put: (x, y, text, tone) => write(x, y, text, styleFor(tone)),
      putRight: (end, y, text, tone) => {
        const cells = cellsOf(text, unicode)
        const style = styleFor(tone)
        if (cells <= end) write(end - cells, y, text, style)
        else if (end > 0) {
          surface(left, top, end - 1, down, from, Math.min(to, left + end - 1), above, below).put(0, y, text, tone)
          write(end - 1, y, unicode ? '…' : '~', style)
        }
      },
      fill: (x, y, columns, rows, character, tone) => {
        const style = styleFor(tone)
        const code = character.codePointAt(0) ?? SPACE
        const plain = code >= SPACE && code <= 0x7e ? code : !unicode ? QUESTION : characterOf(code) & CHARACTER.unsafe ? REPLACEMENT : (characterOf(code) & CHARACTER.cells) === 1 ? code : SPACE
        for (let row = Math.max(above, top + y); row < Math.min(below, top + y + rows); row++) {
          for (let column = Math.max(from, left + x); column < Math.min(to, left + x + columns); column++) set(row * width + column, column, plain, style)
        }
      },
      part: ({ x, y, width: wide, height: high }: Rectangle) => {
        const [newLeft, newTop] = [left + x, top + y]
        return surface(newLeft, newTop, Math.max(0, wide), Math.max(0, high), Math.max(from, newLeft), Math.min(to, newLeft + wide), Math.max(above, newTop), Math.min(below, newTop + high))
      },
    }
  }

  return {
    ...surface(0, 0, width, height, 0, width, 0, height),
    codes,
    styles,
    clear: () => {
      codes.fill(SPACE)
      styles.fill(0)
    },
  }
}

function afterCharacter(text: string, index: number): number {
  const code = text.codePointAt(index)
  return index + (code === undefined ? 0 : code > 0xffff ? 2 : 1)
}

/** Cells that a text takes on a grid. */
export function cellsOf(text: string, unicode = true): number {
  let simple = true
  for (let index = 0; index < text.length && simple; index++) simple = text.charCodeAt(index) < 0x300
  if (simple) return text.length
  const composed = text.normalize('NFC')
  let cells = 0
  let before = 0
  for (let index = 0; index < composed.length; index++) {
    const code = composed.codePointAt(index) ?? 0
    if (code > 0xffff) index++
    const kind = characterOf(code)
    if ((kind & CHARACTER.cells) === 0) {
      if (code === JOINER && (before & CHARACTER.emoji) !== 0) index = afterCharacter(composed, index + 1) - 1
      continue
    }
    const isLetter = code >= 0x1f1e6 && code <= 0x1f1ff
    const isSecond = isLetter && (before & FLAG) !== 0
    before = isSecond ? 0 : isLetter ? kind | FLAG : kind
    if (!isSecond) cells += unicode ? kind & CHARACTER.cells : 1
  }
  return cells
}
