import type { Glyphs } from './glyphs.ts'

/** The greatest number of a series, at least `least`. */
export function greatest(values: ArrayLike<number>, least: number): number {
  let most = least
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN
    if (value > most && value < Number.POSITIVE_INFINITY) most = value
  }
  return most
}

/** The last of the values as a line of blocks, the newest at the right end, in exactly `width` cells; a gap where nothing is known. */
export function curve(values: ArrayLike<number>, width: number, top: number, glyphs: Glyphs): string {
  let text = ''
  for (let cell = 0; cell < width; cell++) {
    const index = values.length - width + cell
    text += index < 0 ? ' ' : levelOf(values[index] ?? Number.NaN, top, glyphs)
  }
  return text
}

/** The same with twice as many values as cells: each cell has the greater of two. */
export function denseCurve(values: ArrayLike<number>, width: number, top: number, glyphs: Glyphs): string {
  let text = ''
  for (let cell = 0; cell < width; cell++) {
    const index = values.length - 2 * (width - cell)
    const first = index < 0 ? Number.NaN : (values[index] ?? Number.NaN)
    const second = index + 1 < 0 ? Number.NaN : (values[index + 1] ?? Number.NaN)
    text += levelOf(Number.isNaN(second) || first > second ? first : second, top, glyphs)
  }
  return text
}

function levelOf(value: number, top: number, glyphs: Glyphs): string {
  if (Number.isNaN(value)) return ' '
  const level = top > 0 ? Math.ceil((value / top) * 8) : 1
  return glyphs.eighths[level < 1 ? 1 : level > 8 ? 8 : level] ?? ' '
}
