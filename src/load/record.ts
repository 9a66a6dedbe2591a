import type { DriverCounts } from './driver.ts'
import type { Recorder } from './recorder.ts'

/** What an engine hands over when a run has ended. */
export interface LoadRecord {
  readonly recorder: Recorder
  /** From time zero to the last answer, milliseconds. */
  readonly elapsedMs: number
  readonly counts: DriverCounts
  /** Most users active at once. */
  readonly maxUsers: number
  /** Connections opened. */
  readonly connections: number
  /** Share of one core the generator used over the whole run. */
  readonly generatorCpu: number
  readonly interrupted: boolean
  /** Why it ended before its time; null when it did not. */
  readonly abortReason: string | null
}
