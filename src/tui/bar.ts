/** The two parts of a progress bar, together `width` cells wide; a renderer gives each its tone. */
export interface Bar {
  readonly done: string
  readonly rest: string
}

/** Draws a ratio (0..1; less, more and NaN count as the nearest) as a bar, to half a cell where there is Unicode. */
export function bar(ratio: number, width: number, unicode: boolean): Bar {
  const cells = Math.max(0, Math.floor(width))
  const share = Number.isNaN(ratio) ? 0 : Math.min(1, Math.max(0, ratio))
  if (!unicode) {
    const full = Math.floor(share * cells)
    return { done: '#'.repeat(full), rest: '-'.repeat(cells - full) }
  }
  const halves = Math.floor(share * cells * 2)
  const full = Math.floor(halves / 2)
  const done = '━'.repeat(full) + (halves % 2 === 1 ? '╸' : '')
  return { done, rest: '─'.repeat(cells - done.length) }
}
