import type { Process } from '../../model/process.ts'

/** A filter expression that was understood. */
export interface Filter {
  /** As it was typed. */
  readonly text: string
  matches(process: Process): boolean
}
