/** What is known of a code point, as bits: how many cells it takes, and how far that can be relied on. */
export const CHARACTER = {
  /** The lower two bits: 0, 1 or 2 cells. */
  cells: 3,
  /** Terminals do not agree on its width, or may not. */
  doubtful: 4,
  /** It may not reach a terminal. */
  unsafe: 8,
  /** What is joined to it by U+200D belongs to it. */
  emoji: 16,
} as const

/** First and last code points that take two cells (Unicode 16, UAX #11: W and F), without the emoji among them. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2329, 0x232a], [0x2e80, 0x303e], [0x3041, 0x4dbf], [0x4e00, 0xa4cf], [0xa960, 0xa97f], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f], [0xff01, 0xff60], [0xffe0, 0xffe6], [0x16fe0, 0x18dff], [0x1aff0, 0x1b2ff], [0x1d300, 0x1d376], [0x1f200, 0x1f265], [0x20000, 0x3fffd],
]
/** What every terminal gives one cell: Latin, Greek, Cyrillic, box drawing, blocks and Braille, which pictures are made of. */
const SURE: readonly (readonly [number, number])[] = [[0x20, 0x7e], [0xa0, 0xac], [0xae, 0x2ff], [0x370, 0x52f], [0x2010, 0x2027], [0x2500, 0x259f], [0x2800, 0x28ff]]
const WEIGHTLESS = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\u{1f3fb}-\u{1f3ff}]/u
const EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u
const TWO_CELLS = /\p{Emoji_Presentation}/u
// Controls, what turns the direction of text around, line separators, halves of surrogate pairs, and what is no character.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}\ufdd0-\ufdef\ufffe\uffff]/u

/** Filled a page of 256 at a time, when one of it is first met. */
const pages = new Map<number, Uint8Array>()

/** The bits of `CHARACTER` for a code point. */
export function characterOf(code: number): number {
  const page = pages.get(code >> 8) ?? fillPage(code >> 8)
  return page[code & 255] ?? CHARACTER.unsafe
}

function fillPage(number: number): Uint8Array {
  const page = new Uint8Array(256)
  for (let index = 0; index < 256; index++) page[index] = classify((number << 8) | index)
  pages.set(number, page)
  return page
}

function classify(code: number): number {
  if (within(SURE, code)) return 1
  const character = String.fromCodePoint(code)
  if (UNSAFE.test(character)) return CHARACTER.unsafe | CHARACTER.doubtful | 1
  if (WEIGHTLESS.test(character)) return 0
  const emoji = EMOJI.test(character) ? CHARACTER.emoji : 0
  return emoji | CHARACTER.doubtful | (TWO_CELLS.test(character) || within(WIDE, code) ? 2 : 1)
}

function within(ranges: typeof WIDE, code: number): boolean {
  return ranges.some(([first, last]) => code >= first && code <= last)
}
