import type { Position } from '../../model/error.ts'
import type { Json } from '../../model/plan.ts'
import { parseJsonPath, type Segment, type Selector } from './jsonpath-parser.ts'
import { isList, isObject } from './value.ts'
import { memberOf } from './variable.ts'

/** A question to a JSON document. */
export interface JsonPath {
  readonly text: string
  /** The first value it leads to, in the order of the document; undefined for none. */
  readonly first: (document: Json | undefined) => Json | undefined
  /** Every value it leads to. */
  readonly all: (document: Json | undefined) => readonly Json[]
}

/**
 * Compiles a JSONPath (RFC 9535): names, indexes, `*`, slices, lists of these, `..` and filters in the grammar of `condition.ts`.
 * Differences: the `$` may be left out, a filter holds for what is true rather than for what exists, as in jsonpath-plus, and its functions are not there.
 * Throws UserError `INVALID_JSONPATH` for everything else.
 */
export function compileJsonPath(text: string, where?: Position): JsonPath {
  const segments = parseJsonPath(text, where, (inner) => compileJsonPath(inner, where).first)
  const keys = plainKeys(segments)
  if (keys) {
    const first = (document: Json | undefined): Json | undefined => {
      let value = document
      for (const key of keys) {
        value = typeof key === 'number' ? elementOf(value, key) : isObject(value) ? memberOf(value, key) : undefined
        if (value === undefined) return undefined
      }
      return value
    }
    return { text, first, all: (document) => listOf(first(document)) }
  }
  const all = (document: Json | undefined): readonly Json[] => {
    if (document === undefined) return []
    let values: Json[] = [document]
    for (const segment of segments) {
      const found: Json[] = []
      for (const value of values) {
        if (segment.descends) descend(value, (each) => selectAll(segment, each, document, found))
        else selectAll(segment, value, document, found)
      }
      values = found
    }
    return values
  }
  return { text, first: (document) => all(document)[0], all }
}

const listOf = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value])

/** The keys of a path that leads to at most one value; null for any other. */
function plainKeys(segments: readonly Segment[]): (string | number)[] | null {
  const keys: (string | number)[] = []
  for (const { descends, selectors } of segments) {
    const [only] = selectors
    if (descends || selectors.length !== 1 || only === undefined) return null
    if (only.kind === 'name') keys.push(only.name)
    else if (only.kind === 'index') keys.push(only.index)
    else return null
  }
  return keys
}

function elementOf(value: Json | undefined, index: number): Json | undefined {
  return isList(value) ? value[index < 0 ? value.length + index : index] : undefined
}

/** Visits a value and everything in it, parents first; without recursion, for a server may nest as deep as it likes. */
function descend(root: Json, visit: (value: Json) => void): void {
  const waiting: Json[] = [root]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    visit(value)
    const children = childrenOf(value)
    for (let index = children.length - 1; index >= 0; index--) waiting.push(children[index] ?? null)
  }
}

function childrenOf(value: Json): readonly Json[] {
  return isList(value) ? value : isObject(value) ? Object.values(value) : []
}

function selectAll({ selectors }: Segment, value: Json, document: Json, found: Json[]): void {
  for (const selector of selectors) select(selector, value, document, found)
}

function select(selector: Selector, value: Json, document: Json, found: Json[]): void {
  switch (selector.kind) {
    case 'name': {
      const member = isObject(value) ? memberOf(value, selector.name) : undefined
      if (member !== undefined) found.push(member)
      return
    }
    case 'index': {
      const element = elementOf(value, selector.index)
      if (element !== undefined) found.push(element)
      return
    }
    case 'all': {
      for (const child of childrenOf(value)) found.push(child)
      return
    }
    case 'slice': {
      if (isList(value)) slice(value, selector, found)
      return
    }
    case 'filter': {
      for (const child of childrenOf(value)) if (selector.test({ current: child, document })) found.push(child)
    }
  }
}

/** RFC 9535 2.3.4.2.2. */
function slice(list: readonly Json[], { start, end, step }: Extract<Selector, { kind: 'slice' }>, found: Json[]): void {
  const { length } = list
  if (step === 0) return
  const normalize = (index: number): number => (index >= 0 ? index : length + index)
  const from = normalize(start ?? (step > 0 ? 0 : length - 1))
  const to = end === null ? (step > 0 ? length : -1) : normalize(end)
  if (step > 0) {
    for (let index = Math.min(Math.max(from, 0), length); index < Math.min(Math.max(to, 0), length); index += step) found.push(list[index] ?? null)
  } else {
    for (let index = Math.min(Math.max(from, -1), length - 1); index > Math.min(Math.max(to, -1), length - 1); index += step) found.push(list[index] ?? null)
  }
}
