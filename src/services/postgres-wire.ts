import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'

const HEADER_BYTES = 5
/** The most a message may have: more than any answer we ask for. */
const MOST_BYTES = 16 * 2 ** 20
/** What a server says (PostgreSQL documentation, "Message Formats"), by its first letter. */
const KNOWN = new Set([...'RESKZNTDCI12n3stAvGHWdcV'].map((letter) => letter.charCodeAt(0)))
/** What it may begin with: a demand for a password, an error, a notice, another version of the protocol. */
const FIRST = new Set([...'RENv'].map((letter) => letter.charCodeAt(0)))
const TOLD = new Set([...'EN'].map((letter) => letter.charCodeAt(0)))

/** Cuts what a server says into whole messages; `null` where it is not PostgreSQL's protocol. */
export function postgresWire(): (chunk: Buffer) => readonly Buffer[] | null {
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = true
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const messages: Buffer[] = []
    while (rest.length > 0) {
      const letter = rest[0] ?? 0
      if (!(isFirst ? FIRST : KNOWN).has(letter)) return null
      if (rest.length < HEADER_BYTES) break
      const length = rest.readUInt32BE(1)
      if (length < 4 || length > MOST_BYTES) return null
      if (rest.length < length + 1) break
      const message = rest.subarray(0, length + 1)
      if (TOLD.has(letter) && !isWholeTelling(message)) return null
      messages.push(message)
      rest = rest.subarray(length + 1)
      isFirst = false
    }
    return messages
  }
}

// Letter, text, NUL, ..., NUL. The driver's own reader runs on for ever where the last one is missing.
function isWholeTelling(message: Buffer): boolean {
  let at = HEADER_BYTES
  while (at < message.length && message[at] !== 0) {
    const end = message.indexOf(0, at + 1)
    if (end < 0) return false
    at = end + 1
  }
  return at === message.length - 1
}

/** The messages of a stream as a reader of it would get them. What is not PostgreSQL's protocol, or makes the reader throw, destroys the stream with `NotPostgres`. */
export function wholeMessages(stream: Duplex): EventEmitter {
  const messages = new EventEmitter()
  const cut = postgresWire()
  stream.on('data', (chunk: Buffer) => {
    if (stream.destroyed) return
    try {
      for (const message of cut(chunk) ?? fail()) messages.emit('data', message)
    } catch {
      stream.destroy(new NotPostgres())
    }
  })
  stream.on('end', () => messages.emit('end'))
  return messages
}

/** What answers does not speak PostgreSQL's protocol. */
export class NotPostgres extends Error {}

function fail(): never {
  throw new NotPostgres()
}
