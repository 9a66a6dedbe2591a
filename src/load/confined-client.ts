import { NO_EXCHANGE, type Origin, type WireClient } from './exchange.ts'
import { isSameOrigin } from './flow/destination.ts'

/**
 * A client that asks one origin and no other: whatever a template or a redirect makes of an address, nothing is sent there and the request fails as `off-limits`.
 * What is compared is scheme, host and port as they are written; the host's address is looked up anew for every connection.
 */
export function confineClient(client: WireClient, home: Origin, now: () => number): WireClient {
  return {
    send: (origin, request, options, done) => {
      if (isSameOrigin(origin, home)) return client.send(origin, request, options, done)
      setImmediate(() => {
        const at = now()
        done({ ...NO_EXCHANGE, error: { kind: 'off-limits', message: `${origin.authority} is not the target of this test` }, sentAt: at, firstByteAt: at, endAt: at })
      })
    },
    get inFlight() {
      return client.inFlight
    },
    get opened() {
      return client.opened
    },
    close: () => client.close(),
  }
}
