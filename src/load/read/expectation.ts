import type * as z from 'zod/mini'
import type { Position } from '../../model/error.ts'
import type { Expectation, Json } from '../../model/plan.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import { readRegexp } from './capture.ts'
import { conflictingKeys, invalidValue, missingValue, unsupported } from './errors.ts'
import { durationOf, isTemplate, isYes } from './quantity.ts'
import type { Spot } from './spot.ts'
import type { expectSchema, matchSchema } from './step-schema.ts'

type Expect = z.infer<typeof expectSchema>
type Match = z.infer<typeof matchSchema>
type Read<T> = (value: T, spot: Spot) => Meaning
type Meaning = Expectation extends infer E ? (E extends Expectation ? Omit<E, 'where'> : never) : never

const showJson = (value: Json): string => plain(typeof value === 'string' ? value : JSON.stringify(value), 80)
const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value as readonly T[] : [value as T])

/** Artillery's expectations (extensions/expect), and `responseTime`. */
const EXPECTATIONS: { readonly [K in keyof Expect]-?: Read<NonNullable<Expect[K]>> } = {
  statusCode: (value, spot) => status('status', value, spot),
  notStatusCode: (value, spot) => status('notStatus', value, spot),
  contentType: (type) => ({ kind: 'contentType', type, text: `content type is ${plain(type, 80)}` }),
  hasHeader: (name) => ({ kind: 'hasHeader', name: name.toLowerCase(), text: `has the header ${plain(name, 80)}` }),
  headerEquals: (pair, spot) => {
    const [name, value] = pair
    if (name === undefined || value === undefined || pair.length !== 2) throw invalidValue(spot, 'must be a header and its value', pair, 'write it like [content-type, text/html]')
    return headerIs(String(name), String(value))
  },
  hasProperty: (path) => ({ kind: 'hasProperty', path, present: true, text: `has the property ${plain(path, 80)}` }),
  notHasProperty: (path) => ({ kind: 'hasProperty', path, present: false, text: `has no property ${plain(path, 80)}` }),
  equals: (values, spot) => {
    if (values.length < 2) throw invalidValue(spot, 'must have two or more values', values, 'one value always equals itself: add what it is compared with')
    return { kind: 'equals', values, negate: false, text: `${values.map(showJson).join(' equals ')}` }
  },
  matchesRegexp: (pattern, spot) => ({ kind: 'matchesRegexp', pattern: readRegexp(pattern, '', spot), text: `body matches ${plain(pattern, 80)}` }),
  responseTime: (value, spot) => {
    const maxMs = durationOf(typeof value === 'string' ? value.replace(/^\s*<=?\s*/, '') : value, spot, 1, 'more')
    return { kind: 'responseTime', maxMs, text: `response time is under ${showDuration(maxMs)}` }
  },
}

const headerIs = (name: string, value: string): Meaning => ({ kind: 'headerEquals', name: name.toLowerCase(), value, text: `the header ${plain(name, 80)} is ${plain(value, 80)}` })

/** What `expect` demands. Throws UserError. */
export function readExpectations(expect: Expect | readonly Expect[] | undefined, spot: Spot): Expectation[] {
  return each(expect, spot).flatMap(([entry, place]) => {
    const keys = Object.keys(entry) as (keyof Expect)[]
    if (keys.length === 0) throw invalidValue(place, 'must expect something', entry, `known: ${Object.keys(EXPECTATIONS).join(', ')}`)
    return keys.filter((key) => entry[key] !== undefined).map((key) => {
      // The table has one reader for each key, of the key's own type.
      const read = EXPECTATIONS[key] as Read<unknown>
      return located(read(entry[key], place.at(key)), place.at(key).keyWhere())
    })
  })
}

/** What `match` demands, Artillery's older way. Throws UserError. */
export function readMatches(match: Match | readonly Match[] | undefined, spot: Spot): Expectation[] {
  return each(match, spot).map(([entry, place]) => located(readMatch(entry, place), place.where()))
}

function readMatch(match: Match, spot: Spot): Meaning {
  const [source, other] = (['json', 'header', 'regexp', 'statusCode'] as const).filter((key) => match[key] !== undefined)
  if (source === undefined) throw missingValue(spot, 'json', 'a match looks at json, header, regexp or statusCode')
  if (other !== undefined) throw conflictingKeys(spot, [source, other], 'a match looks at one thing')
  if (match.strict !== undefined && !isYes(match.strict)) throw unsupported('a match that is not strict', 'remove it, or use "expect"', spot.at('strict').keyWhere())
  if (match.statusCode !== undefined) return status('status', match.statusCode, spot.at('statusCode'))
  if (match.regexp !== undefined) {
    if (match.value !== undefined) throw unsupported('a regexp match with a value', 'put the value into the regular expression, or capture it and use "expect: equals"', spot.at('value').keyWhere())
    return EXPECTATIONS.matchesRegexp(match.regexp, spot.at('regexp'))
  }
  if (match.value === undefined) throw missingValue(spot, 'value', 'what the response must hold there')
  if (match.header !== undefined) return headerIs(match.header, typeof match.value === 'string' ? match.value : JSON.stringify(match.value))
  return { kind: 'jsonEquals', path: match.json ?? '$', value: match.value, text: `${plain(match.json ?? '$', 80)} is ${showJson(match.value)}` }
}

function status(kind: 'status' | 'notStatus', value: number | string | readonly (number | string)[], spot: Spot): Meaning {
  const codes = list(value).map((code, index) => {
    if (isTemplate(code)) return code
    if (typeof code === 'string' && /^\s*([1-5]xx|[1-5]\d\d\s*-\s*[1-5]\d\d)\s*$/i.test(code)) return code.trim()
    const number = Number(code)
    if (!Number.isInteger(number) || number < 100 || number > 599) throw invalidValue(Array.isArray(value) ? spot.at(index) : spot, 'must be a status code from 100 to 599, or several such as 2xx or 200-204', code)
    return number
  })
  if (codes.length === 0) throw invalidValue(spot, 'must name a status code', value)
  return { kind, codes, text: `status is ${kind === 'status' ? '' : 'not '}${codes.map((code) => plain(String(code), 40)).join(' or ')}` }
}

function each<T>(value: T | readonly T[] | undefined, spot: Spot): (readonly [T, Spot])[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value.map((entry: T, index) => [entry, spot.at(index)] as const) : [[value as T, spot]]
}

// Spreading a union member with its place gives that member again; the compiler cannot follow.
const located = (meaning: Meaning, where: Position): Expectation => ({ ...meaning, where })
