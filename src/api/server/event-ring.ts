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
  /** The bytes of those after a number, of all for null; many who come back at once share them. */
  after(number: number | null): Buffer
  readonly latest: KeptEvent | undefined
}

const NOTHING = Buffer.alloc(0)
const MOST_EVENTS = 600
const MOST_BYTES = 1_000_000

/** A ring that forgets the oldest. */
export function createEventRing(mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES): EventRing {
  const events: KeptEvent[] = []
  let bytes = 0
  let whole: Buffer | null = null
  return {
    push(event) {
      whole = null
      events.push(event)
      bytes += event.bytes.length
      while (events.length > 1 && (events.length > mostEvents || bytes > mostBytes)) bytes -= events.shift()?.bytes.length ?? 0
    },
    after(number) {
      const first = number === null ? 0 : events.findIndex((event) => event.number > number)
      if (first === -1) return NOTHING
      whole ??= Buffer.concat(events.map((event) => event.bytes))
      return whole.subarray(events.slice(0, first).reduce((sum, event) => sum + event.bytes.length, 0))
    },
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
