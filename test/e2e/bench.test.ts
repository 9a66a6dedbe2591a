import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const BIN = join(import.meta.dirname, '../../bin/medianest-perf.js')
const folder = mkdtempSync(join(tmpdir(), 'medianest-bench-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Told {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the installed program; `meanwhile` is given its process once it runs. */
async function run(argv: readonly string[], meanwhile?: (pid: number) => Promise<void>): Promise<Told> {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', err: '' }
  child.stdout.on('data', (bytes) => (text.out += String(bytes)))
  child.stderr.on('data', (bytes) => (text.err += String(bytes)))
  const ended = new Promise<number | null>((done) => child.once('close', done))
  await meanwhile?.(child.pid ?? Number.NaN)
  return { code: await ended, ...text }
}

/** Whether a process is there and no zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function until(is: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 400 && !is(); turn++) await new Promise((wait) => setTimeout(wait, 25))
  expect(is(), what).toBe(true)
}

interface Data {
  readonly commands: readonly { readonly runs: number; readonly times: readonly number[] }[]
  readonly comparison: { readonly verdict: string; readonly pairs: readonly { readonly base: number; readonly head: number }[]; readonly difference: { readonly estimate: number } } | null
}
const dataOf = ({ out }: Told): Data => (JSON.parse(out) as { readonly data: Data }).data

describe('bench, as it is installed', () => {
  it('times a command and leaves its output out of ours', async () => {
    const told = await run(['bench', '--runs', '3', '--format', 'json', '--', 'sh', '-c', 'echo out; echo err >&2; sleep 0.05'])
    expect(told.code).toBe(0)
    expect(told.err).not.toMatch(/^(out|err)$/m)
    const [command] = dataOf(told).commands
    expect(command?.times).toHaveLength(3)
    expect(Math.min(...(command?.times ?? []))).toBeGreaterThanOrEqual(50)
  })

  it('shows it on stderr when asked to, and keeps stdout for the result', async () => {
    const told = await run(['bench', '--runs', '1', '--warmup', '0', '--show-output', '--format', 'json', '--', 'sh', '-c', 'echo said on stdout; echo said on stderr >&2'])
    expect(told.err).toContain('said on stdout\nsaid on stderr\n')
    expect(dataOf(told).commands).toMatchObject([{ runs: 1 }])
  })

  it('calls a command slower that waits four times as long, in turns with the other', async () => {
    const told = await run(['bench', '--base', 'sleep 0.02', '--format', 'json', '--', 'sleep', '0.08'])
    expect({ code: told.code, verdict: dataOf(told).comparison?.verdict }).toEqual({ code: 1, verdict: 'regressed' })
    expect(dataOf(told).comparison?.difference.estimate).toBeGreaterThan(30)
    expect(told.err).toMatch(/  at most 30 pairs of turns, /)
  })

  it('writes a result for others to read that only measures, and compare reads it', async () => {
    const told = await run(['bench', '--base', 'sleep 0.02', '--measure-only', '--pairs', '3', '--runs', '2', '--output', 'json=start.json', '--', 'sleep', '0.05'])
    expect(told.code).toBe(0)
    expect(told.out).toContain('measured')
    const compared = await run(['compare', 'start.json', '-', '--format', 'json', '--gate', 'time'])
    // Nothing is piped in, so that side is empty: what matters is that the first was read.
    expect(compared.code).toBe(65)
    expect(JSON.parse(compared.out)).toMatchObject({ error: { code: 'EMPTY_ARTIFACT' } })
  })

  it('cannot tell from three pairs: 0, or 2 with --strict', async () => {
    const argv = ['bench', '--base', 'sleep 0.01', '--pairs', '3', '--runs', '1', '--format', 'json']
    expect((await run([...argv, '--', 'sleep', '0.02'])).code).toBe(0)
    expect((await run([...argv, '--strict', '--', 'sleep', '0.02'])).code).toBe(2)
  })

  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('ends with %s at once, with what it had measured and nothing left behind', async (signal, code) => {
    const file = join(folder, signal)
    const script = `sleep 0.05; if [ -e ${signal}.three ]; then sleep 30 & echo $! > ${signal}; wait; fi; if [ -e ${signal}.two ]; then touch ${signal}.three; fi; touch ${signal}.two`
    const told = await run(['bench', '--warmup', '0', '--format', 'json', '--', 'sh', '-c', script], async (pid) => {
      await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), 'the third run has begun')
      process.kill(pid, signal)
    })
    expect(told.code).toBe(code)
    expect(dataOf(told).commands).toMatchObject([{ runs: 2 }])
    const sleeper = Number(readFileSync(file, 'utf8'))
    await until(() => !isAlive(sleeper), `process ${sleeper} is gone`)
  })

  it('takes its command with it when the terminal hangs up', async () => {
    const file = join(folder, 'hung-up')
    await run(['bench', '--', 'sh', '-c', `echo $$ > ${file}; exec sleep 30`], async (pid) => {
      await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), 'the first run has begun')
      process.kill(pid, 'SIGHUP')
    })
    const sleeper = Number(readFileSync(file, 'utf8'))
    await until(() => !isAlive(sleeper), `process ${sleeper} is gone`)
  })
})
