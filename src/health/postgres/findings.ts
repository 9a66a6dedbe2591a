import type { Measure } from '../../model/health.ts'
import type { Remark } from '../remark.ts'

/** What one part of the check found. */
export interface Findings {
  readonly remarks: readonly (Remark | null)[]
  readonly measures: readonly Measure[]
  /** Its share of the details. */
  readonly details: Readonly<Record<string, unknown>>
  /** A few words where all is well. */
  readonly fine?: string | undefined
}

/** A part that was not looked at, or has nothing to say. */
export const NOTHING: Findings = { remarks: [], measures: [], details: {} }
