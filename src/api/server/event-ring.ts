/** An event as it goes over the wire. */
export interface KeptEvent {
  /** Counts the events of this process. */
  readonly number: number
  readonly bytes: Buffer
  /** Monotonic milliseconds. */
  readonly at: number
}

/** The last events of a stream, for those who come back. */
export interface EventRing {
  push(event: KeptEvent): void
  /** Those after a number, all for null. */
  after(number: number | null): readonly KeptEvent[]
  readonly latest: KeptEvent | undefined
}

const MOST_EVENTS = 600
const MOST_BYTES = 1_000_000

/** A ring that forgets the oldest. */
export function createEventRing(mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES): EventRing {
  const events: KeptEvent[] = []
  let bytes = 0
  return {
    push(event) {
      events.push(event)
      bytes += event.bytes.length
      while (events.length > 1 && (events.length > mostEvents || bytes > mostBytes)) bytes -= events.shift()?.bytes.length ?? 0
    },
    after: (number) => (number === null ? events : events.filter((event) => event.number > number)),
    get latest() {
      return events.at(-1)
    },
  }
}

/** `id:` of an event; the process it is of is part of it, so that numbers of another run mean nothing. */
export function eventId(bootId: string, number: number): string {
  return `${bootId}-${number}`
}

/** The number of an event of this process; null for one of another run, or no id at all. */
export function numberOf(bootId: string, id: string): number | null {
  const text = id.startsWith(`${bootId}-`) ? id.slice(bootId.length + 1) : ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** The bytes of an event: one line of JSON, which has no line breaks of its own (HTML, 9.2 Server-sent events). */
export function eventBytes(id: string, event: unknown): Buffer {
  return Buffer.from(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`)
}
