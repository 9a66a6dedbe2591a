import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { LineSplitter, type LineSink } from './line-splitter.ts'

/** How much may be read in one collection. */
export interface Budget {
  /** Bytes that may still be read. */
  bytes: number
  /** The monotonic clock says when reading ends, milliseconds. */
  readonly until: number
  now(): number
  /** Bytes that were left out. */
  skipped: number
}

const PIECE = 262_144
/** As much of what was read last is remembered: a file that was emptied and has grown again is known by it. */
const REMEMBERED = 128

/** One file that grows, read on from where reading ended; by its descriptor, so that it is the same whatever it is called by now. */
export class LogTail {
  readonly key: string
  readonly #handle: FileHandle
  readonly #lines: LineSplitter
  #position: number
  #last: Buffer = Buffer.alloc(0)

  private constructor(handle: FileHandle, key: string, position: number, sink: LineSink) {
    this.#handle = handle
    this.key = key
    this.#position = position
    this.#lines = new LineSplitter(sink)
  }

  /** Opens a file to read it from its end or its start. Nothing but a file is opened: `other` tells what is there instead. Throws Node's error. */
  static async open(path: string, begin: 'start' | 'end', sink: LineSink): Promise<LogTail | { readonly other: string }> {
    // A pipe would wait for somebody to write into it.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stat = await handle.stat({ bigint: true })
      const other = otherThanFile(stat)
      if (other !== null) {
        await handle.close()
        return { other }
      }
      const tail = new LogTail(handle, keyOf(stat), begin === 'end' ? Number(stat.size) : 0, sink)
      await tail.#remember()
      if (tail.#last.length > 0 && tail.#last.at(-1) !== 10) tail.#lines.drop(true)
      return tail
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Reads what was added, as far as the budget goes; the rest is left out for good, so that figures are of now. How many bytes were read. Throws Node's error, and the signal's reason. */
  async readOn(budget: Budget, piece: Buffer, signal: AbortSignal): Promise<number> {
    const { size } = await this.#handle.stat()
    if (size < this.#position || !(await this.#isAsRemembered())) {
      this.#position = 0
      this.#lines.drop()
    }
    if (size - this.#position > budget.bytes) this.#skipTo(size - budget.bytes, budget)
    const start = this.#position
    try {
      while (this.#position < size) {
        signal.throwIfAborted()
        if (budget.now() > budget.until) {
          budget.bytes = 0
          this.#skipTo(size, budget)
          return this.#position - start
        }
        const { bytesRead } = await this.#handle.read(piece, 0, Math.min(piece.length, size - this.#position), this.#position)
        if (bytesRead === 0) break
        this.#position += bytesRead
        budget.bytes -= bytesRead
        this.#lines.push(piece.subarray(0, bytesRead))
      }
    } finally {
      if (this.#position !== start) await this.#remember()
    }
    return this.#position - start
  }

  /** Nothing will be added any more. */
  async close(): Promise<void> {
    this.#lines.finish()
    await this.#handle.close()
  }

  #skipTo(position: number, budget: Budget): void {
    budget.skipped += position - this.#position
    this.#position = position
    this.#lines.drop(true)
  }

  async #remember(): Promise<void> {
    const bytes = Buffer.alloc(Math.min(REMEMBERED, this.#position))
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, this.#position - bytes.length)
    this.#last = bytes.subarray(0, bytesRead)
  }

  async #isAsRemembered(): Promise<boolean> {
    if (this.#last.length === 0) return true
    const bytes = Buffer.alloc(this.#last.length)
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, this.#position - bytes.length)
    return bytes.subarray(0, bytesRead).equals(this.#last)
  }
}

/** A buffer to read with. */
export function pieceBuffer(): Buffer {
  return Buffer.allocUnsafe(PIECE)
}

interface Stat {
  readonly dev: bigint
  readonly ino: bigint
  isFile(): boolean
  isDirectory(): boolean
  isFIFO(): boolean
  isSocket(): boolean
}

/** What a file is known by while it is open. */
export function keyOf({ dev, ino }: Pick<Stat, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`
}

/** What is there instead of a file; null for a file. */
export function otherThanFile(stat: Stat): string | null {
  if (stat.isFile()) return null
  return stat.isDirectory() ? 'a folder' : stat.isFIFO() ? 'a pipe' : stat.isSocket() ? 'a socket' : 'a device'
}
