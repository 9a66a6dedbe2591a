import { cellWidth } from '../../../src/tui/cells.ts'
import type { Rectangle, Surface } from '../../../src/tui/top/surface.ts'
import { TONES, type Tone } from '../../../src/tui/top/tone.ts'

/** A surface that is looked at as text; the second cell of a wide character is empty. */
export interface Grid extends Surface {
  cells: string[][]
  tones: (Tone | undefined)[][]
  lines(): string[]
  /** Texts that ran over the right edge of the part they were written to. */
  cuts: string[]
}

const INVISIBLE = /[\p{Mn}\p{Cf}]/u
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** An empty grid of cells. */
export function gridOf(width: number, height: number, unicode = true): Grid {
  const cells = Array.from({ length: height }, () => Array<string>(width).fill(' '))
  const tones = Array.from({ length: height }, () => Array<Tone | undefined>(width).fill(undefined))
  const cuts: string[] = []
  const surface = partOf(cells, tones, cuts, { x: 0, y: 0, width, height }, unicode)
  return { ...surface, cells, tones, cuts, lines: () => cells.map((row) => row.join('')) }
}

function partOf(cells: string[][], tones: (Tone | undefined)[][], cuts: string[], { x: left, y: top, width, height }: Rectangle, unicode: boolean): Surface {
  const put = (x: number, y: number, text: string, tone: Tone = 'plain'): number => {
    if (!Number.isInteger(x) || !Number.isInteger(y)) throw new Error(`no cell ${x},${y} for ${text}`)
    if (!TONES.includes(tone)) throw new Error(`no tone ${tone}`)
    let at = x
    for (const given of text) {
      const character = CONTROL.test(given) ? '\ufffd' : given
      if (INVISIBLE.test(character)) continue
      const wide = cellWidth(character)
      if (at + wide > width && character !== ' ' && text.trim() !== '') cuts.push(text)
      if (y >= 0 && y < height && at >= 0 && at < width) {
        const row = cells[top + y]
        const line = tones[top + y]
        if (row && line) {
          row[left + at] = at + wide > width ? ' ' : character
          line[left + at] = tone
          if (wide === 2 && at + 1 < width) row[left + at + 1] = ''
        }
      }
      at += wide
    }
    return at
  }
  return {
    width, height, unicode, put,
    putRight: (end, y, text, tone) => void put(Math.max(0, end - cellWidth(text)), y, text, tone),
    fill: (x, y, wide, high, character, tone) => {
      for (let row = 0; row < high; row++) put(x, y + row, character.repeat(wide), tone)
    },
    part: ({ x, y, width: wide, height: high }) => {
      if (x < 0 || y < 0 || wide < 0 || high < 0 || x + wide > width || y + high > height) cuts.push(`part ${x},${y} ${wide}x${high} of ${width}x${height}`)
      return partOf(cells, tones, cuts, { x: left + x, y: top + y, width: Math.max(0, Math.min(wide, width - x)), height: Math.max(0, Math.min(high, height - y)) }, unicode)
    },
  }
}
