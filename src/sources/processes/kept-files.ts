import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** A file that is read again and again. */
export interface KeptFile {
  readonly path: string
  /** -1 while it is not open. */
  descriptor: number
}

/** Keeps files open for the next time, as many as it may, and reads each into the one buffer; opens and closes the others every time. */
export class KeptFiles {
  /** What was read last. */
  readonly buffer = Buffer.allocUnsafeSlow(4_096)
  readonly #kept = new Set<KeptFile>()
  #most: number

  constructor(most: number) {
    this.#most = most
  }

  get count(): number { return this.#kept.size }

  /** Reads a file from its start; answers the number of bytes. Throws Node's error. */
  read(file: KeptFile): number {
    if (file.descriptor >= 0) return readSync(file.descriptor, this.buffer, 0, this.buffer.length, 0)
    const descriptor = this.#open(file.path)
    if (this.#kept.size < this.#most) {
      file.descriptor = descriptor
      this.#kept.add(file)
      return readSync(descriptor, this.buffer, 0, this.buffer.length, 0)
    }
    return this.#readAndClose(descriptor)
  }

  /** Reads a file that is not wanted again soon. Throws Node's error. */
  readOnce(path: string): number {
    return this.#readAndClose(this.#open(path))
  }

  forget(file: KeptFile): void {
    if (file.descriptor < 0) return
    closeSync(file.descriptor)
    file.descriptor = -1
    this.#kept.delete(file)
  }

  close(): void {
    for (const file of this.#kept) this.forget(file)
  }

  /** Does something that opens a file; when the process has no descriptor left, half of the kept ones make room, for good. */
  withRoom<T>(open: () => T): T {
    try {
      return open()
    } catch (error) {
      if (!isShortage(error as NodeJS.ErrnoException) || this.#kept.size === 0) throw error
      this.#most = Math.floor(this.#kept.size / 2)
      for (const file of this.#kept) if (this.#kept.size > this.#most) this.forget(file)
      return open()
    }
  }

  #open(path: string): number {
    return this.withRoom(() => openSync(path, 'r'))
  }

  #readAndClose(descriptor: number): number {
    try {
      return readSync(descriptor, this.buffer, 0, this.buffer.length, 0)
    } finally {
      closeSync(descriptor)
    }
  }
}

function isShortage({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EMFILE' || code === 'ENFILE'
}

/** How many files may be kept open: 1,500, and no more than half of what this process may open. */
export function descriptorsToKeep(limits = '/proc/self/limits'): number {
  let most = 1_024
  try {
    const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync(limits, 'latin1')) ?? []
    most = soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft ?? most)
  } catch {
    // The least that is usual.
  }
  return Math.min(1_500, Math.floor(most / 2))
}
