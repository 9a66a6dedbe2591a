import { UserError } from '../../model/error.ts'
import { nearest } from '../../model/nearest.ts'
import { plain } from '../../model/text.ts'

/** How much is logged; `info` has changes, `warn` what was refused, `debug` everything. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const VARIABLES = { level: 'PERFORMANCE_LOG_LEVEL', debug: 'DEBUG_PERFORMANCE_COORDINATOR' } as const

/** What the environment says of the log: DEBUG_PERFORMANCE_COORDINATOR, then PERFORMANCE_LOG_LEVEL; `info` where both are silent. Throws UserError `INVALID_VALUE`. */
export function readLogLevel(env: Readonly<Record<string, string | undefined>>): LogLevel {
  const [debug, word] = [VARIABLES.debug, VARIABLES.level].map((name) => env[name]?.trim().toLowerCase() ?? '') as [string, string] // As many as there are names.
  if (!/^(|true|1|yes|on|false|0|no|off)$/.test(debug)) throw badVariable(VARIABLES.debug, debug, 'true or false', 'set it to true, or unset it')
  const level = word === '' ? 'info' : LOG_LEVELS.find((each) => each === word)
  if (level === undefined) {
    const near = nearest(word, LOG_LEVELS)
    throw badVariable(VARIABLES.level, word, `one of ${LOG_LEVELS.join(', ')}`, near === undefined ? 'unset it for info' : `did you mean "${near}"?`)
  }
  return /^(true|1|yes|on)$/.test(debug) ? 'debug' : level
}

function badVariable(name: string, value: string, demand: string, hint: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `the variable ${name} is "${plain(value, 60)}", which is not ${demand}`, hint })
}
