import type { Process } from '../../model/process.ts'

/** A filter expression that was understood. */
export interface Filter {
  /** As it was typed. */
  readonly text: string
  /** Whether a process is kept; `at` is when it was looked at (milliseconds since 1970), from which its age counts. */
  matches(process: Process, at: number): boolean
}
