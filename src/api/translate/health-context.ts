import type { CheckResult } from '../../model/health.ts'
import { showDuration } from '../../model/unit.ts'
import type { Verdict } from '../../model/verdict.ts'

/** What is known of an answer besides its body. */
export interface HealthContext {
  /** Our clock, milliseconds since 1970. */
  readonly wallTime: number
  readonly responseTimeMs: number
  /** Only these are wanted; all where undefined. */
  readonly components: readonly string[] | undefined
  /** Takes out of a text what nobody may see: the token. */
  readonly hide: (text: string) => string
}

/** Something an instance wrote about one of its parts. */
export interface Told {
  readonly verdict: Verdict
  readonly text: string
  readonly recommendation: string
}

const STALE_MS = 15 * 60_000

/** What there is to say of a look that is too long ago, by our clock; null where it is recent, or nobody knows. */
export function staleness(at: number | null, wallTime: number): string | null {
  return at !== null && wallTime - at > STALE_MS ? `last looked at ${showDuration(wallTime - at)} ago` : null
}

/** `responseTime` and `response_time` as words: `response time`. */
export function wordsOf(key: string): string {
  return key.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_\s-]+/g, ' ').trim().toLowerCase()
}

/** A part of an instance as the result of a check; one that is optional is a warning where it fails. */
export function resultOf({ name, isExternal = false, verdict, at, context, ...outcome }: { readonly name: string; readonly isExternal?: boolean; readonly verdict: Verdict; readonly at: number | null; readonly context: HealthContext } & Omit<CheckResult['outcome'], 'verdict'>): CheckResult {
  const counts = isExternal && verdict === 'fail' ? 'warn' : verdict
  return {
    name, type: 'instance', component: name, isOptional: isExternal, isExternal, verdict: counts, outcome: { verdict, ...outcome },
    attempts: 1, durationMs: outcome.responseTimeMs ?? 0, checkedAt: new Date(at ?? context.wallTime),
  }
}
