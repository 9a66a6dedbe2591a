import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Process } from '../../../src/model/process.ts'
import { plain } from '../../../src/model/text.ts'
import { openLinuxProcesses, type LinuxProcesses } from '../../../src/sources/processes/linux.ts'

let processes: LinuxProcesses
let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'))
  processes = process.platform === 'linux' ? openLinuxProcesses() : { scan: () => ({ at: 0, total: 0, rows: [] }), close: () => undefined }
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  processes.close()
  rmSync(folder, { recursive: true })
})

function start(command: string, args: readonly string[] = [], stdin: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
  const child = spawn(command, args, { stdio: [stdin, 'ignore', 'ignore'] })
  children.push(child)
  return child
}
const scan = (): readonly Process[] => processes.scan({ monotonicMs: performance.now(), wallMs: Date.now(), memoryBytes: 1e9 }).rows
const find = (pid: number | undefined): Process | undefined => scan().find(({ program }) => program.pid === pid)
const commandOf = (child: ChildProcess): string | undefined => find(child.pid)?.program.command

describe.runIf(process.platform === 'linux')('processes of this machine', () => {
  it.each([['escape', '\u001b[31mred\u001b[0m'], ['line break', 'two\nlines'], ['brackets', 'a) S 1 (b)'], ['backslash', 'a\\nb\\'], ['wide', '漢字ab'], ['combining', 'e\u0301e\u0301'], ['spaces', '  x  ']])('keep a hostile name (%s) as it is', async (_, name) => {
    const path = join(folder, name)
    copyFileSync('/bin/sleep', path)
    const child = start(path, ['30'])
    await expect.poll(() => find(child.pid)?.program.name).toBe(name)
    const found = find(child.pid)
    expect(found?.program.command).toBe(`${path} 30`)
    expect(found?.parent).toBe(process.pid)
    expect(plain(found?.program.name ?? '')).not.toMatch(/[\u0000-\u001f]/)
  })

  it('survive a name that is cut within a character, and arguments that are no UTF-8', async () => {
    const path = join(folder, 'a漢字漢字漢字')
    copyFileSync('/bin/sleep', path)
    const child = start(path, ['30'])
    await expect.poll(() => find(child.pid)?.program.name).toMatch(/^a漢字漢字\ufffd/)
    const bytes = start('bash', ['-c', "exec -a $'x\\xff\\xfey' sleep 30"])
    await expect.poll(() => commandOf(bytes)).toBe('x\ufffd\ufffdy 30')
  })

  it('are seen to start another program, of the same name too', async () => {
    const child = start('sh', ['-c', 'read x; exec sh -c "read y; exec sleep 30"'], 'pipe')
    await expect.poll(() => commandOf(child)).toContain('read x')
    child.stdin?.write('\n')
    await expect.poll(() => commandOf(child)).toBe('sh -c read y; exec sleep 30')
    child.stdin?.write('\n')
    await expect.poll(() => commandOf(child)).toBe('sleep 30')
  })

  it('use as much of a processor as the scheduler gave them', { retry: 3 }, async () => {
    const child = start('sh', ['-c', 'while :; do :; done'])
    // Nanoseconds, from another file than the one that is measured with.
    const given = (): number => Number(readFileSync(`/proc/${child.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6
    scan()
    await wait(100)
    const [before, startedAt] = [given(), performance.now()]
    scan()
    await wait(1_000)
    const cpu = find(child.pid)?.cpu ?? Number.NaN
    // A whole one on a machine with nothing else to do; here other tests run beside it.
    expect(Math.abs(cpu - (given() - before) / (performance.now() - startedAt))).toBeLessThan(0.05)
    expect(cpu).toBeGreaterThan(0.1)
    expect(cpu).toBeLessThan(1.1)
  })

  it('know the threads, the user and the start of this one', () => {
    const own = find(process.pid)
    expect(own?.threads).toBeGreaterThan(1)
    expect(own?.program.user).toBe(execFileSync('id', ['-un'], { encoding: 'utf8' }).trim())
    expect(Math.abs((own?.program.startedAt ?? 0) - (Date.now() - process.uptime() * 1_000))).toBeLessThan(5_000)
    expect(own?.residentBytes).toBeGreaterThan(process.memoryUsage.rss() / 2)
  })

  it('tell threads of the kernel, where they are seen', ({ skip }) => {
    const kernel = scan().find(({ program }) => program.pid === 2)
    if (kernel?.program.name !== 'kthreadd') return skip()
    expect(kernel.program).toMatchObject({ command: '[kthreadd]', isKernel: true, user: 'root' })
  })

  it('include one that has ended and was not waited for', async () => {
    const child = start('bash', ['-c', 'sleep 0.05 & exec sleep 30'])
    await expect.poll(() => scan().find(({ parent }) => parent === child.pid)?.state).toBe('Z')
    expect(scan().find(({ parent }) => parent === child.pid)?.program.command).toMatch(/sleep/)
  })

  it('come and go by the hundred without a leak', async () => {
    const before = readdirSync('/proc/self/fd').length
    const churn = start('bash', ['-c', 'for i in {1..200}; do /bin/true & done; wait'])
    let isOver = false
    churn.once('exit', () => (isOver = true))
    for (let scans = 0; scans < 500 && !isOver; scans++) {
      expect(scan().length).toBeGreaterThan(1)
      await wait(1)
    }
    processes.close()
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 2)
  })
})
