import { Distribution } from '../analysis/histogram.ts'

/** What happened in one window of the run. Times in milliseconds, NaN where nothing was measured. */
export interface Window {
  /** Offset of its beginning from the start of the run. */
  readonly startMs: number
  readonly durationMs: number
  readonly requests: number
  readonly failed: number
  /** Requests per second. */
  readonly rate: number
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  /** Active users, arrivals waiting for one, and arrivals dropped since the start, at its end. */
  readonly users: number
  readonly waiting: number
  readonly dropped: number
  readonly bytesReceived: number
  /** Share of one core the generator used. */
  readonly generatorCpu: number
}

/** What is known at the end of a window beyond the requests in it. */
export interface WindowEnd {
  readonly users: number
  readonly waiting: number
  readonly dropped: number
  readonly generatorCpu: number
}

/** The most windows a run is told in; beyond them the last one grows. */
const MOST_WINDOWS = 600

/** Windows of a second, or longer ones for long runs, so that their number does not grow with the run. */
export function windowLength(plannedMs: number): number {
  return Math.max(1, Math.ceil(plannedMs / 300_000)) * 1_000
}

/** Folds requests into windows, and the windows into the whole. */
export class Timeline {
  readonly windows: Window[] = []
  /** Response times of everything in closed windows. */
  readonly total = new Distribution()
  readonly #current = new Distribution()
  #startMs = 0
  #requests = 0
  #failed = 0
  #bytes = 0

  /** Takes a request that ended now; `duration` is null when no response arrived. */
  record(duration: number | null, failed: boolean, bytesReceived: number): void {
    this.#requests++
    if (failed) this.#failed++
    this.#bytes += bytesReceived
    if (duration !== null) this.#current.record(duration)
  }

  /** Ends the current window at this offset and begins the next. */
  close(atMs: number, end: WindowEnd): void {
    const durationMs = atMs - this.#startMs
    if (durationMs <= 0 || (this.windows.length >= MOST_WINDOWS && this.#requests === 0)) return
    const values = this.#current
    if (this.windows.length < MOST_WINDOWS) {
      this.windows.push({
        startMs: this.#startMs, durationMs, requests: this.#requests, failed: this.#failed, rate: (this.#requests * 1_000) / durationMs,
        mean: values.mean, p50: values.percentile(50), p90: values.percentile(90), p95: values.percentile(95), p99: values.percentile(99), max: values.max,
        bytesReceived: this.#bytes, ...end,
      })
    }
    this.total.merge(values)
    values.reset()
    this.#startMs = atMs
    this.#requests = 0
    this.#failed = 0
    this.#bytes = 0
  }
}
