import * as z from 'zod/mini'
import { ENDPOINTS, type EndpointName } from './endpoints.ts'
import { ApiError } from './error-code.ts'
import type { Question } from './instance.ts'
import { problemsOf } from './problem-text.ts'

/** A question as it comes from outside; what is left out is empty. */
export interface RawQuestion {
  readonly query?: unknown
  readonly params?: unknown
  readonly body?: unknown
}

/** Checks a question and fills in what was left out. Throws `ApiError` `VALIDATION_ERROR` that names each field and what it should be. */
export function readQuestion<E extends EndpointName>(name: E, { query = {}, params = {}, body = null }: RawQuestion = {}): Question<E> {
  const endpoint = ENDPOINTS[name]
  const read = { query: checked(endpoint.query, query, 'query'), params: checked(endpoint.params, params, 'path'), body: endpoint.body === null ? null : checked(endpoint.body, body, 'body') }
  return read as unknown as Question<E> // Each part was read by the very schema the type is made of.
}

/** Checks one part of a question. Throws `ApiError` `VALIDATION_ERROR` with a sentence for each field. */
export function checked<S extends z.ZodMiniType>(schema: S, value: unknown, part: 'query' | 'path' | 'body'): z.output<S> {
  const { data, error } = z.safeParse(schema, value, { reportInput: true })
  if (!error) return data
  const issues = error.issues.flatMap((issue) => problemsOf(issue)).slice(0, 20).map((problem) => ({ in: part, ...problem }))
  const [first] = issues
  throw new ApiError('VALIDATION_ERROR', first ? `${first.field === '' ? `the ${part}` : `${part} ${first.field}`} ${first.message}` : `the ${part} is not what is taken`, { details: { issues } })
}
