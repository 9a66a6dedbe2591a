import { attempt, isTrouble, type Attempts, type Trouble } from './attempt.ts'
import type { TimedCommand, TimedRun } from './timed-command.ts'

/** How often a command is run. */
export interface AloneChoice {
  readonly warmups: number
  /** So often; null for as often as fits into `minMs`, and at least `LEAST_RUNS` times. */
  readonly runs: number | null
  /** Milliseconds of the command's own time. */
  readonly minMs: number
  /** Told before each run, and waited for. */
  readonly onRun?: ((soFar: AloneSoFar) => Promise<void>) | undefined
}

/** How far it is. */
export interface AloneSoFar {
  readonly isWarmUp: boolean
  /** Those that count. */
  readonly runs: readonly TimedRun[]
  /** How many there will be, as far as one can see. */
  readonly wanted: number
}

/** The runs of one command, and why there are no more where there should be. */
export interface Alone {
  readonly runs: readonly TimedRun[]
  readonly trouble: Trouble | null
}

/** Where nobody says how often. */
export const LEAST_RUNS = 10
/** A command that takes next to no time is not run for ever. */
const MOST_RUNS = 5_000

/** Runs a command again and again; warm-up runs count for nothing but must not fail. */
export async function timeAlone(attempts: Attempts, command: TimedCommand, { warmups, runs: wanted, minMs, onRun }: AloneChoice): Promise<Alone> {
  const runs: TimedRun[] = []
  let spentMs = 0
  const isEnough = (): boolean => (wanted === null ? runs.length >= MOST_RUNS || (runs.length >= LEAST_RUNS && spentMs >= minMs) : runs.length >= wanted)
  for (let turn = 0; turn < warmups || !isEnough(); turn++) {
    await onRun?.({ isWarmUp: turn < warmups, runs, wanted: wanted ?? Math.min(MOST_RUNS, Math.max(LEAST_RUNS, spentMs > 0 ? Math.ceil((minMs * runs.length) / spentMs) : 0)) })
    const made = await attempt(attempts, command)
    if (isTrouble(made)) return { runs, trouble: made }
    if (turn < warmups) continue
    runs.push(made)
    spentMs += made.ms
  }
  return { runs, trouble: null }
}
