import { LOG_LEVELS, type LogLevel } from '../api/server/log-level.ts'

/** Writes a line of the log; what is said besides holds no secrets. */
export type Log = (level: Exclude<LogLevel, 'silent'>, message: string, fields?: Readonly<Record<string, unknown>>) => void

/** A log that leaves out what is below a level. */
export function logFrom(least: LogLevel, log: Log): Log {
  return (level, message, fields) => {
    if (LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least)) log(level, message, fields)
  }
}
