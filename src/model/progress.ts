/** What a running load test shows of itself, a few times a second. All times in milliseconds. */
export interface LoadProgress {
  readonly name: string
  readonly target: string
  readonly state: 'starting' | 'warming up' | 'running' | 'draining'
  readonly elapsedMs: number
  /** Planned length of the run; null when it ends by count. */
  readonly totalMs: number | null
  readonly phase: { readonly name: string; readonly index: number; readonly of: number; readonly endsInMs: number | null } | null
  /** Arrivals per second the plan asks for now; null for closed workloads. */
  readonly askedRate: number | null
  /** Arrivals per second that began in the last window; null for closed workloads and before the first window has ended. */
  readonly startedRate: number | null
  /** Users the plan asks for now; null for open workloads. */
  readonly askedUsers: number | null
  /** Requests per second answered in the last window. */
  readonly reachedRate: number
  /** Null where whoever sends does not tell. */
  readonly users: number | null
  readonly requests: number
  readonly failed: number
  readonly late: number
  readonly dropped: number
  readonly waiting: number
  readonly now: ProgressPercentiles | null
  readonly soFar: ProgressPercentiles | null
  /** Errors by kind or status, the most frequent first. */
  readonly errors: readonly { readonly type: string; readonly count: number }[]
  /** Requests per second and p95 of each window so far, the latest last, at most 120. */
  readonly history: readonly { readonly rate: number; readonly p95: number }[]
  /** Thresholds that are crossed as of now. */
  readonly crossed: readonly string[]
  /** Share of one processor core that the generator itself uses. */
  readonly generatorCpu: number
  /** Of a comparison in turns: how far it is and what is known; what is counted above is then of both sides. */
  readonly turns?: TurnsProgress
}

/** Where two sides that are measured in turns stand. */
export interface TurnsProgress {
  /** Pairs that were measured, and how many there will be at most. */
  readonly pairs: number
  readonly most: number
  /** After which pair it is judged next. */
  readonly nextLook: number
  /** What each side's last slice measured. */
  readonly sides: readonly { readonly name: string; readonly now: ProgressPercentiles | null }[]
  /** What decides: the change so far and its interval in words, null where nothing is known. */
  readonly figures: readonly { readonly name: string; readonly change: string | null; readonly interval: string | null }[]
}

/** What a benchmark of commands shows of itself, told between runs. All times in milliseconds. */
export interface BenchProgress {
  readonly name: string
  readonly target: string
  readonly state: 'warming up' | 'running'
  /** What is done now, in a phrase that changes from one phase to the next: `up to pair 8`. */
  readonly phase: string
  readonly elapsedMs: number
  /** How long it takes in all, at most where it may end sooner; null while that is not known. */
  readonly totalMs: number | null
  /** Runs that count, and how many there will be as far as one can see; null for as many as turns need. */
  readonly runs: { readonly done: number; readonly wanted: number } | null
  readonly commands: readonly { readonly name: string; readonly runs: number; readonly median: number | null; readonly least: number | null; readonly most: number | null }[]
  /** Of two commands in turns. */
  readonly turns: Pick<TurnsProgress, 'pairs' | 'most' | 'nextLook' | 'figures'> | null
}

/** What a command on its way shows of itself. */
export type Progress = LoadProgress | BenchProgress

/** Whether it is of a benchmark of commands. */
export function isOfBench(progress: Progress): progress is BenchProgress {
  return 'commands' in progress
}

export interface ProgressPercentiles {
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** Where a running command shows how far it is; the terminal decides how. */
export interface ProgressView {
  show(progress: Progress): void
  /** Whether `show` is seen as it is, so that a note need not repeat it. */
  readonly isDrawn?: boolean
  /** A line that stays. */
  note(text: string): void
  /** Gives the terminal back; safe to call twice. */
  close(): Promise<void>
}
