import { createRandom } from './random.ts'

/** From `atMs` after the first request, for `forMs`, nothing is answered. */
export interface Stall {
  readonly forMs: number
  readonly atMs: number
}

/** Requests whose path begins with `path` take `ms` longer. */
export interface Slow {
  readonly path: string
  readonly ms: number
}

/** What the demo does wrong on purpose. */
export interface Faults {
  /** Added to every request before it is answered. */
  readonly latencyMs: number
  /** Share of the requests answered with status 500, in 0..1. */
  readonly errors: number
  readonly stalls: readonly Stall[]
  readonly slow: readonly Slow[]
}

/** A demo that does nothing wrong. */
export const NO_FAULTS: Faults = { latencyMs: 0, errors: 0, stalls: [], slow: [] }

/**
 * When a request is answered that arrived at `arrivedMs` and takes `latencyMs`; all in milliseconds since the first request.
 * A request that arrives in a stall is begun at the stall's end; one that would be answered in a stall is answered at its end.
 * `stalls` must be in the order of their beginning.
 */
export function answerAt(arrivedMs: number, latencyMs: number, stalls: readonly Stall[]): number {
  return afterStalls(afterStalls(arrivedMs, stalls) + latencyMs, stalls)
}

function afterStalls(timeMs: number, stalls: readonly Stall[]): number {
  let free = timeMs
  for (const { atMs, forMs } of stalls) {
    if (free >= atMs && free < atMs + forMs) free = atMs + forMs
  }
  return free
}

/** How long a request for this path takes: the latency of all, and that of the longest matching prefix. */
export function latencyOf(path: string, { latencyMs, slow }: Pick<Faults, 'latencyMs' | 'slow'>): number {
  let best: Slow | undefined
  for (const entry of slow) {
    if (path.startsWith(entry.path) && (!best || entry.path.length > best.path.length)) best = entry
  }
  return latencyMs + (best?.ms ?? 0)
}

/**
 * Answers, request by request, whether it is to fail: `ratio` of them, one at a random place in each stretch of 1/ratio.
 * Even enough that short tests see the ratio, uneven enough that not always the same step of a flow is hit.
 */
export function createErrorSpread(ratio: number, seed: number): () => boolean {
  const random = createRandom(seed)
  let requests = 0
  let failed = 0
  let next = random()
  return () => {
    requests++
    if (requests * ratio <= next) return false
    failed++
    next = failed + random()
    return true
  }
}
