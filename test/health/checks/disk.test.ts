import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { look } from '../../../src/health/checks/disk.ts'
import type { FileSystem, HealthWorld } from '../../../src/health/world.ts'
import { askFileSystems } from '../../../src/sources/mounts/file-systems.ts'
import { canMount, hang, mount } from '../mounts.ts'
import { fileSystem, run, said, world } from './system-world.ts'

const of = (...systems: readonly FileSystem[]): HealthWorld => world({ fileSystems: async () => systems })

describe('file systems', () => {
  it('are fine with the fullest named', async () => {
    expect(await said(look, { type: 'disk' }, of(fileSystem()))).toBe('ok: / is 50% full, 50 GB left')
    expect(await said(look, { type: 'disk' }, of(fileSystem(), fileSystem({ mountpoint: '/data', usedBytes: 80e9, availableBytes: 20e9 })))).toBe('ok: 2 file systems, the fullest: /data is 80% full, 20 GB left')
  })

  it.each([
    [{ usedBytes: 84.9e9, availableBytes: 15.1e9 }, 'ok: / is 84.9% full, 15.1 GB left'],
    [{ usedBytes: 91e9, availableBytes: 9e9 }, 'warn: / is 91% full, 9 GB left (warning at 85%)'],
    [{ usedBytes: 96e9, availableBytes: 4e9 }, 'fail: / is 96% full, 4 GB left (critical at 95%)'],
    // What is kept back for root is neither in use nor available.
    [{ usedBytes: 95e9, availableBytes: 0 }, 'fail: / is 100% full, 0 B left (critical at 95%)'],
    [{ inodesFree: 10_000 }, 'fail: / has 99% of its inodes in use, 10000 left: no more files can be made when they run out (critical at 95%)'],
    [{ inodes: Number.NaN, inodesFree: Number.NaN }, 'ok: / is 50% full, 50 GB left'],
    [{ isReadOnly: true }, 'ok: / is 50% full, 50 GB left'],
    [{ isReadOnly: true, shouldBeReadOnly: true, usedBytes: 100e9, availableBytes: 0 }, 'ok: / is 100% full, 0 B left'],
    [{ isReadOnly: true, shouldBeReadOnly: false }, 'fail: / is read-only and should not be'],
    [{ answer: 'silent', mountpoint: '/nas', device: 'nas:/export', type: 'nfs4' }, 'fail: /nas (nfs4 from nas:/export) does not answer'],
    [{ answer: 'broken', mountpoint: '/nas', device: 'nas:/export', type: 'nfs4' }, 'fail: /nas (nfs4 from nas:/export) is broken: it cannot be read'],
    [{ answer: 'refused', mountpoint: '/nas' }, 'unknown: /nas could not be asked for its space'],
    [{ sizeBytes: 0, usedBytes: 0, availableBytes: 0 }, 'unknown: usage of / could not be told'],
  ] as const)('%o', async (parts, expected) => expect(await said(look, { type: 'disk' }, of(fileSystem(parts)))).toBe(expected))

  it.each([
    [{ path: '/data' }, { isReadOnly: true }, 'fail: /data is read-only'],
    [{ path: '/data', readOnly: 'warn' }, { isReadOnly: true }, 'warn: /data is read-only'],
    [{ path: '/data', readOnly: 'ok' }, { isReadOnly: true, shouldBeReadOnly: false }, 'ok: /data is 50% full, 50 GB left'],
    [{ path: '/data/x' }, { path: '/data/x', answer: 'absent' }, 'fail: /data/x is not there'],
    [{ path: '/data/x', mounted: true }, { path: '/data/x', isMountpoint: false }, 'fail: nothing is mounted on /data/x'],
    [{ path: '/data/x' }, { path: '/data/x', isMountpoint: false, usedBytes: 90e9, availableBytes: 10e9 }, 'warn: /data (with /data/x) is 90% full, 10 GB left (warning at 85%)'],
    [{ path: '/data', usage: 'off', free: { critical: '60GB' } }, {}, 'fail: /data has only 50 GB left (critical at 60 GB)'],
  ] as const)('named: %o', async (config, parts, expected) => expect(await said(look, { type: 'disk', ...config }, of(fileSystem({ mountpoint: '/data', ...parts })))).toBe(expected))

  it('several paths on one are one, but each that must be a mount point is its own', async () => {
    const two = of(fileSystem({ path: '/a', isMountpoint: false }), fileSystem({ path: '/b', isMountpoint: false }))
    expect((await run(look, { type: 'disk', path: ['/a', '/b'] }, two)).measures.filter(({ name }) => name === 'usage')).toHaveLength(1)
    expect(await said(look, { type: 'disk', path: ['/a', '/b'], mounted: true }, two)).toBe('fail: nothing is mounted on /a; nothing is mounted on /b')
  })

  it('are left out by patterns, of which a stranger is no mistake; none left is unknown', async () => {
    const full = of(fileSystem(), fileSystem({ mountpoint: '/snap/a.b', usedBytes: 100e9, availableBytes: 0 }))
    expect(await said(look, { type: 'disk', exclude: ['/snap/*', '/nowhere'] }, full)).toMatch(/^ok: /)
    expect(await said(look, { type: 'disk', exclude: '/snap/aXb' }, full)).toMatch(/^fail: \/snap\/a\.b/)
    expect(await said(look, { type: 'disk', exclude: '*' }, full)).toBe('unknown: all file systems are excluded')
    expect(await said(look, { type: 'disk' }, of())).toBe('unknown: the system lists no file systems')
  })

  it('have the documented details, with numbers beside the texts', async () => {
    const { details, recommendation, measures } = await run(look, { type: 'disk' }, of(
      fileSystem({ sizeBytes: 500e9, usedBytes: 455e9, availableBytes: 45e9 }), fileSystem({ mountpoint: '/srv/downloads' }), fileSystem({ mountpoint: '/a/x' }), fileSystem({ mountpoint: '/b/x', answer: 'silent', sizeBytes: Number.NaN, usedBytes: Number.NaN, availableBytes: Number.NaN }),
    ))
    expect(details).toMatchObject({
      root: { total: '500GB', free: '45GB', usage: '91%', status: 'warning', totalBytes: 500e9, freeBytes: 45e9, usagePercent: 91 },
      downloads: { usage: '50%', status: 'healthy' }, '/a/x': { status: 'healthy' }, '/b/x': { total: null, usage: null, status: 'critical' },
    })
    expect(recommendation).toMatch(/\/b\/x/)
    expect(measures.find(({ name, of }) => name === 'usage' && of === '/')).toMatchObject({ value: 0.91, unit: 'ratio', min: 0, max: 1, warning: { to: 0.85 }, critical: { to: 0.95 } })
    expect(measures.find(({ name, of }) => name === 'usage' && of === '/b/x')?.value).toBeNaN()
  })

  it('take any name safely', async () => {
    expect(await said(look, { type: 'disk' }, of(fileSystem({ mountpoint: '/a\u001b[2Jb', answer: 'silent' })))).not.toContain('\u001b')
  })
})

