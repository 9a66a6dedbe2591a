import { readSync } from 'node:fs'

const NEWLINE = 10
const TAB = 9
const BLANK = 32
const MINUS = 45
const DOT = 46
const ZERO = 48
const NINE = 57
const COLON = 58

/** Less than this in one read is the end: the kernel hands out a page at a time and breaks off only where the next line would not fit. */
const SHORT_READ = 2_048
/** From here on a call to the native search is worth it: the line of interrupts has a number for each. */
const LONG_LINE = 256
/** No file of the kernel is longer; what is, is cut off. */
const MOST = 16 * 1024 * 1024

/** Words and numbers of a text, taken straight from its bytes: files that are read in every tick leave no strings behind. */
export class ByteScanner {
  bytes = Buffer.allocUnsafeSlow(16 * 1024)
  /** How many bytes there are. */
  end = 0
  /** Where it stands. */
  at = 0
  /** The bytes of the last `word()`. */
  wordFrom = 0
  wordTo = 0

  /** Takes the whole text of an open file. Throws Node's error (`ENODEV`, `ESRCH`, ...). */
  fill(descriptor: number): void {
    this.at = 0
    this.end = 0
    for (;;) {
      if (this.end === this.bytes.length) {
        if (this.end >= MOST) return
        this.bytes = Buffer.concat([this.bytes], this.bytes.length * 4)
      }
      const room = this.bytes.length - this.end
      const got = readSync(descriptor, this.bytes, this.end, room, this.end)
      this.end += got
      if (got < room && got < SHORT_READ) return
    }
  }

  /** The number that comes next on this line, blanks before it skipped; NaN where there is none, and then it does not move. */
  number(): number {
    const { bytes, end } = this
    let at = this.at
    while (at < end && (bytes[at] === BLANK || bytes[at] === TAB)) at++
    const negative = bytes[at] === MINUS && at < end
    if (negative) at++
    const from = at
    let value = 0
    let byte = 0
    while (at < end && (byte = bytes[at] ?? 0) >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO)
      at++
    }
    if (at === from) return Number.NaN
    if (at < end && byte === DOT) {
      let scale = 1
      while (++at < end && (byte = bytes[at] ?? 0) >= ZERO && byte <= NINE) {
        value = value * 10 + (byte - ZERO)
        scale *= 10
      }
      value /= scale
    }
    // `12abc` is no number.
    if (at < end && byte > COLON) return Number.NaN
    this.at = at
    return negative ? -value : value
  }

  /** Passes over a text of ASCII if it comes next. */
  take(text: string): boolean {
    const { bytes, at } = this
    const { length } = text
    if (at + length > this.end) return false
    for (let index = 0; index < length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false
    this.at = at + length
    return true
  }

  /** Passes over the next word of this line, blanks before it skipped; false where the line is over. */
  word(): boolean {
    const { bytes, end } = this
    let at = this.at
    while (at < end && (bytes[at] === BLANK || bytes[at] === TAB)) at++
    const from = at
    while (at < end && bytes[at] !== BLANK && bytes[at] !== TAB && bytes[at] !== NEWLINE) at++
    this.wordFrom = from
    this.wordTo = at
    this.at = at
    return at > from
  }

  /** Goes to the beginning of the next line; false where there is none. */
  nextLine(): boolean {
    this.at = Math.min(this.lineEnd() + 1, this.end)
    return this.at < this.end
  }

  /** Where the line it stands on ends. */
  lineEnd(): number {
    const { bytes, end } = this
    const near = Math.min(end, this.at + LONG_LINE)
    let at = this.at
    while (at < near && bytes[at] !== NEWLINE) at++
    if (at < near || near === end) return at
    const found = bytes.indexOf(NEWLINE, at)
    // Behind the end stands what was read before.
    return found < 0 || found > end ? end : found
  }

  /** Some of the bytes as text; untrusted. */
  text(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to)
  }
}
