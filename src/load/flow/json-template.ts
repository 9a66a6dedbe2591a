import type { Position } from '../../model/error.ts'
import type { Json } from '../../model/plan.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames, type Template } from './template.ts'
import { isList, isObject, jsonText } from './value.ts'

/** A JSON value with places to fill in. */
export interface JsonTemplate {
  /** The value itself when there is nothing to fill in, else undefined. */
  readonly constant: Json | undefined
  readonly evaluate: (scope: Scope) => Json
}

/** Compiles the templates of a value, in its texts and keys. Throws as `compileTemplate`. */
export function compileValue(value: Json, where?: Position, declared?: DeclaredNames): JsonTemplate {
  if (typeof value === 'string') {
    const { constant, evaluate } = compileTemplate(value, where, declared)
    return { constant: constant ?? undefined, evaluate }
  }
  if (isList(value)) {
    const items = value.map((item) => compileValue(item, where, declared))
    if (items.every(isConstant)) return { constant: value, evaluate: () => value }
    return { constant: undefined, evaluate: (scope) => items.map((item) => item.evaluate(scope)) }
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, member]) => ({ key: compileTemplate(key, where, declared), member: compileValue(member, where, declared) }))
    if (members.every(({ key, member }) => key.constant !== null && isConstant(member))) return { constant: value, evaluate: () => value }
    // fromEntries makes own properties of any name, `__proto__` included.
    return { constant: undefined, evaluate: (scope) => Object.fromEntries(members.map(({ key, member }) => [key.render(scope), member.evaluate(scope)])) }
  }
  return { constant: value, evaluate: () => value }
}

const isConstant = ({ constant }: JsonTemplate): boolean => constant !== undefined

/** Compiles a value into the template of its JSON text; a text that is one single place keeps the type of its value, as in Artillery. Throws as `compileTemplate`. */
export function compileJson(value: Json, where?: Position, declared?: DeclaredNames): Template {
  const parts: (string | ((scope: Scope) => string))[] = []
  const add = (part: string | ((scope: Scope) => string)): void => {
    const last = parts.length - 1
    if (typeof part === 'string' && typeof parts[last] === 'string') parts[last] += part
    else parts.push(part)
  }
  const addText = (text: string, keepType: boolean): void => {
    const template = compileTemplate(text, where, declared)
    if (template.constant !== null) add(JSON.stringify(template.constant))
    else if (keepType) add((scope) => jsonText(template.evaluate(scope)))
    else add((scope) => JSON.stringify(template.render(scope)))
  }
  const walk = (each: Json): void => {
    if (typeof each === 'string') addText(each, true)
    else if (isList(each)) {
      each.forEach((item, index) => {
        add(index === 0 ? '[' : ',')
        walk(item)
      })
      add(each.length === 0 ? '[]' : ']')
    } else if (isObject(each)) {
      const members = Object.entries(each)
      members.forEach(([key, member], index) => {
        add(index === 0 ? '{' : ',')
        addText(key, false)
        add(':')
        walk(member)
      })
      add(members.length === 0 ? '{}' : '}')
    } else add(jsonText(each))
  }
  walk(value)

  const [only] = parts
  if (parts.length === 1 && typeof only === 'string') return { text: only, constant: only, render: () => only, evaluate: () => only }
  const render = (scope: Scope): string => {
    let text = ''
    for (const part of parts) text += typeof part === 'string' ? part : part(scope)
    return text
  }
  return { text: '', constant: null, render, evaluate: render }
}
