import { UserError } from '../../../model/error.ts'
import { plain, plural } from '../../../model/text.ts'

/** There is no such file. */
export function noLog(path: string, wasThere: boolean): UserError {
  return new UserError({
    code: 'NO_LOG', kind: 'input',
    message: wasThere ? `the log ${plain(path)} is not there any more` : `there is no log ${plain(path)} yet`,
    hint: 'it is read from its first line once it is there; check the path of this source if that does not happen',
  })
}

/** This user may not read it. */
export function logForbidden(path: string): UserError {
  return new UserError({
    code: 'LOG_FORBIDDEN', kind: 'input',
    message: `the log ${plain(path)} may not be read by this user`,
    hint: 'let its group read it and be in that group (Debian\'s is adm: usermod -aG adm USER), check who may enter its folder, then start this program again',
  })
}

/** There is something else than a file of this name. */
export function notALog(path: string, what: string): UserError {
  return new UserError({
    code: 'NOT_A_LOG', kind: 'input',
    message: `${plain(path)} is ${what}, not a file`,
    hint: what === 'a folder' ? 'name the file in it: access.log' : 'let the server write its log to a file as well, and name that',
  })
}

/** The system refuses for another reason. */
export function logUnreadable(path: string, reason: string): UserError {
  return new UserError({ code: 'LOG_UNREADABLE', kind: 'input', message: `the log ${plain(path)} cannot be read: ${plain(reason)}`, hint: 'check the path of this source and the file system it is on' })
}

/** Most lines are no requests of a known format. */
export function unknownLines(path: string, strange: number, lines: number, example: string): UserError {
  return new UserError({
    code: 'UNKNOWN_LINES', kind: 'input',
    message: `${strange} of ${plural(lines, 'line')} of ${plain(path)} are no requests of the format that is expected, for example: ${plain(example, 160)}`,
    hint: 'say how the lines are made: format (common, combined, json or morgan), or pattern with the text of nginx\'s log_format',
  })
}

/** The pattern cannot be used. */
export function badPattern(pattern: string, reason: string): UserError {
  return new UserError({ code: 'BAD_PATTERN', kind: 'input', message: `the pattern "${plain(pattern, 200)}" cannot be used: ${plain(reason)}`, hint: 'write it as nginx\'s log_format does: $remote_addr [$time_local] "$request" $status $body_bytes_sent $request_time' })
}

/** Two settings exclude each other. */
export function clashingFormat(message: string, hint: string): UserError {
  return new UserError({ code: 'CLASHING_FORMAT', kind: 'input', message, hint })
}
