import type { Workload } from '../model/plan.ts'

/** What moves the users of one workload. Times are milliseconds from the start of the run. */
export interface Driver {
  readonly workload: Workload
  /** Starts and ends what is due; answers when it wants to be called next (Infinity: when something else happens). */
  tick(elapsedMs: number): number
  /** Begins no more; what is under way may finish. */
  drain(): void
  /** Breaks off what is under way. */
  breakOff(): void
  /** Nothing is under way and nothing more will begin. */
  readonly done: boolean
  readonly activeUsers: number
  /** Arrivals whose due time has come and that wait for a user. */
  readonly waiting: number
  readonly counts: DriverCounts
  /** Arrivals per second, or users, that the plan asks for at a moment; null where it asks for the other. */
  asked(elapsedMs: number): { readonly rate: number | null; readonly users: number | null }
}

export interface DriverCounts {
  /** Flows that began, ended in order, ended early by a failure, and were broken off by the end of the run. */
  started: number
  completed: number
  failed: number
  brokenOff: number
  /** Arrivals begun more than `LATE_MS` after they were due though no cap held them. */
  late: number
  /** Arrivals that never began. */
  dropped: number
  /** Greatest lateness, milliseconds. */
  latestMs: number
}

/** An arrival is late when the generator begins it this long after it was due. */
export const LATE_MS = 10

/** Counts that begin at nothing. */
export function noCounts(): DriverCounts {
  return { started: 0, completed: 0, failed: 0, brokenOff: 0, late: 0, dropped: 0, latestMs: 0 }
}

/** How a user's flow ended. */
export type UserEnd = 'completed' | 'failed' | 'broken-off'

/** One user that runs one flow after the other; `begin` calls back exactly once, never before it returns. */
export interface UserSlot {
  /** Begins a flow that was due at `dueMs` (milliseconds from the start of the run, as `endedMs` is). */
  begin(dueMs: number, ended: (end: UserEnd, endedMs: number, refused: boolean) => void): void
  breakOff(): void
}

/** What drivers need of the run around them. */
export interface DriverWorld {
  /** Milliseconds from the start of the run. */
  elapsed(): number
  /** A user for this workload; those that ended are used again. */
  createUser(): UserSlot
  later(ms: number, then: () => void): void
  /** Asks for a tick soon, because something ended. */
  nudge(): void
  readonly atCap: 'wait' | 'drop'
}

/** Notes how a flow ended. */
export function countEnd(counts: DriverCounts, end: UserEnd): void {
  if (end === 'completed') counts.completed++
  else if (end === 'failed') counts.failed++
  else counts.brokenOff++
}
