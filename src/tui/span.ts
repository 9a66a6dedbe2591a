import { cellWidth, cutCells } from './cells.ts'
import { paintTone, type Tone } from './tone.ts'

/** A piece of a line: bare text, or text with a meaning. */
export type Span = string | { readonly tone: Tone; readonly text: string }

/** What the terminal can show. */
export interface Palette {
  readonly color: boolean
  readonly unicode: boolean
}

/** A span with a meaning. */
export function as(tone: Tone, text: string): Span {
  return { tone, text }
}

function textOf(span: Span): string {
  return typeof span === 'string' ? span : span.text
}

/** How many cells the spans take at most. */
export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((width, span) => width + cellWidth(textOf(span)), 0)
}

/** A line of at most `width` cells; what does not fit is cut and its place marked. */
export function paintSpans(spans: readonly Span[], width: number, { color, unicode }: Palette): string {
  const pieces = spans.map((span) => (typeof span === 'string' ? { tone: undefined, text: spell(span, unicode) } : { tone: span.tone, text: spell(span.text, unicode) }))
  const fits = pieces.reduce((cells, { text }) => cells + cellWidth(text), 0) <= width
  let room = fits ? width : width - 1
  let line = ''
  for (const { tone, text } of pieces) {
    const shown = fits ? text : cutCells(text, room)
    line += paintTone(shown, tone, color)
    room -= cellWidth(shown)
    if (shown.length < text.length) break
  }
  return fits ? line.trimEnd() : `${line}${unicode ? '…' : '~'}`
}

/** The text in characters the terminal has. */
function spell(text: string, unicode: boolean): string {
  return unicode ? text : text.replaceAll('µ', 'u').replaceAll('×', 'x').replaceAll('…', '~').replaceAll('–', '-').replaceAll('●', '*').replace(/[^\x00-\x7f]/gu, '?')
}

/**
 * Items one after the other behind a label, on as many lines as they need, at most `most`; no item is torn apart, and what
 * is left over is counted in the last line.
 */
export function flowSpans(label: string, items: readonly (readonly Span[])[], width: number, most: number): Span[][] {
  const gap = '   '
  const lines: Span[][] = []
  let line: Span[] = [as('label', label)]
  let used = cellWidth(label)
  let placed = 0
  for (const item of items) {
    const wide = spansWidth(item)
    const isFirst = line.length === 1
    if (!isFirst && used + gap.length + wide > width) {
      if (lines.length + 1 === most) break
      lines.push(line)
      line = [' '.repeat(label.length), ...item]
      used = label.length + wide
    } else {
      line.push(...(isFirst ? [] : [gap]), ...item)
      used += (isFirst ? 0 : gap.length) + wide
    }
    placed++
  }
  if (placed < items.length) line.push(as('label', ` +${items.length - placed}`))
  return [...lines, line]
}
