import type { CheckResult } from '../model/health.ts'

/** What can be checked of a system and its services. */
export interface HealthChecks {
  readonly checks: readonly {
    readonly name: string
    readonly component: string
    /** Whether it has to be well; a result of any other is good for a minute. */
    readonly isCritical: boolean
  }[]
  /** Runs these checks, and answers within the time. */
  run(names: readonly string[], options: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<readonly CheckResult[]>
}
