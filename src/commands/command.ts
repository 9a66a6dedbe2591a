import type { Config } from '../config.ts'
import type { Host } from '../host.ts'
import type { ProgressView } from '../model/progress.ts'
import type { Report } from '../model/report.ts'
import type { ExitPolicy } from './exit.ts'
import type { Flags, FlagValues } from './flag.ts'
import type { Instance } from './instance.ts'

/** What a command works with. */
export interface Context<F extends Flags = Flags> {
  readonly host: Host
  readonly config: Config
  /** The positional argument; undefined when it was left out and may be. */
  readonly argument: string | undefined
  /** The positional arguments of a command that takes several. */
  readonly arguments: readonly string[]
  readonly flags: FlagValues<F>
  /** The instances that are to be asked instead of this machine; none for this machine. Throws UserError for an address or a token that cannot be used. */
  readonly instances: () => Promise<readonly Instance[]>
  /** Where the result goes: the format's name, and what the terminal can show. */
  readonly stdout: { readonly format: string; readonly color: boolean; readonly unicode: boolean }
  /** The global flags that reach into a command's work. */
  readonly global: { readonly timeoutMs: number | undefined; /** Whether as little as possible is to be said. */ readonly quiet: boolean; /** Whether --url or a token was given as a flag; environment and configuration may name an instance as well. */ readonly namesInstance: boolean }
  /** A line for the person on stderr; nothing with --quiet. */
  readonly note: (text: string) => Promise<void>
  /** Opens the view of a bounded run; it shows nothing with --quiet. */
  readonly openProgress: () => Promise<ProgressView>
}

/** A subcommand, declared once: help, documentation, completion and the exit code come from this. */
export interface Command<F extends Flags = Flags> {
  readonly name: string
  readonly about: string
  readonly argument?: { readonly name: string; readonly about: string; readonly required: boolean }
  /** Takes several positional arguments instead, at least so many. */
  readonly arguments?: { readonly name: string; readonly about: string; readonly least: 0 | 1 }
  readonly flags: F
  /** Command lines that work, with what each does. */
  readonly examples: readonly { readonly line: string; readonly about: string }[]
  readonly exit: ExitPolicy
  /** Whether it runs until INT or TERM by design, with these flags and this format on stdout, so that those end it with 0. */
  isResident?(flags: FlagValues<F>, format: string): boolean
  /** Whether, with these flags, each report for people takes the place of the one before on a terminal. */
  drawsInPlace?(flags: FlagValues<F>): boolean
  /** Can ask an instance, so that `--url` and its token mean something. */
  readonly asksInstance?: boolean
  /** Its reports have samples, for formats that write nothing but those. */
  readonly hasSamples?: boolean
  /** Its reports have checks, for formats that write nothing but those. */
  readonly hasChecks?: boolean
  /** Its reports have figures, for formats that write nothing but those. */
  readonly hasFigures?: boolean
  /** Runs as a step of a pipeline: in GitHub Actions and GitLab CI it tells these by itself what it found. */
  readonly isCiStep?: boolean
  /** The format where stdout is no terminal and nothing names one; `human` without it. */
  readonly pipedFormat?: string
  readonly hidden?: boolean
  /** Yields reports; heavy rooms are imported inside. */
  run(context: Context<F>): AsyncIterable<Report>
}

/** Declares a command; the types of its flags follow from the declaration. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command
}
