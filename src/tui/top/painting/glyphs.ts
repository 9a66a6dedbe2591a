import type { Surface } from '../surface.ts'

/** The characters a painter draws with; every one takes one cell on every terminal. */
export interface Glyphs {
  readonly topLeft: string
  readonly topRight: string
  readonly bottomLeft: string
  readonly bottomRight: string
  readonly horizontal: string
  readonly vertical: string
  readonly tick: string
  readonly corner: string
  /** A cell filled from below by no, one, ... eight eighths. */
  readonly eighths: readonly string[]
  readonly full: string
  readonly empty: string
  readonly unknown: string
  readonly ellipsis: string
  readonly dot: string
  readonly live: string
  readonly frozen: string
  readonly ended: string
  readonly warning: string
  readonly critical: string
  readonly up: string
  readonly down: string
  readonly left: string
  readonly right: string
  readonly leftRight: string
  readonly degree: string
  readonly sum: string
  readonly knob: string
  readonly future: string
}

// What Unicode calls emoji is left out: terminals do not agree on its width.
const UNICODE: Glyphs = {
  topLeft: '╭', topRight: '╮', bottomLeft: '╰', bottomRight: '╯', horizontal: '─', vertical: '│', tick: '┤', corner: '└',
  eighths: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'], full: '█', empty: '░', unknown: '–', ellipsis: '…', dot: '·',
  live: '●', frozen: '‖', ended: '■', warning: '▲', critical: '◆', up: '▲', down: '▼', left: '◀', right: '▶', leftRight: '←/→', degree: '°', sum: 'Σ', knob: '●', future: '┄',
}

const ASCII: Glyphs = {
  topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', horizontal: '-', vertical: '|', tick: '|', corner: '+',
  eighths: [' ', '.', '.', ':', ':', '|', '|', '#', '#'], full: '#', empty: '-', unknown: '-', ellipsis: '~', dot: '|',
  live: '*', frozen: '=', ended: '#', warning: '!', critical: '!', up: '^', down: 'v', left: '<', right: '>', leftRight: '<-/->', degree: '', sum: 'sum ', knob: 'o', future: '.',
}

/** The characters that the terminal of a surface has. */
export function glyphsOf({ unicode }: Pick<Surface, 'unicode'>): Glyphs {
  return unicode ? UNICODE : ASCII
}
