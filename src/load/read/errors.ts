import { UserError, type Position } from '../../model/error.ts'
import { nearest } from '../../model/nearest.ts'
import { plain } from '../../model/text.ts'
import type { Spot } from './spot.ts'

// Whatever of the file is quoted may hold anything; here it becomes safe for a terminal, once for all.
const input = (code: string, message: string, hint: string, where: Position): UserError => new UserError({ code, kind: 'input', message: plain(message, 1_000), hint: plain(hint, 1_000), where })

/** How a wrong value is quoted. */
function quote(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (typeof value === 'string') return `the text "${plain(value, 60)}"`
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a map'
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value
}

/** What a list of names offers to someone who wrote another one. */
function offer(name: string, known: readonly string[], otherwise: string): string {
  const near = nearest(name, known)
  if (near !== undefined) return `did you mean "${near}"?`
  return known.length > 0 ? `known: ${known.map((each) => plain(each, 60)).join(', ')}` : otherwise
}

/** A value that the schema could not refuse: `demand` reads "must be more than 0". */
export const invalidValue = (spot: Spot, demand: string, value: unknown, hint = 'correct the value'): UserError =>
  input('INVALID_VALUE', `"${plain(spot.name, 120)}" ${demand}, but it is ${quote(value)}`, hint, spot.where())

/** A value that another one makes necessary. */
export const missingValue = (spot: Spot, key: string, what: string): UserError =>
  input('INVALID_VALUE', `"${plain(spot.at(key).name, 120)}" is missing: ${what}`, 'add it', spot.where())

/** Keys that exclude each other. */
export const conflictingKeys = (spot: Spot, keys: readonly string[], why: string): UserError =>
  input('CONFLICTING_KEYS', `${spot.name === '' ? spot.file : `"${plain(spot.name, 120)}"`} has ${keys.map((key) => `"${plain(key, 60)}"`).join(' and ')}: ${why}`, 'keep one of them', spot.where())

/** A key that exists, but not in this company. */
export const misplacedKey = (spot: Spot, key: string, why: string): UserError =>
  input('MISPLACED_KEY', `"${plain(key, 60)}" does not belong in "${plain(spot.name, 120)}": ${why}`, 'remove it', spot.at(key).keyWhere())

/** A documented feature of another tool that this one lacks. */
export const unsupported = (what: string, hint: string, where: Position): UserError => input('UNSUPPORTED', `${what} is not supported yet`, hint, where)

/** A file that is none of the four dialects. */
export const unknownDialect = (file: string, keys: readonly string[], where: Position): UserError =>
  input(
    'UNKNOWN_SCENARIO',
    `${file} is not a scenario: ${keys.length === 0 ? 'it has no keys' : `it has ${keys.slice(0, 8).map((key) => `"${plain(key, 40)}"`).join(', ')}`}`,
    'looked for config + scenarios (Artillery), a map of scenarios with executors or stages, vus, iterations (k6), testName + load.phases (API), or connections',
    where,
  )

/** A test without a word about who arrives when. */
export const noLoad = (spot: Spot, what: string, hint: string): UserError => input('NO_LOAD', what, hint, spot.where())

/** A list of scenarios, steps or rows that is empty. */
export const nothingIn = (code: 'NO_SCENARIOS' | 'EMPTY_FLOW', spot: Spot, what: string, hint: string): UserError => input(code, what, hint, spot.where())

/** Two things of one name, whose results could not be told apart. */
export const duplicateName = (what: string, name: string, spot: Spot): UserError =>
  input('DUPLICATE_NAME', `two ${what} are named "${plain(name, 80)}"`, 'give each a name of its own', spot.where())

/** A word that must be one of a list: an executor, a flow, a method. */
export const unknownWord = (code: string, what: string, word: string, known: readonly string[], where: Position): UserError =>
  input(code, `unknown ${what} "${plain(word, 80)}"`, offer(word, known, `there is no ${what} in this file`), where)

/** A scenario with relative addresses and nothing to relate them to. */
export const noTarget = (file: string, key: string, where: Position): UserError =>
  input('NO_TARGET', `${file} does not say which server to send to`, `add "${key}" to it or pass --target`, where)

/** A target or url that cannot be sent to. */
export const invalidTarget = (what: string, value: string, problem: string, hint: string, where: Position): UserError =>
  input('INVALID_TARGET', `${what} "${plain(value, 120)}" ${problem}`, hint, where)

/** A metric that neither the catalogue nor the scenario knows. */
export const unknownMetric = (name: string, known: readonly string[], where: Position): UserError => {
  const near = nearest(name, known)
  return input('UNKNOWN_METRIC', `unknown metric "${plain(name, 80)}"`, `${near === undefined ? '' : `did you mean "${near}"? otherwise `}declare it under "metrics", like ${plain(name, 60)}: trend`, where)
}

/** A threshold that can be read but makes no sense. */
export const invalidThreshold = (text: string, problem: string, hint: string, where: Position): UserError =>
  input('INVALID_THRESHOLD', `the threshold "${plain(text, 120)}" cannot be judged: ${problem}`, hint, where)

/** A CSV file that is missing or not what the scenario says. */
export const invalidPayload = (message: string, hint: string, where: Position): UserError => input('INVALID_PAYLOAD', message, hint, where)
