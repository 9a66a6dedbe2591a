import type { Json } from '../../model/plan.ts'
import type { Scope } from './scope.ts'

// variable = name { "." name | "." digits | "[" integer "]" | "[" quoted "]" }
// name     = letter, "_" or "$", then letters, digits, "_", "$" and "-"
const NAME = '[\\p{L}_$][\\p{L}\\p{N}_$-]*'
const STEP = '\\.[\\p{L}\\p{N}_$][\\p{L}\\p{N}_$-]*|\\[\\s*(?:\\d+|\'[^\'\\\\]*\'|"[^"\\\\]*")\\s*\\]'

/** Matches a variable with its path where `lastIndex` stands. */
export const VARIABLE = new RegExp(`(?:${NAME})(?:${STEP})*`, 'uy')
const STEPS = new RegExp(STEP, 'gu')
const ROOT = new RegExp(NAME, 'uy')

/** A variable's name and the way into its value. */
export interface Variable {
  readonly text: string
  readonly name: string
  readonly path: readonly string[]
}

/** Reads `user.roles[0]['x y']`; null when the text is something else. */
export function parseVariable(text: string): Variable | null {
  VARIABLE.lastIndex = 0
  if (VARIABLE.exec(text)?.[0] !== text) return null
  ROOT.lastIndex = 0
  const name = ROOT.exec(text)?.[0] ?? ''
  const path = (text.slice(name.length).match(STEPS) ?? []).map((step) => (step.startsWith('.') ? step.slice(1) : step.slice(1, -1).trim().replace(/^(['"])(.*)\1$/s, '$2')))
  return { text, name, path }
}

/** The value of a variable; a name with dots that was set as a whole is found too. Only own properties count, so nothing of a prototype leaks. */
export function readVariable({ text, name, path }: Variable, scope: Scope): Json | undefined {
  let value = scope.variables.get(name)
  if (path.length === 0) return value
  if (value === undefined) return scope.variables.get(text)
  for (const key of path) {
    value = memberOf(value, key)
    if (value === undefined) return undefined
  }
  return value
}

/** An own property or element of a value; of lists and texts also `length`. */
export function memberOf(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value === 'string') return key === 'length' ? value.length : undefined
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  // An own property of JSON is JSON, or the length of a list.
  return (value as Readonly<Record<string | number, Json>>)[key]
}
