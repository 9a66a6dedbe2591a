import type { Measured } from '../../model/budget.ts'
import { UserError } from '../../model/error.ts'

/** What a problem leaves: no value, and why. Throws again what is no problem of the person's. */
export function unmeasured(error: unknown, of = ''): Measured {
  if (!(error instanceof UserError)) throw error
  return { of, observed: null, values: [], from: [], how: '', parts: [], problem: error.message, hint: error.hint }
}
