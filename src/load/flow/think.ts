import type { Step } from '../../model/plan.ts'
import { parseDuration } from '../../model/unit.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames } from './template.ts'

/** How long a user pauses, milliseconds; null when the text that should say so does not. */
export type Think = (scope: Scope) => number | null

/** Longest pause a timer takes. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Compiles a pause: fixed, or drawn evenly between `ms` and `toMs`. A text is a duration (`{{ pause }}`, `250ms`) whose bare
 * numbers are seconds, as in Artillery. Throws UserError `INVALID_VALUE` for a constant text that is no duration.
 */
export function compileThink({ ms, toMs }: Extract<Step, { kind: 'think' }>, declared?: DeclaredNames): Think {
  const least = compileLength(ms, declared)
  if (toMs === undefined) return least
  return (scope) => {
    const from = least(scope)
    return from === null ? null : Math.min(from + scope.world.random.next() * (toMs - from), LONGEST_MS)
  }
}

function compileLength(ms: number | string, declared: DeclaredNames | undefined): Think {
  if (typeof ms === 'number') return () => Math.min(ms, LONGEST_MS)
  const template = compileTemplate(ms, undefined, declared)
  if (template.constant === null) return (scope) => readLength(template.render(scope))
  const fixed = Math.min(parseDuration(template.constant), LONGEST_MS)
  return () => fixed
}

function readLength(text: string): number | null {
  try {
    return Math.min(parseDuration(text), LONGEST_MS)
  } catch {
    return null
  }
}
