import type { Position } from './error.ts'
import type { Unit } from './unit.ts'
import type { Verdict } from './verdict.ts'

/** Every kind of check there is. */
export type CheckType =
  | 'disk' | 'memory' | 'cpu' | 'load' | 'pressure' | 'swap' | 'clock' | 'files' | 'network' | 'process' | 'systemd' | 'store'
  | 'dns' | 'connectivity' | 'tls' | 'http' | 'plex' | 'overseerr' | 'tmdb'
  | 'postgres' | 'redis' | 'command' | 'instance'

/** The values that raise an alert: those outside `from`..`to`, or, where `isInside`, those within (Nagios plugin guidelines, "threshold and ranges"). Infinities where it is open. */
export interface Range {
  readonly from: number
  readonly to: number
  readonly isInside: boolean
}

/** A figure that a check took, with what it was judged by: performance data, a bar on the screen, a sample. */
export interface Measure {
  /** What was measured, unique within its check together with `of`: `usage`, `replication lag`. Untrusted where a plugin told it. */
  readonly name: string
  /** Of which of several things: a mount point, an interface, a table. Untrusted. */
  readonly of?: string | undefined
  /** In `unit`; NaN where it could not be told. */
  readonly value: number
  readonly unit: Unit
  /** The unit as a plugin wrote it: `s`, `%`, `KB`. Where there is one, `value`, ranges, `min` and `max` are as the plugin wrote them, in this unit, and `unit` is `count`. Untrusted. */
  readonly uom?: string | undefined
  readonly warning?: Range | undefined
  readonly critical?: Range | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** What one look of a check found. */
export interface Outcome {
  readonly verdict: Verdict
  /** The reason in words, one line that stands beside the check's name; where not ok with the value and the level it passed. Made safe with `plain()`. */
  readonly message: string
  /** What to do next, where it is not ok. */
  readonly recommendation?: string | undefined
  /** How long what was asked took to answer, milliseconds; absent where nothing was asked. */
  readonly responseTimeMs?: number | undefined
  readonly measures: readonly Measure[]
  /** In the documented shape of a component's details: `{connectionPool: 'healthy', ...}`. JSON only; texts made safe. */
  readonly details: Readonly<Record<string, unknown>>
}

/** Why what a check found does not count: what it depends on has failed, or its time of maintenance. */
export type Excuse =
  | { readonly kind: 'dependency'; /** The check that failed first, not the one between. */ readonly on: string }
  | { readonly kind: 'maintenance'; readonly window: string; readonly until: Date }

/** A check that has run, or was spared. */
export interface CheckResult {
  readonly name: string
  readonly type: CheckType
  /** Where it stands in the documented answer: `database`, `filesystem`. */
  readonly component: string
  readonly isOptional: boolean
  /** Whether it belongs to somebody else: `dependencies.external` of the documented answer. */
  readonly isExternal: boolean
  /** What counts: of an optional check `warn` at worst for what failed; `ok` where it is excused. */
  readonly verdict: Verdict
  readonly excuse?: Excuse | undefined
  /** What was found, whatever it counts for; of a check that was not looked at because of another, with verdict `unknown`. */
  readonly outcome: Outcome
  /** How often it was looked at: 0 for one that was spared, more than 1 after retries. */
  readonly attempts: number
  /** All attempts and pauses together, milliseconds. */
  readonly durationMs: number
  readonly checkedAt: Date
  readonly where?: Position | undefined
}

/** What another instance says of its health, whatever its dialect. */
export interface InstanceHealth {
  /** `unknown` where it says no word of it that is known. */
  readonly verdict: Verdict
  /** Its own word: `healthy`, `degraded`. Untrusted. */
  readonly status: string
  /** From 0 to 100; null where it does not say. */
  readonly score: number | null
  /** Milliseconds; null where it does not say. */
  readonly uptimeMs: number | null
  /** When it last looked, milliseconds since 1970; null where it does not say. */
  readonly checkedAt: number | null
  /** Its components and external dependencies, made results; a bare dialect's figures are components too. */
  readonly results: readonly CheckResult[]
  /** What it says is wrong, beyond the components. Untrusted. */
  readonly issues: readonly string[]
  readonly recommendations: readonly string[]
  /** How long it took to answer, milliseconds. */
  readonly responseTimeMs: number
}

/** The words of a state for people and monitoring systems, as Nagios has them. */
export const STATE_WORDS: Readonly<Record<Verdict, string>> = { ok: 'OK', warn: 'WARNING', unknown: 'UNKNOWN', fail: 'CRITICAL' }

/** The documented words of a state. */
export const STATUS_WORDS: Readonly<Record<Verdict, 'healthy' | 'warning' | 'unknown' | 'critical'>> = { ok: 'healthy', warn: 'warning', unknown: 'unknown', fail: 'critical' }
