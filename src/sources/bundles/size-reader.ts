import { constants as fsConstants, type Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Writable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import type { Encoding } from '../../model/budget.ts'
import { UserError } from '../../model/error.ts'
import { changed, noFile, unreadable } from './problems.ts'

/** Counts bytes of files; what was counted once is remembered as long as the file stays as it is. */
export interface SizeReader {
  /** Size in bytes of a file, each compressed by itself. Throws UserError `CANNOT_MEASURE`, and the signal's reason once it aborts. */
  size(path: string, shown: string, encoding: Encoding): Promise<number>
}

/** As many as Node has threads for compression. */
const AT_ONCE = 4

/** `brotli 11`, `gzip -9`, `uncompressed`. */
export function showEncoding(encoding: Encoding): string {
  switch (encoding.kind) {
    case 'raw': return 'uncompressed'
    case 'gzip': return `gzip -${encoding.level}`
    case 'brotli': return `brotli ${encoding.quality}`
  }
}

/** A reader for one run, which ends with the signal. */
export function createSizeReader(signal: AbortSignal): SizeReader {
  const known = new Map<string, Promise<number>>()
  const enter = createGate(AT_ONCE)
  return {
    size: (path, shown, encoding) => enter(async () => {
      signal.throwIfAborted()
      const { size, mtimeMs } = await stat(path).catch((error: unknown) => {
        throw unreadable(shown, error)
      })
      const key = JSON.stringify([path, mtimeMs, size, encoding])
      const earlier = known.get(key)
      if (earlier) return earlier
      const counting = count(path, shown, encoding, signal)
      known.set(key, counting)
      return counting
    }),
  }
}

async function count(path: string, shown: string, encoding: Encoding, signal: AbortSignal): Promise<number> {
  try {
    // A pipe that nobody writes to would be waited for without end.
    const file = await open(path, fsConstants.O_RDONLY | (fsConstants.O_NONBLOCK ?? 0))
    try {
      const found = await file.stat()
      if (!found.isFile()) throw noFile(shown, kindOf(found))
      const compressor = compressorFor(encoding)
      if (!compressor) return found.size
      let bytes = 0
      const counter = new Writable({
        write(chunk: Buffer, _encoding, done) {
          bytes += chunk.length
          done()
        },
      })
      // Pieces of 64 KiB, as size-limit reads: brotli's choices depend on the first of them.
      const reading = file.createReadStream({ autoClose: false, highWaterMark: 64 * 1024 })
      await pipeline(reading, compressor, counter, { signal })
      if (reading.bytesRead !== found.size) throw changed(shown)
      return bytes
    } finally {
      await file.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof UserError ? error : unreadable(shown, error)
  }
}

function compressorFor(encoding: Encoding): Transform | null {
  switch (encoding.kind) {
    case 'raw': return null
    case 'gzip': return createGzip({ level: encoding.level })
    case 'brotli': return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: encoding.quality } })
  }
}

/** What something that is no file is, for people. */
export function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  if (found.isSocket()) return 'a socket'
  return found.isBlockDevice() || found.isCharacterDevice() ? 'a device' : 'something else'
}

/** Lets so many do their work at once; the others wait, first come first served. */
function createGate(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = places
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((go) => waiting.push(go))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
