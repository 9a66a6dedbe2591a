import { stat } from 'node:fs/promises'
import type { UserError } from '../../../model/error.ts'
import { logForbidden, logUnreadable, noLog, notALog } from './errors.ts'
import type { LineSink } from './line-splitter.ts'
import { keyOf, LogTail, otherThanFile, pieceBuffer, type Budget } from './log-tail.ts'

/** Most that is read in one collection, and for how long. */
const MOST_BYTES = 64 * 2 ** 20
const MOST_MS = 1_000
/** A server goes on writing into the file it has until it is told of the new one: so long after its last line the old one is let go. */
const LINGER_MS = 60_000

/** What one reading brought beside the lines. */
export interface Reading {
  /** The file was only opened: what is in it is old. */
  readonly isFirst: boolean
  /** Bytes that were left out, for there was too much. */
  readonly skipped: number
}

/** How much is read at once; smaller in tests. */
export interface LogLimits {
  readonly bytes?: number
  readonly ms?: number
}

/** A log that is read on again and again, by its name: through renaming, emptying, removal and later creation of the file. */
export class LogFile {
  readonly #path: string
  readonly #sink: LineSink
  readonly #now: () => number
  readonly #limits: Required<LogLimits>
  readonly #piece = pieceBuffer()
  #current: LogTail | null = null
  /** The file that had the name before. */
  #old: LogTail | null = null
  /** When the file that lost its name last had something new. */
  #livedAt = 0
  #isMissing = false
  /** Bytes that were left out and are not told yet. */
  #skipped = 0
  /** What came to be after the beginning is read from its first line. */
  #begin: 'start' | 'end' = 'end'

  constructor(path: string, sink: LineSink, now: () => number, { bytes = MOST_BYTES, ms = MOST_MS }: LogLimits = {}) {
    this.#path = path
    this.#sink = sink
    this.#now = now
    this.#limits = { bytes, ms }
  }

  /** Hands all lines that were added to the sink. Throws UserError `NO_LOG`, `LOG_FORBIDDEN`, `NOT_A_LOG`, `LOG_UNREADABLE`, and the signal's reason. */
  async readOn(signal: AbortSignal): Promise<Reading> {
    signal.throwIfAborted()
    const budget: Budget = { bytes: this.#limits.bytes, until: this.#now() + this.#limits.ms, now: this.#now, skipped: 0 }
    try {
      const isFirst = await this.#readAll(budget, signal)
      const skipped = this.#skipped + budget.skipped
      this.#skipped = budget.skipped = 0
      return { isFirst, skipped }
    } finally {
      this.#skipped += budget.skipped
    }
  }

  /** Whether the file was only opened. */
  async #readAll(budget: Budget, signal: AbortSignal): Promise<boolean> {
    const found = await this.#told(stat(this.#path, { bigint: true }))
    await this.#readOld(budget, signal)
    const read = (await this.#told(this.#current?.readOn(budget, this.#piece, signal))) ?? 0
    if (!found) return this.#missing(read)
    this.#isMissing = false
    const other = otherThanFile(found)
    if (other !== null) throw notALog(this.#path, other)
    if (this.#current?.key === keyOf(found)) return false
    return this.#open(budget, signal)
  }

  async close(): Promise<void> {
    const open = [this.#old, this.#current]
    this.#old = this.#current = null
    for (const tail of open) await tail?.close()
  }

  async #open(budget: Budget, signal: AbortSignal): Promise<boolean> {
    const isFirst = this.#begin === 'end'
    const opened = await this.#told(LogTail.open(this.#path, this.#begin, this.#sink))
    if (opened === null) return this.#missing(0)
    if (!(opened instanceof LogTail)) throw notALog(this.#path, opened.other)
    await this.#old?.close()
    this.#old = this.#current
    this.#livedAt = this.#now()
    this.#current = opened
    this.#begin = 'start'
    await this.#told(opened.readOn(budget, this.#piece, signal))
    return isFirst
  }

  async #readOld(budget: Budget, signal: AbortSignal): Promise<void> {
    if (this.#old === null) return
    const read = await this.#told(this.#old.readOn(budget, this.#piece, signal))
    if (read !== 0) this.#livedAt = this.#now()
    else if (this.#now() - this.#livedAt > LINGER_MS) {
      const old = this.#old
      this.#old = null
      await old.close()
    }
  }

  /** Between renaming and creation there is a moment without a file; only what is missing twice is missed. */
  async #missing(read: number): Promise<boolean> {
    this.#begin = 'start'
    if (this.#current === null) throw noLog(this.#path, false)
    if (read > 0 || !this.#isMissing) {
      this.#isMissing = true
      this.#livedAt = this.#now()
      return false
    }
    if (this.#now() - this.#livedAt > LINGER_MS) {
      // Nobody writes into it any more, and while it is open its room on the disk is not free.
      const gone = this.#current
      this.#current = null
      await gone.close()
    }
    throw noLog(this.#path, true)
  }

  /** What it says, null where there is no such file, or the error in words. */
  async #told<T>(work: Promise<T> | undefined): Promise<T | null> {
    try {
      return (await work) ?? null
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException // a thrown thing may be looked at for a property
      if (code === 'ENOENT' || code === 'ENOTDIR') return null
      throw typeof code === 'string' && /^E[A-Z]+$/.test(code) ? this.#problem(code, error) : error
    }
  }

  #problem(code: string, error: unknown): UserError {
    return code === 'EACCES' || code === 'EPERM' ? logForbidden(this.#path) : logUnreadable(this.#path, error instanceof Error ? error.message : code)
  }
}
