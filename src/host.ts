import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { arch, availableParallelism, constants, cpus, freemem, hostname, platform, release, totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { startChild, type ChildOptions, type ChildProcess } from './child-process.ts'
import { files, type Files } from './files.ts'

/** A text stream the program writes to. */
export interface Sink {
  /** Writes and resolves when the stream has taken it; a reader that has gone away (EPIPE) is no error. */
  write(text: string): Promise<void>
  readonly isTerminal: boolean
  /** Width and height in cells; 80 by 24 when it is no terminal. */
  readonly columns: number
  readonly rows: number
  /** The stream itself, for the one library that draws on it. */
  readonly stream: NodeJS.WriteStream
  /** Whether its reader has gone away: a closed pipe, a terminal that hung up. */
  readonly isGone: boolean
  /** Why it takes no more, where that is not its reader's doing: the disk behind it is full; null where it does. */
  readonly problem: string | null
  /** Writes at once, past what is queued: for the last words of a process that ends. Never throws. */
  writeNow(text: string): void
}

/** Standard input, where a person types. */
export interface Keyboard {
  readonly isTerminal: boolean
  readonly stream: NodeJS.ReadStream
}

/** What asks a running command to end. */
export interface Interrupts {
  /** Aborted by the first INT or TERM: finish what is under way; the reason is the signal's name. */
  readonly drain: AbortSignal
  /** Aborted by the second: stop now. */
  readonly stop: AbortSignal
}

/** The world outside, passed in as one value: the only door to `process`. */
export interface Host {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string | undefined
  readonly stdout: Sink
  readonly stderr: Sink
  readonly stdin: Keyboard
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds by which the system's monotonic clock, the same for every thread, is ahead of `now()`. */
  readonly clockAheadMs: number
  wallTime(): Date
  readonly files: Files
  readonly interrupts: Interrupts
  readonly machine: { readonly name: string; readonly platform: string; readonly release: string; readonly arch: string; readonly node: string; readonly cores: number; readonly cpuModel: string; readonly memoryBytes: number }
  /** Busy and total time of all processors together since boot, milliseconds. */
  cpuTimes(): { readonly busyMs: number; readonly totalMs: number }
  freeMemoryBytes(): number
  /** Processor time and resident memory of this process. */
  usage(): { readonly cpuMs: number; readonly rssBytes: number }
  /** Starts this program once more with other arguments. */
  spawnSelf(args: readonly string[], options?: ChildOptions): ChildProcess
  /** Keeps this process small from now on, for a program that runs for days and does little: a small heap, and code is optimised only where it pays. */
  staySmall(): void
  /** 32 bits to seed a generator with. */
  seed(): number
  /** Resolves when standard input has ended: for a child, that its parent is gone. */
  inputEnded(): Promise<void>
  /** The first line of standard input, without its line break; rejects when the input ends before that. */
  inputLine(): Promise<string>
  readonly pid: number
  /** Calls back when the process is told so; returns what stops it. A signal that is listened to no longer does what it does by itself. */
  onSignal(signal: 'SIGHUP' | 'SIGCONT' | 'SIGTSTP' | 'SIGWINCH', listener: () => void): () => void
  /** Sends a signal to a process, or to this one's group with 0. Throws Node's error (`ESRCH`, `EPERM`). */
  kill(pid: number, signal: NodeJS.Signals): void
  /** Whether there is a process with this number, whoever owns it; one that has ended and was not waited for counts. */
  isRunning(pid: number): boolean
  /** Calls back when the process ends, however it does (a terminal that hangs up too; signals that cannot be caught excepted); the listener may not wait for anything. Returns what stops it. */
  onExit(listener: () => void): () => void
}

/** The Host of a real process. */
export function realHost(): Host {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    home: process.env['HOME'],
    stdout: sink(process.stdout, 1),
    stderr: sink(process.stderr, 2),
    // Opened when it is asked for: a pipe nobody reads from must not keep the process alive.
    get stdin() {
      return { isTerminal: process.stdin.isTTY, stream: process.stdin }
    },
    now: () => performance.now(),
    clockAheadMs: Number(process.hrtime.bigint()) / 1e6 - performance.now(),
    wallTime: () => new Date(),
    files: files(process.cwd()),
    interrupts: interrupts(),
    machine: {
      name: hostname(),
      platform: platform(),
      release: release(),
      arch: arch(),
      node: process.version,
      cores: availableParallelism(),
      cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
      memoryBytes: totalmem(),
    },
    cpuTimes,
    freeMemoryBytes: freemem,
    usage: () => {
      const { user, system } = process.cpuUsage()
      return { cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() }
    },
    spawnSelf,
    staySmall: () => {
      // The nursery of V8's heap would grow to 16 MB while modules load, and keep that for minutes.
      setFlagsFromString('--semi-space-growth-factor=1')
      // V8 would spend more time on compiling what runs once a second than it ever gets back; eight times its usual patience.
      setFlagsFromString('--interrupt-budget=1000000')
    },
    seed: () => randomBytes(4).readUInt32LE(),
    pid: process.pid,
    onSignal: (signal, listener) => {
      process.on(signal, listener)
      if (signal === 'SIGHUP') hangUpListeners.add(listener)
      return () => {
        process.off(signal, listener)
        hangUpListeners.delete(listener)
      }
    },
    kill: (pid, signal) => void process.kill(pid, signal),
    isRunning: (pid) => {
      try {
        return process.kill(pid, 0)
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM'
      }
    },
    onExit,
    inputEnded: () => new Promise((done) => process.stdin.once('close', done).once('end', done).once('error', done).resume()),
    inputLine,
  }
}

