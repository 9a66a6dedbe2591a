import { isDeepStrictEqual } from 'node:util'
import { readDocument } from '../document.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** A value of a document that is to be written anew. */
export interface Change {
  /** Steps from the root of the document. */
  readonly path: readonly (string | number)[]
  /** What must stand there now, without quotes. */
  readonly from: string
  readonly to: string
}

/**
 * The text of a YAML or JSON document with other values and nothing else changed: comments, order and quotes stay.
 * Throws UserError `BUDGET_CHANGED` where something else stands at a place, and `CANNOT_EDIT` where the document would not mean the same but for the values.
 */
export function tightened(file: string, text: string, changes: readonly Change[]): string {
  const document = readDocument(file, text)
  const edits = changes.map(({ path, from, to }) => {
    const now = valueAt(document.value, path)
    const where = document.at(path)
    if (!(typeof now === 'string' || typeof now === 'number') || String(now) !== from) {
      throw new UserError({ code: 'BUDGET_CHANGED', kind: 'input', message: `${plain(file, 300)} was changed meanwhile: ${plain(path.join('.'), 200)} is no longer ${plain(from, 80)}`, hint: 'run it once more', where })
    }
    const span = document.spanOf(path)
    if (!span) throw cannotEdit(file, path, document.at(path))
    const quote = /^["']/.exec(text.slice(span.start, span.end))?.[0] ?? ''
    return { ...span, path, text: `${quote}${to}${quote}`, value: typeof now === 'number' ? Number(to) : to }
  })
  const result = [...edits].sort((a, b) => b.start - a.start).reduce((whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end), text)
  // An anchor that others take their value from, a number that is none any more: only the whole tells.
  const expected = edits.reduce((value, edit) => withValue(value, edit.path, edit.value), document.value)
  const first = edits[0]
  if (first && !isDeepStrictEqual(readDocument(file, result).value, expected)) throw cannotEdit(file, first.path, document.at(first.path))
  return result
}

function cannotEdit(file: string, path: readonly (string | number)[], where: UserError['where']): UserError {
  return new UserError({ code: 'CANNOT_EDIT', kind: 'input', message: `${plain(file, 300)} cannot be changed at ${plain(path.join('.'), 200)} without changing more than that`, hint: 'it is written by an anchor, an alias or as a block of text; write the value itself there', where })
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, step) => (inner !== null && typeof inner === 'object' && Object.hasOwn(inner, step) ? (inner as Record<PropertyKey, unknown>)[step] : undefined), value) // a map or a list
}

/** A copy of a value with another at one place. */
function withValue(value: unknown, path: readonly (string | number)[], to: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return to
  if (Array.isArray(value)) return value.map((each: unknown, index) => (index === Number(step) ? withValue(each, rest, to) : each))
  return Object.fromEntries(Object.entries(value as Readonly<Record<string, unknown>>).map(([key, each]) => [key, key === String(step) ? withValue(each, rest, to) : each])) // a map: something stands at the path
}
