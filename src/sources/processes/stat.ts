const CLOSING = 0x29
const SPACE = 0x20
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
/** Names have 15 bytes, those of kernel threads up to 63; line breaks and backslashes in them take two. */
const LONGEST_NAME = 128
const LAST_FIELD = 28
const KERNEL_THREAD = 0x0020_0000

/** `/proc/PID/stat` (proc_pid_stat(5)) read from bytes, again and again into the same numbers. */
export class Stat {
  /** The name's bytes, from `nameStart` to before `nameEnd`. */
  nameStart = 0
  nameEnd = 0
  nameHash = 0
  state = ''
  readonly #fields = new Float64Array(LAST_FIELD + 1)

  get parent(): number { return this.#fields[4] ?? Number.NaN }
  get isKernel(): boolean { return ((this.#fields[9] ?? 0) & KERNEL_THREAD) !== 0 }
  /** Time in programs and in the kernel, ticks. */
  get cpuTicks(): number { return (this.#fields[14] ?? Number.NaN) + (this.#fields[15] ?? Number.NaN) }
  get threads(): number { return this.#fields[20] ?? Number.NaN }
  get startTicks(): number { return this.#fields[22] ?? Number.NaN }
  get residentPages(): number { return this.#fields[24] ?? Number.NaN }
  /** Where the stack begins: another program has another one. 0 where it may not be seen. */
  get stackStart(): number { return this.#fields[28] ?? Number.NaN }

  /** Reads the first `size` bytes; false when they are no such line. */
  parse(bytes: Uint8Array, size: number): boolean {
    let at = 0
    while (at < size && bytes[at] !== 0x28) at++
    // A name may hold anything, brackets too, but nothing after it does.
    let end = Math.min(size - 1, at + LONGEST_NAME + 2)
    while (end > at && bytes[end] !== CLOSING) end--
    if (end <= at || end + 3 >= size) return false
    this.nameStart = at + 1
    this.nameEnd = end
    this.nameHash = hash(bytes, at + 1, end)
    this.state = String.fromCharCode(bytes[end + 2] ?? SPACE)
    return this.#readNumbers(bytes, end + 4, size)
  }

  /** The name as text; a line break in it is written as `\n`, a backslash by some kernels as two. */
  name(bytes: Buffer): string {
    return bytes.toString('utf8', this.nameStart, this.nameEnd)
  }

  #readNumbers(bytes: Uint8Array, from: number, size: number): boolean {
    let field = 4
    let value = 0
    let sign = 1
    for (let at = from; at < size; at++) {
      const byte = bytes[at] ?? 0
      if (byte >= ZERO && byte <= NINE) {
        value = value * 10 + byte - ZERO
      } else if (byte === MINUS) {
        sign = -1
      } else {
        this.#fields[field] = value * sign
        if (field === LAST_FIELD || byte !== SPACE) return field >= 24
        field++
        value = 0
        sign = 1
      }
    }
    return field > 24
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c_9dc5 | 0
  for (let at = from; at < to; at++) value = Math.imul(value ^ (bytes[at] ?? 0), 0x0100_0193)
  return value
}

/** The number after the `nth` colon (from 1), as in `/proc/PID/io`; NaN when there is none. */
export function numberAfterColon(bytes: Uint8Array, size: number, nth: number): number {
  let at = 0
  for (let colons = 0; at < size && colons < nth; at++) if (bytes[at] === 0x3a) colons++
  while (at < size && bytes[at] === SPACE) at++
  let value = Number.NaN
  for (let byte = bytes[at] ?? 0; at < size && byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) value = (Number.isNaN(value) ? 0 : value) * 10 + byte - ZERO
  return value
}
