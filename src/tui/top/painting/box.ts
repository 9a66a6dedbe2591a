import type { Surface } from '../surface.ts'
import { run } from './bar.ts'
import { glyphsOf } from './glyphs.ts'
import { keepPieces, putPieces, widthOf, type Piece } from './pieces.ts'

/** What stands in the border of a box: at the upper left, the upper right and the lower right. */
export interface BoxTitles {
  readonly left: readonly Piece[]
  readonly right?: readonly Piece[] | undefined
  readonly foot?: readonly Piece[] | undefined
}

/** Whether a surface is too small for a border to leave something in it; a pane is a bare line or two then. */
export function isBare({ width, height }: Pick<Surface, 'width' | 'height'>): boolean {
  return height < 3 || width < 8
}

/** Draws a border with titles in it around the whole surface and returns what is inside. */
export function paintBox(surface: Surface, { left, right, foot }: BoxTitles): Surface {
  const { width, height } = surface
  const glyphs = glyphsOf(surface)
  const bar = run(glyphs.horizontal, width - 2)
  surface.put(0, 0, glyphs.topLeft + bar + glyphs.topRight, 'border')
  for (let y = 1; y < height - 1; y++) {
    surface.put(0, y, glyphs.vertical, 'border')
    surface.put(width - 1, y, glyphs.vertical, 'border')
  }
  surface.put(0, height - 1, glyphs.bottomLeft + bar + glyphs.bottomRight, 'border')
  const after = paintTitle(surface, 2, 0, width - 2, left)
  if (right) paintTitleRight(surface, after + 1, width - 2, 0, right)
  if (foot) paintTitleRight(surface, 2, width - 2, height - 1, foot)
  return surface.part({ x: 1, y: 1, width: width - 2, height: height - 2 })
}

function paintTitle(surface: Surface, x: number, y: number, end: number, pieces: readonly Piece[]): number {
  const room = end - x - 2
  const kept = keepPieces(pieces, room)
  if (room < 2 || kept.length === 0) return x
  surface.put(x, y, ' ')
  const after = putPieces(surface, x + 1, y, end - 1, kept)
  return surface.put(after, y, ' ')
}

/** A title at the right is there whole or, without what may go, not at all: the left one matters more. */
function paintTitleRight(surface: Surface, start: number, end: number, y: number, pieces: readonly Piece[]): void {
  const kept = keepPieces(pieces, end - start - 2)
  const width = widthOf(kept)
  if (kept.length === 0 || width === 0 || width + 2 > end - start) return
  paintTitle(surface, end - width - 2, y, end, kept)
}
