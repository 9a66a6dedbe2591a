import { ApiError } from '../../contract/error-code.ts'
import type { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'

/** No load test is allowed here at all. */
export const notAllowed = (): ApiError =>
  new ApiError('FORBIDDEN', 'this instance runs no load tests: its configuration names nothing they may be turned on (serve.loadTest.targets)', { details: { setting: 'serve.loadTest.targets' } })

/** A target that is not among those that may be asked. */
export const targetNotAllowed = (asked: string, allowed: readonly string[]): ApiError =>
  new ApiError('FORBIDDEN', `load tests of this instance may not be turned on "${plain(asked, 200)}", only on ${allowed.join(', ')} (serve.loadTest.targets)`, { details: { setting: 'serve.loadTest.targets', allowed } })

/** A field that says what cannot be. */
export const invalid = (field: string, message: string): ApiError => new ApiError('VALIDATION_ERROR', `body ${field}: ${message}`, { details: { issues: [{ in: 'body', field, message }] } })

/** More load than is allowed. */
export const overLimit = (limit: string, most: number, asked: number, what: string): ApiError =>
  new ApiError('VALIDATION_ERROR', `${what} ${asked}, and this instance allows at most ${most} (serve.loadTest.${limit})`, { details: { setting: `serve.loadTest.${limit}`, limit: most, value: asked } })

/** What the reader of plans has against a body. */
export const unreadable = ({ message, hint, code }: UserError): ApiError =>
  new ApiError('VALIDATION_ERROR', plain(hint === undefined ? message : `${message}: ${hint}`), { details: { problem: code } })

/** Another test is on its way. */
export const busy = (testId: string, retryAfter: number): ApiError =>
  new ApiError('RESOURCE_EXHAUSTED', `a load test is running (${testId}), and one at a time is all that tells something: ask again in ${retryAfter} s`, { details: { retryAfter, testId } })

/** This instance is on its way out. */
export const closing = (): ApiError => new ApiError('RESOURCE_EXHAUSTED', 'this instance is about to end and begins no load test', { details: { retryAfter: 10 } })

/** There is no test of that name, or not any more. */
export const unknownTest = (testId: string): ApiError => new ApiError('NOT_FOUND', `there is no load test "${plain(testId, 100)}" here; the results of the last 20 are kept for a day`, { details: { testId } })

/** A document of a test that has not ended. */
export const stillRunning = (testId: string, retryAfter: number): ApiError =>
  new ApiError('CONFLICT', `the load test ${testId} is still running: a document is made once it has ended`, { details: { retryAfter, testId } })
