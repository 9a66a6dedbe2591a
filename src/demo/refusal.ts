/** An answer of the API that is no success; thrown by a route and told as `{success: false, error: {code, message}}`. */
export interface Refusal extends Error {
  readonly statusCode: number
  readonly code: string
}

/** A refusal to throw: its status (400..599), an upper-case code for scripts, a sentence for people. */
export function refusal(statusCode: number, code: string, message: string): Refusal {
  return Object.assign(new Error(message), { statusCode, code })
}

/** 404 for a thing that is not there. */
export function notFound(what: string, id: string): Refusal {
  return refusal(404, 'NOT_FOUND', `there is no ${what} ${id}`)
}
