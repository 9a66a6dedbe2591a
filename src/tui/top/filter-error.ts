import { nearest } from '../../model/nearest.ts'
import { plain } from '../../model/text.ts'
import { UserError } from '../../model/error.ts'
import { FILTER_FIELDS, type FilterField } from './filter-field.ts'

/** The one error of filter expressions: a line for the prompt, with the column (from 1) and what would have been right. */
function filterError(column: number, problem: string, expected: string): UserError {
  return new UserError({
    code: 'FILTER_SYNTAX', kind: 'usage', message: `column ${column}: ${problem}`, details: { column, expected },
    hint: 'write it like cpu>30 and user:root, or quote a text to search for it',
  })
}

/** Something else than what can stand here. */
export function unexpected(column: number, expected: string, found: string): UserError {
  return filterError(column, `expected ${expected}, found ${found === '' ? 'the end' : `"${plain(found, 24)}"`}`, expected)
}

/** A comparison of something that no process has. */
export function noSuchField(column: number, name: string): UserError {
  const names = FILTER_FIELDS.flatMap((field) => field.names)
  const meant = nearest(name, names)
  return filterError(column, `there is no field "${plain(name, 24)}"; ${meant === undefined ? 'quote it to search for it' : `did you mean ${meant}?`}`, meant ?? `one of ${names.join(', ')}`)
}

/** An operator that says nothing about this field. */
export function noSuchOperator(column: number, field: FilterField, operator: string, operators: readonly string[]): UserError {
  const expected = operators.length === 0 ? `${field.names[0]} alone` : operators.join(' ')
  return filterError(column, `${field.names[0]} does not go with ${operator}; expected ${expected}`, expected)
}

/** A filter that nobody typed. */
export function tooLong(limit: number): UserError {
  return filterError(limit + 1, `a filter ends after ${limit} characters`, `at most ${limit} characters`)
}

/** A pattern outside the subset that is understood; `problem` names the part. */
export function badPattern(column: number, problem: string): UserError {
  return filterError(column, problem, 'a pattern of characters . [ ] ( ) | * + ? ^ $ and \\')
}
