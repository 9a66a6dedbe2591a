import type { ApiError } from '../../contract/error-code.ts'
import { withoutTokens } from './redact.ts'

/** What every answer is made of. */
interface Told {
  readonly data: unknown
  readonly meta?: unknown
  readonly alerts?: unknown
}

/** The documented envelope: `{success, data, meta, alerts}`; what is not known is left out. */
export function enveloped({ data, meta, alerts }: Told): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify({ success: true, data, meta, alerts })
  const rest = JSON.stringify({ meta, alerts }).slice(1)
  return `{"success":true,"data":${textOf(data)}${rest === '}' ? '' : ','}${rest}`
}

/** Null for what was told once: who asks alone never pays for a memory. */
const texts = new WeakMap<object, string | null>()

/** What is told to many, who all get the same object, is written down once for all of them. */
function textOf(data: object): string {
  const known = texts.get(data)
  if (typeof known === 'string') return known
  const text = JSON.stringify(data)
  texts.set(data, known === null ? text : null)
  return text
}

/** The sibling's: the answer's own keys beside `success` and `timestamp`. */
export function flat({ data }: Told, at: Date): string {
  return JSON.stringify({ success: true, ...(data as object), timestamp: at.toISOString() }) // Every flat answer of the contract is an object.
}

/** The envelope of an error, with nothing in it but what `ApiError` says. */
export function refused({ code, message, statusCode, details }: ApiError): string {
  return withoutTokens(JSON.stringify({ success: false, error: { code, message, statusCode, details } }))
}
