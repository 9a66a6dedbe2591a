import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { PASSWORD } from '../services/postgres-server.ts'
import { readPlugin, type ReadPlugin } from '../output/nagios.ts'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')
const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']
/** No run takes longer; one that does is killed and fails its test. */
const LONGEST_MS = 25_000

/** What configurations of these tests hold, and no run may show: not in what it prints or keeps, and not in the list of processes. */
export const SECRETS = { postgres: PASSWORD, wrong: 'wrong-horse-17', redis: 'only-for-redis-8', token: 'bearer-of-tales-3', ping: 'switch-5d1c-uuid' } as const

/** A run of the built program that is over. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly tookMs: number
  /** Where it ran; its configuration is there. */
  readonly folder: string
}

/** One that is under way. */
export interface Running {
  readonly pid: number
  readonly folder: string
  /** What it has printed so far. */
  out(): string
  kill(signal: NodeJS.Signals): void
  /** Rejects where it showed a secret, left a process behind, or printed what is no output of a plugin though it should be. */
  readonly ended: Promise<Ended>
}

/** What a run is given besides its flags. */
export interface Around {
  /** Where it runs; one of its own where it is left out. */
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  /** Files in its folder, by name. */
  readonly files?: Readonly<Record<string, string>>
  /** A command that runs it, its own words last. */
  readonly by?: readonly string[]
}

const folders: string[] = []
/** Files a test has put there itself. */
const given = new Set<string>()

/** A folder that is gone after the tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-health-'))
  folders.push(folder)
  return folder
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** Starts `health` with the section of a configuration (null for none), as cron would: no terminal, hardly any environment. */
export function startHealth(section: object | string | null, flags: readonly string[] = [], { folder = newFolder(), env = {}, files = {}, by = [] }: Around = {}): Running {
  const configuration = section === null ? {} : { 'medianest-perf.yaml': typeof section === 'string' ? section : JSON.stringify({ health: section }, undefined, 1) }
  for (const [name, text] of Object.entries({ ...files, ...configuration })) {
    writeFileSync(join(folder, name), text)
    given.add(join(folder, name))
  }
  const mark = `MEDIANEST_TEST_RUN=${randomUUID()}`
  const [command = '', ...words] = [...by, process.execPath, BIN, 'health', ...flags]
  const started = performance.now()
  const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env, [mark.split('=')[0] ?? '']: mark.split('=')[1] } })
  const pid = child.pid ?? 0
  const [out, err, titles]: [string[], string[], Set<string>] = [[], [], new Set()]
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  const watch = setInterval(() => titles.add(read(`/proc/${pid}/cmdline`)), 40)
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  const ended = new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done)).then(async (code) => {
    clearInterval(watch)
    clearTimeout(late)
    const run = { code, out: out.join(''), err: err.join(''), tookMs: performance.now() - started, folder }
    const shown = [run.out, run.err, ...titles, ...written(folder)].join('\n')
    for (const [name, secret] of Object.entries(SECRETS)) expect([secret, encodeURIComponent(secret)].some((text) => shown.includes(text)), `shows the ${name} secret:\n${run.out}${run.err}`).toBe(false)
    expect(await left(mark), 'processes left behind').toEqual([])
    if (!flags.includes('--watch') && (!flags.includes('--format') || flags.includes('nagios')) && run.out !== '') readRun(run)
    return run
  })
  return { pid, folder, out: () => out.join(''), kill: (signal) => void child.kill(signal), ended }
}

/** Runs `health` to its end. */
export const health = (...given: Parameters<typeof startHealth>): Promise<Ended> => startHealth(...given).ended

/** The lines of a plugin that a run printed, whose state is that of its exit code where that is a plugin's. */
export function readRun({ code, out }: Ended): ReadPlugin {
  const plugin = readPlugin(out)
  if (code !== null && code < STATES.length) expect(plugin.state, out).toBe(STATES[code])
  return plugin
}

/** Expects an exit code, and words of the first line; what is wrong must come with advice. */
export function expectSaid(run: Ended, code: number, words: RegExp, withinMs: number): void {
  const { text, long } = readRun(run)
  expect([run.code, text], run.out + run.err).toEqual([code, expect.stringMatching(words)])
  expect(run.err).toBe('')
  expect(run.tookMs).toBeLessThan(withinMs + 8_000)
  if (code === 2) expect(long.join('\n')).toMatch(/^ {2}hint: \S/m)
}

/** What is in a folder that no test has put there: states, results. */
function written(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() && !given.has(join(folder, entry.name)) ? read(join(folder, entry.name)) : []))
}

/** Processes that were started by a run and are still there a moment after its end. */
async function left(mark: string): Promise<string[]> {
  for (let turn = 0; ; turn++) {
    const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(mark)).map((name) => `${name} ${read(`/proc/${name}/cmdline`)}`)
    if (found.length === 0 || turn === 20) return found
    await pause(50)
  }
}

/** A file's text; empty where it is not there, as in /proc when its process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
