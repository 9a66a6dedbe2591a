import { randomBytes } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plain } from '../../model/text.ts'

/** Where a command's stderr goes, for the case that it fails. */
export interface LastWords {
  readonly descriptor: number
  /** Forgets what was written. */
  empty(): Promise<void>
  /** The last lines that were written, made safe. */
  read(): Promise<readonly string[]>
  close(): Promise<void>
}

const MOST_BYTES = 8 * 1024
const MOST_LINES = 5

/**
 * A file without a name: a pipe would have to be read while time is taken, and what Node makes for one is a socket, which scripts cannot open as /dev/stderr.
 * Null where there is no place for one.
 */
export async function openLastWords(): Promise<LastWords | null> {
  const path = join(tmpdir(), `.medianest-bench-${randomBytes(8).toString('hex')}`)
  try {
    const file = await open(path, 'ax+', 0o600)
    await unlink(path)
    return {
      descriptor: file.fd,
      empty: () => file.truncate(0),
      read: async () => {
        const { size } = await file.stat()
        const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MOST_BYTES), position: Math.max(0, size - MOST_BYTES) })
        return buffer.toString('utf8', 0, bytesRead).split('\n').map((line) => plain(line.trim(), 300)).filter((line) => line !== '').slice(-MOST_LINES)
      },
      close: () => file.close(),
    }
  } catch {
    return null
  }
}
