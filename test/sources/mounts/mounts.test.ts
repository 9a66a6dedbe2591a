import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { MetricName } from '../../../src/model/metric.ts'
import { openMounts, type Mounts } from '../../../src/sources/mounts/mounts.ts'

const isRoot = process.getuid?.() === 0
const canMount = isRoot && process.platform === 'linux' && (() => {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
})()
const canHang = canMount && existsSync('/dev/fuse')

const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0).reverse()) each()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mount-'))
  undo.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function mountTmpfs(options: string): string {
  const path = folder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', path])
  undo.push(() => execFileSync('umount', [path]))
  return path
}

/** A file system whose program never answers. */
async function mountHanging(): Promise<string> {
  const path = folder()
  const shell = spawn('bash', ['-c', 'exec 9<>/dev/fuse; mount -i -t fuse -o fd=9,rootmode=040000,user_id=0,group_id=0 hangfs "$1" && echo mounted; read', 'bash', path], { stdio: ['pipe', 'pipe', 'ignore'] })
  undo.push(() => {
    shell.stdin.destroy()
    shell.kill('SIGKILL')
  }, () => execFileSync('umount', ['-f', '-l', path]))
  await new Promise((done, failed) => shell.stdout.once('data', done).once('end', () => failed(new Error('not mounted'))))
  return path
}

function open(options: Partial<Parameters<typeof openMounts>[0]> = {}): Mounts {
  const mounts = openMounts({ now: () => performance.now(), env: process.env, ...options })
  undo.push(() => mounts.close())
  return mounts
}

function read(mounts: Mounts, mountpoint: string): Partial<Record<MetricName, number>> {
  const found: Partial<Record<MetricName, number>> = {}
  mounts.write({ set: (metric, value, tag) => void (tag === mountpoint && (found[metric] = value)) })
  return found
}

describe.runIf(process.platform === 'linux')('file systems', () => {
  it.runIf(canMount)('show one that is full as full', async () => {
    const path = mountTmpfs('size=1m')
    try {
      writeFileSync(join(path, 'all'), Buffer.alloc(2_000_000))
    } catch {
      // It is full now.
    }
    const mounts = open()
    await mounts.look()
    expect(read(mounts, path)).toMatchObject({ 'filesystem.size': 1_048_576, 'filesystem.usage': 1, 'filesystem.available': 0, 'filesystem.readonly': 0, 'filesystem.silent': 0 })
    expect(mounts.kinds()[path]).toEqual({ device: 'none', type: 'tmpfs' })
  })

  it.runIf(canMount)('show one that is mounted read-only as such', async () => {
    const path = mountTmpfs('size=1m,ro')
    const mounts = open()
    await mounts.look()
    expect(read(mounts, path)).toMatchObject({ 'filesystem.readonly': 1, 'filesystem.usage': 0 })
  })

  it.runIf(canMount)('come and go as they are mounted and unmounted', async () => {
    const mounts = open()
    const path = folder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', path])
    try {
      await mounts.look()
      expect(read(mounts, path)['filesystem.size']).toBe(1_048_576)
    } finally {
      execFileSync('umount', [path])
    }
    await mounts.look()
    expect(read(mounts, path)).toEqual({})
  })

  it.runIf(canHang)('go on when one of them hangs, which is said to be silent and not asked again soon', async () => {
    let time = 0
    const hanging = await mountHanging()
    const full = mountTmpfs('size=1m')
    const mounts = open({ deadlineMs: 300, now: () => time })
    const first = mounts.look()
    // What answers at once is there before the deadline of what does not.
    expect(read(mounts, full)['filesystem.size']).toBe(1_048_576)
    await first
    expect(read(mounts, hanging)).toEqual({ 'filesystem.silent': 1, 'filesystem.readonly': 0 })
    expect(read(mounts, full)['filesystem.silent']).toBe(0)

    time = 59_000
    const askedAt = performance.now()
    await mounts.look()
    expect(performance.now() - askedAt).toBeLessThan(250)
    expect(read(mounts, hanging)['filesystem.silent']).toBe(1)
    time = 61_000
    // The child that was killed takes a moment to be gone; until then there is no use in asking.
    await expect.poll(async () => {
      const askedAt = performance.now()
      await mounts.look()
      return performance.now() - askedAt
    }).toBeGreaterThan(299)
    expect(read(mounts, hanging)['filesystem.silent']).toBe(1)
  })

  it.runIf(canHang)('serve what answers in the child from a fresh one after a hanging mount took the first', async () => {
    const hanging = await mountHanging()
    const list = join(folder(), 'mountinfo')
    // Of an unknown kind, so asked in the child, but it answers: the temporary folder.
    writeFileSync(list, `1 0 0:77 / ${hanging} rw - fuse.hang hang rw\n2 0 0:78 / ${tmpdir()} rw - strangefs there rw\n`)
    const mounts = open({ deadlineMs: 300, mountinfo: list })
    await mounts.look()
    expect(read(mounts, hanging)['filesystem.silent']).toBe(1)
    expect(read(mounts, tmpdir())['filesystem.size']).toBeGreaterThan(0)
    await mounts.look()
    expect(read(mounts, tmpdir())['filesystem.size']).toBeGreaterThan(0)
  })

  it.runIf(canHang)('say that one is silent whose program has ended', async () => {
    const path = folder()
    execFileSync('bash', ['-c', 'exec 9<>/dev/fuse; mount -i -t fuse -o fd=9,rootmode=040000,user_id=0,group_id=0 deadfs "$1"', 'bash', path])
    undo.push(() => execFileSync('umount', ['-f', '-l', path]))
    const mounts = open()
    await mounts.look()
    expect(read(mounts, path)).toEqual({ 'filesystem.silent': 1, 'filesystem.readonly': 0 })
  })

  it.runIf(canHang)('leave no child behind when the program is killed while one hangs', async () => {
    const hanging = await mountHanging()
    const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../../src/sources/mounts/statfs.worker.mjs')], { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, NODE_OPTIONS: '' } })
    undo.push(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    child.stdin.write(`${JSON.stringify({ id: 1, mountpoint: hanging })}\n${JSON.stringify({ id: 2, mountpoint: '/' })}\n`)
    expect(String((await once(child.stdout, 'data'))[0])).toContain('"id":2')
    const ended = once(child, 'exit')
    child.stdin.end()
    await ended
  })

  it('that could hang are left out, and the others shown, when the system starts no more processes', async () => {
    const mountinfo = join(folder(), 'mountinfo')
    writeFileSync(mountinfo, `1 0 0:1 / ${tmpdir()} rw - ext4 /dev/vda1 rw\n2 1 0:2 / /srv rw - nfs4 nas:/export rw\n`)
    // More than the system takes for one variable (execve(2): E2BIG).
    const mounts = open({ mountinfo, env: { ...process.env, LARGE: 'x'.repeat(200_000) } })
    await mounts.look()
    expect(Object.keys(mounts.kinds())).toEqual([tmpdir()])
  })

  it('are none where there is no list of mounts', async () => {
    const mounts = open({ mountinfo: '/nowhere/mountinfo' })
    await mounts.look()
    expect(mounts.kinds()).toEqual({})
  })
})
