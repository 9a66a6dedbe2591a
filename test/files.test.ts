import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { files } from '../src/files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medianest-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a file that is replaced', () => {
  it('is another one, and nothing is left beside it', async () => {
    writeFileSync(join(folder, 'a'), 'old')
    const before = statSync(join(folder, 'a')).ino
    await files(folder).write('a', 'new')
    expect([readFileSync(join(folder, 'a'), 'utf8'), statSync(join(folder, 'a')).ino === before, readdirSync(folder)]).toEqual(['new', false, ['a']])
  })

  it.each([['that is there', 'old'], ['that is not there yet', null]])('behind a link is written where the link leads, to a file %s', async (_, old) => {
    if (old !== null) writeFileSync(join(folder, 'target'), old)
    symlinkSync('target', join(folder, 'link'))
    await files(folder).write('link', 'new')
    expect([readlinkSync(join(folder, 'link')), readFileSync(join(folder, 'target'), 'utf8')]).toEqual(['target', 'new'])
  })

  it.skipIf(process.platform === 'win32')('may be read by those who could before', async () => {
    writeFileSync(join(folder, 'a'), 'old', { mode: 0o600 })
    await files(folder).write('a', 'new')
    await files(folder).write('b', 'new')
    await files(folder).write('b', 'newer', 0o600)
    expect(['a', 'b'].map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600])
  })

  it('through a circle of links is an error, and the links stay', async () => {
    symlinkSync('b', join(folder, 'a'))
    symlinkSync('a', join(folder, 'b'))
    await expect(files(folder).write('a', 'new')).rejects.toMatchObject({ code: 'CANNOT_WRITE' })
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'b'])
  })

  it.skipIf(process.platform === 'win32')('takes the place of no device and of no pipe: they take the text', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const read = readFile(join(folder, 'pipe'), 'utf8')
    await files(folder).expectWritable('pipe')
    await files(folder).write('pipe', 'told')
    expect([await read, lstatSync(join(folder, 'pipe')).isFIFO()]).toEqual(['told', true])
    symlinkSync('/dev/null', join(folder, 'nowhere'))
    await files(folder).write('nowhere', 'told')
    expect([lstatSync('/dev/null').isCharacterDevice(), lstatSync(join(folder, 'nowhere')).isSymbolicLink()]).toEqual([true, true])
  })

  it.skipIf(process.platform !== 'linux')('on a disk that is full says so and what to do', async () => {
    symlinkSync('/dev/full', join(folder, 'full'))
    await expect(files(folder).write('full', 'told')).rejects.toMatchObject({ code: 'CANNOT_WRITE', message: 'full cannot be written: the disk is full', hint: expect.stringContaining('make room') })
    expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true)
  })
})
