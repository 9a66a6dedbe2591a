import { plain } from '../model/text.ts'

/** An object of a body that came from outside. */
export type Body = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields. */
export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands under a path of keys; undefined where there is nothing. */
export function under(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (!isBody(found) || !Object.hasOwn(found, key)) return undefined
    found = found[key]
  }
  return found
}

/** The objects of a list, at most `limit`; none where there is no list. */
export function bodies(value: unknown, limit: number): Body[] {
  return Array.isArray(value) ? value.slice(0, limit).filter(isBody) : []
}

/** Text of at most `limit` characters, plain; empty where there is none. */
export function textOf(value: unknown, limit = 200): string {
  return typeof value === 'string' ? plain(value, limit) : ''
}

const EARLIEST = Date.UTC(2000)
const LATEST = Date.UTC(2100)

/** An instant in milliseconds since 1970, from ISO text or milliseconds; null where it is none of our time. */
export function timeOf(value: unknown): number | null {
  const at = typeof value === 'number' ? value : typeof value === 'string' && value.length < 50 ? Date.parse(value) : Number.NaN
  return at >= EARLIEST && at <= LATEST ? at : null
}

/** The content of an answer: what is in its envelope, or all of it where it comes without one. */
export function contentOf(body: unknown): unknown {
  return isBody(body) && isBody(body['data']) ? body['data'] : body
}

/** What an instance says went wrong, in whichever of the known shapes; empty where it says nothing. */
export function complaintOf(body: unknown): string {
  const candidates = [under(body, 'error', 'message'), under(body, 'message'), under(body, 'error')]
  return textOf(candidates.find((each) => typeof each === 'string'), 200)
}
