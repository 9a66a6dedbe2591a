import { execFileSync } from 'node:child_process'
import { appendFile, chmod, symlink, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createBundleReader } from '../../../src/sources/bundles/measure.ts'
import { filesOf, folderWith, measureAll, measureOne } from './folder.ts'

const text = 'export const answer = 42; // the answer to everything\n'.repeat(200)

describe('patterns', () => {
  it.each(['../../../etc/passwd', '/etc/passwd', 'dist/../../x.js'])('that lead out of the folder are refused: %s', async (pattern) => {
    expect(await measureOne(filesOf(await folderWith({ 'a.js': 1 }), [pattern]))).toMatchObject({ observed: null, problem: expect.stringContaining('leads out of') as string })
  })

  it('that are longer than any path are told of', async () => {
    expect(await measureOne(filesOf(await folderWith({ 'a.js': 1 }), ['a'.repeat(70_000)]))).toMatchObject({ observed: null, problem: expect.stringContaining('longer than any path') as string })
  })
})

describe('sizes of files', () => {
  it('are the sum of all that match, with the largest and the way they were counted', async () => {
    const root = await folderWith({ 'dist/a.js': 100, 'dist/b.js': 300, 'dist/c.css': 50, 'src/a.js': 900 })
    expect(await measureOne(filesOf(root, ['dist/**']))).toEqual({
      of: '', observed: 450, values: [450], from: ['dist/a.js', 'dist/b.js', 'dist/c.css'], how: 'uncompressed, 3 files',
      parts: [{ name: 'dist/b.js', value: 300 }, { name: 'dist/a.js', value: 100 }, { name: 'dist/c.css', value: 50 }],
    })
  })

  it('stand each by themselves where a limit holds for each, under names that the next build has too', async () => {
    const root = await folderWith({ 'dist/main-4Xq8_bZa.js': 100, 'dist/main.css': 5, 'dist/vendor.4f2a9c.js': 300, 'dist/chunk-AAAA1111.js': 1, 'dist/chunk-BBBB2222.js': 2, 'dist/app-settings.js': 7 })
    const measured = await measureAll(filesOf(root, ['dist/*'], { measure: 'each' }))
    expect(measured.map(({ of, observed, from, how }) => [of, observed, from[0], how])).toEqual([
      ['dist/vendor.js', 300, 'dist/vendor.4f2a9c.js', 'uncompressed'], ['dist/main.js', 100, 'dist/main-4Xq8_bZa.js', 'uncompressed'], ['dist/app-settings.js', 7, 'dist/app-settings.js', 'uncompressed'],
      ['dist/main.css', 5, 'dist/main.css', 'uncompressed'], ['dist/chunk-BBBB2222.js', 2, 'dist/chunk-BBBB2222.js', 'uncompressed'], ['dist/chunk-AAAA1111.js', 1, 'dist/chunk-AAAA1111.js', 'uncompressed'],
    ])
  })

  it('are counted where files are counted', async () => {
    const root = await folderWith({ 'dist/a.js': 100, 'dist/b.js': 300 })
    expect(await measureOne(filesOf(root, ['dist/*.js'], { measure: 'count' }))).toMatchObject({ of: '', observed: 2, how: '2 files' })
  })

  it.each([
    ['gzip -9', { kind: 'gzip', level: 9 }, gzipSync(text, { level: 9 }).length],
    ['gzip -6', { kind: 'gzip', level: 6 }, gzipSync(text, { level: 6 }).length],
    ['brotli 11', { kind: 'brotli', quality: 11 }, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length],
  ] as const)('with %s compress each file by itself, as a server sends it', async (how, encoding, each) => {
    const root = await folderWith({ 'a.js': text, 'b.js': text })
    expect(await measureOne(filesOf(root, ['*.js'], { encoding }))).toMatchObject({ observed: 2 * each, how: `${how}, 2 files` })
  })

  it('agree with compressing in one piece, whatever is in the file', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300_000, size: 'max' }), fc.integer({ min: 1, max: 9 }), async (bytes, level) => {
      const root = await folderWith({})
      await appendFile(join(root, 'a.bin'), bytes)
      expect((await measureOne(filesOf(root, ['a.bin'], { encoding: { kind: 'gzip', level } }))).observed).toBe(gzipSync(bytes, { level }).length)
    }), { numRuns: 15 })
  })

  it('leave out source maps and node_modules, unless a pattern names them', async () => {
    const root = await folderWith({ 'a.js': 1, 'a.js.map': 10, 'node_modules/x/x.js': 100 })
    expect((await measureOne(filesOf(root, ['**']))).observed).toBe(1)
    expect((await measureOne(filesOf(root, ['**/*.map']))).observed).toBe(10)
    expect((await measureOne(filesOf(root, ['node_modules/**/*.js']))).observed).toBe(100)
    expect((await measureOne(filesOf(root, ['**'], { takesAll: true }))).observed).toBe(111)
  })

  it('take only the type that is asked for, and no file twice', async () => {
    const root = await folderWith({ 'a.js': 1, 'b.mjs': 2, 'c.css': 4, 'd.woff2': 8, 'e.SVG': 16, 'f.html': 32, 'g.mp4': 64, 'h.wasm': 128 })
    const bytes = async (type: Parameters<typeof filesOf>[2]): Promise<number | null> => (await measureOne(filesOf(root, ['*', '*.js'], type))).observed
    expect(await Promise.all([bytes({ type: 'script' }), bytes({ type: 'stylesheet' }), bytes({ type: 'font' }), bytes({ type: 'image' }), bytes({ type: 'document' }), bytes({ type: 'media' }), bytes({ type: 'other' })])).toEqual([3, 4, 8, 16, 32, 64, 128])
  })

  it('keep ten parts of many, the largest first', async () => {
    const root = await folderWith(Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`f${index}.js`, index + 1])))
    const { parts, observed } = await measureOne(filesOf(root, ['*.js']))
    expect([observed, parts.length, parts[0], parts[9]]).toEqual([325, 10, { name: 'f24.js', value: 25 }, { name: 'f15.js', value: 16 }])
  })
})

