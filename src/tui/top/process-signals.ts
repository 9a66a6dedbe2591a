import type { ProcessSignal } from '../../model/feed.ts'

/** What the signal dialog offers, in its order; `chosen` of the dialog counts in this list. */
export const PROCESS_SIGNALS: readonly { readonly signal: ProcessSignal; readonly about: string }[] = [
  { signal: 'SIGTERM', about: 'asks it to end' },
  { signal: 'SIGINT', about: 'interrupts it, as Ctrl-C does' },
  { signal: 'SIGHUP', about: 'tells many services to read their configuration again' },
  { signal: 'SIGKILL', about: 'ends it at once; it can clean up nothing' },
  { signal: 'SIGSTOP', about: 'stops it until it is told to go on' },
  { signal: 'SIGCONT', about: 'lets it go on' },
  { signal: 'SIGUSR1', about: 'means what the program makes of it' },
  { signal: 'SIGUSR2', about: 'means what the program makes of it' },
]
