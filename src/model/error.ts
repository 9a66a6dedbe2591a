/** What kind of problem it is; the exit table (`commands/exit.ts`) turns it into a number. */
export type ErrorKind = 'usage' | 'input' | 'unreachable'

/** A place in a file the person wrote; line and column count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface UserErrorParts {
  /** Stable upper-case word for scripts: `UNKNOWN_KEY`. */
  readonly code: string
  readonly kind: ErrorKind
  /** What happened and with which value, one sentence without a final full stop. */
  readonly message: string
  /** What to do next. */
  readonly hint?: string | undefined
  readonly where?: Position | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** A problem the person can fix. Everything else that is thrown is our bug. */
export class UserError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  readonly hint: string | undefined
  readonly where: Position | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(parts: UserErrorParts) {
    super(parts.message)
    this.name = 'UserError'
    this.code = parts.code
    this.kind = parts.kind
    this.hint = parts.hint
    this.where = parts.where
    this.details = parts.details ?? {}
  }
}

/** `file:line:column`, as editors and terminals make it clickable. */
export function showPosition(where: Position): string {
  return `${where.file}:${where.line}:${where.column}`
}
