import type { ConfigOf } from '../health-schema/schema.ts'
import { plain } from '../model/text.ts'
import { showBytes } from '../model/unit.ts'
import type { HttpAnswer } from '../services/http.ts'
import { isStatusAmong, wrongStatus } from './http-status.ts'
import { readJsonPath, valueAt, type JsonStep } from './json-path.ts'
import type { Remark } from './remark.ts'

/** What an answer must be, ready to be compared. */
export interface Expectation {
  readonly status: readonly (string | number)[]
  readonly contentType: string | undefined
  readonly text: readonly string[]
  readonly notText: readonly string[]
  readonly json: readonly { readonly name: string; readonly path: readonly JsonStep[]; readonly value: unknown }[]
}

/** Reads what a configuration expects. Throws UserError `INVALID_JSONPATH`. */
export function readExpectation(given: ConfigOf<'http'>['expect']): Expectation {
  return {
    status: [given?.status ?? '2xx'].flat(),
    contentType: given?.contentType,
    text: [given?.text ?? []].flat(),
    notText: [given?.notText ?? []].flat(),
    json: Object.entries(given?.json ?? {}).map(([name, value]) => ({ name: plain(name, 80), path: readJsonPath(name), value })),
  }
}

const CONTENT_ADVICE = 'see what stands at this address now: another version, an error page, a proxy'

/** What is not as expected; of an answer with the wrong status nothing else is said. `location` is where it leads, fit to be shown. */
export function judgeAnswer(expected: Expectation, answer: HttpAnswer, location?: string): Remark[] {
  if (!isStatusAmong(answer.status, expected.status)) return [wrongStatus(answer, expected.status, location)]
  const fail = (text: string): Remark => ({ verdict: 'fail', text, recommendation: CONTENT_ADVICE })
  const remarks: Remark[] = []
  const type = answer.headers['content-type'] ?? ''
  if (expected.contentType !== undefined && !isOfType(type, expected.contentType)) remarks.push(fail(`is ${type === '' ? 'of no named type' : plain(type, 80)}, expected ${plain(expected.contentType, 80)}`))
  const cut: Remark = { verdict: 'unknown', text: `only the first ${showBytes(Buffer.byteLength(answer.body))} of the body were read, which do not decide it`, recommendation: 'raise maxBody' }
  const missing = expected.text.filter((text) => !answer.body.includes(text))
  if (missing.length > 0) remarks.push(answer.isCut ? cut : fail(`the body does not have ${missing.map(quote).join(', ')}`))
  const unwanted = expected.notText.filter((text) => answer.body.includes(text))
  if (unwanted.length > 0) remarks.push(fail(`the body has ${unwanted.map(quote).join(', ')}`))
  else if (expected.notText.length > 0 && answer.isCut) remarks.push(cut)
  if (expected.json.length > 0) remarks.push(...(answer.isCut ? [cut] : judgeJson(expected.json, answer.body).map(fail)))
  return remarks
}

function judgeJson(wanted: Expectation['json'], body: string): string[] {
  const document = readJson(body)
  if (document === undefined) return [body.trim() === '' ? 'the body is empty, expected JSON' : `the body is not JSON: it begins with ${quote(body.trim().slice(0, 40))}`]
  return wanted.flatMap(({ name, path, value }) => {
    const found = valueAt(document, path)
    if (found === undefined) return [`${name} is missing`]
    if (value === null || found === value || (typeof value === 'string' && isScalar(found) && String(found) === value)) return []
    return [`${name} is ${showJson(found)}, expected ${showJson(value)}`]
  })
}

/** A JSON text read; undefined where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function showJson(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  // Written out, one that is nested deep enough would break the check.
  return isScalar(value) || value === null ? plain(JSON.stringify(value), 80) : 'an object'
}

function quote(text: string): string {
  return `"${plain(text, 60)}"`
}

// `application/json` is met by `application/json; charset=utf-8`, and `json` by `application/problem+json`.
function isOfType(type: string, wanted: string): boolean {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase()
  const want = wanted.trim().toLowerCase()
  if (want.includes(';')) return type.toLowerCase().replaceAll(' ', '') === want.replaceAll(' ', '')
  return want.includes('/') ? bare === want : bare.split(/[/+]/).includes(want)
}
