import { ApiError } from '../../contract/error-code.ts'

const DEEPEST = 64

/** Reads the body of a request. Throws `ApiError` `VALIDATION_ERROR` for what is no JSON, goes deeper than 64 brackets, or names an object's prototype. */
export function readJsonBody(text: string): unknown {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  if (body.trim() === '') throw new ApiError('VALIDATION_ERROR', 'the body is empty, and should be JSON')
  if (isDeep(body)) throw new ApiError('VALIDATION_ERROR', `the body goes deeper than ${DEEPEST} brackets`)
  try {
    return JSON.parse(body, (key, value: unknown) => {
      if (key === '__proto__') throw new ApiError('VALIDATION_ERROR', 'the body has a key "__proto__"')
      return value
    })
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError('VALIDATION_ERROR', 'the body is no JSON')
  }
}

/** Whether brackets outside of texts go deeper than anything that is taken: writing such a value down again would exhaust the stack. */
function isDeep(text: string): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isText) {
      if (code === 0x5c) at++
      else if (code === 0x22) isText = false
    } else if (code === 0x22) isText = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > DEEPEST) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}
