import type { Position } from '../../model/error.ts'
import { unreadablePattern } from './errors.ts'
import { compileJsonPath, type JsonPath } from './jsonpath.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames } from './template.ts'

/** Something compiled from a text that may hold templates; null where the filled-in text cannot be compiled. */
export type CompiledText<Thing> = (scope: Scope) => Thing | null

const MOST_KEPT = 200

/** Compiles a text once where it is constant, else once per text it becomes (the latest 200 are kept). Throws what `compile` throws for a constant. */
export function compileText<Thing>(text: string, where: Position | undefined, declared: DeclaredNames | undefined, compile: (text: string) => Thing): CompiledText<Thing> {
  const template = compileTemplate(text, where, declared)
  if (template.constant !== null) {
    const thing = compile(template.constant)
    return () => thing
  }
  const kept = new Map<string, Thing | null>()
  return (scope) => {
    const filled = template.render(scope)
    const known = kept.get(filled)
    if (known !== undefined) return known
    if (kept.size >= MOST_KEPT) kept.clear()
    const thing = attempt(() => compile(filled))
    kept.set(filled, thing)
    return thing
  }
}

function attempt<Thing>(make: () => Thing): Thing | null {
  try {
    return make()
  } catch {
    return null
  }
}

/** A JSONPath that may hold templates, as `$.items[{{ $loopCount }}].id`. */
export function compilePathText(text: string, where: Position, declared: DeclaredNames | undefined): CompiledText<JsonPath> {
  return compileText<JsonPath>(text, where, declared, (filled) => compileJsonPath(filled, where))
}

/** A regular expression. Throws UserError `INVALID_PATTERN`. */
export function compilePattern(pattern: string, flags: string, where: Position): RegExp {
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    throw unreadablePattern(pattern, error instanceof Error ? error.message : String(error), where)
  }
}
