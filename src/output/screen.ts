import { plain } from '../model/text.ts'
import type { Verdict } from '../model/verdict.ts'
import type { RenderOptions } from './format.ts'

/** How something is meant; each screen has its own colour for it. */
export type Tone = Verdict | 'strong' | 'faint' | 'first' | 'second' | 'third' | 'fourth'

/** What a terminal can show. */
export interface Screen {
  readonly columns: number
  readonly color: boolean
  readonly unicode: boolean
  /** Stands where text was cut. */
  readonly cut: string
  readonly symbols: Readonly<Record<Verdict, string>>
  /** Stands before what does not count. */
  readonly excused: string
  /** The line under a table's head, the bullet of a list, and the axis of a chart with its zero. */
  readonly rule: string
  readonly bullet: string
  readonly axis: string
  readonly zero: string
  /** A chart's strokes, in the order asciichart has them. */
  readonly strokes: readonly string[]
  /** Text from outside as one line that this terminal can show. */
  text(text: string, limit?: number): string
  paint(tone: Tone | undefined, text: string): string
}

const CODES: Readonly<Record<Tone, number>> = { ok: 32, warn: 33, unknown: 35, fail: 31, strong: 1, faint: 2, first: 36, second: 33, third: 35, fourth: 32 }

const UNICODE = {
  cut: '…', rule: '─', bullet: '•', excused: '-', axis: '┤', zero: '┼', symbols: { ok: '✓', warn: '!', unknown: '?', fail: '✗' },
  strokes: ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
} as const
const ASCII = {
  cut: '...', rule: '-', bullet: '*', excused: '-', axis: '|', zero: '+', symbols: { ok: '+', warn: '!', unknown: '?', fail: 'x' },
  strokes: ['+', '|', '-', '-', '-', '\\', '/', '\\', '/', '|'],
} as const

/** The screen that the options describe. */
export function screen({ color, unicode, columns }: RenderOptions): Screen {
  return {
    columns, color, unicode, ...(unicode ? UNICODE : ASCII),
    text: (text, limit) => (unicode ? plain(text, limit) : ascii(plain(text, limit))),
    paint: (tone, text) => (color && tone !== undefined && text !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text),
  }
}

const SPELLED: Readonly<Record<string, string>> = { 'µ': 'u', '…': '...', '–': '-', '—': '-', '‘': "'", '’': "'", '“': '"', '”': '"', '→': '->', '×': 'x', '≤': '<=', '≥': '>=', '\u00a0': ' ' }

function ascii(text: string): string {
  return text
    .replace(/[^\u0020-\u007e]/gu, (character) => SPELLED[character] ?? character)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[^\u0020-\u007e]/gu, '?')
}
