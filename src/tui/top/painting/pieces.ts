import type { Surface } from '../surface.ts'
import type { Tone } from '../tone.ts'
import { fit, widthOfText } from './fit.ts'
import { glyphsOf } from './glyphs.ts'

/** A piece of a line with its meaning; `keep` is how gladly it stays when there is no room for all, 0 the most (the default). Those of one `keep` stay or go together. */
export interface Piece {
  readonly text: string
  readonly tone?: Tone | undefined
  readonly keep?: number | undefined
}

/** A piece of a line. */
export function piece(text: string, tone?: Tone, keep = 0): Piece {
  return { text, tone, keep }
}

/** How many cells pieces take. */
export function widthOf(pieces: readonly Piece[]): number {
  let width = 0
  for (let index = 0; index < pieces.length; index++) width += widthOfText(pieces[index]?.text ?? '')
  return width
}

/** The pieces that fit into `room` cells: those that stay least gladly go first. */
export function keepPieces(pieces: readonly Piece[], room: number): readonly Piece[] {
  let kept = pieces
  let width = widthOf(kept)
  while (width > room && kept.length > 0) {
    let worst = 0
    for (const { keep = 0 } of kept) if (keep > worst) worst = keep
    if (worst === 0) return kept
    kept = kept.filter(({ keep = 0 }) => keep !== worst)
    width = widthOf(kept)
  }
  return kept
}

/** Writes pieces one after the other, at most up to column `end`, and returns the column after them; what must stay and does not fit is cut with an ellipsis. */
export function putPieces(surface: Surface, x: number, y: number, end: number, pieces: readonly Piece[]): number {
  let at = x
  const { ellipsis } = glyphsOf(surface)
  for (const { text, tone } of keepPieces(pieces, end - x)) {
    const shown = fit(text, end - at, ellipsis)
    surface.put(at, y, shown, tone)
    at += widthOfText(shown)
  }
  return at
}

/** The same, ending before column `end` and beginning not before `start`; returns the column where they begin. */
export function putPiecesRight(surface: Surface, start: number, end: number, y: number, pieces: readonly Piece[]): number {
  const kept = keepPieces(pieces, end - start)
  const from = Math.max(start, end - widthOf(kept))
  putPieces(surface, from, y, end, kept)
  return from
}

/** Writes a text in at most `width` cells, cut with an ellipsis where it is longer. */
export function putFit(surface: Surface, x: number, y: number, width: number, text: string, tone?: Tone): void {
  surface.put(x, y, fit(text, width, glyphsOf(surface).ellipsis), tone)
}
