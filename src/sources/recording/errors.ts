import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'

/** A file that cannot be opened or read. */
export function cannotRead(file: string, error: NodeJS.ErrnoException): UserError {
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'it does not exist', EACCES: 'it may not be read', EISDIR: 'it is a directory' }
  return new UserError({ code: 'CANNOT_READ', kind: 'input', message: `${plain(file)} cannot be read: ${reasons[error.code ?? ''] ?? plain(error.message)}`, hint: 'name a file that was written with --record' })
}

/** A file that does not begin as a recording does. */
export function notARecording(file: string, why: string): UserError {
  return new UserError({ code: 'NOT_A_RECORDING', kind: 'input', message: `${plain(file)} is no recording: ${plain(why)}`, hint: 'recordings are written with: medianest-perf top --record FILE', where: { file, line: 1, column: 1 } })
}

/** A recording in a format that came after this program. */
export function newerRecording(file: string, format: number, version: string): UserError {
  return new UserError({ code: 'NEWER_RECORDING', kind: 'input', message: `${plain(file)} was recorded by medianest-perf ${plain(version, 40)} in format ${format}, of which this program knows nothing`, hint: 'replay it with that version or a newer one', where: { file, line: 1, column: 1 } })
}

/** A recording in which there is not one tick that can be read. */
export function emptyRecording(file: string, note: string | undefined): UserError {
  return new UserError({ code: 'EMPTY_RECORDING', kind: 'input', message: `there is nothing to replay in ${plain(file)}${note === undefined ? '' : `: ${note}`}`, hint: 'record for longer than one interval: medianest-perf top --record FILE', where: { file, line: 2, column: 1 } })
}
