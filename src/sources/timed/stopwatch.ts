import { spawn, type ChildProcess } from 'node:child_process'
import { open } from 'node:fs/promises'
import type { Host } from '../../host.ts'
import { cpuBetween, parseChildrenCpu } from './children-cpu.ts'
import { cannotReadInput, cannotStart } from './errors.ts'
import { openLastWords } from './last-words.ts'
import { isFine, type Cpu, type Stopwatch, type TimedCommand } from './timed-command.ts'

/** How commands are run. */
export interface StopwatchChoice {
  /** When a run is told to end. */
  readonly deadlineMs: number
  /** Ends the run that is on, and those that come, at once. */
  readonly signal: AbortSignal
  /** The file on their standard input, absolute; null for nothing. */
  readonly input: string | null
  /** Whether what they write goes to our stderr; otherwise it is thrown away. */
  readonly showsOutput: boolean
}

type World = Pick<Host, 'now' | 'env' | 'cwd' | 'kill' | 'files' | 'onExit'>

/** From TERM to KILL. */
const PATIENCE_MS = 500
/** The same where somebody waits for all of us to end. */
const LITTLE_PATIENCE_MS = 100
/** Descriptor 2 of this process: our stdout is for the result alone. */
const OUR_STDERR = 2

/** Times commands until it is closed. */
export interface OpenStopwatch {
  readonly time: Stopwatch
  close(): Promise<void>
}

/**
 * Times single runs by the monotonic clock, each in a process group of its own so that Ctrl-C and a deadline end all of it. What a run leaves behind by itself is left alone.
 * Nothing is subtracted: starting a process is part of what is measured.
 */
export async function openStopwatch(world: World, { deadlineMs, signal, input, showsOutput }: StopwatchChoice): Promise<OpenStopwatch> {
  const cpuSoFar = async (): Promise<Cpu | null> => world.files.read('/proc/self/stat').then(parseChildrenCpu, () => null)
  const errors = showsOutput ? null : await openLastWords()
  const time: Stopwatch = async (command) => {
    const file = input === null ? null : await open(input).catch((error: unknown) => {
      throw cannotReadInput(input, error)
    })
    try {
      await errors?.empty()
      const before = await cpuSoFar()
      const startedAt = world.now()
      const child = start(world, command, [file?.fd ?? 'ignore', showsOutput ? OUR_STDERR : 'ignore', showsOutput ? OUR_STDERR : (errors?.descriptor ?? 'ignore')])
      const { endedAt, ...ended } = await endOf(world, child, command, { deadlineMs, signal })
      const cpu = cpuBetween(before, await cpuSoFar())
      return { ms: endedAt - startedAt, cpu, ...ended, lastWords: isFine(ended) ? [] : (await errors?.read()) ?? [] }
    } finally {
      await file?.close()
    }
  }
  return { time, close: async () => errors?.close() }
}

function start({ env, cwd }: World, { program, words }: TimedCommand, stdio: (number | 'ignore')[]): ChildProcess {
  try {
    // What is timed is no step of the pipeline, even where it is this program.
    return spawn(program, words, { cwd, env: { ...env, MEDIANEST_PERF_CI: 'off' }, stdio, detached: true })
  } catch (error) {
    throw cannotStart(program, error)
  }
}

interface Ended {
  readonly endedAt: number
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly isLate: boolean
  readonly isCutOff: boolean
}

async function endOf({ now, kill, onExit }: World, child: ChildProcess, { program }: TimedCommand, { deadlineMs, signal }: Pick<StopwatchChoice, 'deadlineMs' | 'signal'>): Promise<Ended> {
  const tell = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) kill(-child.pid, name)
    } catch {
      // All of the group have gone.
    }
  }
  const timers: NodeJS.Timeout[] = []
  let [isLate, isCutOff] = [false, false]
  const end = (patienceMs: number): void => {
    tell('SIGTERM')
    timers.push(setTimeout(() => tell('SIGKILL'), patienceMs))
  }
  const cutOff = (): void => {
    isCutOff = true
    end(LITTLE_PATIENCE_MS)
  }
  const forgetExit = onExit(() => tell('SIGKILL'))
  try {
    return await new Promise<Ended>((done, failed) => {
      child.once('exit', (exitCode, name) => done({ endedAt: now(), exitCode, signal: name, isLate, isCutOff }))
      child.once('error', (error) => failed(cannotStart(program, error)))
      timers.push(setTimeout(() => {
        isLate = true
        end(PATIENCE_MS)
      }, deadlineMs))
      signal.addEventListener('abort', cutOff)
      if (signal.aborted) cutOff()
    })
  } finally {
    for (const timer of timers) clearTimeout(timer)
    signal.removeEventListener('abort', cutOff)
    forgetExit()
    // Of a group that was told to end nobody stays.
    if (isLate || isCutOff) tell('SIGKILL')
  }
}