function inputLine(): Promise<string> {
  return new Promise((done, failed) => {
    let text = ''
    const take = (more: string): void => {
      text += more
      if (!text.includes('\n')) return
      process.stdin.off('data', take).resume()
      done(text.slice(0, text.indexOf('\n')))
    }
    process.stdin.setEncoding('utf8').on('data', take).once('close', () => failed(new Error('standard input ended within its first line')))
  })
}

const lastActs = new Set<() => void>()
/** Who has asked for the signal itself decides what it does. */
const hangUpListeners = new Set<() => void>()

/** Node runs nothing of ours when a terminal hangs up, and children in groups of their own do not hear of it. */
function hangUp(): void {
  if (hangUpListeners.size > 0 || lastActs.size === 0) return
  process.off('SIGHUP', hangUp)
  for (const act of lastActs) act()
  process.kill(process.pid, 'SIGHUP')
}

function onExit(listener: () => void): () => void {
  const act = (): void => listener()
  if (lastActs.size === 0) process.on('SIGHUP', hangUp)
  lastActs.add(act)
  process.on('exit', act)
  return () => {
    lastActs.delete(act)
    if (lastActs.size === 0) process.off('SIGHUP', hangUp)
    process.off('exit', act)
  }
}

/** Gives the process this code when something is thrown that nobody catches; Node prints the stack, after all that listens to the end has run. */
export function crashWith(code: number): void {
  process.on('uncaughtExceptionMonitor', () => process.on('exit', () => (process.exitCode = code)))
}

/** Ends the process with a code once its streams have been written out. */
export function exit(code: number): void {
  process.exitCode = code
  // What is left open after the answer is out (an idle socket, a timer of a library) must not keep a cron job waiting.
  setTimeout(() => process.exit(code), 100).unref()
}

function sink(stream: NodeJS.WriteStream, descriptor: number): Sink {
  let isGone = false
  let problem: string | null = null
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isGone = true
    // A reader that has gone (a closed pipe, a terminal that hung up) is no reason to fail.
    if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')) problem ??= error.code === 'ENOSPC' ? 'the disk is full' : error.message
  })
  return {
    write: (text) => new Promise((done) => (text === '' || stream.destroyed ? done() : stream.write(text, () => done()))),
    get isTerminal() {
      return stream.isTTY
    },
    get columns() {
      return stream.columns || 80
    },
    get rows() {
      return stream.rows || 24
    },
    stream,
    get isGone() {
      return isGone
    },
    get problem() {
      return problem
    },
    writeNow: (text) => {
      for (let tries = 0; tries < 100; tries++) {
        try {
          writeSync(descriptor, text)
          return
        } catch (error) {
          // A pipe or terminal that is full for the moment is asked again; one that is gone has nobody left to tell.
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
        }
      }
    },
  }
}

/** After the second signal. */
const LAST_WAIT_MS = 3_000

function interrupts(): Interrupts {
  const drain = new AbortController()
  const stop = new AbortController()
  const listen = (signal: 'SIGINT' | 'SIGTERM'): void => {
    process.on(signal, () => {
      if (!drain.signal.aborted) return drain.abort(signal)
      stop.abort(signal)
      // Whatever is waited for, nobody should have to look for kill -9.
      setTimeout(() => process.exit(128 + constants.signals[signal]), LAST_WAIT_MS).unref()
    })
  }
  listen('SIGINT')
  listen('SIGTERM')
  return { drain: drain.signal, stop: stop.signal }
}

function cpuTimes(): { busyMs: number; totalMs: number } {
  let busyMs = 0
  let totalMs = 0
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq
    busyMs += busy
    totalMs += busy + times.idle
  }
  return { busyMs, totalMs }
}

/** The launcher: where the built program starts, whether this module runs bundled in `dist` or from `src`. */
const LAUNCHER = fileURLToPath(new URL('../bin/medianest-perf.js', import.meta.url))

function spawnSelf(args: readonly string[], options: ChildOptions = {}): ChildProcess {
  return startChild([process.execPath, LAUNCHER, ...args], { ...options, env: options.env ?? process.env }, (pid, signal) => void process.kill(pid, signal))
}
