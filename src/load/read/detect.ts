import type { Document } from '../../document.ts'
import { unknownDialect } from './errors.ts'
import { isMap } from './overlay.ts'

/** The dialects a file can be written in. */
export type FileDialect = 'artillery' | 'k6' | 'api' | 'connections'

const has = (value: unknown, key: string): boolean => isMap(value) && Object.hasOwn(value, key)
const within = (value: unknown, key: string): unknown => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined)
const K6_SHORTHANDS = ['stages', 'vus', 'iterations', 'duration', 'flows']

// The first that fits wins; `scenarios` as a list or a map tells the two that share the word apart.
const SIGNS: readonly (readonly [FileDialect, (value: unknown) => boolean])[] = [
  ['api', (value) => has(value, 'testName') || has(within(value, 'load'), 'phases')],
  ['k6', (value) => has(value, 'options') || isMap(within(value, 'scenarios'))],
  ['artillery', (value) => has(value, 'config') || Array.isArray(within(value, 'scenarios'))],
  ['connections', (value) => has(value, 'connections')],
  ['k6', (value) => K6_SHORTHANDS.some((key) => has(value, key))],
]

/** The dialect of a document, told by its keys. Throws UserError `UNKNOWN_SCENARIO`. */
export function detectDialect(document: Document): FileDialect {
  const dialect = SIGNS.find(([, fits]) => fits(document.value))?.[0]
  if (dialect === undefined) throw unknownDialect(document.file, isMap(document.value) ? Object.keys(document.value) : [], document.at([]))
  return dialect
}