describe('what cannot be measured', () => {
  it.each([
    ['a pattern that finds nothing', { 'a.js': 1 }, ['*.css'], 'no file matches *.css in .'],
    ['one pattern of several that finds nothing', { 'a.js': 1 }, ['*.js', 'b/*.css'], 'no file matches b/*.css in .'],
    ['patterns that only leave out', { 'a.js': 1 }, ['!*.js'], 'no pattern names a file in .'],
    ['an empty folder', {}, ['**'], 'no file matches ** in .'],
  ])('%s is a problem, never 0', async (_, files, patterns, problem) => {
    expect(await measureOne(filesOf(await folderWith(files), patterns))).toMatchObject({ observed: null, values: [], problem })
  })

  it('is said of a count and of a type as well', async () => {
    const root = await folderWith({ 'a.js': 1 })
    expect(await measureOne(filesOf(root, ['*.css'], { measure: 'count' }))).toMatchObject({ observed: null, problem: 'no file matches *.css in .' })
    expect(await measureOne(filesOf(root, ['*'], { type: 'font' }))).toMatchObject({ observed: null, problem: 'none of 1 file of * is a font' })
  })

  it('is a folder that is not there', async () => {
    const root = join(await folderWith({}), 'dist')
    expect(await measureOne(filesOf(root, ['*.js']))).toMatchObject({ observed: null, problem: 'the folder . is not there', hint: 'build first, or correct the folder' })
  })

  it.skipIf(process.platform === 'win32')('is a pipe among the files, which is not waited for', async () => {
    const root = await folderWith({ 'a.js': 1 })
    execFileSync('mkfifo', [join(root, 'b.js')])
    for (const encoding of [{ kind: 'raw' }, { kind: 'gzip', level: 9 }] as const) {
      expect(await measureOne(filesOf(root, ['*.js'], { encoding }))).toMatchObject({ observed: null, problem: 'b.js is a pipe, not a file' })
    }
  })

  it.skipIf(process.platform === 'win32')('is a link to a device, and a socket', async () => {
    const root = await folderWith({ 'a.js': 1 })
    await symlink('/dev/zero', join(root, 'zero.js'))
    expect(await measureOne(filesOf(root, ['zero.js']))).toMatchObject({ observed: null, problem: 'zero.js is a device, not a file' })
    const server = createServer().listen(join(root, 's.css'))
    onTestFinished(() => void server.close())
    await new Promise((listening) => server.once('listening', listening))
    expect(await measureOne(filesOf(root, ['*.css']))).toMatchObject({ observed: null, problem: 's.css cannot be read: it is a device or a pipe' })
  })

  it.skipIf(process.platform === 'win32')('is a link that leads nowhere', async () => {
    const root = await folderWith({ 'a.js': 1 })
    await symlink('gone.js', join(root, 'b.js'))
    expect(await measureOne(filesOf(root, ['b.js']))).toMatchObject({ observed: null })
  })

  it.skipIf(process.platform === 'win32')('is a folder and a file that this user may not read', async () => {
    const root = await folderWith({ 'in/a.js': 1, 'b.js': 1 })
    await chmod(root, 0o755)
    await chmod(join(root, 'b.js'), 0)
    await chmod(join(root, 'in'), 0)
    // Root may read everything, so somebody else looks.
    if (process.getuid?.() === 0) process.seteuid?.(65_534)
    try {
      expect(await measureOne(filesOf(root, ['b.js']))).toMatchObject({ observed: null, problem: 'b.js cannot be read: this user may not read it' })
      expect((await measureOne(filesOf(root, ['**/a.js']))).problem).toMatch(/in.* cannot be read \(EACCES\)/)
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0)
      await chmod(join(root, 'in'), 0o755)
    }
  })
})

