import { Worker } from 'node:worker_threads'

/** Wakes the generator at exact moments. */
export interface Pacer {
  /** Calls back once, as soon after `at` (monotonic milliseconds) as the thread allows; a later call replaces an earlier one. */
  wakeAt(at: number): void
  close(): Promise<void>
}

/** Two arrivals nearer than this share one wake-up: beyond 5,000 a second precision would cost more than it tells. */
const NEAREST_MS = 0.2

/** The clock arrivals are due by, and how far the system's monotonic clock, which both threads share, is ahead of it. */
export interface PacerClock {
  now(): number
  readonly aheadMs: number
}

/** Starts the pacing thread. `onWake` runs on the event loop of the caller. */
export function startPacer(clock: PacerClock, onWake: () => void): Pacer {
  const control = new SharedArrayBuffer(8)
  const dueAt = new SharedArrayBuffer(8)
  const words = new Int32Array(control)
  const due = new Float64Array(dueAt)
  due[0] = Number.POSITIVE_INFINITY
  const worker = new Worker(new URL('./pacer.worker.mjs', import.meta.url), { workerData: { control, dueAt } })
  let last = Number.NEGATIVE_INFINITY
  let failure: unknown
  worker.on('error', (error) => {
    failure = error
  })
  worker.on('message', () => {
    last = clock.now()
    onWake()
  })
  const tell = (at: number): void => {
    due[0] = at
    Atomics.add(words, 0, 1)
    Atomics.notify(words, 0)
  }
  return {
    wakeAt(at) {
      if (failure !== undefined) throw failure instanceof Error ? failure : new Error('the pacing thread ended')
      tell(Math.max(at, last + NEAREST_MS) + clock.aheadMs)
    },
    async close() {
      Atomics.store(words, 1, 2)
      tell(Number.POSITIVE_INFINITY)
      await worker.terminate()
    },
  }
}
