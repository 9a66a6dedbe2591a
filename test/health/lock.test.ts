import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, lchownSync, lstatSync, lutimesSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownOwner, readOwner, writeOwner, type LockOwner, type LockWorld } from '../../src/health/lock-owner.ts'
import { acquireLock, isHeld, lockPath, type Lock } from '../../src/health/lock.ts'
import { realHost } from '../../src/host.ts'
import type { Answer } from './lock-taker.ts'
import { canMount } from './mounts.ts'

const world: LockWorld = realHost()
const folder = mkdtempSync(join(tmpdir(), 'medianest-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
const fresh = (): string => join(folder, `${++count}.lock`)
const isLinux = process.platform === 'linux'

/** A process that has ended. */
const DEAD = (() => {
  const pid = Number(execFileSync('sh', ['-c', 'echo $$']))
  return Number.isInteger(pid) ? pid : 0
})()
const TOKEN = '0123456789ab'

/** What somebody left who held a lock: this process, but for what is given. */
async function leave(path: string, change: Partial<LockOwner>): Promise<void> {
  symlinkSync(writeOwner({ ...(await ownOwner(world, TOKEN)), ...change }), path)
}

async function take(path: string, as: LockWorld = world): Promise<Lock> {
  const taken = await acquireLock(path, as)
  if (!isHeld(taken)) throw new Error(`busy with ${taken.busy.pid}`)
  return taken
}

describe('a lock', () => {
  it('is held by one at a time, who is named to others, and leaves nothing when given back', async () => {
    const path = fresh()
    const lock = await take(path)
    expect(await acquireLock(path, world)).toEqual({ busy: { pid: process.pid, since: expect.any(Date) } })
    await lock.release()
    await lock.release()
    const again = await take(path)
    await lock.release()
    expect(await acquireLock(path, world)).toHaveProperty('busy')
    await again.release()
    expect(readdirSync(folder).filter((name) => path.endsWith(name))).toEqual([])
  })

  it('needs no space on the disk beyond its inode', async () => {
    const word = writeOwner({ pid: 4_194_304, started: (2 ** 31).toString(36), boot: '01234567', space: (4_026_531_836).toString(36), since: Date.UTC(2100, 0), token: TOKEN })
    expect(word.length).toBeLessThanOrEqual(59)
    expect(readOwner(word)).toMatchObject({ pid: 4_194_304, since: Date.UTC(2100, 0) })
  })

  it.each<[string, Partial<LockOwner>]>([
    ['a process that has ended', { pid: DEAD }],
    ['a process whose number another has now', { started: '1' }],
    ['a system that was started again since', { boot: '00000000' }],
    ['another container, more than an hour ago', { space: '1', since: Date.now() - 3_700_000 }],
  ])('left by %s is taken over', async (_, change) => {
    const path = fresh()
    await leave(path, change)
    await (await take(path)).release()
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.lock`))).toEqual([])
  })

  it.skipIf(!isLinux)('left by a process that was killed and that nobody waited for is taken over (needs /proc)', async () => {
    const path = fresh()
    // The shell becomes a sleep, which never waits for the child it had.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const pid = Number(String((await once(parent.stdout, 'data'))[0]))
    try {
      const zombie = { ...world, pid }
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2]).toBe('Z')
      symlinkSync(writeOwner({ ...(await ownOwner(zombie, TOKEN)), space: (await ownOwner(world, TOKEN)).space }), path)
      await (await take(path)).release()
    } finally {
      parent.kill()
    }
  })

  it('of another container is believed for an hour', async () => {
    const path = fresh()
    await leave(path, { space: '1', since: Date.now() - 3_500_000 })
    expect(await acquireLock(path, world)).toHaveProperty('busy')
  })

  it('of a process that may not be seen is believed as long as there is one with its number', async () => {
    const path = fresh()
    await leave(path, { pid: DEAD })
    expect(await acquireLock(path, { ...world, isRunning: () => true })).toHaveProperty('busy')
  })

  it('is taken over though somebody was killed while taking it over, twice', async () => {
    const path = fresh()
    await leave(path, { pid: DEAD })
    await leave(`${path}.${TOKEN}`, { pid: DEAD, token: 'aaaaaaaaaaaa' })
    await leave(`${path}.${TOKEN}.aaaaaaaaaaaa`, { pid: DEAD, token: 'bbbbbbbbbbbb' })
    await (await take(path)).release()
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.lock`))).toEqual([])
  })

  it('that is taken over sweeps away what others left an hour ago while they tried', async () => {
    const path = fresh()
    await leave(path, { pid: DEAD })
    for (const name of ['cccccccccccc', 'dddddddddddd.new', 'eeeeeeeeeeee', 'txt']) await leave(`${path}.${name}`, { pid: DEAD })
    for (const name of ['cccccccccccc', 'dddddddddddd.new', 'txt']) lutimesSync(`${path}.${name}`, 1, Date.now() / 1_000 - 3_700)
    await take(path)
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.lock.`)).sort()).toEqual([`${count}.lock.eeeeeeeeeeee`, `${count}.lock.txt`])
  })

  it('found stale by many at the same moment is taken by one', async () => {
    for (let round = 0; round < 50; round++) {
      const path = fresh()
      await leave(path, { pid: DEAD })
      const taken = await Promise.all(Array.from({ length: 20 }, () => acquireLock(path, world)))
      expect(taken.filter(isHeld)).toHaveLength(1)
    }
  })
})

describe('where a lock cannot be', () => {
  const refused = (path: string): Promise<unknown> => acquireLock(path, world).then(() => 'taken', (error: unknown) => error)

  it('there is an error that says why', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'of somebody')
    expect(await refused(file)).toMatchObject({ code: 'LOCK_FILE', kind: 'input', message: `the lock ${file} cannot be made: something else is in its place` })
    expect(await refused(join(folder, 'none', 'lock'))).toMatchObject({ code: 'LOCK_FILE', message: expect.stringContaining('its folder does not exist') })
    expect(await refused(folder)).toMatchObject({ code: 'LOCK_FILE', message: expect.stringContaining('something else') })
  })

  it('a link of somebody is not followed', async () => {
    const path = fresh()
    const target = join(folder, 'target')
    symlinkSync(target, path)
    expect(await refused(path)).toMatchObject({ code: 'LOCK_FILE' })
    expect([readlinkSync(path), readdirSync(folder).includes('target')]).toEqual([target, false])
  })

  it.skipIf(process.getuid?.() !== 0)('another user\'s lock counts nothing in a folder that is open to all (needs root)', async () => {
    const open = join(folder, 'open')
    mkdirSync(open)
    chmodSync(open, 0o1777)
    const path = join(open, 'lock')
    await leave(path, {})
    lchownSync(path, 12_345, 12_345)
    expect(await refused(path)).toMatchObject({ code: 'LOCK_FILE', message: expect.stringContaining('belongs to another user (12345)') })
    chmodSync(open, 0o755)
    expect(await acquireLock(path, world)).toHaveProperty('busy')
    expect(lstatSync(path).uid).toBe(12_345)
  })
})

it('lies beside the state file, else in the user\'s folder, else with user and configuration in its name in the temporary one', () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/7', TMPDIR: '/var/tmp' }
  expect(lockPath({ stateFile: '/var/lib/health.json', configFile: '/etc/a.yaml', env })).toBe('/var/lib/health.json.lock')
  expect(lockPath({ configFile: '/etc/a.yaml', env })).toMatch(/^\/run\/user\/7\/medianest-perf-health-[0-9a-f]{16}\.lock$/)
  expect(lockPath({ configFile: '/etc/a.yaml', env: { TMPDIR: '/var/tmp' } })).toMatch(/^\/var\/tmp\/medianest-perf-health-\d+-[0-9a-f]{16}\.lock$/)
  expect(lockPath({ configFile: '/etc/a.yaml', env })).not.toBe(lockPath({ configFile: '/etc/b.yaml', env }))
})

describe('twenty processes at once', () => {
  const takers: { readonly process: ChildProcess; ask(line: string): Promise<Answer> }[] = []

  beforeAll(async () => {
    const script = join(folder, 'taker.mjs')
    await build({ entryPoints: [join(import.meta.dirname, 'lock-taker.ts')], outfile: script, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' })
    const ready: Promise<unknown>[] = []
    for (let index = 0; index < 20; index++) {
      const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
      const lines = createInterface({ input: child.stdout })
      const next = async (): Promise<Answer> => String((await once(lines, 'line'))[0]) as Answer
      ready.push(next())
      takers.push({ process: child, ask: (line) => (child.stdin.write(`${line}\n`), next()) })
    }
    await Promise.all(ready)
  })
  afterAll(() => takers.forEach((taker) => taker.process.kill('SIGKILL')))

  /** All of them ask for it at the same moment; what each was answered. */
  const race = (path: string, among = takers): Promise<readonly Answer[]> => Promise.all(among.map((taker) => taker.ask(`take ${path} ${Date.now() + 15}`)))

  it('of which exactly one gets a lock that is free, or was left in whatever way', async () => {
    const ways: readonly ((path: string) => Promise<void>)[] = [
      async () => undefined,
      (path) => leave(path, { pid: DEAD }),
      (path) => leave(path, { started: '1' }),
      (path) => leave(path, { boot: '00000000' }),
      async (path) => {
        await leave(path, { pid: DEAD })
        await leave(`${path}.${TOKEN}`, { pid: DEAD, token: 'aaaaaaaaaaaa' })
      },
    ]
    for (let round = 0; round < 40; round++) {
      const path = fresh()
      await ways[round % ways.length]?.(path)
      const answers = await race(path)
      const holder = takers[answers.indexOf('held')]?.process.pid
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(1)
      expect(answers.filter((answer) => answer.startsWith('busy'))).toHaveLength(19)
      expect(readOwner(readlinkSync(path))?.pid).toBe(holder)
      await Promise.all(takers.map((taker) => taker.ask('release')))
      expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.lock`))).toEqual([])
    }
  })

  it('of which exactly one of the rest gets what the last left when it was killed, down to the last', async () => {
    const path = fresh()
    const rest = [...takers]
    while (rest.length > 12) {
      const answers = await race(path, rest)
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(1)
      const [killed] = rest.splice(answers.indexOf('held'), 1)
      const ended = once(killed?.process as ChildProcess, 'close')
      killed?.process.kill('SIGKILL')
      await ended
    }
  })
})

