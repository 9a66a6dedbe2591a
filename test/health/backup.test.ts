import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { newestBackup, type Backup } from '../../src/health/backup.ts'
import type { FileSystem } from '../../src/health/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'mnp-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
const NOW = Date.UTC(2026, 5, 1)
const HOUR = 3_600_000

function put(path: string, ageMs: number, text = 'x'): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
  utimesSync(join(folder, path), new Date(NOW - ageMs), new Date(NOW - ageMs))
}
const newest = (pattern: string, answer: FileSystem['answer'] = 'ok'): Promise<Backup> => newestBackup(pattern, { resolve: (path) => resolve(folder, path), fileSystems: async () => [{ answer } as FileSystem] }, 2_000)

describe('the last backup in files', () => {
  it('is the newest that fits', async () => {
    put('a/db-1.dump', 3 * HOUR)
    put('a/db-2.dump', HOUR, 'four')
    put('a/other.txt', 0)
    expect(await newest('a/db-?.dump')).toEqual({ at: NOW - HOUR, name: 'db-2.dump', sizeBytes: 4, remarks: [] })
  })

  it('is a folder where that is how backups are made, and an empty one is none', async () => {
    put('b/base-1/data', HOUR)
    utimesSync(join(folder, 'b/base-1'), new Date(NOW), new Date(NOW))
    expect(await newest('b/base-*')).toMatchObject({ name: 'base-1', sizeBytes: undefined, remarks: [] })
    mkdirSync(join(folder, 'b/base-2'))
    expect(await newest('b/base-2')).toMatchObject({ remarks: [{ verdict: 'fail' }] })
  })

  it('fails where the newest is empty, though an older one is not', async () => {
    put('c/1.dump', 3 * HOUR)
    put('c/2.dump', HOUR, '')
    expect(await newest('c/*.dump')).toMatchObject({ remarks: [{ verdict: 'fail', text: 'the last backup 2.dump is empty' }] })
  })

  it('fails where there is none, or its folder is missing or silent', async () => {
    expect(await newest('c/*.sql')).toMatchObject({ at: null, remarks: [{ verdict: 'fail', text: `no backup: nothing in ${folder}/c fits *.sql` }] })
    expect(await newest('gone/*.dump')).toMatchObject({ at: null, remarks: [{ verdict: 'fail', text: `no backup: there is no folder ${folder}/gone` }] })
    expect(await newest('c/*.dump', 'silent')).toMatchObject({ at: null, remarks: [{ verdict: 'fail', text: expect.stringContaining('does not answer') as string }] })
    expect(await newest('*/x.dump')).toMatchObject({ at: null, remarks: [{ verdict: 'unknown' }] })
  })
})
