import { plain } from '../model/text.ts'

// What the standard fonts of PDF can show (ISO 32000-1, annex D.2): ASCII, Latin 1 and these.
const MISSING = /[^\u0020-\u007e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu
/** What stands for characters they lack. */
const STAND_INS: Readonly<Record<string, string>> = { '→': '->', '←': '<-', '≥': '>=', '≤': '<=', '≠': '!=', '≈': '~', '−': '-', '\u2010': '-', '\u2011': '-', '✓': 'ok', '✔': 'ok', '✗': 'x', '✘': 'x', '∞': 'inf', 'ﬁ': 'fi', 'ﬂ': 'fl', '\u03bc': 'µ', '\u2009': ' ', '\u202f': ' ', 'ł': 'l', 'Ł': 'L', 'đ': 'd', 'Đ': 'D', 'ı': 'i' }

/** A text as one safe line in the characters that the standard fonts of PDF have: marks they lack are left off, all else they lack becomes `?`. */
export function winAnsi(text: string, limit = 500): string {
  return plain(text, limit).normalize('NFC').replace(MISSING, (character) => {
    const instead = STAND_INS[character] ?? character.normalize('NFKD').replace(/\p{M}/gu, '')
    return instead === '' ? '' : instead.replace(MISSING, '?')
  })
}
