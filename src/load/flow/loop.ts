import type { Json, LoopStep } from '../../model/plan.ts'
import { compileCondition, type Condition } from './condition.ts'
import { unusableNumber } from './errors.ts'
import { noteMissing, type Scope } from './scope.ts'
import { compilePlace, compileTemplate, type DeclaredNames } from './template.ts'
import { compileValue } from './json-template.ts'
import { isList } from './value.ts'

/** A loop made ready. */
export interface CompiledLoop {
  /** Holds the element, or the turn in a loop without a list. */
  readonly variable: string
  readonly condition: Condition | null
  /** The first turn's number and the one that is no longer reached. */
  readonly bounds: (scope: Scope) => readonly [from: number, to: number]
  /** What the loop walks; undefined when it walks nothing. */
  readonly list: (scope: Scope) => readonly Json[] | undefined
}

/** A loop a user is in. */
export interface LoopFrame {
  readonly loop: CompiledLoop
  readonly list: readonly Json[] | undefined
  readonly end: number
  turn: number
  /** Values the loop's variables had outside. */
  readonly outside: readonly (readonly [name: string, value: Json | undefined])[]
}

const COUNT = '$loopCount'
const ELEMENT = '$loopElement'
const FOR_EVER: readonly [number, number] = [0, Infinity]
const NOT_ONCE: readonly [number, number] = [0, 0]

// count = integer | integer "-" integer     -1 is for ever; 3-6 are the turns 3, 4 and 5 (as in Artillery)
const BOUNDS = /^\s*(?:(-1)|(\d{1,15})(?:\.0*)?|(\d{1,15})\s*-\s*(\d{1,15}))\s*$/

/** Compiles a loop. Its condition is asked before every turn, the first included. Throws UserError for what is constant and wrong. */
export function compileLoop(step: LoopStep, declared?: DeclaredNames): CompiledLoop {
  const { where } = step
  return {
    variable: step.variable,
    condition: step.whileTrue === undefined ? null : compileCondition(step.whileTrue, where, declared),
    bounds: compileBounds(step, declared),
    list: compileList(step, declared),
  }
}

function compileBounds({ count, where }: LoopStep, declared: DeclaredNames | undefined): CompiledLoop['bounds'] {
  if (count === null) return () => FOR_EVER
  const template = compileTemplate(String(count), where, declared)
  if (template.constant === null) return (scope) => parseBounds(template.render(scope)) ?? NOT_ONCE
  const bounds = parseBounds(template.constant)
  if (bounds === null) throw unusableNumber('the count of a loop', template.constant, '10, 3-6 or {{ pages }}', where)
  return () => bounds
}

function parseBounds(text: string): readonly [number, number] | null {
  const match = BOUNDS.exec(text)
  if (!match) return null
  const [, forEver, times, from, to] = match
  if (forEver !== undefined) return FOR_EVER
  return times === undefined ? [Number(from), Number(to)] : [0, Number(times)]
}

function compileList({ over, where }: LoopStep, declared: DeclaredNames | undefined): CompiledLoop['list'] {
  if (over === undefined) return () => undefined
  if (typeof over !== 'string') {
    const { evaluate } = compileValue(over, where, declared)
    return (scope) => asList(evaluate(scope), 'over', scope)
  }
  const place = compilePlace(over.trim().replace(/^\{\{\{?([^{}]*)\}?\}\}$/, '$1'), where, declared)
  return (scope) => asList(place.peek(scope), place.text, scope)
}

/** A loop over what is no list goes round not once, and the result says so. */
function asList(value: Json | undefined, name: string, scope: Scope): readonly Json[] {
  if (isList(value)) return value
  noteMissing(scope, `${name} (as a list)`)
  return []
}

/** Begins a loop; nothing is set before the first turn. */
export function enterLoop(loop: CompiledLoop, scope: Scope): LoopFrame {
  const list = loop.list(scope)
  const [first, to] = loop.bounds(scope)
  const outside = [COUNT, ELEMENT, loop.variable].map((name) => [name, scope.variables.get(name)] as const)
  return { loop, list, end: list ? Math.min(to, list.length) : to, turn: first, outside }
}

/** Sets the variables for the frame's turn; false when there is none left, and the variables are as they were outside. */
export function takeTurn(frame: LoopFrame, scope: Scope): boolean {
  const { loop, list, turn } = frame
  if (turn < frame.end) {
    const element = list ? list[turn] ?? null : turn
    scope.variables.set(COUNT, turn)
    scope.variables.set(ELEMENT, element)
    scope.variables.set(loop.variable, loop.variable === COUNT ? turn : element)
    if (loop.condition === null || loop.condition.holds(scope)) return true
  }
  for (const [name, value] of frame.outside) {
    if (value === undefined) scope.variables.delete(name)
    else scope.variables.set(name, value)
  }
  return false
}
