/** Every error an instance answers with, as documented, and what who asks can do. */
export const ERROR_CODES = {
  PERFORMANCE_DEGRADED: { status: 503, about: 'the instance is so busy that it answers only what is needed most', retry: true },
  RESOURCE_EXHAUSTED: { status: 503, about: 'there is no room for what was asked: ask again later', retry: true },
  CIRCUIT_BREAKER_OPEN: { status: 503, about: 'what the answer comes from failed again and again and is left alone for a while', retry: true },
  OPTIMIZATION_FAILED: { status: 500, about: 'an optimization could not be run, or did not end well', retry: false },
  UNAUTHORIZED: { status: 401, about: 'no token, or one that is not known, has expired or is not meant for this instance', retry: false },
  FORBIDDEN: { status: 403, about: 'the token is known and may not do this', retry: false },
  NOT_FOUND: { status: 404, about: 'there is nothing of that name', retry: false },
  VALIDATION_ERROR: { status: 400, about: 'what was sent is not what the endpoint takes', retry: false },
  RATE_LIMITED: { status: 429, about: 'more was asked than is allowed: wait', retry: true },
  METHOD_NOT_ALLOWED: { status: 405, about: 'the path is there, the method is not', retry: false },
  PAYLOAD_TOO_LARGE: { status: 413, about: 'the body is larger than is taken', retry: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, about: 'the body is not of a type that is taken', retry: false },
  CONFLICT: { status: 409, about: 'it cannot be done in the present state', retry: false },
  NOT_SUPPORTED: { status: 501, about: 'this instance does not do that', retry: false },
  INTERNAL_ERROR: { status: 500, about: 'a bug: the log of the instance says more', retry: false },
} as const

/** A documented error. */
export type ErrorCode = keyof typeof ERROR_CODES

/** An error that whoever asked is told: nothing of it is secret. */
export class ApiError extends Error {
  readonly code: ErrorCode
  /** HTTP status; that of the code where nothing else fits. */
  readonly statusCode: number
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, { details = {}, statusCode = ERROR_CODES[code].status }: { readonly details?: Readonly<Record<string, unknown>>; readonly statusCode?: number } = {}) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.statusCode = statusCode
    this.details = details
  }
}
