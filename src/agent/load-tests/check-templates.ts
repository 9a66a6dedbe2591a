import { invalid } from './errors.ts'

/** What may be filled in: the documented templates, and those that tell one request from another. None of them can be empty. */
const ALLOWED = /^\{\{\s*\$?(?:randomString|randomInt|randomNumber|uuid|guid|randomUUID|timestamp|isoTimestamp|testId)\s*(?:\(\s*(?:[1-9]\d{0,5}|-?\d{1,15}\s*,\s*-?\d{1,15})?\s*\)\s*)?\}\}/
/** Deeper than anything a person would send. */
const MOST_NESTED = 50

/** Characters that the templates of one request may come to. */
const MOST_FILLED = 1_000_000
const FILLED = /\{\{\s*\$?randomString\s*\(\s*(\d+)/g

/** Checks that what templates fill in makes no request that fills the memory of the generator. Throws `ApiError` `VALIDATION_ERROR`. */
export function checkFilled(request: unknown, field: string): void {
  const filled = [...JSON.stringify(request).matchAll(FILLED)].reduce((sum, [, length]) => sum + Number(length), 0)
  if (filled > MOST_FILLED) throw invalid(field, `has random strings of ${filled} characters, and at most ${MOST_FILLED} are filled in`)
}

/** Checks every text within a value, keys too: nothing but harmless templates. Throws `ApiError` `VALIDATION_ERROR`. */
export function checkTemplates(value: unknown, field: string, depth = 0): void {
  if (depth > MOST_NESTED) throw invalid(field, `is nested more than ${MOST_NESTED} deep`)
  if (typeof value === 'string') return checkText(value, field)
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    checkText(key, field)
    checkTemplates(each, `${field}.${key}`, depth + 1)
  }
}

function checkText(text: string, field: string): void {
  for (let at = text.indexOf('{{'); at !== -1; at = text.indexOf('{{', at)) {
    const [template] = ALLOWED.exec(text.slice(at, at + 200)) ?? []
    if (template === undefined) throw invalid(field, 'holds a template that is not filled in here; {{$randomString}}, {{$randomString(8)}}, {{$randomInt}}, {{$randomInt(1, 9)}}, {{$uuid}}, {{$timestamp}}, {{$isoTimestamp}} and {{$testId}} are')
    at += template.length
  }
}
