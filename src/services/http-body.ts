import type { IncomingMessage } from 'node:http'
import { pipeline, type Duplex, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** The body of an answer, as far as it was read. */
export interface HttpBody {
  readonly body: string
  /** As they came over the wire. */
  readonly bodyBytes: number
  readonly isCut: boolean
}

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress,
}

/** Reads and unpacks a body until it is whole or has more than `most` bytes, packed or unpacked; the connection is closed then. Throws what the streams throw. */
export async function readBody(message: IncomingMessage, most: number): Promise<HttpBody> {
  let received = 0
  message.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received > most) message.destroy()
  })
  const decoder = DECODERS[(message.headers['content-encoding'] ?? '').trim().toLowerCase()]?.()
  // The error of either reaches whoever reads from the decoder.
  const stream: Readable = decoder === undefined ? message : pipeline(message, decoder, () => undefined)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > most) break
    }
  } catch (error) {
    if (received <= most && size <= most) throw error
  }
  if (!message.complete && received <= most && size <= most) throw new Error('cut off')
  const bytes = Buffer.concat(chunks).subarray(0, most)
  return { body: decode(bytes, message.headers['content-type'] ?? ''), bodyBytes: received, isCut: received > most || size > most }
}

function decode(bytes: Buffer, contentType: string): string {
  const charset = /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}
