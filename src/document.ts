import { LineCounter, isMap, isPair, isScalar, parseDocument, type Document as YamlDocument, type Node, type Pair } from 'yaml'
import type * as z from 'zod/mini'
import { UserError, type Position } from './model/error.ts'
import { nearest } from './model/nearest.ts'
import { plain } from './model/text.ts'

/** Steps from the root of a document to a value. */
export type Path = readonly PropertyKey[]

/** A YAML or JSON file whose values know their line. */
export interface Document {
  readonly file: string
  readonly value: unknown
  /** Where the value at `path` stands; with `key`, where its key does. The nearest thing above it when there is none. */
  at(path: Path, part?: 'value' | 'key'): Position
}

/** A document whose own text is at hand. */
export interface TextDocument extends Document {
  /** From where to where the text of the number or word at `path` goes, quotes included; null where there is none: it is a list, a map, a block of text, or taken from elsewhere by an alias. */
  spanOf(path: Path): { readonly start: number; readonly end: number } | null
}

/** Most bytes of a document that is read. */
const MAX_BYTES = 16 * 1024 * 1024

/** Deeper nesting than a person writes; the library's recursion would end the process. */
const MOST_NESTED = 200

/** Reads YAML 1.2 or JSON. Throws UserError `INVALID_DOCUMENT` with the place of the first mistake. */
export function readDocument(file: string, text: string): TextDocument {
  if (text.length > MAX_BYTES) {
    throw new UserError({ code: 'INVALID_DOCUMENT', kind: 'input', message: `${file} is larger than 16 MiB`, hint: 'is it the right file?' })
  }
  if (nesting(text) > MOST_NESTED) {
    throw new UserError({ code: 'INVALID_DOCUMENT', kind: 'input', message: `${file} is nested more than ${MOST_NESTED} brackets deep`, hint: 'is it the right file?' })
  }
  const lines = new LineCounter()
  // A few aliases are convenient; a thousand are the "billion laughs" attack, which the library refuses when it makes the value.
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, uniqueKeys: true, logLevel: 'error' })
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const broken = (message: string, offset: number): UserError =>
    new UserError({ code: 'INVALID_DOCUMENT', kind: 'input', message: `${file} is not valid YAML: ${plain(message)}`, hint: 'look at the indentation and quotes of that line and the one before it', where: place(offset) })

  const mistake = yaml.errors[0]
  if (mistake) throw broken(mistake.message, mistake.pos[0])
  let value: unknown
  try {
    value = yaml.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error), 0)
  }
  return {
    file,
    value,
    at: (path, part = 'value') => place(offsetOf(yaml, path, part)),
    spanOf: (path) => spanOf(yaml, path),
  }
}

/** How deep the brackets of a text go, those in quotes counted too. */
function nesting(text: string): number {
  let depth = 0
  let most = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === '[' || bracket === '{' ? 1 : -1))
    if (depth > most) most = depth
  }
  return most
}

function offsetOf(yaml: YamlDocument, path: Path, part: 'value' | 'key'): number {
  let node: unknown = yaml.contents
  let offset = rangeStart(node)
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => isPair(item) && keyOf(item) === String(step))
      if (!pair) return offset
      offset = rangeStart(last && part === 'value' && pair.value ? pair.value : pair.key, offset)
      node = pair.value
    } else if (node && typeof node === 'object' && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(step)]
      offset = rangeStart(node, offset)
    } else {
      return offset
    }
  }
  return offset
}

function spanOf(yaml: YamlDocument, path: Path): { readonly start: number; readonly end: number } | null {
  let node: unknown = yaml.contents
  for (const step of path) {
    if (isMap(node)) node = node.items.find((item) => isPair(item) && keyOf(item) === String(step))?.value
    else node = node && typeof node === 'object' && 'items' in node && Array.isArray(node.items) ? node.items[Number(step)] : undefined
  }
  if (!isScalar(node) || !node.range || node.type?.startsWith('BLOCK') === true) return null
  return { start: node.range[0], end: node.range[1] }
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : ''
}

function rangeStart(node: unknown, otherwise = 0): number {
  return (node as Node | null | undefined)?.range?.[0] ?? otherwise
}

/**
 * The document's value as the schema knows it. Throws UserError `UNKNOWN_KEY` (with the nearest known one) or `INVALID_VALUE`,
 * each with the line it stands in; the hint lists further mistakes, the first five of them, which are in `details.mistakes` too.
 */
