import type { ServerResponse } from 'node:http'
import { ApiError } from '../../contract/error-code.ts'
import { openStreamClient, type Patience, type StreamClient } from './stream-client.ts'

/** Who reads a stream. */
export interface Reader {
  /** What its streams are counted by. */
  readonly key: string
  /** Most of them at once. */
  readonly most: number
  /** Milliseconds since 1970; null for never. */
  readonly expiresAt: number | null
}

/** All who read streams: how many there may be, heartbeats, and whoever has to go. */
export interface StreamRoom {
  /** Throws `ApiError` `RESOURCE_EXHAUSTED` where there is no room, `RATE_LIMITED` where this identity has taken its own. */
  expectRoom(who: Reader): void
  open(response: ServerResponse, who: Reader, onClose: () => void): StreamClient
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
  const taken = new Map<string, number>()
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
    expectRoom({ key, most: own }) {
      if (isClosed) throw new ApiError('RESOURCE_EXHAUSTED', 'this instance is about to end', { details: { retryAfter: CLOSING_WAIT_SECONDS } })
      if (clients.size >= most) throw new ApiError('RESOURCE_EXHAUSTED', `all ${most} streams are taken`, { details: { retryAfter: FULL_WAIT_SECONDS, limit: most } })
      if ((taken.get(key) ?? 0) >= own) throw new ApiError('RATE_LIMITED', `all ${own} streams that one token or address may have are taken (serve.maxStreamsEach)`, { details: { retryAfter: FULL_WAIT_SECONDS, limit: own } })
    },
    open(response, { key, expiresAt }, onClose) {
      const client = openStreamClient(response, {
        expiresAt, now, patience: times,
        onClose: () => {
          clients.delete(client)
          const left = (taken.get(key) ?? 1) - 1
          if (left > 0) taken.set(key, left)
          else taken.delete(key)
          onClose()
          onChange(clients.size)
        },
      })
      clients.add(client)
      taken.set(key, (taken.get(key) ?? 0) + 1)
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
