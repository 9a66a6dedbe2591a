import type { ConfigOf } from '../health-schema/schema.ts'
import type { CheckType, Outcome } from '../model/health.ts'
import type { HealthWorld } from './world.ts'

/** What a look has of its surroundings. */
export interface LookContext {
  readonly world: HealthWorld
  /** Aborted when its time is up, of a type with `graceMs` so much later; whatever is open is closed then. */
  readonly signal: AbortSignal
  /** The time it has, milliseconds, and what is said of it. A look that can tell what took too long answers a little before its signal is aborted. */
  readonly timeoutMs: number
}

/**
 * Looks once. Null where there is nothing to look at here (no swap, no PSI): such a check is left out of the preset and unknown where it was asked for by name.
 * What is wrong with what is looked at is an outcome; a `UserError` is a mistake of the configuration that only now shows; anything else thrown is our bug
 * and makes the check unknown.
 */
export type Look<T extends CheckType> = (config: ConfigOf<T>, context: LookContext) => Promise<Outcome | null>
