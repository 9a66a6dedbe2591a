import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import type { LineBatch } from './artifact.ts'
import { broken, lineTooLong, tooLarge } from './errors.ts'

/** Where a file's content comes from: its text, or its bytes as they are read (gzip is seen by its first two bytes). */
export type Source = string | AsyncIterable<Uint8Array>

/** A file of which the beginning was read, and that can be read once from there. */
export interface Opened {
  /** At least the first line that is not blank, unless that is longer than a MiB. */
  readonly head: string
  chunks(): AsyncGenerator<string>
  close(): Promise<void>
}

const MOST_HEAD = 2 ** 20
const MEBIBYTES = 64
const LINE_MEBIBYTES = 16

/** Begins to read a file. */
export async function open(file: string, source: Source): Promise<Opened> {
  const texts = typeof source === 'string' ? parts(source) : decoded(file, source)
  let head = ''
  let done = false
  while (!done && head.length < MOST_HEAD && !hasLine(head)) {
    const next = await texts.next()
    if (next.done === true) done = true
    else head += next.value
  }
  return {
    head,
    async *chunks() {
      if (head !== '') yield head
      if (!done) yield* texts
    },
    close: async () => {
      await texts.return(undefined)
    },
  }
}

/** Whether a line that is not blank ends in it; an expression for that would take the square of its length. */
function hasLine(text: string): boolean {
  return text.trimStart().includes('\n')
}

async function* parts(text: string): AsyncGenerator<string> {
  const whole = text.startsWith('\ufeff') ? text.slice(1) : text
  for (let offset = 0; offset < whole.length; offset += 2 ** 16) yield whole.slice(offset, offset + 2 ** 16)
}

async function* decoded(file: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  for await (const bytes of unpacked(file, source)) {
    // Windows' shells write UTF-16 when they are told to put an output into a file.
    decoder ??= new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8')
    const text = decoder.decode(bytes, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder?.decode() ?? ''
  if (rest !== '') yield rest
}

/** The bytes, with at least two in the first piece where there are two. */
async function* gathered(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first: Uint8Array | undefined = new Uint8Array()
  for await (const bytes of source) {
    if (first === undefined) {
      yield bytes
      continue
    }
    const joined: Uint8Array = Buffer.concat([first, bytes])
    first = joined.length < 2 ? joined : undefined
    if (first === undefined) yield joined
  }
  if (first !== undefined && first.length > 0) yield first
}

async function* unpacked(file: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = gathered(source)
  const first = await pieces.next()
  if (first.done === true) return
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value
    yield* pieces
  }
  if (first.value[0] === 0x1f && first.value[1] === 0x8b) {
    try {
      yield* unzipped(file, all())
    } finally {
      // Not waited for: it may be in the middle of reading from a pipe that says nothing more.
      pieces.return(undefined).catch(() => undefined)
    }
    return
  }
  try {
    yield* all()
  } finally {
    await pieces.return(undefined)
  }
}

async function* unzipped(file: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  const feeding = pipeline(Readable.from(source), gunzip)
  // Its failure arrives through the loop too; a reader that leaves early is none.
  feeding.catch(() => undefined)
  try {
    for await (const bytes of gunzip) yield bytes as Uint8Array // what a stream of bytes gives
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'Z_BUF_ERROR') throw broken(file, 'it is cut off: the gzip data does not end')
    if (code.startsWith('Z_')) throw broken(file, 'its gzip data is damaged')
    throw error
  }
}

/** The whole text. Throws UserError `ARTIFACT_TOO_LARGE` above 64 MiB. */
export async function wholeText(file: string, opened: Opened): Promise<string> {
  const pieces: string[] = []
  let length = 0
  for await (const piece of opened.chunks()) {
    pieces.push(piece)
    length += piece.length
    if (length > MEBIBYTES * 2 ** 20) throw tooLarge(file, MEBIBYTES)
  }
  return pieces.join('')
}

/** The lines as they come, many at a time. Throws UserError `BROKEN_ARTIFACT` for one above 16 MiB. */
export async function* linesOf(file: string, opened: Opened): AsyncGenerator<LineBatch> {
  let rest = ''
  let first = 1
  for await (const piece of opened.chunks()) {
    const end = piece.lastIndexOf('\n')
    if (end === -1) {
      rest += piece
      if (rest.length > LINE_MEBIBYTES * 2 ** 20) throw lineTooLong(file, first, LINE_MEBIBYTES)
      continue
    }
    const lines = (rest + piece.slice(0, end)).split('\n')
    yield { first, lines, cut: false }
    first += lines.length
    rest = piece.slice(end + 1)
  }
  if (rest !== '') yield { first, lines: [rest], cut: true }
}
