import type { Position } from '../../model/error.ts'
import type { Json } from '../../model/plan.ts'
import { unreadableCondition } from './errors.ts'
import type { Scope } from './scope.ts'
import { compilePlace, compileTemplate, type DeclaredNames } from './template.ts'
import { compareValues, likeValue, sameValue } from './value.ts'
import { VARIABLE } from './variable.ts'

/** A question about a user's variables. */
export interface Condition {
  readonly text: string
  readonly holds: (scope: Scope) => boolean
}

/** Gives the value of a part of a condition for what it is asked about. */
export type Operand<Subject> = (subject: Subject) => Json | undefined

/** How the variables and texts of a condition get their values. */
export interface Operands<Subject> {
  /** Matches a variable where `lastIndex` stands; must be sticky. */
  readonly variable: RegExp
  readonly read: (variable: string, at: number) => Operand<Subject>
  /** What a quoted text stands for, and what stands in braces, when the language has templates. */
  readonly template?: { readonly text: (text: string) => Operand<Subject>; readonly place: (text: string) => Operand<Subject> }
}

/**
 * Compiles `ifTrue` and `whileTrue`. A variable without a value is not noted as missing: asking is what conditions are for.
 * Throws UserError `INVALID_CONDITION`, and as `compileTemplate` for what stands in braces.
 */
export function compileCondition(text: string, where?: Position, declared?: DeclaredNames): Condition {
  const operand = parseCondition<Scope>(text, where, {
    variable: VARIABLE,
    read: (name) => compilePlace(name, where, declared).peek,
    template: {
      text: (quoted) => {
        const { constant, render } = compileTemplate(quoted, where, declared)
        return constant === null ? render : () => constant
      },
      place: (place) => compilePlace(place, where, declared).peek,
    },
  })
  return { text, holds: (scope) => Boolean(operand(scope)) }
}

