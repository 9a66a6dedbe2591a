import type { Json } from '../../model/plan.ts'
import type { Random } from './random.ts'

/** What templates can ask of the run, the same for every user. */
export interface ScopeWorld {
  readonly random: Random
  /** Wall clock, milliseconds since 1970. */
  date(): number
  /** The environment variables that scenarios may read. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly testId: string
  /** The `--environment` of the run; '' without one. */
  readonly environment: string
  readonly target: string
  /** Told when a template asked for a value there is none of, at most once per name and step. */
  missing(name: string): void
}

/** What templates and conditions of one user see. */
export interface Scope {
  /** A map, so that no name (`__proto__`) reaches anything but a value. */
  readonly variables: Map<string, Json>
  readonly world: ScopeWorld
  /** Names already reported as missing in this step. */
  readonly missed: string[]
}

/** A user's scope without a variable in it. */
export function createScope(world: ScopeWorld): Scope {
  return { variables: new Map(), world, missed: [] }
}

/** Reports a name that had no value, once per step. */
export function noteMissing(scope: Scope, name: string): void {
  if (scope.missed.includes(name)) return
  scope.missed.push(name)
  scope.world.missing(name)
}
