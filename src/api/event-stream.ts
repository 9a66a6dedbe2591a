import { createParser } from 'eventsource-parser'
import type { UserError } from '../model/error.ts'
import type { Client } from './client.ts'
import { openFloodGate } from './flood.ts'
import { transportProblem } from './transport-problem.ts'

/** One event as it came. */
export interface StreamEvent {
  readonly id: string | undefined
  readonly type: string | undefined
  readonly data: string
}

export interface StreamOptions {
  /** Below the performance API. */
  readonly endpoint: string
  readonly query: Readonly<Record<string, string>>
  /** The id of the last event that was heard; null at the beginning. */
  readonly lastId: string | null
  /** Without a byte for so long the stream is lost. */
  readonly silenceMs: number
  readonly thinMs: number
  readonly now: () => number
  /** The stream has begun. */
  opened(): void
  event(event: StreamEvent): void
  /** The instance wishes for so long a wait before a reconnect, milliseconds. */
  retry(ms: number): void
  /** Ends the stream. */
  readonly signal: AbortSignal
}

/** How a stream that had begun came to its end; `reason` is for people. */
export interface StreamEnd {
  readonly reason: string
  readonly events: number
}

/** Longer lines, and events, are nothing an instance sends. */
const LONGEST_LINE = 1_000_000

/** Whole seconds from 1 to 60, as the documented query wants them. */
export function streamSeconds(intervalMs: number): number {
  return Math.min(60, Math.max(1, Math.round(intervalMs / 1_000)))
}

/** Listens to a stream until it ends (WHATWG HTML, server-sent events). Throws UserError where it cannot begin. */
export async function listen(client: Client, options: StreamOptions): Promise<StreamEnd> {
  const { silenceMs, now, signal } = options
  const headers = options.lastId === null ? {} : { 'last-event-id': options.lastId }
  const stream = await client.open(options.endpoint, options.query, headers, signal)
  options.opened()
  let events = 0
  let reason: string | null = null
  const end = (why: string): void => {
    reason ??= why
    stream.close()
  }
  let bug: { readonly error: unknown } | null = null
  const deliver = (event: StreamEvent): void => {
    if (signal.aborted || bug) return
    try {
      options.event(event)
    } catch (error) {
      // It is no failure of the stream.
      bug = { error }
      end('closed')
    }
  }
  const gate = openFloodGate(deliver, now, options.thinMs)
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      events++
      gate.push({ id, type: event, data })
    },
    onRetry: (ms) => options.retry(ms),
    onError: (problem) => {
      if (problem.type === 'max-buffer-size-exceeded') end('the instance sent a line of more than 1 MB')
    },
    maxBufferSize: LONGEST_LINE,
  })
  const hangUp = (): void => end('closed')
  signal.addEventListener('abort', hangUp)
  let silence = setTimeout(() => undefined, 0)
  const listenOn = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => end(`nothing was heard for ${Math.round(silenceMs / 1_000)} s`), silenceMs)
  }
  try {
    const text = new TextDecoder()
    listenOn()
    if (signal.aborted) hangUp()
    for await (const chunk of stream.chunks) {
      listenOn()
      if (reason !== null) break
      parser.feed(text.decode(chunk, { stream: true }))
    }
    reason ??= 'the instance ended the stream'
  } catch (error) {
    // The handlers above may have ended it, which closes the connection under the reader.
    reason ??= (transportProblem(error, client.address.base, 0, true) satisfies UserError).message
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', hangUp)
    gate.close()
    stream.close()
  }
  if (bug) throw (bug as { readonly error: unknown }).error
  return { reason, events }
}
