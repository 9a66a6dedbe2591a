import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** A step into a JSON document: a key of an object, or an index, from the end where it is negative. */
export type JsonStep = string | number

// path = [ "$" ] { "." name | "[" ( integer | 'name' | "name" ) "]" }      without the "$" the first dot may be missing
const NAME = /[^\s.[\]'"]+/y
const BRACKETS = /\[\s*(?:(-?\d{1,9})|'([^']*)'|"([^"]*)")\s*\]/y

/** Reads a path such as `$.checks[0].up`, `status` or `$['a key']`. Throws UserError `INVALID_JSONPATH`. */
export function readJsonPath(text: string): readonly JsonStep[] {
  const steps: JsonStep[] = []
  let at = text.startsWith('$') ? 1 : 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    at += match?.[0].length ?? 0
    return match
  }
  while (at < text.length) {
    const brackets = take(BRACKETS)
    if (brackets) {
      const [, index, single, double] = brackets
      steps.push(index === undefined ? single ?? double ?? '' : Number(index))
      continue
    }
    if (text[at] === '.') at++
    else if (at > 0) throw unreadable(text, at)
    const name = take(NAME)?.[0]
    if (name === undefined) throw unreadable(text, at)
    steps.push(name)
  }
  if (text === '') throw unreadable(text, 0)
  return steps
}

/** What stands at a path; undefined where there is nothing. */
export function valueAt(document: unknown, path: readonly JsonStep[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? (value as readonly unknown[]).at(step) : undefined
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    return (value as Readonly<Record<JsonStep, unknown>>)[step]
  }, document)
}

function unreadable(text: string, at: number): UserError {
  const what = at < text.length ? `"${plain(text[at] ?? '')}" is not expected at its character ${at + 1}` : 'something is missing at its end'
  return new UserError({ code: 'INVALID_JSONPATH', kind: 'input', message: `"${plain(text, 200)}" is not a path into JSON: ${what}`, hint: 'write it like $.status, checks[0].up or $[\'a key\']' })
}
