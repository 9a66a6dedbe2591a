import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { toJSONSchema } from 'zod/mini'
import { CHECK_TYPES } from '../src/health/check-types.ts'
import { healthSchema } from '../src/health-schema/schema.ts'
import { showDuration } from '../src/model/unit.ts'

/** Makes a Markdown table. */
type MakeTable = (head: readonly string[], rows: readonly (readonly string[])[]) => string

interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly required?: readonly string[]
}

const FOLDER = resolve(import.meta.dirname, '../src/health-schema')
/** What need not be told above a key whose name says it; of one kind, or of all that have it. */
const PLAIN: Readonly<Record<string, string>> = {
  timeout: 'For one try; by its type where it is left out, see above.', retries: 'How often it is tried again after it failed or could not tell; 0 where it is left out.', pause: 'Between two tries; 1 s where it is left out.',
  responseTime: 'Time it takes to answer.', user: 'Who asks.', 'process.user': 'Whom it must belong to.', password: 'Of that user.', host: 'Its name or address.', port: 'Its port.', url: 'Its address.', insecure: 'Takes any certificate, and says so.',
  'disk.usage': 'Space in use.', 'disk.inodes': 'Inodes in use.', 'memory.usage': 'Memory in use.', 'swap.usage': 'Swap in use.', 'files.usage': 'Open files of those there may be.', 'store.size': 'Its size.', 'clock.offset': 'How far the clock is off, either way.',
  'pressure.cpu': 'Share of the last minute in which something waited for a processor.', 'pressure.memory': 'Share of the last minute in which something waited for memory.', 'pressure.io': 'Share of the last minute in which something waited for a disk.',
  'systemd.unit': 'Units that must be active.', 'command.env': 'Variables it is given besides.', 'command.directory': 'Where it runs.', 'dns.records': 'Kinds of records.', 'http.method': 'How it is asked.', 'http.headers': 'Sent with the request.', 'http.body': 'Sent with the request.', 'http.expect': 'What the answer must be.',
  token: 'Shown to it.', apiKey: 'Shown to it.', database: 'The database that is asked.', role: 'Whether it must be the primary, a replica, or may be either.', replicationLag: 'How far a replica is behind.',
}
const code = (text: string): string => `\`${text}\``

/** A row for every kind of check. */
export function checkTypesTable(table: MakeTable): string {
  const rows = Object.entries(CHECK_TYPES).map(([type, { about, component, timeoutMs, onSilence, isExternal }]) => [`[${code(type)}](#${type})`, about, code(component), showDuration(timeoutMs), `${onSilence === 'fail' ? 'critical' : 'unknown'}${isExternal ? ' (external, so a warning)' : ''}`])
  return table(['type', 'what it checks', 'component', 'time for one try', 'when nothing comes in that time'], rows)
}

/** The keys that every check has, and below them those of each kind; what is told of them are the comments of the schemas. */
export function checkKeysTables(table: MakeTable): string {
  // The schema of the section has a list of checks, each one of several kinds.
  const section = toJSONSchema(healthSchema) as Schema
  const items = section.properties?.['checks']?.items
  const kinds = items?.oneOf ?? items?.anyOf ?? []
  const comments = readComments()
  const common = comments.get('') ?? new Map<string, string>()
  const row = (key: string, schema: Schema, about: string, isNeeded: boolean): string[] => about === '' ? untold(key) : [code(key), `${describe(schema)}${isNeeded ? ' (needed)' : ''}`, about]
  const first = kinds[0]?.properties ?? {}
  const head = ['key', 'value', 'what it is']
  const all = Object.keys(first).filter((key) => common.has(key)).map((key) => row(key, first[key] ?? {}, PLAIN[key] ?? common.get(key) ?? '', false))
  const each = kinds.map(({ properties = {}, required = [] }) => {
    const type = String(properties['type']?.const)
    const rows = Object.entries(properties).filter(([key]) => key !== 'type' && !common.has(key)).map(([key, schema]) => row(key, schema, comments.get(type)?.get(key) || PLAIN[`${type}.${key}`] || PLAIN[key] || '', required.includes(key)))
    return `#### ${type}\n\n${rows.length === 0 ? 'No keys of its own.' : table(head, rows)}`
  })
  return [`#### Every check\n\n${table(head, all)}`, ...each].join('\n\n')
}

