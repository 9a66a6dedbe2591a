import type { Json } from '../../model/plan.ts'

/** A value as text: strings as they are, lists and objects as JSON, nothing as ''. */
export function showValue(value: Json | undefined): string {
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  return jsonText(value)
}

/** A value as JSON text; '' where it is nested deeper than the stack reaches. */
export function jsonText(value: Json): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    // A server can send brackets a hundred thousand deep; that must cost a request, not the run.
    if (error instanceof RangeError) return '""'
    throw error
  }
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** Whether a value is an object that is no list. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const DEEPEST = 200

/** Whether two values are the same by type and content; false beyond 200 levels. */
export function sameValue(one: Json | undefined, other: Json | undefined, depth = 0): boolean {
  if (one === other) return true
  if (depth > DEEPEST) return false
  if (isList(one) && isList(other)) return one.length === other.length && one.every((each, index) => sameValue(each, other[index], depth + 1))
  if (!isObject(one) || !isObject(other)) return false
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && sameValue(one[key], other[key], depth + 1))
}

/** A value as a number, or null: texts from payloads and headers count when all of them is a number. */
export function numberIn(value: Json | undefined): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** Whether two values say the same: `5` and `'5'` do, nothing and null do. */
export function likeValue(one: Json | undefined, other: Json | undefined): boolean {
  if (typeof one === 'number' || typeof other === 'number') {
    const number = numberIn(one)
    return number !== null && number === numberIn(other)
  }
  if (typeof one === 'boolean' && typeof other === 'string') return String(one) === other
  if (typeof other === 'boolean' && typeof one === 'string') return String(other) === one
  return sameValue(one ?? null, other ?? null)
}

/** Negative, 0 or positive as `one` comes before, with or after `other`; null where they cannot be ordered. */
export function compareValues(one: Json | undefined, other: Json | undefined): number | null {
  const left = numberIn(one)
  const right = numberIn(other)
  if (left !== null && right !== null) return left - right
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one > other ? 1 : 0
  return null
}
