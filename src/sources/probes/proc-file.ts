import { closeSync, openSync } from 'node:fs'
import type { ByteScanner } from './byte-scanner.ts'

/** What says that there is no such thing (any more), or that this kernel cannot tell. */
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ESRCH', 'ENXIO', 'EOPNOTSUPP'])
/** What a sensor says that sleeps. */
const SILENT: ReadonlySet<string | undefined> = new Set(['EAGAIN', 'ENODATA', 'EIO', 'ETIMEDOUT'])
/** An absent file is asked for again after as many looks: failing to open costs more than reading. */
const RETRY_AFTER = 30

/** A file of /proc, /sys or a control group that is read again and again through one descriptor. */
export class ProcFile {
  readonly path: string
  #descriptor = -1
  #looksToSkip = 0

  constructor(path: string) {
    this.path = path
  }

  /** Hands its whole text to the scanner; false where there is no such file. Throws Node's error where it may not be read. */
  read(into: ByteScanner): boolean {
    if (this.#descriptor >= 0) {
      try {
        into.fill(this.#descriptor)
        return true
      } catch (error) {
        if (SILENT.has(codeOf(error))) return false
        this.close()
        if (!ABSENT.has(codeOf(error))) throw error
        // The device or group this was is gone; another one may have its name by now.
      }
    }
    if (this.#looksToSkip > 0) {
      this.#looksToSkip--
      return false
    }
    try {
      this.#descriptor = openSync(this.path, 'r')
      into.fill(this.#descriptor)
      return true
    } catch (error) {
      if (SILENT.has(codeOf(error))) return false
      this.close()
      if (!ABSENT.has(codeOf(error))) throw error
      this.#looksToSkip = RETRY_AFTER - 1
      return false
    }
  }

  /** The number the file begins with; NaN where there is no file or no number. */
  readNumber(scanner: ByteScanner): number {
    return this.read(scanner) ? scanner.number() : Number.NaN
  }

  close(): void {
    if (this.#descriptor < 0) return
    closeSync(this.#descriptor)
    this.#descriptor = -1
  }
}

/** Hands over the text of a file that is read rarely and not kept open; false where it cannot be read. */
export function readOnce(path: string, into: ByteScanner): boolean {
  const file = new ProcFile(path)
  try {
    return file.read(into)
  } catch {
    return false
  } finally {
    file.close()
  }
}

function codeOf(error: unknown): string | undefined {
  // Node's errors of files carry a code.
  return (error as NodeJS.ErrnoException).code
}