describe('links', () => {
  it('to files and folders inside count as what they lead to; a circle of them ends', async () => {
    const root = await folderWith({ 'dist/a.js': 10, 'dist/sub/b.js': 5 })
    await symlink('a.js', join(root, 'dist/same.js'))
    expect((await measureOne(filesOf(root, ['dist/*.js']))).observed).toBe(20)
    await symlink('.', join(root, 'dist/sub/loop'))
    expect((await measureOne(filesOf(root, ['dist/sub/*.js']))).observed).toBe(5)
    expect((await measureOne(filesOf(root, ['dist/**/*.js']))).observed).toBeGreaterThanOrEqual(25)
  })

  it('out of the folder are followed where a pattern names them, and a problem where none does', async () => {
    const outside = await folderWith({ 'o.js': 7 })
    const root = await folderWith({ 'dist/a.js': 10 })
    await symlink(outside, join(root, 'dist/out'))
    expect(await measureOne(filesOf(root, ['dist/**/*.js']))).toMatchObject({ observed: null, problem: `dist/out is a link out of its folder, to ${outside}/, and was not followed` })
    expect((await measureOne(filesOf(root, ['dist/out/*.js']))).observed).toBe(7)
    expect((await measureOne(filesOf(root, ['dist/**/*.js'], { ignore: ['dist/out/**'] }))).observed).toBe(10)
    expect((await measureOne(filesOf(root, ['dist/*.js']))).observed).toBe(10)
  })
})

describe('a reader of one run', () => {
  it('compresses a file once for many lines, and anew when it has changed', async () => {
    const root = await folderWith({ 'a.js': 'aaaaaaaa' })
    const file = join(root, 'a.js')
    await utimes(file, 1_000, 1_000)
    const reader = createBundleReader({ signal: new AbortController().signal, cwd: root })
    const size = async (): Promise<number | null | undefined> => (await reader.measure(filesOf(root, ['a.js'], { encoding: { kind: 'gzip', level: 9 } })))[0]?.observed
    const first = await size()
    // Other bytes with the old length and time: only what is remembered gives the old size.
    await writeFile(file, 'abcdefgh')
    await utimes(file, 1_000, 1_000)
    const remembered = await size()
    await utimes(file, 2_000, 2_000)
    expect([remembered, await size()]).toEqual([first, gzipSync('abcdefgh', { level: 9 }).length])
    expect(first).not.toBe(gzipSync('abcdefgh', { level: 9 }).length)
  })

  it('ends with its signal, also in the middle of a large file', async () => {
    const root = await folderWith({ 'a.js': 6_000_000 })
    await expect(createBundleReader({ signal: AbortSignal.abort(new Error('enough')), cwd: root }).measure(filesOf(root, ['*.js']))).rejects.toThrow('enough')
    const ending = new AbortController()
    setTimeout(() => ending.abort(new Error('enough')), 5)
    await expect(createBundleReader({ signal: ending.signal, cwd: root }).measure(filesOf(root, ['a.js'], { encoding: { kind: 'brotli', quality: 11 } }))).rejects.toThrow('enough')
  })
})
