import type { ServerResponse } from 'node:http'
import { ApiError } from '../../contract/error-code.ts'
import { openStreamClient, type Patience, type StreamClient } from './stream-client.ts'

/** All who read streams: how many there may be, heartbeats, and whoever has to go. */
export interface StreamRoom {
  /** Throws `ApiError` `RESOURCE_EXHAUSTED` where there is no room. */
  expectRoom(): void
  open(response: ServerResponse, expiresAt: number | null, onClose: () => void): StreamClient
  readonly size: number
  /** Ends all streams, and lets no more in. */
  close(comment: string): void
}

/** Times of streams, milliseconds. */
export interface StreamTimes extends Patience {
  readonly heartbeatMs: number
  readonly sweepMs: number
}

/** A proxy may close what is silent for half a minute. */
export const STREAM_TIMES: StreamTimes = { heartbeatMs: 15_000, sweepMs: 1_000, mostBytes: 1_000_000, mostMs: 30_000 }

const HEARTBEAT = Buffer.from(': heartbeat\n\n')
const FULL_WAIT_SECONDS = 30
const CLOSING_WAIT_SECONDS = 10

/** Opens the room; `now` is monotonic and `wallTime` since 1970, milliseconds. */
export function openStreamRoom({ most, now, wallTime, times, onChange }: { readonly most: number; readonly now: () => number; readonly wallTime: () => number; readonly times: StreamTimes; readonly onChange: (open: number) => void }): StreamRoom {
  const clients = new Set<StreamClient>()
  let isClosed = false
  const heartbeat = setInterval(() => {
    for (const client of clients) client.write(HEARTBEAT)
  }, times.heartbeatMs)
  const sweep = setInterval(() => {
    const [at, wall] = [now(), wallTime()]
    for (const client of clients) {
      if (client.isStuck(at)) client.drop()
      else if (client.expiresAt !== null && client.expiresAt <= wall) client.end('the token has expired')
    }
  }, times.sweepMs)
  const room: StreamRoom = {
    expectRoom() {
      if (isClosed) throw new ApiError('RESOURCE_EXHAUSTED', 'this instance is about to end', { details: { retryAfter: CLOSING_WAIT_SECONDS } })
      if (clients.size >= most) throw new ApiError('RESOURCE_EXHAUSTED', `all ${most} streams are taken`, { details: { retryAfter: FULL_WAIT_SECONDS, limit: most } })
    },
    open(response, expiresAt, onClose) {
      const client = openStreamClient(response, {
        expiresAt, now, patience: times,
        onClose: () => {
          clients.delete(client)
          onClose()
          onChange(clients.size)
        },
      })
      clients.add(client)
      onChange(clients.size)
      return client
    },
    get size() {
      return clients.size
    },
    close(comment) {
      isClosed = true
      clearInterval(heartbeat)
      clearInterval(sweep)
      for (const client of clients) client.end(comment)
    },
  }
  return room
}
