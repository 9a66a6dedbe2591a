import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandProblem, runCommand } from '../../services/command.ts'
import { startBrowser } from './browser.ts'
import { addressNotValid, browserFailed, lighthouseFailed, pageFailed, runsNotValid, tooSlow } from './errors.ts'
import { findBrowser, findLighthouse } from './find.ts'

/** A page to measure with what is installed here. */
export interface LighthouseRequest {
  /** http or https. */
  readonly url: string
  /** How often, 1 to 50. */
  readonly runs: number
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Sends a signal to a process, or with a negative number to a group. */
  readonly kill: (pid: number, signal: NodeJS.Signals) => void
  /** Told before each run. */
  readonly log: (line: string) => void
  /** How long one run may take, milliseconds. */
  readonly limitMs?: number | undefined
}

/** A report as Lighthouse wrote it, untrusted; `file` is what it is called. */
export interface LighthouseReport {
  readonly file: string
  readonly report: unknown
}

const MOST_RUNS = 50
const LIMIT_MS = 180_000

/**
 * Measures a page with an installed Lighthouse in an installed browser, one run after the other, each in a new browser with an empty profile. Browser and Lighthouse are
 * ended when the signal aborts. Throws UserError `NO_LIGHTHOUSE`, `NO_BROWSER`, `BROWSER_FAILED`, `LIGHTHOUSE_FAILED`, `PAGE_FAILED`, `INVALID_VALUE`, and the signal's reason.
 */
export async function runLighthouse({ url, runs, signal, env, cwd, kill, log, limitMs = LIMIT_MS }: LighthouseRequest): Promise<readonly LighthouseReport[]> {
  const page = addressOf(url)
  if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS) throw runsNotValid(runs)
  const words = { lighthouse: await findLighthouse(cwd, env), browser: await findBrowser(env) }
  const folder = await mkdtemp(join(tmpdir(), 'medianest-lighthouse-'))
  try {
    const reports: LighthouseReport[] = []
    for (let run = 1; run <= runs; run++) {
      log(`Lighthouse ${run} of ${runs}: ${page}`)
      const known = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
      reports.push({ file: `Lighthouse run ${run}`, report: await runOnce({ ...words, page, output: join(folder, `${run}.json`), env: known, cwd, signal, kill, limitMs }) })
    }
    return reports
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The address of a page as a browser is given it. Throws UserError `INVALID_VALUE`. */
export function addressOf(url: string): string {
  const page = URL.canParse(url) ? new URL(url) : undefined
  if (!page || !['http:', 'https:'].includes(page.protocol) || page.username !== '' || page.password !== '') throw addressNotValid(url)
  return page.href
}

interface Once {
  readonly lighthouse: string
  readonly browser: string
  readonly page: string
  readonly output: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly signal: AbortSignal
  readonly kill: LighthouseRequest['kill']
  readonly limitMs: number
}

async function runOnce({ lighthouse, browser: program, page, output, env, cwd, signal, kill, limitMs }: Once): Promise<unknown> {
  signal.throwIfAborted()
  // Lighthouse starts browsers in a group of their own and leaves them when it is killed: so ours is given to it.
  const browser = await startBrowser({ program, env, signal, kill, limitMs: limitMs + 60_000 })
  const end = new AbortController()
  let crash: string | undefined
  void browser.ended.then((said) => {
    crash = said
    end.abort()
  })
  try {
    const words = [page, '--output=json', `--output-path=${output}`, '--quiet', `--port=${browser.port}`, '--no-enable-error-reporting']
    const answer = await runCommand({ program: lighthouse, words, env, directory: cwd, deadlineMs: limitMs, signal: AbortSignal.any([signal, end.signal]), kill })
    signal.throwIfAborted()
    const report = await readFile(output, 'utf8').then((text): unknown => JSON.parse(text)).catch(() => undefined)
    const { code, message } = failureOf(report)
    if (code !== undefined) throw pageFailed(page, code, message)
    if (report !== undefined) return report
    if (crash !== undefined) throw browserFailed(program, crash)
    if (answer.isLate) throw tooSlow(page, limitMs)
    const said = answer.stderr.trim().split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    throw lighthouseFailed(lighthouse, answer.exitCode === null ? `was ended by ${answer.signal ?? 'a signal'}` : `ended with ${answer.exitCode}`, said.find((line) => /error|unable|cannot/i.test(line)) ?? said.at(-1) ?? '')
  } catch (error) {
    if (error instanceof CommandProblem) throw lighthouseFailed(lighthouse, 'cannot be started', error.message)
    throw error
  } finally {
    await browser.stop()
  }
}

/** What a report says that it could not do. */
function failureOf(report: unknown): { readonly code?: string; readonly message: string } {
  const error = report !== null && typeof report === 'object' && 'runtimeError' in report ? report.runtimeError : undefined
  if (error === null || typeof error !== 'object' || !('code' in error) || typeof error.code !== 'string' || error.code === 'NO_ERROR') return { message: '' }
  return { code: error.code, message: 'message' in error && typeof error.message === 'string' ? error.message : '' }
}
