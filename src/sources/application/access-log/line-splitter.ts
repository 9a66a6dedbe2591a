/** Longer lines are no requests; they are counted and left out. */
export const LONGEST_LINE = 65_536

/** What becomes of the lines. */
export interface LineSink {
  /** A line without its end; never empty. */
  line(text: string): void
  /** There was a line that is longer than 64 kB. */
  overlong(): void
}

/** Cuts bytes into lines however they are cut into pieces; keeps the half line at the end for the next piece, at most 64 kB of it. */
export class LineSplitter {
  readonly #sink: LineSink
  readonly #half = Buffer.allocUnsafe(LONGEST_LINE)
  #kept = 0
  #isOverlong = false
  /** Reading began, or went on, within a line. */
  #isTorn = false

  constructor(sink: LineSink) {
    this.#sink = sink
  }

  push(bytes: Buffer): void {
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      this.#keep(bytes, from, end)
      from = end + 1
    }
    if (from < bytes.length) this.#hold(bytes, from, bytes.length)
  }

  /** The half line is all there will be of it. */
  finish(): void {
    this.#keep(this.#half, 0, 0)
  }

  /** Forgets the half line; the bytes up to the next line's end belong to none when `isInside` says that reading goes on within one. */
  drop(isInside = false): void {
    this.#kept = 0
    this.#isOverlong = false
    this.#isTorn = isInside
  }

  /** Ends a line. Most of them are whole in one piece, and are not copied. */
  #keep(bytes: Buffer, from: number, end: number): void {
    if (this.#isTorn) return this.drop()
    if (this.#kept > 0 || this.#isOverlong) {
      this.#hold(bytes, from, end)
      this.#tell(this.#half, 0, this.#kept)
    } else {
      if (end - from > LONGEST_LINE) this.#isOverlong = true
      this.#tell(bytes, from, end)
    }
    this.drop()
  }

  #hold(bytes: Buffer, from: number, end: number): void {
    if (this.#isTorn || this.#isOverlong) return
    if (this.#kept + end - from > LONGEST_LINE) this.#isOverlong = true
    else this.#kept += bytes.copy(this.#half, this.#kept, from, end)
  }

  #tell(bytes: Buffer, from: number, end: number): void {
    if (this.#isOverlong) return this.#sink.overlong()
    // Windows ends its lines with two; a file that was emptied while something else wrote at its old end begins with zeros.
    let [first, last] = [from, end]
    while (last > first && bytes[last - 1] === 13) last--
    while (first < last && bytes[first] === 0) first++
    if (last > first) this.#sink.line(bytes.toString('utf8', first, last))
  }
}
