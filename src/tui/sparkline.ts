const BLOCKS = '▁▂▃▄▅▆▇█'
const SIGNS = '.:-=+*#@'

/**
 * Draws the last `width` values (>= 0), one cell each, between zero and the largest of them.
 * What is no number is a gap: nothing was measured there.
 */
export function sparkline(values: readonly number[], width: number, unicode: boolean): string {
  const shown = width > 0 ? values.slice(-Math.floor(width)) : []
  const levels = unicode ? BLOCKS : SIGNS
  const top = shown.reduce((most, value) => (Number.isFinite(value) && value > most ? value : most), 0)
  return shown.map((value) => (Number.isFinite(value) ? levels[levelOf(value, top, levels.length)] : ' ')).join('')
}

function levelOf(value: number, top: number, levels: number): number {
  return top <= 0 ? 0 : Math.max(0, Math.min(levels - 1, Math.ceil((value / top) * levels) - 1))
}
