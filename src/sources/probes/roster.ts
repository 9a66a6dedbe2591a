import type { ByteScanner } from './byte-scanner.ts'

interface Entry<T> {
  readonly bytes: Buffer
  readonly value: T
}

/** What is known of the things a file lists by name: found out when a name first appears, forgotten when it goes. */
export class Roster<T> {
  readonly #describe: (name: string) => T
  readonly #entries: Entry<T>[] = []
  #row = 0

  constructor(describe: (name: string) => T) {
    this.#describe = describe
  }

  /** Begins a look. */
  begin(): void {
    this.#row = 0
  }

  /** What is known of the name between two positions. */
  next(scanner: ByteScanner, from: number, to: number): T {
    const row = this.#row++
    const same = this.#entries[row]
    if (same && isAt(scanner, from, to, same.bytes)) return same.value
    const later = this.#entries.findIndex(({ bytes }, index) => index > row && isAt(scanner, from, to, bytes))
    const entry = later < 0 ? { bytes: Buffer.from(scanner.bytes.subarray(from, to)), value: this.#describe(scanner.text(from, to)) } : this.#entries.splice(later, 1)[0]
    if (!entry) throw new Error('the entry found is not there')
    this.#entries.splice(row, 0, entry)
    return entry.value
  }

  /** Ends a look: who was not named is forgotten. */
  end(): void {
    this.#entries.length = Math.min(this.#entries.length, this.#row)
  }
}

function isAt(scanner: ByteScanner, from: number, to: number, name: Buffer): boolean {
  if (to - from !== name.length) return false
  for (let index = 0; index < name.length; index++) if (scanner.bytes[from + index] !== name[index]) return false
  return true
}
