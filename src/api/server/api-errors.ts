import { ApiError, ERROR_CODES } from '../../contract/error-code.ts'
import { plain } from '../../model/text.ts'

/** What went wrong before a question was read, in our own words: those of the framework name its insides. By its code, or by status. */
const FRAMEWORK: Readonly<Record<string, () => ApiError>> = {
  FST_ERR_BAD_URL: () => new ApiError('VALIDATION_ERROR', 'the address has escapes (%) that cannot be read'),
  FST_ERR_MAX_PARAM_LENGTH: () => new ApiError('NOT_FOUND', 'there is nothing of that name'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new ApiError('VALIDATION_ERROR', 'the body is empty, and should be JSON'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new ApiError('VALIDATION_ERROR', 'the body is not as long as Content-Length says'),
  FST_ERR_CTP_BODY_TOO_LARGE: () => new ApiError('PAYLOAD_TOO_LARGE', `the body is larger than ${BODY_LIMIT / 1_024} KiB`),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: unsupported,
  FST_ERR_CTP_INVALID_TYPE: unsupported,
  400: () => new ApiError('VALIDATION_ERROR', 'the request cannot be read'),
  413: () => new ApiError('PAYLOAD_TOO_LARGE', `the body is larger than ${BODY_LIMIT / 1_024} KiB`),
  415: unsupported,
}

/** Largest body, bytes. */
export const BODY_LIMIT = 256 * 1_024

function unsupported(): ApiError {
  return new ApiError('UNSUPPORTED_MEDIA_TYPE', 'bodies are taken as application/json alone')
}

/** What who asked is told of an error; null where it is a bug of ours, of which nothing is told. */
export function toldOf(error: unknown): ApiError | null {
  if (error instanceof ApiError) return withPatience(error)
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_') ? error.code : ''
  // Only the framework puts a status on its errors before a question is asked.
  const status = 'statusCode' in error && code !== '' ? String(error.statusCode) : ''
  return (FRAMEWORK[code] ?? FRAMEWORK[status])?.() ?? null
}

/** Where asking again may help, everybody is told when. */
const USUAL_WAIT_SECONDS = 10

function withPatience(error: ApiError): ApiError {
  if (!ERROR_CODES[error.code].retry || typeof error.details['retryAfter'] === 'number') return error
  return new ApiError(error.code, error.message, { statusCode: error.statusCode, details: { ...error.details, retryAfter: USUAL_WAIT_SECONDS } })
}

/** A bug of ours: `id` is in the log beside what happened. */
export function bugError(id: string): ApiError {
  return new ApiError('INTERNAL_ERROR', `something went wrong here: the log of the instance says what, under ${id}`, { details: { errorId: id } })
}

/** What Node's parser could not read, or nobody sent in time. */
export function wireError(code: string | undefined): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW') return new ApiError('VALIDATION_ERROR', 'the headers are larger than 16 KiB', { statusCode: 431 })
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ApiError('VALIDATION_ERROR', 'the request was not complete in time', { statusCode: 408 })
  if (code === 'HPE_INVALID_CONTENT_LENGTH' || code === 'HPE_UNEXPECTED_CONTENT_LENGTH') return new ApiError('VALIDATION_ERROR', 'the header Content-Length is no number, or there twice')
  return new ApiError('VALIDATION_ERROR', 'this is no HTTP request')
}

/** A path or a method nobody knows; `allow` are the methods of the path. */
export function unknownRoute(method: string, path: string, allow: readonly string[]): ApiError {
  if (allow.length > 0) return new ApiError('METHOD_NOT_ALLOWED', `${plain(method, 20)} is not for this path: ${allow.join(', ')} ${allow.length === 1 ? 'is' : 'are'}`, { details: { allow } })
  return new ApiError('NOT_FOUND', `there is no endpoint ${plain(path, 200)}: /api/v1/performance/openapi.json lists them`)
}