export function validate<T>(document: Document, schema: z.ZodMiniType<T>, about: string): T {
  const unheard = unheardKey(document.value, [])
  if (unheard) throw new UserError({ code: 'UNKNOWN_KEY', kind: 'input', message: `unknown key "__proto__" in ${about}`, hint: 'remove it', where: document.at(unheard, 'key') })
  const result = schema.safeParse(document.value)
  if (result.success) return result.data
  const all = result.error.issues.flatMap((issue) => flatten(issue, []))
  const issues = all.filter((issue) => !isConsequence(issue, all, schema, document))
  // A mistyped key is the cause of a missing one, so it comes first; then the mistake nearest to the top.
  const placed = issues
    .map((issue) => ({ issue, where: positionOf(document, issue) }))
    .sort((a, b) => Number(a.issue.keys === undefined) - Number(b.issue.keys === undefined) || a.where.line - b.where.line || a.where.column - b.where.column)
  const first = placed[0]
  if (!first) throw new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `${document.file} is not ${about}`, hint: 'see the documentation of the file' })
  throw mistake(document, schema, first.issue, first.where, about, placed.slice(1).map(({ issue, where }) => ({ where, message: messageOf(document, issue, about) })))
}

/** Another mistake of the same file. */
interface Other {
  readonly where: Position
  readonly message: string
}

const MOST_OTHERS = 5

function showOthers(others: readonly Other[]): string {
  if (others.length === 0) return ''
  const more = others.length > MOST_OTHERS ? `; and ${others.length - MOST_OTHERS} more` : ''
  return `; also wrong in this file: ${others.slice(0, MOST_OTHERS).map(({ where, message }) => `${message} (line ${where.line})`).join('; ')}${more}`
}

/** Whether a mistyped key is all that is behind it: what it was to be is missing then, or the whole map is found wanting. */
function isConsequence({ path, keys, isCustom }: Issue, all: readonly Issue[], schema: z.ZodMiniType, document: Document): boolean {
  if (keys !== undefined) return false
  const typos = all.flatMap((other) => other.keys?.map((key) => ({ above: other.path, meant: nearest(key, keysAt(schema, other.path, document.value)) })) ?? []).filter(({ meant }) => meant !== undefined)
  if (isCustom && typos.some(({ above }) => showPath(above) === showPath(path))) return true
  return valueAt(document.value, path) === undefined && typos.some(({ above, meant }) => meant !== undefined && showPath([...above, meant]) === showPath(path))
}

/** Where a key stands that schemas pass over in silence, and what is below it with it. */
function unheardKey(value: unknown, path: Path): Path | undefined {
  if (value === null || typeof value !== 'object') return undefined
  if (Object.hasOwn(value, '__proto__')) return [...path, '__proto__']
  for (const [key, inner] of Object.entries(value)) {
    const found = unheardKey(inner, [...path, Array.isArray(value) ? Number(key) : key])
    if (found) return found
  }
  return undefined
}

interface Issue {
  /** What the value must be: `must be at least 0`. */
  readonly demand: string
  readonly path: Path
  readonly keys?: readonly string[]
  readonly values?: readonly unknown[]
  /** Whether the schema has a rule of its own for it, which it applies to the value as a whole. */
  readonly isCustom?: boolean
}

const TYPE_NAMES: Readonly<Record<string, string>> = { string: 'text', object: 'a map', record: 'a map', array: 'a list', number: 'a number', int: 'a whole number', boolean: 'true or false', null: 'empty' }

