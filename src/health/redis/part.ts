import type { Measure } from '../../model/health.ts'
import type { Remark } from '../remark.ts'

/** What a part of a look found: measures, remarks, and its share of the details. */
export interface Part {
  readonly measures: readonly Measure[]
  readonly remarks: readonly (Remark | null)[]
  readonly details: Readonly<Record<string, unknown>>
}

/** A number for JSON: null where it is not known. */
export function known(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
