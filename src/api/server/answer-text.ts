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
  return JSON.stringify({ success: true, data, meta, alerts })
}

/** The sibling's: the answer's own keys beside `success` and `timestamp`. */
export function flat({ data }: Told, at: Date): string {
  return JSON.stringify({ success: true, ...(data as object), timestamp: at.toISOString() }) // Every flat answer of the contract is an object.
}

/** The envelope of an error, with nothing in it but what `ApiError` says. */
export function refused({ code, message, statusCode, details }: ApiError): string {
  return withoutTokens(JSON.stringify({ success: false, error: { code, message, statusCode, details } }))
}
