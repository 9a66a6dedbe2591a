import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openHealthWorld } from '../../src/commands/health-world.ts'
import { readRegularFile } from '../../src/health/regular-file.ts'
import { testHost } from '../host.ts'

const folder = mkdtempSync(join(tmpdir(), 'regular-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file that a check reads', () => {
  it('is text', async () => {
    writeFileSync(join(folder, 'token'), 'secret\n')
    expect(await readRegularFile(join(folder, 'token'))).toBe('secret\n')
    expect(await readRegularFile('/proc/self/comm')).not.toBe('')
  })

  it('is refused at once where it is a pipe nobody writes to, which would keep a thread and the program for ever', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')])
    await expect(openHealthWorld(testHost([], { cwd: folder }), null).readFile('pipe')).rejects.toMatchObject({ code: 'NOT_REGULAR' })
  })

  it('is refused where it is a folder, endless or too large, and not found where it is not there', async () => {
    writeFileSync(join(folder, 'large'), '')
    truncateSync(join(folder, 'large'), 16 * 2 ** 20 + 1)
    const codes = ['', 'large', '/dev/zero', 'nothing'].map((name) => readRegularFile(name.startsWith('/') ? name : join(folder, name)).then(() => 'read', ({ code }: NodeJS.ErrnoException) => code))
    expect(await Promise.all(codes)).toEqual(['EISDIR', 'EFBIG', 'NOT_REGULAR', 'ENOENT'])
  })
})
