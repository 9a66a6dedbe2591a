import { cellWidth, cutCells } from '../../cells.ts'

/** A text in lines of at most `width` cells (1 or more), broken between words where that can be. */
export function wrap(text: string, width: number): readonly string[] {
  const room = Math.max(1, width)
  const lines: string[] = []
  let line = ''
  for (const given of text.split(' ').filter((word) => word !== '')) {
    if (line !== '' && cellWidth(line) + 1 + cellWidth(given) > room) {
      lines.push(line)
      line = ''
    }
    let word = line === '' ? given : `${line} ${given}`
    // A word that is longer than a line, an address for example, goes on in the next.
    while (cellWidth(word) > room) {
      const part = cutCells(word, room) || (String.fromCodePoint(word.codePointAt(0) ?? 32))
      lines.push(part)
      word = word.slice(part.length)
    }
    line = word
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}
