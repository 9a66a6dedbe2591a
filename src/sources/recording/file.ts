import { constants as modes, createReadStream, open } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { constants, createGunzip, createGzip } from 'node:zlib'
import type { Files, GrowingFile } from '../../files.ts'

const READ_PIPE = modes.O_RDONLY | modes.O_NONBLOCK

const isPacked = (path: string): boolean => path.endsWith('.gz')

/** The text of a file piece by piece, unpacked where its name ends in `.gz`; a packed file that is cut off gives what is there. Throws Node's and zlib's errors. */
export async function* readText(path: string): AsyncGenerator<string> {
  const file = (await stat(path)).isFIFO() ? await openPipe(path) : createReadStream(path)
  if (!isPacked(path)) {
    yield* textOf(file.setEncoding('utf8'))
    return
  }
  const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  // Who reads is told of an error by the stream that is read from.
  pipeline(file, unpacked, () => undefined)
  yield* textOf(unpacked.setEncoding('utf8'))
}

/** A pipe is read as it comes: a thread that waited for it as for a file would keep the program from ending. */
async function openPipe(path: string): Promise<Socket> {
  const { fd } = await new Promise<{ fd: number }>((done, failed) => open(path, READ_PIPE, (error, descriptor) => (error ? failed(error) : done({ fd: descriptor }))))
  return new Socket({ fd, readable: true, writable: false })
}

/** A stream with an encoding gives strings. */
async function* textOf(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const piece of stream) yield String(piece)
}

/** A new file for a recording, packed where its name ends in `.gz`; each write is readable at once. Throws UserError `CANNOT_WRITE`. */
export async function createRecordingFile(files: Pick<Files, 'append'>, path: string): Promise<GrowingFile> {
  const file = await files.append(path)
  return isPacked(path) ? packed(file) : file
}

function packed(file: GrowingFile): GrowingFile {
  const packer = createGzip()
  let written: Promise<void> = Promise.resolve()
  let isToldOfFailure = false
  packer.on('data', (bytes: Uint8Array) => {
    written = written.then(() => file.write(bytes))
    // It is waited for below; until then it is no unhandled rejection.
    written.catch(() => undefined)
  })
  const close = async (): Promise<void> => {
    await new Promise<void>((done) => void packer.once('end', done).end())
    await written.finally(() => file.close()).catch((error: unknown) => {
      if (!isToldOfFailure) throw error
    })
  }
  let closing: Promise<void> | undefined
  return {
    write: async (data) => {
      packer.write(data)
      await new Promise<void>((done) => packer.flush(constants.Z_SYNC_FLUSH, () => done()))
      await written.catch((error: unknown) => {
        isToldOfFailure = true
        throw error
      })
    },
    close: () => (closing ??= close()),
  }
}