/** The demand of an issue in words; the schema's own message where it gave one. */
function demandOf(issue: z.core.$ZodIssue): string {
  if (issue.message !== '' && issue.message !== 'Invalid input') return issue.message
  switch (issue.code) {
    case 'invalid_type': return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`
    case 'too_small': return issue.origin === 'array' || issue.origin === 'string' ? `must have at least ${String(issue.minimum)} of them` : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}`
    case 'too_big': return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}`
    case 'invalid_value': return `must be ${issue.values.map(String).join(' or ')}`
    default: return 'is not valid'
  }
}

/** A union's issue holds one list per member: the member that got furthest is what the author meant. */
function flatten(issue: z.core.$ZodIssue, above: Path): Issue[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && 'options' in issue && issue.discriminator !== undefined) {
    const options = issue.options ?? []
    return [{ demand: `must be one of ${options.map(String).join(', ')}`, path, values: options }]
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.min(...issues.map((each) => (each.code === 'unrecognized_keys' ? 50 : each.code === 'custom' ? 10 : 0) + each.path.length * 100))
    const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
    const mistyped = best.every((each) => each.path.length === 0 && each.code === 'invalid_type')
    if (!mistyped) return best.flatMap((each) => flatten(each, path))
    const wanted = issue.errors.flatMap((errors) => errors.map((each) => demandOf(each).replace(/^must be /, '')))
    return [{ demand: `must be ${[...new Set(wanted)].join(' or ')}`, path }]
  }
  const parts: Issue = { demand: demandOf(issue), path, ...(issue.code === 'custom' ? { isCustom: true } : {}) }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ ...parts, keys: [key] }))
  return [issue.code === 'invalid_value' ? { ...parts, values: issue.values } : parts]
}

function positionOf(document: Document, issue: Issue): Position {
  const key = issue.keys?.[0]
  return key === undefined ? document.at(issue.path) : document.at([...issue.path, key], 'key')
}

function messageOf(document: Document, { path, keys, demand }: Issue, about: string): string {
  const subject = path.length === 0 ? about : `"${showPath(path)}"`
  const key = keys?.[0]
  if (key !== undefined) return `unknown key "${plain(key, 80)}" in ${subject}`
  const value = valueAt(document.value, path)
  return value === undefined ? `${subject} is missing: it ${demand}` : `${subject} ${demand}, but it is ${isSecret(path) ? 'something else' : describe(value)}`
}

function mistake(document: Document, schema: z.ZodMiniType, issue: Issue, where: Position, about: string, others: readonly Other[]): UserError {
  const more = showOthers(others)
  const rest = { where, ...(others.length > 0 ? { details: { mistakes: others.slice(0, MOST_OTHERS).map(({ message, where: { line, column } }) => ({ message, line, column })), more: Math.max(0, others.length - MOST_OTHERS) } } : {}) }
  const message = messageOf(document, issue, about)
  const key = issue.keys?.[0]
  if (key !== undefined) {
    const known = keysAt(schema, issue.path, document.value)
    const near = nearest(key, known)
    return new UserError({
      code: 'UNKNOWN_KEY',
      kind: 'input',
      message,
      hint: `${near ? `did you mean "${near}"?` : known.length > 0 ? `known there: ${known.join(', ')}` : 'remove it'}${more}`,
      ...rest,
    })
  }
  const value = valueAt(document.value, issue.path)
  const near = issue.values && typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined
  return new UserError({
    code: 'INVALID_VALUE',
    kind: 'input',
    message,
    hint: `${near ? `did you mean "${near}"?` : value === undefined ? 'add it' : wanted(issue)}${more}`,
    ...rest,
  })
}

/** What to write instead: `write a size such as 500KB there`. */
function wanted({ demand, values }: Issue): string {
  const [, bound, noun] = /^must be (?:((?:at least|at most|more than|less than) -?[\d.]+$)|((?:an? |text\b|true |empty\b|one of ).*))/.exec(demand) ?? []
  if (bound !== undefined) return `write a number that is ${bound}`
  if (noun !== undefined) return `write ${noun} there`
  return values === undefined ? `it ${demand}` : `write ${values.map(String).join(' or ')}`
}

/** Whether what stands there is not to be repeated. */
function isSecret(path: Path): boolean {
  return /password|token|secret|apiKey|^hash$/i.test(String(path.findLast((step) => typeof step === 'string') ?? ''))
}

function describe(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? `the text "${plain(value, 60)}"` : JSON.stringify(value)
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[step] : undefined), value)
}

function showPath(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join('')
}

/** The keys a schema knows at a path; of a union those of the member that the value names, else of all. */
function keysAt(schema: z.core.$ZodType, path: Path, value: unknown): string[] {
  const def = schema._zod.def as unknown as SchemaParts
  if (def.type === 'union') return [...new Set(membersFor(def, value).flatMap((option) => keysAt(option, path, value)))]
  if (def.type === 'pipe') return keysAt(def.in ?? schema, path, value)
  if (def.innerType) return keysAt(def.innerType, path, value)
  const getter = def.getter
  if (getter) return keysAt(getter(), path, value)
  const [step, ...rest] = path
  if (step === undefined) return Object.keys(def.shape ?? {})
  const next = def.shape?.[String(step)] ?? def.items?.[Number(step)] ?? def.element ?? def.valueType
  return next ? keysAt(next, rest, valueAt(value, [step])) : []
}

/** The members of a union that a value may be: where they are told apart by a key, the one that it names. */
function membersFor({ options = [], discriminator }: SchemaParts, value: unknown): readonly z.core.$ZodType[] {
  if (discriminator === undefined) return options
  const named = valueAt(value, [discriminator])
  const chosen = options.filter((option) => (option._zod.def as unknown as SchemaParts).shape?.[discriminator]?._zod.values?.has(named as z.core.util.Primitive))
  return chosen.length > 0 ? chosen : options
}

/** What is read of zod's definitions; the library types each kind apart. */
interface SchemaParts {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly items?: readonly z.core.$ZodType[]
  readonly element?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly discriminator?: string
  readonly getter?: () => z.core.$ZodType
}
