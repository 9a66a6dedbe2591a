import type { UserError } from './error.ts'
import type { Alert } from './report.ts'
import type { Snapshot, SystemFacts } from './snapshot.ts'

/** How a feed is doing. */
export type FeedState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** No news for longer than the interval; `retryAt` is when it is asked again (milliseconds since 1970). */
  | { readonly kind: 'lost'; readonly reason: string; readonly retryAt: number | null; readonly error?: UserError }
  /** Nothing more will come: a recording that is over, an instance that refuses. */
  | { readonly kind: 'ended'; readonly reason: string; /** Whether something is missing that should have come: a recording was cut off or damaged. */ readonly isIncomplete?: boolean; /** Why, for whoever has seen nothing yet. */ readonly error?: UserError }

/** What a feed tells. */
export interface FeedListener {
  snapshot(snapshot: Snapshot): void
  /** Once at the start, and again when something of it changed. */
  facts(facts: SystemFacts): void
  /** Alerts that the source sends between snapshots. */
  alert(alert: Alert & { readonly at: number }): void
  state(state: FeedState): void
}

/** What can be asked of a process. */
export type ProcessSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGUSR1' | 'SIGUSR2'

/** A system that is looked at again and again: this machine, an instance, or a recording. */
export interface Feed {
  /** Short, for the title: a host name or an address. */
  readonly name: string
  readonly kind: 'local' | 'remote' | 'recording'
  /** Begins; the first snapshot comes as soon as there is one. */
  start(listener: FeedListener): void
  /** Time from one look to the next where nobody can change it, milliseconds: that of a recording. */
  readonly intervalMs?: number | undefined
  /** Time from one look to the next, milliseconds. */
  setInterval(ms: number): void
  /** Whether the processes are looked at; a hidden table costs nothing. */
  setProcesses(wanted: boolean): void
  /** Sends a signal to a process of this machine; absent where that cannot be. Throws UserError `NO_SUCH_PROCESS` or `NOT_PERMITTED`. */
  readonly signal?: ((pid: number, startedAt: number, signal: ProcessSignal) => void) | undefined
  /** Stops telling, or goes on where it stopped; absent where time cannot be stopped. */
  readonly pause?: ((on: boolean) => void) | undefined
  /** Plays at the next higher speed, or with -1 at the next lower one; the speed it has then, 1 for that of life. Absent where nothing is played. */
  readonly faster?: ((direction: 1 | -1) => number) | undefined
  close(): Promise<void>
}
