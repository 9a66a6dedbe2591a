import type { Position } from './error.ts'
import type { Unit } from './unit.ts'
import { worst, type Verdict } from './verdict.ts'

/** One judged fact; the evidence travels with the verdict. */
export interface Finding {
  /** Stable and unique within a report: `threshold:http.duration:p(95)<500`. */
  readonly id: string
  readonly verdict: Verdict
  /** One sentence that stands alone. */
  readonly title: string
  /** A name of the catalogue or one the scenario declared. */
  readonly metric?: string | undefined
  /** What was measured, in `unit`; null when nothing was. */
  readonly observed?: number | null | undefined
  /** What it was judged by, in `unit`. */
  readonly limit?: number | undefined
  readonly unit?: Unit | undefined
  /** A comparison that cannot tell: neither a change nor its absence is shown. */
  readonly isInconclusive?: boolean | undefined
  /** Why it turns no verdict though it is not ok: what it hangs on has failed, it is in maintenance. Its `verdict` is then `ok`. */
  readonly excuse?: string | undefined
  /** What to do next. */
  readonly hint?: string | undefined
  /** The line that asked for it. */
  readonly where?: Position | undefined
}

/** Whether comparisons that cannot tell are all that warns. */
export function onlyInconclusive(findings: readonly Finding[]): boolean {
  return worst(findings.map(({ verdict }) => verdict)) === 'warn' && findings.every(({ verdict, isInconclusive }) => verdict !== 'warn' || isInconclusive === true)
}