function untold(key: string): never {
  throw new Error(`nothing is told of the key "${key}": write a comment above it in src/health-schema`)
}

/** What a value may be, in words. */
function describe(schema: Schema): string {
  const any = schema.anyOf ?? schema.oneOf
  if (schema.const !== undefined) return code(JSON.stringify(schema.const).replaceAll('"', ''))
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(', ')
  if (any) {
    const kind = any.map(({ pattern = '' }) => (pattern.includes('µs') ? 'a duration' : pattern.includes('%') ? 'a share' : pattern.includes('KMGTP') ? 'a size' : '')).find((each) => each !== '')
    if (kind) return kind
    const levels = any.find(({ properties }) => properties?.['warning'] && properties['critical'])
    if (levels) return `levels: ${code('{warning, critical}')}, each ${describe(levels.properties?.['warning'] ?? {})}, or ${code('off')}`
    if (any.some(({ properties }) => properties?.['env'])) return `a secret: ${code('{file: ...}')}, ${code('{env: ...}')} or itself`
    if (any.length === 2 && any[0]?.type === 'string' && any[1]?.type === 'array') return 'a text, or a list of them'
    return [...new Set(any.map(describe))].join(' or ')
  }
  if (schema.type === 'array') return `a list of ${describe(schema.items ?? {}).replace(/^an? /, '')}`
  if (schema.type === 'object') return schema.properties ? `a map: ${Object.entries(schema.properties).map(([key, value]) => `${code(key)} (${describe(value)})`).join(', ')}` : 'a map'
  if (schema.type === 'boolean') return '`true` or `false`'
  if (schema.type === 'integer' || schema.type === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema
    const isBounded = maximum < Number.MAX_SAFE_INTEGER
    return minimum > Number.MIN_SAFE_INTEGER ? `a number${isBounded ? ` from ${minimum} to ${maximum}` : ` from ${minimum}`}` : 'a number'
  }
  return schema.type === 'null' ? 'null' : 'a text'
}

/** The comments above the keys of the schemas, by type and key; those of every check stand under ''. Shared groups (`...HTTP`) are followed by name. */
function readComments(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const groups = new Map<string, Map<string, string>>()
  const found = new Map<string, ReadonlyMap<string, string>>()
  for (const name of ['parts.ts', 'places.ts', 'system.ts', 'network.ts', 'database.ts']) {
    const source = ts.createSourceFile(name, readFileSync(resolve(FOLDER, name), 'utf8'), ts.ScriptTarget.Latest, true)
    const keysOf = (object: ts.ObjectLiteralExpression): Map<string, string> => {
      const keys = new Map<string, string>()
      for (const each of object.properties) {
        if (ts.isSpreadAssignment(each)) for (const [key, about] of groups.get(each.expression.getText()) ?? []) keys.set(key, about)
        if (ts.isPropertyAssignment(each)) keys.set(each.name.getText(), commentOf(each, source) ?? commentOfShared(each, groups) ?? '')
      }
      return keys
    }
    const visit = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && node.initializer) {
        const value = ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer
        if (ts.isObjectLiteralExpression(value)) groups.set(node.name.getText(), keysOf(value))
      }
      if (ts.isObjectLiteralExpression(node)) {
        const type = node.properties.find((each) => ts.isPropertyAssignment(each) && each.name.getText() === 'type')?.getText()
        const literal = /z\.literal\('(\w+)'\)/.exec(type ?? '')?.[1]
        if (literal) found.set(literal, keysOf(node))
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found.set('', groups.get('COMMON') ?? new Map<string, string>())
}

/** Also one that stands in the line of the key before it. */
function commentOf(node: ts.Node, source: ts.SourceFile): string | undefined {
  const before = source.text.slice(node.getFullStart(), node.getStart(source))
  return [...before.matchAll(/\/\*\*\s*([\s\S]*?)\s*\*\//g)].at(-1)?.[1]?.replace(/\s*\n\s*\*\s*/g, ' ')
}

/** `ca: TLS.ca` is told where TLS is. */
function commentOfShared(node: ts.PropertyAssignment, groups: ReadonlyMap<string, ReadonlyMap<string, string>>): string | undefined {
  const [group = '', key = ''] = node.initializer.getText().split('.')
  return groups.get(group)?.get(key)
}
