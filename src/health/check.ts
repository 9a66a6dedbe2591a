import type { Position } from '../model/error.ts'
import type { CheckType, Outcome } from '../model/health.ts'
import type { WindowConfig } from '../health-schema/schema.ts'

/** One check, ready to run: what a configuration, a flag or the preset asked for with everything filled in. */
export interface Check {
  readonly name: string
  readonly type: CheckType
  readonly component: string
  readonly isOptional: boolean
  readonly isExternal: boolean
  /** For one try, milliseconds. */
  readonly timeoutMs: number
  /** Further tries after one that failed or could not tell. */
  readonly retries: number
  readonly pauseMs: number
  readonly dependsOn: readonly string[]
  /** Whether it is left out where it does not apply, because nobody asked for it by name. */
  readonly isPreset: boolean
  /** The line of the configuration that asked for it. */
  readonly where?: Position | undefined
  /** Looks once; see `Look`. */
  look(signal: AbortSignal, timeoutMs: number): Promise<Outcome | null>
}

/** A time of maintenance and what it holds for: names of checks or components, all where it is empty. */
export interface MaintenanceWindow {
  readonly config: WindowConfig
  readonly name: string
  readonly holdsFor: readonly string[]
  readonly where?: Position | undefined
}
