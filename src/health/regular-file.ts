import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

const MOST_BYTES = 16 * 2 ** 20

/**
 * Opens a file to be read. A pipe is refused: a thread that waits for somebody to write to it never comes back, and the program does not end before it.
 * Throws Node's error, or one with the code `EISDIR` or `NOT_REGULAR`.
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const found = await handle.stat()
  if (found.isFile()) return handle
  await handle.close()
  throw Object.assign(new Error('it is no regular file'), { code: found.isDirectory() ? 'EISDIR' : 'NOT_REGULAR' })
}

/** The text of a file of at most 16 MiB. Throws as `openRegularFile`, and one with the code `EFBIG`. */
export async function readRegularFile(path: string): Promise<string> {
  const handle = await openRegularFile(path)
  try {
    if ((await handle.stat()).size > MOST_BYTES) throw Object.assign(new Error('it is larger than 16 MiB'), { code: 'EFBIG' })
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
