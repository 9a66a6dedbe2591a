import { type Refusal, refusal } from './refusal.ts'
import type { Call } from './route.ts'

/** What the client sent is not what the route takes: status 400. */
export function invalid(message: string): Refusal {
  return refusal(400, 'VALIDATION_ERROR', message)
}

/** A parameter of the query; the first one where it is repeated. */
export function readQuery({ query }: Pick<Call, 'query'>, name: string): string | undefined {
  const value = query[name]
  return Array.isArray(value) ? value[0] : value
}

/** A parameter of the query that is a whole number within limits. Throws status 400. */
function readWhole(call: Call, name: string, bounds: { readonly otherwise: number; readonly most: number }): number {
  const text = readQuery(call, name)
  if (text === undefined) return bounds.otherwise
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > bounds.most) throw invalid(`${name} must be a whole number from 1 to ${bounds.most}`)
  return value
}

/** One page of a list as `?page=` and `?limit=` ask for it, and where it lies. Throws status 400. */
export function readPage<T>(call: Call, list: readonly T[]): { data: readonly T[]; pagination: object } {
  const page = readWhole(call, 'page', { otherwise: 1, most: 1_000_000 })
  const limit = readWhole(call, 'limit', { otherwise: 20, most: 100 })
  const data = list.slice((page - 1) * limit, page * limit)
  return { data, pagination: { page, limit, total: list.length, pages: Math.ceil(list.length / limit) } }
}

/** The body as an object. Throws status 400. */
export function readObject({ body }: Pick<Call, 'body'>): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('the body must be a JSON object')
  // Any object has string keys with unknown values.
  return body as Record<string, unknown>
}

/** A text of the body, neither empty nor long: what is kept must stay small. Throws status 400. */
export function readText(body: Readonly<Record<string, unknown>>, name: string, otherwise?: string): string {
  const value = body[name] ?? otherwise
  if (typeof value !== 'string' || value.length > 500 || (value === '' && otherwise !== '')) throw invalid(`${name} must be a text of 1 to 500 characters`)
  return value
}

/** The operations of a bulk or transaction body. Throws status 400. */
export function readOperations(call: Call): readonly unknown[] {
  const { operations } = readObject(call)
  if (!Array.isArray(operations) || operations.length > 10_000) throw invalid('operations must be a list of at most 10000')
  return operations
}
