import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['there is no such program', 'see that it is installed and its name right; a command line with pipes or $VARIABLES needs --shell'],
  EACCES: ['it may not be run', 'make it executable (chmod +x); a folder is no program'],
  ENOEXEC: ['the system does not know how to run it', 'begin a script with the line #!/bin/sh'],
  E2BIG: ['its arguments are too long', 'hand them over in a file: --input'],
}

/** The program is not there or may not be run; a command that runs and fails is no such error. */
export function cannotStart(program: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [reason, hint] = REASONS[code] ?? [plain(error instanceof Error ? error.message : 'nobody knows why', 200), 'try it by hand']
  return new UserError({ code: 'CANNOT_START', kind: 'usage', message: `${plain(program, 200)} cannot be started: ${reason}`, hint })
}

/** The file that is to be its standard input is not there. */
export function cannotReadInput(file: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : code === 'EACCES' ? 'it may not be read' : plain(error instanceof Error ? error.message : code, 200)
  return new UserError({ code: 'CANNOT_READ', kind: 'input', message: `${plain(file, 300)} cannot be read: ${reason}`, hint: 'name a file with --input that holds what the command is to read' })
}
