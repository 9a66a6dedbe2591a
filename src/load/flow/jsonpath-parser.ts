import type { Position, UserError } from '../../model/error.ts'
import type { Json } from '../../model/plan.ts'
import { parseCondition } from './condition.ts'
import { unreadableJsonPath } from './errors.ts'

/** What a filter is asked about. */
export interface Filtered {
  readonly current: Json
  readonly document: Json
}

/** What a segment takes from a value. */
export type Selector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'slice'; readonly start: number | null; readonly end: number | null; readonly step: number }
  | { readonly kind: 'filter'; test(subject: Filtered): boolean }

/** A step of a path: what it takes from each value, or from each value and everything in it. */
export interface Segment {
  readonly descends: boolean
  readonly selectors: readonly Selector[]
}

/** Makes a question to a document of a path inside a filter. */
export type CompileInner = (path: string) => (document: Json | undefined) => Json | undefined

// path     = [ "$" ] { segment }                       without the "$" the first dot may be missing
// segment  = "." ( name | "*" ) | ".." ( name | "*" | list ) | list
// list     = "[" selector { "," selector } "]"
// selector = "*" | integer | slice | 'name' | "name" | "?" condition
// slice    = [ integer ] ":" [ integer ] [ ":" [ integer ] ]
const NAME = /[^\s.[\]()'",?*^~`\\]+/y
const QUOTED = /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y
const INDEX = /-?\d{1,15}(?=\s*(?:[,\]]|$))/y
const SLICE = /(-?\d{1,15})?\s*:\s*(-?\d{1,15})?\s*(?::\s*(-?\d{1,15})?)?/y
const INNER = /[@$](?:\.[^\s.[\]()'",?*^~`\\<>=!&|]+|\[\s*(?:-?\d{1,15}|'[^'\\]*'|"[^"\\]*")\s*\])*/y
const MOST_CHARACTERS = 5_000

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** Parses the grammar above. Throws UserError `INVALID_JSONPATH` or, for a filter, `INVALID_CONDITION`. */
export function parseJsonPath(text: string, where: Position | undefined, compileInner: CompileInner): Segment[] {
  let at = 0
  const fail = (problem: string): UserError => unreadableJsonPath(text, at, problem, where)
  const unexpected = (): UserError => fail(at < text.length ? `"${text[at] ?? ''}" is not expected here` : 'something is missing at its end')
  if (text.length > MOST_CHARACTERS) throw fail(`it is longer than ${MOST_CHARACTERS} characters`)

  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at += match[0].length
    return match
  }
  const skip = (symbol: string): boolean => {
    const found = text.startsWith(symbol, at)
    if (found) at += symbol.length
    return found
  }
  const space = (): void => void read(/\s*/y)

  const parseSelector = (): Selector => {
    if (skip('*')) return { kind: 'all' }
    const quoted = read(QUOTED)?.[0]
    if (quoted !== undefined) return { kind: 'name', name: unquote(quoted) }
    const index = read(INDEX)?.[0]
    if (index !== undefined) return { kind: 'index', index: Number(index) }
    const slice = read(SLICE)
    if (slice) {
      const [, start, end, step] = slice
      return { kind: 'slice', start: start === undefined ? null : Number(start), end: end === undefined ? null : Number(end), step: step === undefined ? 1 : Number(step) }
    }
    if (skip('?')) return parseFilter()
    if (text[at] === '(') throw fail('expressions are not supported; the last element is [-1]')
    throw unexpected()
  }
  const parseFilter = (): Selector => {
    const begins = at
    at = endOfFilter(text, at)
    if (at === -1) {
      at = begins
      throw fail('its filter is never closed')
    }
    const operand = parseCondition<Filtered>(text.slice(begins, at), where, {
      variable: INNER,
      read: (path) => {
        const inner = compileInner(`$${path.slice(1)}`)
        return path.startsWith('@') ? ({ current }) => inner(current) : ({ document }) => inner(document)
      },
    })
    return { kind: 'filter', test: (subject) => Boolean(operand(subject)) }
  }
  const parseList = (): Selector[] => {
    const selectors: Selector[] = []
    do {
      space()
      selectors.push(parseSelector())
      space()
    } while (skip(','))
    if (!skip(']')) throw unexpected()
    return selectors
  }
  const parseMember = (): Selector => {
    if (skip('*')) return { kind: 'all' }
    const name = read(NAME)?.[0]
    if (name === undefined) throw unexpected()
    return { kind: 'name', name }
  }

  space()
  const end = text.trimEnd().length
  if (at === end) throw fail('it is empty')
  const rooted = /^\s*\$(?=$|[\s.[])/.test(text) && skip('$')
  const segments: Segment[] = []
  while (at < end) {
    if (skip('..')) segments.push({ descends: true, selectors: skip('[') ? parseList() : [parseMember()] })
    else if (skip('[')) segments.push({ descends: false, selectors: parseList() })
    else if (skip('.') || (!rooted && segments.length === 0)) segments.push({ descends: false, selectors: [parseMember()] })
    else throw unexpected()
  }
  return segments
}

/** Where the bracket that closes a filter is; -1 without one. */
function endOfFilter(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\'' || character === '"') {
      QUOTED.lastIndex = at
      const quoted = QUOTED.exec(text)
      if (!quoted) return -1
      at += quoted[0].length - 1
    } else if (character === '(' || character === '[') depth++
    else if (character === ')') depth--
    else if (depth === 0 && (character === ']' || character === ',')) return at
    else if (character === ']') depth--
  }
  return -1
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, code: string | undefined, letter: string | undefined = '') => (code === undefined ? ESCAPES[letter] ?? letter : String.fromCharCode(parseInt(code, 16))))
}
