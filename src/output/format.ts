import type { Position } from '../model/error.ts'
import type { Report } from '../model/report.ts'

/** What a renderer must know of the place its text goes to. */
export interface RenderOptions {
  readonly color: boolean
  /** Whether characters beyond ASCII can be shown; only the human format asks. */
  readonly unicode: boolean
  /** Width of the terminal in cells. */
  readonly columns: number
  /** Name of this machine. */
  readonly host: string
  /** Version of this program. */
  readonly version: string
  /** The command that was asked for, for answers that have no report; empty when it was not understood. */
  readonly command: string
  /** Tells comments of one command apart, where a request has several; absent for one. */
  readonly key?: string | undefined
  /** How the service that shows the text calls a file that we name from the working directory; absent where that is what it is called. */
  readonly nameFile?: ((file: string) => string) | undefined
  /** Whether it is a log of GitHub Actions, in which lines of a certain form are commands; only the human format asks. */
  readonly isGitHubLog?: boolean | undefined
  /** Bytes that the file holds already to which the text is added. */
  readonly taken?: number | undefined
}

/** A part of a report that not every command has. */
export type Part = 'samples' | 'checks' | 'figures'

/** Why there is no report; a `UserError` is one. */
export interface FailureLike {
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
  readonly where?: Position | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** A way to write reports down. */
export interface Format {
  readonly name: string
  /** One line for the help. */
  readonly about: string
  /** The ending of a file name that means this format, `.json`; null when none does. */
  readonly extension: string | null
  /** Whether every report is written as it comes, interim ones too; otherwise only final ones are. */
  readonly stream: boolean
  /** Whether a file it goes to keeps what is in it: the text is added. */
  readonly isAdded?: boolean
  /** The parts of a report of which it writes the first there is, and nothing else, so that only commands that have one can be asked for it. */
  readonly needs?: readonly Part[]
  /** Where an error goes when the format is written to stdout: stderr gets the human form, stdout the format's own. */
  readonly errorsTo: readonly ('stdout' | 'stderr')[]
  /** The report as text that ends with a line break. */
  render(report: Report, options: RenderOptions): string | Promise<string>
  /** The error as text that ends with a line break. */
  renderError(error: FailureLike, options: RenderOptions): string
  /** Of a format that is no text: what its files hold. It goes to files alone. */
  readonly binary?: { render(report: Report, options: RenderOptions): Promise<Uint8Array>; renderError(error: FailureLike, options: RenderOptions): Promise<Uint8Array> }
}
