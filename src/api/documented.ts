import * as z from 'zod/mini'
import { ENDPOINTS, type EndpointName } from '../contract/endpoints.ts'
import { alertSchema } from '../contract/answers/alert.ts'
import type { Answer } from '../contract/instance.ts'
import { isBody, under } from './body.ts'

/** What an answer came to: as documented, or why it is not. */
export type Documented<E extends EndpointName> = { readonly answer: Answer<E> } | { readonly problems: readonly string[] }

const MOST_ALERTS = 200
/** Rounds of filling in: each opens the next level. */
const MOST_ROUNDS = 6

/** Reads an answer that is documented field for field; the body is a copy that may be written to. What is said beside the data is left out where it is not. With `absent: 'null'`, fields that are not there count as null where they may be: servers leave out what they do not know. */
export function readDocumented<E extends EndpointName>(endpoint: E, body: unknown, absent: 'wrong' | 'null'): Documented<E> {
  const { answer, meta, envelope } = ENDPOINTS[endpoint]
  const hasEnvelope = isBody(body) && Object.hasOwn(body, 'data')
  const data = fitted(answer, hasEnvelope ? body['data'] : envelope === 'flat' ? withoutEnvelope(body) : body, absent)
  if ('problems' in data) return data
  const about = hasEnvelope && isBody(body['meta']) ? fitted(meta, body['meta'], 'null') : undefined
  const read = { data: data.value, ...(about && 'value' in about ? { meta: about.value } : {}), ...alertsOf(hasEnvelope ? body['alerts'] : undefined) }
  return { answer: read as unknown as Answer<E> } // Each part was read by the very schema the type is made of.
}

/** An answer whose own keys stand beside those of its envelope. */
function withoutEnvelope(body: unknown): unknown {
  if (!isBody(body)) return body
  const { success: _success, timestamp: _timestamp, ...rest } = body
  return rest
}

/** The alerts of an answer that are as documented. */
export function alertsOf(list: unknown): Pick<Answer<'metrics'>, 'alerts'> {
  if (!Array.isArray(list)) return {}
  return { alerts: list.slice(0, MOST_ALERTS).flatMap((each) => z.safeParse(alertSchema, each).data ?? []) }
}

type Fitted = { readonly value: unknown } | { readonly problems: readonly string[] }

function fitted(schema: z.ZodMiniType, value: unknown, absent: 'wrong' | 'null'): Fitted {
  for (let round = 1; ; round++) {
    const { data, error } = z.safeParse(schema, value)
    if (!error) return { value: data }
    const missing = absent === 'wrong' || round === MOST_ROUNDS ? 0 : error.issues.reduce((count, { path }) => count + (fillIn(value, path) ? 1 : 0), 0)
    if (missing === 0) return { problems: error.issues.slice(0, 5).map(({ path, message }) => `${path.map(String).join('.') || 'the whole'}: ${message}`) }
  }
}

/** Writes null where the field at a path is not there; whether it did. The value is a copy that nobody else has. */
function fillIn(value: unknown, path: readonly PropertyKey[]): boolean {
  const key = String(path.at(-1) ?? '__proto__')
  const parent = path.slice(0, -1).reduce<unknown>((found, step) => (Array.isArray(found) ? (found as readonly unknown[])[Number(step)] : under(found, String(step))), value)
  if (!isBody(parent) || key === '__proto__' || parent[key] !== undefined) return false
  const open: Record<string, unknown> = parent // It is a body of ours, only called readonly.
  open[key] = null
  return true
}
