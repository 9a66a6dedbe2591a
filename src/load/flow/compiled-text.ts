import type { Position } from '../../model/error.ts'
import { unreadablePattern } from './errors.ts'
import { compileJsonPath, type JsonPath } from './jsonpath.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, fill, splitTemplate, type DeclaredNames, type Template } from './template.ts'
import { showValue } from './value.ts'

/** Something compiled from a text that may hold templates; null where the filled-in text cannot be compiled. */
export type CompiledText<Thing> = (scope: Scope) => Thing | null

const MOST_KEPT = 200

/** Compiles a text once where it is constant, else once per text it becomes (the latest 200 are kept). Throws what `compile` throws for a constant. */
export function compileText<Thing>(text: string, where: Position | undefined, declared: DeclaredNames | undefined, compile: (text: string) => Thing): CompiledText<Thing> {
  return compileFilled(compileTemplate(text, where, declared), compile)
}

function compileFilled<Thing>(template: Pick<Template, 'constant' | 'render'>, compile: (text: string) => Thing): CompiledText<Thing> {
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

/**
 * A regular expression that may hold templates; what they become stands for itself, so that neither a dot in an id nor a
 * hostile server changes the pattern. Only a text that is one single place is a pattern as a whole. Throws UserError `INVALID_PATTERN`.
 */
export function compilePatternText(text: string, where: Position, declared: DeclaredNames | undefined): CompiledText<RegExp> {
  const compile = (filled: string): RegExp => compilePattern(filled, '', where)
  const parts = splitTemplate(text, where, declared)
  if (parts.length <= 1) return compileText(text, where, declared, compile)
  const render = (scope: Scope): string => parts.map((part) => (typeof part === 'string' ? part : escapePattern(showValue(fill(part, scope))))).join('')
  return compileFilled({ constant: null, render }, compile)
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
