import { spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { plain } from '../model/text.ts'

/** A program to run; no shell reads what it is called with. */
export interface CommandRequest {
  /** A path, or a name that is looked for along the PATH in `env`. */
  readonly program: string
  readonly words: readonly string[]
  /** All it gets: nothing of our own environment is passed on. */
  readonly env: Readonly<Record<string, string>>
  readonly directory?: string | undefined
  /** When it is told to end, milliseconds from now. */
  readonly deadlineMs: number
  /** Ends it sooner, and with less patience. */
  readonly signal: AbortSignal
  /** Sends a signal to a process, or with a negative number to a group. */
  readonly kill: (pid: number, signal: NodeJS.Signals) => void
}

/** What it left behind. Texts are untrusted, the first 64 KiB of each. */
export interface CommandAnswer {
  /** Null where a signal ended it, or nothing could. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Whether it said more than was kept. */
  readonly isCut: boolean
  /** Whether it had to be told to end. */
  readonly isLate: boolean
  /** Whether it ended and left others that held its output open; they were told to end. */
  readonly leftOthers: boolean
}

/** It could not be started. The message is for people, one line, made safe. */
export class CommandProblem extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.name = 'CommandProblem'
    this.hint = hint
  }
}

const MOST_BYTES = 64 * 1024
/** From TERM to KILL. */
const PATIENCE_MS = 500
/** The same where somebody waits for all of us to end. */
const LITTLE_PATIENCE_MS = 50
/** For the last output of a program that has ended. */
const LINGER_MS = 250
/** From KILL until what cannot be killed (it waits for a disk) is left alone. */
const LAST_MS = 100

/**
 * Runs a program in a process group of its own, with nothing on its standard input. When its time is up the group gets TERM, half a second later KILL;
 * so do processes it leaves behind with its output in their hands. Throws `CommandProblem` where it cannot be started.
 */
export async function runCommand(request: CommandRequest): Promise<CommandAnswer> {
  const { deadlineMs, signal, kill } = request
  const child = await start(request)
  const stdout = keep(child.stdout)
  const stderr = keep(child.stderr)
  const tell = (name: NodeJS.Signals): void => {
    try {
      kill(-(child.pid ?? Number.NaN), name)
    } catch {
      // All of the group have gone, or belong to somebody else by now.
    }
  }

  let isLate = false
  let leftOthers = false
  const timers = new Set<NodeJS.Timeout>()
  const after = (ms: number, act: () => void): void => void timers.add(setTimeout(act, ms))
  const ended = { exitCode: null as number | null, signal: null as NodeJS.Signals | null } // filled in when it has ended
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null

  await new Promise<void>((done) => {
    const stop = (patienceMs: number): void => {
      isLate ||= isRunning()
      tell('SIGTERM')
      after(patienceMs, () => {
        tell('SIGKILL')
        after(LAST_MS, done)
      })
    }
    const abort = (): void => stop(LITTLE_PATIENCE_MS)
    child.once('close', done)
    child.once('exit', (exitCode, name) => {
      ended.exitCode = exitCode
      ended.signal = name
      after(LINGER_MS, () => {
        leftOthers = true
        stop(PATIENCE_MS)
      })
    })
    after(deadlineMs, () => stop(PATIENCE_MS))
    signal.addEventListener('abort', abort)
    child.once('close', () => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
  })
  for (const timer of timers) clearTimeout(timer)
  // Of a group that was told to end, nobody stays.
  if (isLate || leftOthers) tell('SIGKILL')
  child.stdout.destroy()
  child.stderr.destroy()
  child.unref()
  return { ...ended, stdout: stdout.text(), stderr: stderr.text(), isCut: stdout.isCut() || stderr.isCut(), isLate, leftOthers }
}

function keep(stream: Readable): { text(): string; isCut(): boolean } {
  const kept: Buffer[] = []
  let bytes = 0
  stream.on('data', (data: Buffer) => {
    if (bytes < MOST_BYTES) kept.push(data.subarray(0, MOST_BYTES - bytes))
    bytes += data.length
  })
  stream.on('error', () => undefined)
  return { text: () => Buffer.concat(kept).toString('utf8'), isCut: () => bytes > MOST_BYTES }
}

async function start(request: CommandRequest) {
  const { program, words, env, directory } = request
  try {
    const child = spawn(program, words, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    await new Promise((started, failed) => void child.once('spawn', started).once('error', failed))
    child.on('error', () => undefined)
    return child
  } catch (error) {
    throw await explain(error, request)
  }
}

async function explain(error: unknown, { program, directory }: CommandRequest): Promise<CommandProblem> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const shown = plain(program, 200)
  if (directory !== undefined && !(await kindOf(directory) === 'directory')) return new CommandProblem(`its folder ${plain(directory, 200)} is not there`, 'correct `directory`')
  if (code === 'ENOENT') {
    if (program.includes('/') && await kindOf(program) !== 'nothing') return new CommandProblem(`${shown} cannot be started: the interpreter in its first line is not there`, 'install the interpreter, or correct the line that begins with #!')
    return new CommandProblem(`${shown} is not there`, program.includes('/') ? 'install it, or correct its path' : 'write its whole path; plugins often are in /usr/lib/nagios/plugins')
  }
  if (code === 'EACCES') {
    if (await kindOf(program) === 'directory') return new CommandProblem(`${shown} is a folder`, 'name the program in it')
    return new CommandProblem(`${shown} may not be run by this user`, 'make it executable (chmod +x), and its folders accessible')
  }
  return new CommandProblem(`${shown} cannot be started (${plain(error instanceof Error ? (code || error.message) : 'for no known reason', 200)})`, 'try it by hand as the same user')
}

async function kindOf(path: string): Promise<'directory' | 'file' | 'nothing'> {
  return stat(path).then((found) => (found.isDirectory() ? 'directory' : 'file'), () => 'nothing')
}
