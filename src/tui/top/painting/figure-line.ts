import type { Surface } from '../surface.ts'
import type { Tone } from '../tone.ts'
import { piece, putPieces, type Piece } from './pieces.ts'

/** A line of figures. */
export type FigureLine = readonly Piece[]

/** A figure with its label; nothing where it is not known. */
export function figure(label: string, value: number, text: string, tone: Tone = 'plain', keep = 0): FigureLine {
  return Number.isNaN(value) ? [] : [piece(`${label} `, 'label', keep), piece(text, tone, keep)]
}

/** Joins figures with two cells between them. */
export function joined(...figures: readonly FigureLine[]): FigureLine {
  const line: Piece[] = []
  for (const pieces of figures) {
    if (pieces.length > 0 && line.length > 0) line.push(piece('  ', 'plain', pieces[0]?.keep ?? 0))
    line.push(...pieces)
  }
  return line
}

/** Figures that go sooner where there is no room for all. */
export function lesser(line: FigureLine, keep: number): FigureLine {
  return line.map((each) => ({ ...each, keep }))
}

/** Paints lines from the top on, empty ones left out; returns the line after the last. */
export function putLines(surface: Surface, y: number, lines: readonly FigureLine[]): number {
  let at = y
  for (const line of lines) if (line.length > 0 && at < surface.height) putPieces(surface, 0, at++, surface.width, line)
  return at
}
