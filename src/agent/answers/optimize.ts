import { ApiError } from '../../contract/error-code.ts'
import type { Handlers } from '../../contract/instance.ts'
import { plain } from '../../model/text.ts'

/** Answers `POST optimize`: that this version does not. */
export function optimizeAnswerOf(): Handlers['optimize'] {
  return ({ body }) => {
    throw new ApiError('OPTIMIZATION_FAILED', `${body.optimizations.map((name) => plain(name, 40)).join(', ')}: this version runs no optimizations; nothing was changed`, { statusCode: 501, details: { optimizations: body.optimizations.map((type) => ({ type: plain(type, 100), status: 'not supported' })) } })
  }
}

/** Answers `GET optimize/{optimizationId}`: there never was one. */
export function optimizationAnswerOf(): Handlers['optimization'] {
  return ({ params }) => {
    throw new ApiError('NOT_FOUND', `there is no optimization "${plain(params.optimizationId, 100)}": this version runs none`)
  }
}
