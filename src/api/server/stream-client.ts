import type { ServerResponse } from 'node:http'

/** Somebody who reads a stream. */
export interface StreamClient {
  /** Writes at once; nothing to one that has gone. */
  write(bytes: Buffer): void
  /** Ends the stream with a comment. */
  end(comment: string): void
  /** Breaks the connection off. */
  drop(): void
  /** Whether so much waits to be read, or so long, that this one does not read any more. */
  isStuck(now: number): boolean
  /** Milliseconds since 1970; null for never. */
  readonly expiresAt: number | null
  readonly isOpen: boolean
}

/** How long, and how much, may wait for one that reads slowly. */
export interface Patience {
  readonly mostBytes: number
  readonly mostMs: number
}

const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Neither kept, nor changed (compressed) on the way; nginx passes it on as it comes.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  connection: 'close',
}
/** For a client that lost the connection. */
const RETRY_MS = 3_000

/** Begins a stream on a response whose other headers are set; `now` is monotonic milliseconds. */
export function openStreamClient(response: ServerResponse, { expiresAt, now, patience, onClose }: { readonly expiresAt: number | null; readonly now: () => number; readonly patience: Patience; readonly onClose: () => void }): StreamClient {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  // The body ends with the connection: no frame of its own around each event, so that the same bytes go to everybody.
  response.removeHeader('transfer-encoding')
  response.socket?.setTimeout(0)
  response.socket?.setNoDelay(true)
  let fullSince: number | null = null
  let isOpen = true
  // What was written to catch up may wait; what comes on top of it may not pile up.
  let allowance = 0
  response.on('drain', () => {
    fullSince = null
    allowance = 0
  })
  response.once('close', () => {
    isOpen = false
    onClose()
  })
  response.writeHead(200)
  response.flushHeaders()
  const client: StreamClient = {
    write(bytes) {
      if (!isOpen) return
      if (fullSince === null) allowance = bytes.length
      if (!response.write(bytes)) fullSince ??= now()
    },
    end(comment) {
      if (isOpen) response.end(`: ${comment}\n\n`)
    },
    drop: () => response.destroy(),
    isStuck: (at) => response.writableLength > patience.mostBytes + allowance || (fullSince !== null && at - fullSince > patience.mostMs),
    expiresAt,
    get isOpen() {
      return isOpen
    },
  }
  client.write(Buffer.from(`retry: ${RETRY_MS}\n\n`))
  return client
}
