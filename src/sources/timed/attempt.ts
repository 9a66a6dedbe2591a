import { isFine, showEnding, type Stopwatch, type TimedCommand, type TimedRun } from './timed-command.ts'

/** Why there are no more runs. */
export interface Trouble {
  readonly kind: 'failed' | 'late' | 'unprepared' | 'interrupted'
  readonly command: TimedCommand
  /** What happened, the end of a sentence that begins with the command. */
  readonly why: string
  readonly lastWords: readonly string[]
}

/** How each run is made. */
export interface Attempts {
  readonly time: Stopwatch
  /** Run before each of them and not timed; null for nothing. */
  readonly prepare: TimedCommand | null
  /** Whether a command may end with an error and still count. */
  readonly ignoresFailure: boolean
}

/** One run that counts, or why there is none. Throws what the stopwatch throws. */
export async function attempt({ time, prepare, ignoresFailure }: Attempts, command: TimedCommand): Promise<TimedRun | Trouble> {
  if (prepare) {
    const prepared = await time(prepare)
    const trouble = troubleOf(prepare, prepared, false)
    if (trouble) return trouble.kind === 'interrupted' ? trouble : { ...trouble, kind: 'unprepared' }
  }
  const run = await time(command)
  return troubleOf(command, run, ignoresFailure) ?? run
}

/** Whether it is no run. */
export function isTrouble(made: TimedRun | Trouble): made is Trouble {
  return 'why' in made
}

function troubleOf(command: TimedCommand, run: TimedRun, ignoresFailure: boolean): Trouble | null {
  const { lastWords } = run
  if (run.isCutOff) return { kind: 'interrupted', command, why: 'was interrupted', lastWords: [] }
  // However little one cares how it ends: so long as it might have gone on, this is no time.
  if (run.isLate) return { kind: 'late', command, why: 'did not end in its time and was ended', lastWords }
  return isFine(run) || ignoresFailure ? null : { kind: 'failed', command, why: showEnding(run), lastWords }
}
