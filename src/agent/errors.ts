import { ApiError } from '../contract/error-code.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** A variable of the environment holds what cannot be meant. */
export function badVariable(name: string, value: string, demand: string, example: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `the variable ${name} is "${plain(value, 60)}", which is not ${demand}`, hint: `set it to something like ${example}, or unset it` })
}

/** The file of what is set over the API could not be written. */
export function unwritableState(path: string, why: string): UserError {
  return new UserError({ code: 'CANNOT_WRITE', kind: 'input', message: `${plain(path)}, where settings made over the API are to be kept, cannot be written: ${why}`, hint: 'name another file with serve.state, or leave it out: a restart forgets what was set then' })
}

/** Settings that nothing can be kept of: nothing was changed. Paths are for the log. */
export function cannotKeep(why: string): ApiError {
  return new ApiError('RESOURCE_EXHAUSTED', `settings cannot be kept: ${why}; nothing was changed`, { details: { retryAfter: 60 } })
}

/** The file of what was set over the API cannot be used. */
export function badState(path: string, why: string): UserError {
  return new UserError({ code: 'INVALID_STATE', kind: 'input', message: `${plain(path)}, where settings made over the API are kept, ${why}`, hint: 'mend it, or move it away to begin with the defaults' })
}
