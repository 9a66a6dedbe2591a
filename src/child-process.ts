import { spawn } from 'node:child_process'

/** A process of our own that was started to serve this one. */
export interface ChildProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined
  /** The first line it printed. Rejects when it ends before that, with what it said on stderr. */
  readonly firstLine: Promise<string>
  /** Resolves when it has ended and all it printed was read. */
  readonly ended: Promise<ChildEnd>
  /** Sends it a signal; KILL reaches its whole group. Does nothing once it has ended. */
  tell(signal: 'SIGTERM' | 'SIGKILL'): void
  stop(): Promise<void>
}

/** How a process of our own ended. */
export interface ChildEnd {
  /** Null where a signal ended it, or it could not be started. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last it said on stderr, or why it could not be started. */
  readonly errors: string
}

/** What a process of our own is started with, besides its arguments. */
export interface ChildOptions {
  /** Its environment; this process's own where it is left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly directory?: string
  /** Written to its standard input, which then stays open for as long as this process lives. */
  readonly input?: string
  /** Called with every line it prints, without the line break. */
  readonly onLine?: (line: string) => void
}

/** Starts a program in a process group of its own: Ctrl-C in the terminal asks us, and we decide when it ends. `kill` sends a signal to a process, or to a group by its negative id. */
export function startChild([program = '', ...args]: readonly string[], { env, directory, input, onLine }: ChildOptions, kill: (pid: number, signal: 'SIGTERM' | 'SIGKILL') => void): ChildProcess {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env, cwd: directory })
  let errors = ''
  const ended = new Promise<ChildEnd>((done) => {
    child.once('close', (code, signal) => done({ code, signal, errors: errors.trim() }))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000)
  })
  child.on('error', (error) => {
    errors += error.message
  })
  // A child that has gone does not read what it is told.
  child.stdin.on('error', () => undefined)
  if (input !== undefined) child.stdin.write(input)
  const firstLine = new Promise<string>((found, failed) => {
    let rest = ''
    let isFirst = true
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (!isFirst && !onLine) return
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (isFirst) found(line)
        isFirst = false
        onLine?.(line)
      }
    })
    child.once('error', failed)
    child.once('close', () => failed(new Error(errors.trim() || 'it ended without a word')))
  })
  firstLine.catch(() => undefined)
  const tell = (signal: 'SIGTERM' | 'SIGKILL'): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    try {
      kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal)
    } catch {
      // It has ended since.
    }
  }
  return {
    pid: child.pid, firstLine, ended, tell,
    stop: async () => {
      tell('SIGTERM')
      const late = setTimeout(() => tell('SIGKILL'), 3_000)
      await ended
      clearTimeout(late)
    },
  }
}
