import { createEventRing, eventBytes, eventId, numberOf, type KeptEvent } from './event-ring.ts'
import type { StreamClient } from './stream-client.ts'

/** One stream that many read: an event is written down once, whoever they are. */
export interface Channel {
  publish(event: unknown): void
  /** A comment for all, which is not kept. */
  remark(text: string): void
  /** Lets somebody in, with what was missed since `lastEventId`; whether that brought an event that is still fresh. */
  join(client: StreamClient, lastEventId: string | undefined, freshMs: number): boolean
  leave(client: StreamClient): void
  /** Ends it for all who read it. */
  end(comment: string): void
  readonly size: number
}

/** A channel; `next` gives each event of this process a number of its own, `now` is monotonic milliseconds. */
export function createChannel({ bootId, next, now }: { readonly bootId: string; readonly next: () => number; readonly now: () => number }): Channel {
  const clients = new Set<StreamClient>()
  const ring = createEventRing()
  return {
    publish(event) {
      const number = next()
      const kept: KeptEvent = { number, bytes: eventBytes(eventId(bootId, number), event), at: now() }
      ring.push(kept)
      for (const client of clients) client.write(kept.bytes)
    },
    remark(text) {
      const bytes = Buffer.from(`: ${text}\n\n`)
      for (const client of clients) client.write(bytes)
    },
    join(client, lastEventId, freshMs) {
      const { latest } = ring
      const isFresh = latest !== undefined && now() - latest.at <= freshMs
      const missed = lastEventId !== undefined ? ring.after(numberOf(bootId, lastEventId)) : isFresh ? latest.bytes : null
      if (missed !== null && missed.length > 0) client.write(missed)
      clients.add(client)
      return isFresh
    },
    leave: (client) => void clients.delete(client),
    end(comment) {
      for (const client of clients) client.end(comment)
    },
    get size() {
      return clients.size
    },
  }
}
