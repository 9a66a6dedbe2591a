import type { Position } from '../../model/error.ts'
import type { Json } from '../../model/plan.ts'
import { unreadableTemplate } from './errors.ts'
import { noteMissing, type Scope } from './scope.ts'
import { bindFunction, strangeFunction, templateFunction } from './template-function.ts'
import { showValue } from './value.ts'
import { parseVariable, readVariable, VARIABLE, type Variable } from './variable.ts'

/** A text with places to fill in. */
export interface Template {
  readonly text: string
  /** The text itself when there is nothing to fill in. */
  readonly constant: string | null
  /** The text filled in; what has no value is '' and noted. */
  readonly render: (scope: Scope) => string
  /** The same, but a text that is one single place keeps the type of its value. */
  readonly evaluate: (scope: Scope) => Json
}

/** A place to fill in: gives a value or, without noting it, undefined. */
export interface Place {
  readonly text: string
  readonly peek: (scope: Scope) => Json | undefined
}

/** Names with a `$` that the scenario gives itself (variables of loops, mostly). */
export type DeclaredNames = ReadonlySet<string>

const NONE: DeclaredNames = new Set()

/**
 * Compiles a text.
 *
 *     template = { literal | "{{" place "}}" | "{{{" place "}}}" }
 *     place    = ["$"] function [ "(" [ argument { "," argument } ] ")" ] | "$env." name | variable
 *     argument = number | 'text' | "text"
 *
 * A bare name without parentheses is a variable first and a function only where no such variable has a value.
 * Throws UserError `INVALID_TEMPLATE` or `UNKNOWN_TEMPLATE_FUNCTION`.
 */
export function compileTemplate(text: string, where?: Position, declared: DeclaredNames = NONE): Template {
  const parts = splitTemplate(text, where, declared)
  const [only] = parts
  if (only === undefined || (parts.length === 1 && typeof only === 'string')) return { text, constant: text, render: () => text, evaluate: () => text }
  if (parts.length === 1 && typeof only === 'object') {
    const evaluate = (scope: Scope): Json => fill(only, scope)
    return { text, constant: null, render: (scope) => showValue(evaluate(scope)), evaluate }
  }
  const render = (scope: Scope): string => {
    let filled = ''
    for (const part of parts) filled += typeof part === 'string' ? part : showValue(fill(part, scope))
    return filled
  }
  return { text, constant: null, render, evaluate: render }
}

/** The value of a place; '' where there is none, which is noted. */
export function fill(place: Place, scope: Scope): Json {
  const value = place.peek(scope)
  if (value !== undefined) return value
  noteMissing(scope, place.text)
  return ''
}

/** The literal texts and places of a template, in order. Throws as `compileTemplate`. */
export function splitTemplate(text: string, where: Position | undefined, declared: DeclaredNames = NONE): (string | Place)[] {
  const parts: (string | Place)[] = []
  let at = 0
  while (at < text.length) {
    const opens = text.indexOf('{{', at)
    if (opens === -1) break
    const closes = closeOf(text, opens + 2)
    if (closes === -1) throw unreadableTemplate(text, opens, 'its {{ is never closed', where)
    const triple = text[opens + 2] === '{' && text.startsWith('}}}', closes)
    // A third brace that is not closed by a third one belongs to the text, as in {"a":{{{ b }}, ...
    const begins = text[opens + 2] === '{' ? opens + 3 : opens + 2
    const literal = text.slice(at, begins - (triple ? 3 : 2))
    if (literal !== '') parts.push(literal)
    parts.push(compilePlace(text.slice(begins, closes), where, declared, text, begins))
    at = closes + (triple ? 3 : 2)
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

/** Where the next `}}` outside of quotes is; -1 without one. */
function closeOf(text: string, from: number): number {
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '\'' || character === '"') quote = character
    else if (character === '}' && text[at + 1] === '}') return at
  }
  return -1
}

const CALL = /^(\$?)([A-Za-z_][\w]*)\s*\(([^]*)\)$/
const ARGUMENT = /\s*(?:(-?\d+(?:\.\d+)?)|'([^']*)'|"([^"]*)")\s*(,|$)/y

/** Compiles what stands between the braces. Throws as `compileTemplate`. */
export function compilePlace(source: string, where?: Position, declared: DeclaredNames = NONE, whole = source, offset = 0): Place {
  const text = source.trim()
  if (text === '') throw unreadableTemplate(whole, offset, 'there is nothing between its braces', where)
  const call = CALL.exec(text)
  if (call) {
    const [, , name = '', list = ''] = call
    const each = templateFunction(name)
    if (!each) throw strangeFunction(name, where)
    const args = readArguments(list)
    if (args === null) throw unreadableTemplate(whole, offset, `"${list.trim()}" are not numbers or quoted texts, with commas between them`, where)
    return { text, peek: bindFunction(each, args, where) }
  }
  const variable = parseVariable(text)
  if (!variable) throw unreadableTemplate(whole, offset + lengthRead(text), `"${text}" is neither a variable nor a function`, where)
  return variablePlace(variable, where, declared)
}

function variablePlace(variable: Variable, where: Position | undefined, declared: DeclaredNames): Place {
  const { text, name, path } = variable
  if (name.startsWith('$') && !declared.has(name)) {
    const each = templateFunction(name.slice(1))
    if (!each) throw strangeFunction(name.slice(1), where)
    if (each.member) return { text, peek: bindFunction(each, path, where) }
    // What a loop walks may be objects: $loopElement.id.
    if (path.length > 0) return { text, peek: (scope) => readVariable(variable, scope) }
    return { text, peek: bindFunction(each, [], where) }
  }
  const fallback = path.length === 0 ? templateFunction(name) : undefined
  if (fallback === undefined || fallback.member) return { text, peek: (scope) => readVariable(variable, scope) }
  const produce = bindFunction(fallback, [], where)
  return { text, peek: (scope) => scope.variables.get(name) ?? produce(scope) }
}

function lengthRead(text: string): number {
  VARIABLE.lastIndex = 0
  return VARIABLE.exec(text)?.[0].length ?? 0
}

function readArguments(list: string): (string | number)[] | null {
  const args: (string | number)[] = []
  if (list.trim() === '') return args
  ARGUMENT.lastIndex = 0
  for (;;) {
    const match = ARGUMENT.exec(list)
    if (!match) return null
    const [, number, single, double, comma] = match
    args.push(number === undefined ? single ?? double ?? '' : Number(number))
    if (comma === '') return args
  }
}