const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0).reverse()) each()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'disk-'))
  undo.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function mountTmpfs(options: string): string {
  const path = folder()
  undo.push(mount(path, options))
  return path
}

/** A file system whose program never answers. */
async function mountHanging(): Promise<string> {
  const path = folder()
  undo.push(await hang(path))
  return path
}

const real = (fstab = '/nowhere'): HealthWorld => world({ fileSystems: (paths, deadlineMs) => askFileSystems(paths, deadlineMs, { env: process.env, fstab }) })

describe.skipIf(!canMount)('real file systems (needs root and mount)', () => {
  it('one that is full fails', async () => {
    const path = mountTmpfs('size=1m')
    execFileSync('sh', ['-c', `head -c 2000000 /dev/zero > '${path}/all' 2>/dev/null || true`])
    expect(await said(look, { type: 'disk', path }, real())).toBe(`fail: ${path} is 100% full, 0 B left (critical at 95%)`)
    expect((await run(look, { type: 'disk' }, real())).message).toContain(`${path} is 100% full`)
  })

  it('one that has room but no inodes fails', async () => {
    const path = mountTmpfs('size=4m,nr_inodes=10')
    for (let each = 0; each < 9; each++) writeFileSync(join(path, String(each)), '')
    expect(await said(look, { type: 'disk', path }, real())).toMatch(/^fail: .* has 100% of its inodes in use, 0 left/)
  })

  it('one that is read-only fails where it was named, or where fstab wants it otherwise', async () => {
    const path = mountTmpfs('size=4m,ro')
    const fstab = join(folder(), 'fstab')
    const exclude = ['/', '/dev*', '/run*', '/mnt*', '/sys*']
    writeFileSync(fstab, `none ${path} tmpfs defaults,size=4m 0 0\n`)
    expect(await said(look, { type: 'disk', path }, real())).toBe(`fail: ${path} is read-only`)
    expect((await run(look, { type: 'disk', exclude }, real())).message).not.toContain('read-only')
    expect(await said(look, { type: 'disk', exclude }, real(fstab))).toContain(`${path} is read-only and should not be`)
  })

  it('a disk that did not come up leaves a folder that is no mount point, also behind a link', async () => {
    const [path, empty] = [mountTmpfs('size=4m'), folder()]
    symlinkSync(path, join(empty, 'link'))
    mkdirSync(join(path, 'inside'))
    expect(await said(look, { type: 'disk', path: join(empty, 'link'), mounted: true }, real())).toMatch(/^ok: /)
    expect(await said(look, { type: 'disk', path: empty, mounted: true }, real())).toBe(`fail: nothing is mounted on ${empty}`)
    expect(await said(look, { type: 'disk', path: join(path, 'inside'), mounted: true }, real())).toMatch(/^fail: nothing is mounted/)
    expect(await said(look, { type: 'disk', path: join(path, 'no', 'such') }, real())).toBe(`fail: ${path}/no/such is not there`)
  })

  it.skipIf(!existsSync('/dev/fuse'))('one that hangs fails in time, the others are told, and nothing is left running', async () => {
    const [hanging, fine, links] = [await mountHanging(), mountTmpfs('size=4m'), folder()]
    symlinkSync(join(hanging, 'deep'), join(links, 'link'))
    const startedAt = performance.now()
    const { verdict, message, details } = await run(look, { type: 'disk', path: [hanging, fine, join(hanging, 'sub'), join(links, 'link')] }, real(), 8_000)
    expect(performance.now() - startedAt).toBeLessThan(12_000)
    expect([verdict, message]).toEqual(['fail', `${hanging} (fuse from hangfs) does not answer`])
    expect(Object.values(details)).toMatchObject([{ status: 'critical' }, { status: 'healthy' }])
    await expect.poll(() => execFileSync('ps', ['--ppid', String(process.pid), '-o', 'args='], { encoding: 'utf8' })).not.toContain('statfs.worker')
    expect((await run(look, { type: 'disk' }, real(), 8_000)).message).toContain(`${hanging} (fuse from hangfs) does not answer`)
  })
})
