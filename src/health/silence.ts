import { UserError } from '../model/error.ts'
import type { Outcome } from '../model/health.ts'
import { plain } from '../model/text.ts'
import type { Verdict } from '../model/verdict.ts'
import { single } from './remark.ts'

/** What an instance that tells nothing of its health counts for; every other error means that it does not answer, or answers wrongly. Those of `null` are mistakes of the configuration. */
const NOT_TOLD: Readonly<Record<string, { readonly verdict: Verdict; readonly recommendation?: string } | null>> = {
  UNAUTHORIZED: { verdict: 'unknown', recommendation: 'give this check a valid token: token: {file: ...}' },
  FORBIDDEN: { verdict: 'unknown', recommendation: 'give this check the token of somebody who may read health' },
  NOT_OFFERED: { verdict: 'unknown' },
  RATE_LIMITED: { verdict: 'unknown', recommendation: 'run this check less often' },
  REDIRECTED: { verdict: 'unknown', recommendation: 'if that is the instance, write its address there' },
  NO_ANSWER: { verdict: 'fail', recommendation: 'it may be overloaded or hang: look at its processes and its log' },
  INVALID_VALUE: null,
  BAD_TOKEN: null,
}

/** The outcome where an instance was asked for its health and told none. Throws what is no word of the instance: a mistake of the configuration, or ours. */
export function silence(error: unknown): Outcome {
  if (!(error instanceof UserError)) throw error
  const known = NOT_TOLD[error.code]
  if (known === null) throw error
  return single(known?.verdict ?? 'fail', plain(error.message), known?.recommendation ?? error.hint)
}
