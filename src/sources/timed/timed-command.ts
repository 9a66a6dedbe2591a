/** A program to time, and what it is called with; no shell reads it, unless it is one. */
export interface TimedCommand {
  /** What it is called in results. Untrusted. */
  readonly name: string
  /** A path, or a name that is looked for along the PATH. */
  readonly program: string
  readonly words: readonly string[]
}

/** Processor time, milliseconds. */
export interface Cpu {
  readonly userMs: number
  readonly systemMs: number
}

/** One run of it. */
export interface TimedRun {
  /** From the moment it was asked for until it was known to have ended. */
  readonly ms: number
  /** Of it and of the processes it waited for; null where the system does not tell. */
  readonly cpu: Cpu | null
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Whether its time was up, and it was ended. */
  readonly isLate: boolean
  /** Whether somebody wanted all of it to end. */
  readonly isCutOff: boolean
  /** The last lines it wrote to stderr, made safe; none where that was shown. */
  readonly lastWords: readonly string[]
}

/** Runs a command once. Throws UserError `CANNOT_START`. */
export type Stopwatch = (command: TimedCommand) => Promise<TimedRun>

/** How it ended, for people: `ended with 1`, `was killed by SIGSEGV`. */
export function showEnding({ exitCode, signal }: Pick<TimedRun, 'exitCode' | 'signal'>): string {
  return signal === null ? `ended with ${exitCode ?? 'no code'}` : `was killed by ${signal}`
}

/** Whether it ended with 0. */
export function isFine({ exitCode, signal }: Pick<TimedRun, 'exitCode' | 'signal'>): boolean {
  return exitCode === 0 && signal === null
}
