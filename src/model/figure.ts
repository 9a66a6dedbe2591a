import type { Unit } from './unit.ts'
import type { Verdict } from './verdict.ts'

/** A number of a report that others keep, draw or comment on: dashboards, merge requests, benchmarks over time. */
export interface Figure {
  /** Stable and unique within a report, so that tomorrow's can be held against it. Untrusted. */
  readonly name: string
  /** What it belongs to, where a report has several kinds: `bundles`, `api`; empty for none. */
  readonly section: string
  readonly unit: Unit
  readonly better: 'lower' | 'higher' | 'neither'
  /** In `unit`; null when nothing was measured. */
  readonly value: number | null
  /** Where the true value lies or the values lay, in `unit`. */
  readonly spread?: { readonly low: number; readonly high: number } | undefined
  /** What it is held against, in `unit`; null or absent without one. */
  readonly baseline?: number | null | undefined
  /** How much more than the baseline, 0.1 is 10 % more, or 10 points of a share; absent where it cannot be told. */
  readonly change?: { readonly estimate: number; readonly low?: number | undefined; readonly high?: number | undefined; readonly scale: 'relative' | 'points' } | undefined
  /** What it was judged by, in `unit`; null or absent without one. */
  readonly limit?: number | null | undefined
  readonly verdict: Verdict
  /** The verdict in the command's own word: `regressed`, `over budget`. */
  readonly word: string
  /** Whether it turns the verdict of the report. */
  readonly decides: boolean
  /** The id of the finding that judged it, so that it is not told twice; absent where there is none. */
  readonly finding?: string | undefined
}
