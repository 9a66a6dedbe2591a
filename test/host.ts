import type { Host, Sink } from '../src/host.ts'
import { files } from '../src/files.ts'
import { realHost } from '../src/host.ts'

/** A host for tests: real files and clock, streams that are kept, signals that are sent by hand. */
export interface TestHost extends Host {
  out(): string
  err(): string
  /** What Ctrl-C does: the first drains, the second stops. */
  interrupt(signal?: 'SIGINT' | 'SIGTERM'): void
}

export function testHost(argv: readonly string[], options: { readonly env?: Record<string, string>; readonly cwd?: string; readonly columns?: number } = {}): TestHost {
  const out: string[] = []
  const err: string[] = []
  const drain = new AbortController()
  const stop = new AbortController()
  const cwd = options.cwd ?? process.cwd()
  return {
    ...base(),
    argv,
    env: options.env ?? {},
    cwd,
    home: undefined,
    files: files(cwd),
    stdout: sink(out, options.columns ?? 100),
    stderr: sink(err, options.columns ?? 100),
    interrupts: { drain: drain.signal, stop: stop.signal },
    out: () => out.join(''),
    err: () => err.join(''),
    interrupt: (signal = 'SIGINT') => (drain.signal.aborted ? stop : drain).abort(signal),
  }
}

// Signal handlers of the real host are installed once, not for each test.
let real: Host | undefined
function base(): Host {
  real ??= realHost()
  return real
}

function sink(kept: string[], columns: number): Sink {
  return {
    write: async (text) => void kept.push(text),
    isTerminal: false,
    isGone: false,
    problem: null,
    columns,
    rows: 40,
    // Nothing draws on the stream of something that is no terminal.
    stream: undefined as unknown as NodeJS.WriteStream,
    writeNow: (text) => void kept.push(text),
  }
}
