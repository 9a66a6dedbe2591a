/** Figures that change with every tick. Ink remembers every text it has measured for ever, so it never sees them: it keeps a place for each. */
export const FIGURES = ['state', 'cpu', 'cpuTime', 'memory', 'resident', 'threads', 'read', 'write', 'parent', 'curve', 'scale', 'alarm'] as const
export type FigureName = (typeof FIGURES)[number]

/** First of the private use characters (Unicode 23.5) that stand for figures. */
const FIRST = 0xe000

/** The cells that are kept for a figure. */
export function figurePlace(name: FigureName, width: number): string {
  return String.fromCharCode(FIRST + FIGURES.indexOf(name)).repeat(Math.max(0, width))
}

/** The figure a character keeps a place for; undefined for all others. */
export function figureOf(code: number): FigureName | undefined {
  return FIGURES[code - FIRST]
}
