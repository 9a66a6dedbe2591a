import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from './clock.ts'
import { answerAt, createErrorSpread, type Faults, latencyOf } from './fault.ts'
import { createWaiting } from './wait.ts'

/** Stands before the server: lets a request in when the faults allow it to be answered, and chooses those that fail. */
export interface Gate {
  pass(request: IncomingMessage, response: ServerResponse, arrivedAtMs: number): void
  isDoomed(request: IncomingMessage): boolean
  /** Forgets the requests that wait. */
  close(): void
}

/** A gate before `serve`. Times count from the first request that passes. */
export function createGate(options: {
  readonly faults: Faults
  readonly seed: number
  readonly clock: Clock
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void
}): Gate {
  const { faults, clock, serve } = options
  const stalls = faults.stalls.toSorted((a, b) => a.atMs - b.atMs)
  const waiting = createWaiting(clock)
  const fails = createErrorSpread(faults.errors, options.seed)
  const doomed = new WeakSet<IncomingMessage>()
  const isPunctual = faults.latencyMs === 0 && stalls.length === 0 && faults.slow.length === 0
  let firstAtMs: number | undefined

  return {
    pass(request, response, arrivedAtMs) {
      if (faults.errors > 0 && fails()) doomed.add(request)
      if (isPunctual) return serve(request, response)
      firstAtMs ??= arrivedAtMs
      const [path = '/'] = (request.url ?? '/').split('?')
      const dueMs = firstAtMs + answerAt(arrivedAtMs - firstAtMs, latencyOf(path, faults), stalls)
      waiting.until(dueMs, () => {
        // A client that gave up needs no answer.
        if (!response.destroyed) serve(request, response)
      })
    },
    isDoomed: (request) => doomed.has(request),
    close: () => waiting.cancel(),
  }
}