describe.skipIf(!canMount)('on a disk that is full (needs the right to mount)', () => {
  const disk = mkdtempSync(join(tmpdir(), 'medianest-full-'))
  const mount = (options: string): void => void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk])
  const unmount = (): void => void execFileSync('umount', [disk])
  afterAll(() => rmSync(disk, { recursive: true }))

  it('a lock is taken, held and taken over as ever', async () => {
    mount('size=64k')
    try {
      expect(() => writeFileSync(join(disk, 'large'), 'x'.repeat(100_000))).toThrow('ENOSPC')
      const lock = await take(join(disk, 'lock'))
      expect(lock.problem).toBeNull()
      expect(await acquireLock(join(disk, 'lock'), world)).toHaveProperty('busy')
      await lock.release()
      await leave(join(disk, 'lock'), { pid: DEAD })
      expect((await take(join(disk, 'lock'))).problem).toBeNull()
    } finally {
      unmount()
    }
  })

  it('that has not even an inode left, the run goes on without one and says so', async () => {
    mount('nr_inodes=2')
    try {
      writeFileSync(join(disk, 'last'), '')
      const lock = await take(join(disk, 'lock'))
      expect(lock.problem).toMatch(/lock cannot be made because the disk is full; another run is not held off$/)
      await lock.release()
    } finally {
      unmount()
    }
  })
})
