import { nearest } from '../../model/nearest.ts'
import { UserError } from '../../model/error.ts'

/** How much is logged; `info` has changes, `warn` what was refused, `debug` everything. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What PERFORMANCE_LOG_LEVEL says; `info` where it is silent. Throws UserError `INVALID_VALUE`. */
export function readLogLevel(text: string | undefined): LogLevel {
  if (text === undefined || text.trim() === '') return 'info'
  const word = text.trim().toLowerCase()
  const level = LOG_LEVELS.find((each) => each === word)
  if (level !== undefined) return level
  const near = nearest(word, LOG_LEVELS)
  throw new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `PERFORMANCE_LOG_LEVEL is none of ${LOG_LEVELS.join(', ')}`, hint: near === undefined ? 'leave it out for info' : `did you mean "${near}"?` })
}
