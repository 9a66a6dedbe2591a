const WIDE = /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u
const NARROW = /^[\u0020-\u007e]*$/
// Combining marks, joiners, and the vowels and finals of Hangul that join the syllable before them.
const WEIGHTLESS = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u
// An emoji by nature, or made one by the variation selector after it.
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u

let segmenter: Intl.Segmenter | undefined

function graphemes(text: string): string[] {
  if (NARROW.test(text)) return [...text]
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function graphemeWidth(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2
  let width = 0
  for (const character of grapheme) width += WEIGHTLESS.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/** Terminal cells that a line of text takes: two for wide characters and emoji, none for combining marks (Unicode UAX #11 and #29). */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)
}

/** The text, or as much of its beginning as fits `width` cells with the mark of the cut after it. */
export function cutText(text: string, width: number, mark: string): string {
  if (textWidth(text) <= width) return text
  const room = width - textWidth(mark)
  let kept = ''
  let taken = 0
  for (const grapheme of graphemes(text)) {
    const cells = graphemeWidth(grapheme)
    if (taken + cells > room) break
    kept += grapheme
    taken += cells
  }
  return room < 0 ? mark.slice(0, width) : `${kept.trimEnd()}${mark}`
}

/** The text with spaces on the right, or on the left, up to `width` cells. */
export function padText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  return align === 'left' ? text + space : space + text
}

/** The text in lines of at most `width` cells, broken at spaces and between wide characters; a longer word, such as an address, stays whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let taken = 0
  for (const piece of text.split(' ').flatMap(breakable)) {
    const cells = textWidth(piece.text)
    const gap = piece.spaced && line !== '' ? 1 : 0
    if (line !== '' && taken + gap + cells > width) {
      lines.push(line)
      line = ''
      taken = 0
    }
    const space = line === '' ? '' : ' '.repeat(gap)
    line += space + piece.text
    taken += space.length + cells
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}

function breakable(word: string): { text: string; spaced: boolean }[] {
  if (NARROW.test(word) || !WIDE.test(word)) return [{ text: word, spaced: true }]
  // Scripts without spaces may break between any two of their characters; what is narrow between them stays together.
  const parts: string[] = []
  let narrow = ''
  for (const grapheme of graphemes(word)) {
    if (!WIDE.test(grapheme)) {
      narrow += grapheme
      continue
    }
    if (narrow !== '') parts.push(narrow)
    parts.push(grapheme)
    narrow = ''
  }
  if (narrow !== '') parts.push(narrow)
  return parts.map((text, index) => ({ text, spaced: index === 0 }))
}