// condition  = and { ( "or" | "||" ) and }
// and        = not { ( "and" | "&&" ) not }
// not        = "not" not | comparison
// comparison = operand [ ( "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=" ) operand ]
// operand    = "!" operand | "(" condition ")" | number | 'text' | "text" | "true" | "false" | "null"
//            | variable | "{{" variable "}}"
//
// == and != take texts from payloads for the numbers they spell, === and !== do not; < and its kin compare numbers, or two texts.
// Alone, a value holds unless it is false, 0, '', null or nothing.
const MOST_CHARACTERS = 10_000
const DEEPEST = 50
const TOKEN = /(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|('(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")|(\{\{[^{}]*\}\})|(===|!==|==|!=|<=|>=|&&|\|\||[<>!()])/y
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not'])
const CONSTANTS: Readonly<Record<string, Json>> = { true: true, false: false, null: null }

const COMPARISONS: Readonly<Record<string, (one: Json | undefined, other: Json | undefined) => boolean>> = {
  '==': likeValue,
  '!=': (one, other) => !likeValue(one, other),
  '===': (one, other) => sameValue(one, other),
  '!==': (one, other) => !sameValue(one, other),
  '<': (one, other) => (compareValues(one, other) ?? NaN) < 0,
  '<=': (one, other) => (compareValues(one, other) ?? NaN) <= 0,
  '>': (one, other) => (compareValues(one, other) ?? NaN) > 0,
  '>=': (one, other) => (compareValues(one, other) ?? NaN) >= 0,
}

interface Token<Subject> {
  readonly at: number
  /** An operator, or '' for an operand. */
  readonly operator: string
  readonly operand: Operand<Subject> | null
  readonly text: string
}

/** Parses the grammar above for anything that has variables. Throws UserError `INVALID_CONDITION`. */
export function parseCondition<Subject>(text: string, where: Position | undefined, operands: Operands<Subject>): Operand<Subject> {
  if (text.length > MOST_CHARACTERS) throw unreadableCondition(text, 0, `it is longer than ${MOST_CHARACTERS} characters`, where)
  const tokens = readTokens(text, where, operands)
  let next = 0
  let depth = 0

  const peek = (...operators: string[]): boolean => operators.includes(tokens[next]?.operator ?? '')
  const fail = (): Error => {
    const token = tokens[next]
    return unreadableCondition(text, token?.at ?? text.length, token ? `"${token.text}" is not expected here` : 'something is missing at its end', where)
  }
  const nested = <Result>(parse: () => Result): Result => {
    if (++depth > DEEPEST) throw unreadableCondition(text, tokens[next]?.at ?? text.length, `it is nested deeper than ${DEEPEST}`, where)
    const result = parse()
    depth--
    return result
  }

  const parseOr = (): Operand<Subject> => {
    let left = parseAnd()
    while (peek('or')) {
      next++
      const [one, other] = [left, parseAnd()]
      left = (subject) => Boolean(one(subject)) || Boolean(other(subject))
    }
    return left
  }
  const parseAnd = (): Operand<Subject> => {
    let left = parseNot()
    while (peek('and')) {
      next++
      const [one, other] = [left, parseNot()]
      left = (subject) => Boolean(one(subject)) && Boolean(other(subject))
    }
    return left
  }
  const parseNot = (): Operand<Subject> => {
    if (!peek('not')) return parseComparison()
    next++
    const inner = nested(parseNot)
    return (subject) => !inner(subject)
  }
  const parseComparison = (): Operand<Subject> => {
    const left = parseOperand()
    const compare = COMPARISONS[tokens[next]?.operator ?? '']
    if (!compare) return left
    next++
    const right = parseOperand()
    return (subject) => compare(left(subject), right(subject))
  }
  const parseOperand = (): Operand<Subject> => {
    const token = tokens[next]
    if (token?.operand) {
      next++
      return token.operand
    }
    if (peek('!')) {
      next++
      const inner = nested(parseOperand)
      return (subject) => !inner(subject)
    }
    if (!peek('(')) throw fail()
    next++
    const inner = nested(parseOr)
    if (!peek(')')) throw fail()
    next++
    return inner
  }

  const condition = parseOr()
  if (next < tokens.length) throw fail()
  return condition
}

function readTokens<Subject>(text: string, where: Position | undefined, { variable, read, template }: Operands<Subject>): Token<Subject>[] {
  const tokens: Token<Subject>[] = []
  let at = text.length - text.trimStart().length
  while (at < text.length) {
    TOKEN.lastIndex = at
    variable.lastIndex = at
    const token = TOKEN.exec(text)
    const word = token ? undefined : variable.exec(text)?.[0]
    const found = token?.[0] ?? word
    if (found === undefined) throw unreadableCondition(text, at, `"${text[at] ?? ''}" is not part of the language`, where)
    const [, number, quoted, braces, symbol = ''] = token ?? []
    const operand = (each: Operand<Subject>): void => void tokens.push({ at, operator: '', operand: each, text: found })
    const constant = (value: Json): void => operand(() => value)

    if (word !== undefined) {
      const value = Object.hasOwn(CONSTANTS, word) ? CONSTANTS[word] : undefined
      if (value !== undefined) constant(value)
      else if (WORDS.has(word)) tokens.push({ at, operator: word, operand: null, text: word })
      else operand(read(word, at))
    } else if (number !== undefined) constant(Number(number))
    else if (quoted !== undefined) {
      const content = quoted.slice(1, -1).replace(/\\([^])/g, '$1')
      if (template) operand(template.text(content))
      else constant(content)
    } else if (braces !== undefined) {
      if (!template) throw unreadableCondition(text, at, 'templates have no place here', where)
      operand(template.place(braces.slice(2, -2)))
    } else tokens.push({ at, operator: symbol === '&&' ? 'and' : symbol === '||' ? 'or' : symbol, operand: null, text: symbol })

    at += found.length
    while (/\s/.test(text[at] ?? '')) at++
  }
  return tokens
}
