import { cellWidth, cutCells } from '../../cells.ts'

/** Whether a text is sure to take one cell for each of its units, looked at no further than it matters. */
function isNarrow(text: string, most: number): boolean {
  const end = Math.min(text.length, most)
  for (let index = 0; index < end; index++) if (text.charCodeAt(index) >= 0x1100) return false
  return true
}

/** How many cells a text takes at most. */
export function widthOfText(text: string): number {
  return isNarrow(text, text.length) ? text.length : cellWidth(text)
}

/** The text in at most `width` cells; what does not fit is cut and its place marked. */
export function fit(text: string, width: number, ellipsis: string): string {
  if (width <= 0) return ''
  // The system may hand over command lines of many thousand characters.
  const near = text.length > width + 1 ? text.slice(0, width + 1) : text
  if (isNarrow(near, width + 1)) return near.length <= width ? near : near.slice(0, width - 1) + ellipsis
  if (near.length === text.length && cellWidth(text) <= width) return text
  return cutCells(near, width - 1) + ellipsis
}

/** The same with what is cut at the front: of paths and names with a number the end tells them apart. */
export function fitFront(text: string, width: number, ellipsis: string): string {
  if (width <= 0) return ''
  if (widthOfText(text) <= width) return text
  let kept = ''
  for (const character of [...text].reverse()) {
    if (widthOfText(character + kept) > width - 1) break
    kept = character + kept
  }
  return ellipsis + kept
}
