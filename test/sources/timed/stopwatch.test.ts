import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openStopwatch, type StopwatchChoice } from '../../../src/sources/timed/stopwatch.ts'
import type { TimedRun } from '../../../src/sources/timed/timed-command.ts'
import { testHost } from '../../host.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-stopwatch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function time(program: string, words: readonly string[], choice: Partial<StopwatchChoice> = {}): Promise<TimedRun> {
  const host = testHost([], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', GREETING: 'hello' } })
  const stopwatch = await openStopwatch(host, { deadlineMs: 20_000, signal: new AbortController().signal, input: null, showsOutput: false, ...choice })
  try {
    return await stopwatch.time({ name: program, program, words })
  } finally {
    await stopwatch.close()
  }
}

const sh = (script: string, choice?: Partial<StopwatchChoice>): Promise<TimedRun> => time('sh', ['-c', script], choice)
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** Whether a process is there and no zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let turn = 0; turn < 100 && isAlive(pid); turn++) await new Promise((wait) => setTimeout(wait, 20))
  expect(isAlive(pid), `process ${pid} is still there`).toBe(false)
}

async function untilWritten(name: string): Promise<void> {
  for (let turn = 0; turn < 200 && !(existsSync(join(folder, name)) && read(name).endsWith('\n')); turn++) await new Promise((wait) => setTimeout(wait, 20))
}

describe('a run of a command', () => {
  it('is timed from its start to its end', async () => {
    const { ms, exitCode } = await sh('sleep 0.2')
    expect(exitCode).toBe(0)
    expect(ms).toBeGreaterThanOrEqual(200)
  })

  it('gets its words as they are, our environment and our folder', async () => {
    await time('node', ['-e', 'require("fs").writeFileSync("said", JSON.stringify([process.argv.slice(1), process.env.GREETING]))', '--', '--quiet', '$HOME', '*', "it's"])
    expect(JSON.parse(read('said'))).toEqual([['--quiet', '$HOME', '*', "it's"], 'hello'])
  })

  it('reads nothing, or the same file each time', async () => {
    await sh('cat > empty; wc -c < empty > count')
    expect(Number(read('count'))).toBe(0)
    writeFileSync(join(folder, 'input'), 'abc')
    for (let nth = 0; nth < 2; nth++) {
      await sh('cat > copy', { input: join(folder, 'input') })
      expect(read('copy')).toBe('abc')
    }
    await expect(sh('cat', { input: join(folder, 'nothing') })).rejects.toMatchObject({ code: 'CANNOT_READ', message: expect.stringContaining('there is no such file') })
  })

  it('that fails leaves its last words, made safe, and one that ends well leaves none', async () => {
    const failed = await sh(String.raw`for n in 1 2 3 4 5 6 7; do echo "line $n" >&2; done; printf 'red \033[31m\n' >> /dev/stderr; exit 7`)
    expect(failed).toMatchObject({ exitCode: 7, signal: null })
    expect(failed.lastWords).toEqual(['line 4', 'line 5', 'line 6', 'line 7', 'red \ufffd[31m'])
    expect((await sh('echo warning >&2')).lastWords).toEqual([])
  })

  it('that says no end of things is not held up', async () => {
    expect(await sh('head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; exit 1')).toMatchObject({ exitCode: 1, isLate: false })
  })

  it('that takes too long is ended with all it started', async () => {
    const late = await sh('trap "" TERM; sleep 30 & echo $! > late; wait; sleep 30', { deadlineMs: 300 })
    expect(late).toMatchObject({ isLate: true, isCutOff: false, exitCode: null })
    await untilGone(Number(read('late')))
  })

  it('is ended with all it started when somebody says stop, and so is one that begins after that', async () => {
    const stop = new AbortController()
    const running = sh('sleep 30 & echo $! > cut; wait', { signal: stop.signal })
    await untilWritten('cut')
    stop.abort('SIGINT')
    expect(await running).toMatchObject({ isCutOff: true, isLate: false })
    await untilGone(Number(read('cut')))
    expect(await sh('sleep 30', { signal: stop.signal })).toMatchObject({ isCutOff: true })
  })

  it.each([
    ['nosuchprogram', 'there is no such program'],
    ['./input', 'it may not be run'],
    ['.', 'it may not be run'],
    ['a\0b', 'cannot be started'],
  ])('of %j is an error of the person', async (program, reason) => {
    writeFileSync(join(folder, 'input'), 'abc')
    await expect(time(program, [])).rejects.toMatchObject({ code: 'CANNOT_START', kind: 'usage', message: expect.stringContaining(reason) })
  })

  it.skipIf(process.platform !== 'linux')('tells the processor time it took (needs /proc)', async () => {
    const { cpu } = await time('node', ['-e', 'const end = performance.now() + 200; while (performance.now() < end);'])
    // Two hundred milliseconds of its own work and a start, however often it was interrupted; the rest of the machine is not in it.
    expect((cpu?.userMs ?? 0) + (cpu?.systemMs ?? 0)).toBeGreaterThan(50)
  })
})
