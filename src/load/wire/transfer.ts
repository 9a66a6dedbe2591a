import type { Exchange, SendOptions } from '../exchange.ts'
import type { TransportError } from './errors.ts'
import { fieldValue, fieldValues } from './fields.ts'

/**
 * One request from `send` to its callback, and the exchange the callback is given. A class because there is one for every
 * request: methods on the prototype and one allocation.
 */
export class Transfer implements Exchange {
  status = 0
  error: TransportError | null = null
  body: Buffer | null = null
  bytesSent = 0
  bytesReceived = 0
  sentAt = 0
  firstByteAt = 0
  endAt = 0
  connectMs = 0
  tlsMs = 0
  headText = ''
  /** When it is given up: counted from `send` while it waits for a connection, then from `sentAt`. */
  deadline = 0
  resent = false

  constructor(
    public request: Buffer | string,
    readonly options: SendOptions,
    private done: ((exchange: Exchange) => void) | null,
  ) {}

  header(name: string): string | undefined {
    return fieldValue(this.headText, name)
  }

  headers(name: string): readonly string[] {
    return fieldValues(this.headText, name)
  }

  /** Ends the transfer without a response, unless it has ended. */
  fail(error: TransportError, at: number): void {
    this.error = error
    this.status = 0
    this.body = null
    this.endAt = at
    if (this.bytesSent === 0) this.sentAt = at
    if (this.bytesReceived === 0) this.firstByteAt = at
    this.settle()
  }

  /** Hands the exchange over, once; what the callback throws surfaces as an uncaught exception and disturbs nobody here. */
  settle(): void {
    const done = this.done
    if (done === null) return
    this.done = null
    this.request = ''
    try {
      done(this)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
