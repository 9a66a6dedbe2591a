/** Times by which a feed goes, milliseconds; tests make them short. */
export interface Timings {
  /** Least time between polls where there is no stream. */
  readonly pollMs: number
  /** Between polls of what a stream does not carry. */
  readonly sideMs: number
  /** A stream without a byte for so long is lost, if that is more than three intervals. */
  readonly silenceMs: number
  /** First wait before a new attempt; it doubles up to the greatest. */
  readonly backoffMs: number
  readonly backoffMostMs: number
  /** After so long without a failure the waits begin anew. */
  readonly healthyMs: number
  /** In a flood of events the newest is taken every so often. */
  readonly thinMs: number
}

export const TIMINGS: Timings = { pollMs: 5_000, sideMs: 10_000, silenceMs: 15_000, backoffMs: 500, backoffMostMs: 30_000, healthyMs: 60_000, thinMs: 250 }
