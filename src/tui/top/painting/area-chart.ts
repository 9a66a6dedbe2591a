import type { Surface } from '../surface.ts'
import { toneOfShare, type Tone } from '../tone.ts'
import { glyphsOf } from './glyphs.ts'

/**
 * Fills a surface with the last values (0..top) as an area, one column each, the newest at the right edge. Without a tone a row has the tone of the share at its
 * middle, so a summit shows how high it is.
 */
export function paintArea(surface: Surface, values: ArrayLike<number>, top: number, tone?: Tone): void {
  const { width, height } = surface
  const { eighths } = glyphsOf(surface)
  const scale = top > 0 ? (height * 8) / top : 0
  for (let y = 0; y < height; y++) {
    const below = (height - 1 - y) * 8
    let row = ''
    for (let x = 0; x < width; x++) {
      const value = values[values.length - width + x] ?? Number.NaN
      const level = Math.round(value * scale)
      // The lowest row shows that there was a value, however small.
      const least = y === height - 1 && level >= 0 ? 1 : 0
      const filled = Math.max(least, level - below)
      row += eighths[filled >= 8 ? 8 : filled > 0 ? filled : 0] ?? ' '
    }
    surface.put(0, y, row, tone ?? toneOfShare((height - y - 0.5) / height))
  }
}
