import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { plain } from '../../model/text.ts'

/** A build to start. */
export interface BuildRequest {
  /** A line for the shell. */
  readonly command: string
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Sends a signal to a process, or with a negative number to a group. Throws where there is none. */
  readonly kill: (pid: number, signal: NodeJS.Signals) => void
  /** Whether there is such a process, or group. */
  readonly isRunning: (pid: number) => boolean
}

/** A build that was started, in a session and process group of its own. */
export interface Build {
  /** Of its shell; also the number of its group and session. */
  readonly pid: number
  /** Aborted when it ends by itself; the reason says how in words: `exit code 1`. */
  readonly ended: AbortSignal
  /** What it said last, on either stream; safe to show. */
  lastWords(): readonly string[]
  /** Ends its group: TERM, after a while KILL. Resolves when nothing of it is left. */
  stop(): Promise<void>
  /** Ends its group at once and waits for nothing. */
  kill(): void
}

/** From TERM to KILL, and from KILL until what cannot be killed is left alone. */
const PATIENCE_MS = { term: 3_000, kill: 1_000 }
const LOOK_MS = 20
const MOST_LINES = 12
const LONGEST_LINE = 300

/** Starts a build through the shell, with nothing on its standard input. */
export function startBuild({ command, directory, env, kill, isRunning }: BuildRequest): Build {
  const child = spawn(command, { shell: true, detached: true, cwd: directory, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const pid = child.pid ?? Number.NaN
  const ended = new AbortController()
  const words: string[] = []
  for (const stream of [child.stdout, child.stderr]) keepLines(stream, words)
  let isStopping = false
  let hasClosed = false
  child.once('close', () => (hasClosed = true))
  const end = (how: string): void => {
    if (!isStopping && !ended.signal.aborted) ended.abort(how)
  }
  child.once('error', (error) => end(error.message))
  child.once('exit', (code, signal) => end(signal === null ? `exit code ${String(code)}` : signal))

  const tell = (signal: NodeJS.Signals): void => {
    try {
      kill(-pid, signal)
    } catch {
      // All of the group have gone.
    }
  }
  const gone = async (ms: number): Promise<boolean> => {
    for (let left = ms; left > 0 && isRunning(-pid); left -= LOOK_MS) await sleep(LOOK_MS)
    return !isRunning(-pid)
  }
  return {
    pid,
    ended: ended.signal,
    lastWords: () => words.slice(-MOST_LINES),
    async stop() {
      isStopping = true
      if (Number.isNaN(pid)) return
      // What it said before it ended may still be on its way.
      for (let left = 200; left > 0 && ended.signal.aborted && !hasClosed; left -= LOOK_MS) await sleep(LOOK_MS)
      tell('SIGTERM')
      if (!(await gone(PATIENCE_MS.term))) {
        tell('SIGKILL')
        await gone(PATIENCE_MS.kill)
      }
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
    },
    kill: () => {
      isStopping = true
      tell('SIGKILL')
    },
  }
}

function keepLines(stream: Readable, words: string[]): void {
  let rest = ''
  const keep = (line: string): void => {
    if (line.trim() === '') return
    words.push(plain(line.trimEnd(), LONGEST_LINE))
    if (words.length > 2 * MOST_LINES) words.splice(0, words.length - MOST_LINES)
  }
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    // Only the last lines of a chunk can be among the last of all.
    const lines = (rest + text.slice(-65_536)).split('\n')
    rest = (lines.pop() ?? '').slice(-4 * LONGEST_LINE)
    for (const line of lines.slice(-MOST_LINES)) keep(line)
  })
  stream.on('close', () => keep(rest))
  stream.on('error', () => undefined)
}
