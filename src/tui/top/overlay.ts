import { figureOf, type FigureName } from './dialogs/figure-place.ts'
import type { Surface } from './surface.ts'
import { TONES, type Tone } from './tone.ts'

/** Paints a figure into its place: cells `x` to `x + width` of a row; `index` counts the rows of this figure from 0. */
export type PaintFigure = (name: FigureName, surface: Surface, x: number, y: number, width: number, index: number) => void

/** Most cells of a dialog, its border included. */
const WIDEST = 96

/** Cells inside the border that a dialog may fill on a screen. */
export function dialogSize(columns: number, rows: number): { readonly width: number; readonly height: number } {
  return { width: Math.max(1, Math.min(WIDEST, columns - 2) - 4), height: Math.max(1, rows - 4) }
}

/** Puts a dialog that Ink has laid out over the panes: in the middle, with a border and a title. */
export function paintOverlay(surface: Surface, lines: readonly string[], title: string, figure: PaintFigure): void {
  const size = dialogSize(surface.width, surface.height)
  const shown = lines.slice(0, Math.min(size.height, lines.findLastIndex((line) => line.trim() !== '') + 1))
  const [wide, high] = [size.width + 4, shown.length + 2]
  const box = surface.part({ x: Math.floor((surface.width - wide) / 2), y: Math.max(0, Math.floor((surface.height - high) / 2)), width: wide, height: high })
  const [side, across, corners] = surface.unicode ? ['│', '─', '╭╮╰╯'] : ['|', '-', '++++']
  box.fill(0, 0, wide, high, ' ')
  box.fill(0, 0, wide, 1, across, 'border')
  box.fill(0, high - 1, wide, 1, across, 'border')
  box.fill(0, 0, 1, high, side, 'border')
  box.fill(wide - 1, 0, 1, high, side, 'border')
  for (const [index, corner] of [...corners].entries()) box.put(index % 2 === 0 ? 0 : wide - 1, index < 2 ? 0 : high - 1, corner, 'border')
  box.put(2, 0, ` ${title} `, 'title')
  const inside = box.part({ x: 2, y: 1, width: size.width, height: shown.length })
  const counts = new Map<FigureName, number>()
  for (const [y, line] of shown.entries()) paintLine(inside, y, line, figure, counts)
}

/** What Ink makes of a line: text and SGR, of which only our own spelling of a tone means something. */
const PIECE = /\x1b\[([\d;]*)m|([\ue000-\ue00f])\2*|[^\x1b\ue000-\ue00f]+|\x1b/g
const TONE = /^38;5;(\d+)$/

function paintLine(surface: Surface, y: number, line: string, figure: PaintFigure, counts: Map<FigureName, number>): void {
  let x = 0
  let tone: Tone | undefined
  for (const [piece, sgr, stand] of line.matchAll(PIECE)) {
    const name = stand === undefined ? undefined : figureOf(stand.charCodeAt(0))
    if (sgr !== undefined) tone = TONES[Number(TONE.exec(sgr)?.[1])]
    else if (name === undefined) x = surface.put(x, y, piece, tone)
    else {
      const index = counts.get(name) ?? 0
      counts.set(name, index + 1)
      figure(name, surface, x, y, piece.length, index)
      x += piece.length
    }
  }
}
