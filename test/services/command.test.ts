import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand, type CommandAnswer, type CommandRequest } from '../../src/services/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(program: string, words: readonly string[] = [], more: Partial<CommandRequest> = {}): Promise<CommandAnswer> {
  return runCommand({ program, words, env: { PATH: '/usr/bin:/bin' }, deadlineMs: 10_000, signal: new AbortController().signal, kill: (pid, signal) => void process.kill(pid, signal), ...more })
}

const sh = (script: string, more?: Partial<CommandRequest>): Promise<CommandAnswer> => run('sh', ['-c', script], more)

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

const written = (name: string): number => Number(readFileSync(join(folder, name), 'utf8'))

describe('a command', () => {
  it('gives back what it said and how it ended', async () => {
    expect(await sh('echo out; echo err >&2; exit 2')).toEqual({ exitCode: 2, signal: null, stdout: 'out\n', stderr: 'err\n', isCut: false, isLate: false, leftOthers: false })
    expect(await sh('kill -SEGV $$')).toMatchObject({ exitCode: null, signal: 'SIGSEGV', isLate: false })
  })

  it('gets its words as they are, nothing on its input and nothing of our environment', async () => {
    expect((await run('printf', ['%s\\n', '$HOME', '*', '; exit 1'])).stdout).toBe('$HOME\n*\n; exit 1\n')
    expect((await run('cat')).stdout).toBe('')
    expect((await run('env', [], { env: { PATH: '/usr/bin:/bin', ONE: '1' } })).stdout.split('\n').sort()).toEqual(['', 'ONE=1', 'PATH=/usr/bin:/bin'])
    expect((await run('pwd', [], { directory: folder })).stdout.trim()).toBe(folder)
  })

  it('is ended when its time is up', async () => {
    const answer = await sh(`echo $$ > ${folder}/sleeper; echo before; sleep 60`, { deadlineMs: 300 })
    expect(answer).toMatchObject({ isLate: true, signal: 'SIGTERM', stdout: 'before\n' })
    await untilGone(written('sleeper'))
  })

  it('is killed where it does not listen, and its children with it', async () => {
    const answer = await sh(`trap '' TERM; echo $$ > ${folder}/deaf; sleep 60 & echo $! > ${folder}/child; wait; sleep 60`, { deadlineMs: 300 })
    expect(answer).toMatchObject({ isLate: true, signal: 'SIGKILL' })
    await untilGone(written('deaf'))
    await untilGone(written('child'))
  })

  it('is not waited for where it has ended and left a child that holds its output', async () => {
    const startedAt = performance.now()
    const answer = await sh(`sleep 60 & echo $! > ${folder}/left; echo fine; exit 1`)
    expect(answer).toMatchObject({ exitCode: 1, isLate: false, leftOthers: true, stdout: 'fine\n' })
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    await untilGone(written('left'))
  })

  it('is not waited for either where that child has left the group', async () => {
    const answer = await sh(`setsid sleep 60 & echo $! > ${folder}/away; sleep 0.2; exit 0`)
    expect(answer).toMatchObject({ exitCode: 0, leftOthers: true })
    process.kill(written('away'), 'SIGKILL')
  })

  it('that writes without end is read to its deadline and kept up to 64 KiB', async () => {
    const answer = await run('yes', ['x'.repeat(100)], { deadlineMs: 300 })
    expect(answer).toMatchObject({ isLate: true, isCut: true })
    expect(answer.stdout).toHaveLength(65_536)
  })

  it('ends when the signal aborts, before or after it began', async () => {
    expect(await sh('sleep 60', { signal: AbortSignal.timeout(100) })).toMatchObject({ isLate: true })
    expect(await sh('trap "" TERM; sleep 60; sleep 60', { signal: AbortSignal.abort() })).toMatchObject({ isLate: true })
  })

  it('that cannot be started says why', async () => {
    const script = join(folder, 'script')
    writeFileSync(script, '#!/no/such/interpreter\n')
    await expect(run(script)).rejects.toThrow(/script may not be run by this user/)
    chmodSync(script, 0o755)
    await expect(run(script)).rejects.toThrow(/the interpreter in its first line is not there/)
    await expect(run('check_nothing_at_all')).rejects.toMatchObject({ message: 'check_nothing_at_all is not there', hint: expect.stringContaining('/usr/lib/nagios/plugins') })
    await expect(run(folder)).rejects.toThrow(/is a folder/)
    await expect(run('true', [], { directory: join(folder, 'no') })).rejects.toThrow(/its folder .*no is not there/)
    await expect(run('true', ['a\0b'])).rejects.toThrow(/cannot be started/)
    await expect(run('true', ['x'.repeat(3_000_000)])).rejects.toThrow(/cannot be started \(E2BIG\)/)
  })
})
