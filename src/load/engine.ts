import type { MachineUsage } from '../model/machine.ts'
import type { LoadProgress } from '../model/progress.ts'
import type { Window } from './timeline.ts'

/** What an engine needs of the world outside. */
export interface EngineWorld {
  /** Monotonic milliseconds, and how far the system's clock, which all threads share, is ahead of it. */
  now(): number
  readonly clockAheadMs: number
  /** Processor time of this process so far, milliseconds. */
  cpuMs(): number
  /** How busy this machine is. */
  look(): Promise<MachineUsage | undefined>
  /** Told time zero of the run, on its clock. */
  onStart(at: number): void
  onProgress(progress: LoadProgress): void
  onWindow(window: Window): void
  /** Something the reader of the result should know; told once. */
  note(text: string): void
  /** Finish what is under way; then: stop now. */
  readonly drain: AbortSignal
  readonly stop: AbortSignal
}
