import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sizeLimit } from '../../src/budget/size-limit.ts'
import type { BudgetFile } from '../../src/budget/budget-format.ts'
import { readDocument } from '../../src/document.ts'
import type { BudgetLine, FilesSubject } from '../../src/model/budget.ts'
import { createBundleReader } from '../../src/sources/bundles/measure.ts'

const FIXTURES = resolve(import.meta.dirname, '../fixtures/bundles')
const text = (path: string): string => readFileSync(resolve(FIXTURES, path), 'utf8')

async function read(value: unknown, project?: unknown, file = '.size-limit.json'): Promise<BudgetFile> {
  const written = typeof value === 'string' ? value : JSON.stringify(value)
  return sizeLimit.read(readDocument(file, written), { file, folder: '/app', read: async (path) => {
    if (path === 'package.json' && project !== undefined) return JSON.stringify(project)
    throw new Error('ENOENT')
  } })
}

async function one(entry: Readonly<Record<string, unknown>>, project?: unknown): Promise<BudgetLine> {
  const [line] = (await read([entry], project)).lines
  if (!line) throw new Error('no line')
  return line
}

const files = (line: BudgetLine): readonly FilesSubject[] => line.subjects.flatMap((subject) => (subject.kind === 'files' ? [subject] : []))

describe('a size-limit configuration', () => {
  it('gives the sizes and verdicts that size-limit gave of the same files, to the byte', async () => {
    const folder = resolve(FIXTURES, 'size-limit')
    const file = await sizeLimit.read(readDocument('.size-limit.json', text('size-limit/.size-limit.json')), { file: '.size-limit.json', folder, read: async (path) => text(`size-limit/${path}`) })
    const reader = createBundleReader({ signal: new AbortController().signal, cwd: folder })
    const ours = await Promise.all(file.lines.map(async (line) => {
      const measured = (await Promise.all(files(line).map((subject) => reader.measure(subject)))).flat().find(({ observed }) => observed !== null)
      const limit = line.limits[0]
      return { name: line.id.replace('bundles:', ''), ...(limit ? { passed: (measured?.observed ?? Number.NaN) <= limit.value } : {}), size: measured?.observed, ...(limit ? { sizeLimit: limit.value } : {}) }
    }))
    expect(ours).toEqual(JSON.parse(text('size-limit/output.json')))
  })

  it('has the limits and verdicts of a real run', async () => {
    const { lines } = await read(text('size-limit-sample.config.json'))
    const real = JSON.parse(text('size-limit-sample.output.json')) as { name: string; size: number; sizeLimit: number; passed: boolean }[] // written by size-limit
    expect(lines.map(({ title, limits: [limit] }, index) => ({ title, limit: limit?.value, passes: (real[index]?.size ?? Number.NaN) <= (limit?.value ?? Number.NaN), operator: limit?.operator }))).toEqual([
      { title: 'app (brotli, default) (brotli 11)', limit: real[0]?.sizeLimit, passes: real[0]?.passed, operator: '<=' },
      { title: 'app (gzip) (gzip -9)', limit: real[1]?.sizeLimit, passes: real[1]?.passed, operator: '<=' },
      { title: 'app (raw) (uncompressed)', limit: real[2]?.sizeLimit, passes: real[2]?.passed, operator: '<=' },
    ])
  })

  it('is read out of package.json with the place of each limit', async () => {
    const { lines } = await read('{\n  "name": "x",\n  "size-limit": [\n    { "path": "a.js", "limit": "8 kB" }\n  ]\n}\n', undefined, 'package.json')
    expect(lines[0]?.limits[0]).toEqual({ level: 'fail', operator: '<=', value: 8_000, against: 'nothing', text: '8 kB', where: { file: 'package.json', line: 4, column: 32 }, path: ['size-limit', 0, 'limit'] })
    expect(files(lines[0] as BudgetLine)[0]).toEqual({ kind: 'files', root: '/app', patterns: ['a.js'], ignore: [], takesAll: true, type: null, encoding: { kind: 'brotli', quality: 11 }, measure: 'total' })
  })

  it('is told from other lists and other package.json files', () => {
    const known = [[{ path: 'a.js', limit: '1 kB' }], [{ limit: 5 }], { 'size-limit': [] }]
    const others = [[], {}, null, 'text', [1], [{ path: '/*', resourceSizes: [] }], [{ name: 'a', passed: true, size: 5, sizeLimit: 8 }], [{ name: 'a' }], { name: 'x' }]
    expect([known.map((value) => sizeLimit.recognise(value)), others.map((value) => sizeLimit.recognise(value))]).toEqual([[true, true, true], others.map(() => false)])
  })

  it.each([
    [{}, 'brotli 11'], [{ gzip: true }, 'gzip -9'], [{ brotli: false }, 'uncompressed'], [{ brotli: true }, 'brotli 11'], [{ gzip: false }, 'brotli 11'], [{ gzip: true, brotli: false }, 'gzip -9'], [{ gzip: false, brotli: false }, 'uncompressed'],
  ])('with %j counts %s, as the file plugin does', async (keys, how) => {
    expect((await one({ path: 'a.js', ...keys })).title).toBe(`a.js (${how})`)
  })

  it.each([
    ['8 kB', 8_000], ['8 KiB', 8_192], ['8KB', 8_000], ['1.5 mb', 1_500_000], ['1 MiB', 1_048_576], ['512', 512], ['512 B', 512], ['512b', 512], [' 9', null], ['8 k', null], ['8 ki', null], ['8 i', null], ['eight', null], ['1,5 kB', null], ['0.0015 kB', 1], [8_000, 8_000], ['-1 kB', -1_000],
  ])('reads the limit %j as %s bytes', async (limit, bytes) => {
    const line = one({ path: 'a.js', limit })
    if (bytes === null) await expect(line).rejects.toMatchObject({ code: 'INVALID_VALUE', message: `"${limit}" is not a size`, where: { line: 1 } })
    else expect((await line).limits[0]?.value).toBe(bytes)
  })

  it('never takes a limit for something else than a number, a size or an error', async () => {
    await fc.assert(fc.asyncProperty(fc.string(), async (limit) => {
      const outcome = await one({ path: 'a.js', limit }).then(({ limits }) => limits[0]?.value ?? 'none', (error: Error) => error.name)
      expect(typeof outcome === 'number' ? Number.isFinite(outcome) : ['none', 'UserError'].includes(outcome)).toBe(true)
    }))
  })

  it('without a limit cannot fail, and says so of a limit of 0', async () => {
    expect((await one({ path: 'a.js' })).limits).toEqual([])
    const { lines, notes } = await read([{ path: 'a.js', limit: 0 }])
    expect([lines[0]?.limits, notes]).toEqual([[], ['size-limit takes a limit of 0 for none: such an entry is measured and cannot fail']])
  })

  it('measures main of package.json where no path is named, as Node finds it', async () => {
    expect(files(await one({ limit: '1 kB' }, { main: './dist/[a]' })).map(({ patterns }) => patterns)).toEqual([['dist/\\[a\\]'], ['dist/\\[a\\].js'], ['dist/\\[a\\].json'], ['dist/\\[a\\]/index.js']])
    expect(files(await one({ limit: '1 kB' }, {}))[0]?.patterns).toEqual(['index.js'])
    await expect(one({ limit: '1 kB' })).rejects.toThrow('names no path')
  })

  it('gives entries of one name different ids, and its message as what to do', async () => {
    const { lines } = await read([{ path: 'a.js', message: 'ask the team' }, { path: 'a.js', gzip: true }])
    expect(lines.map(({ id, hint }) => [id, hint])).toEqual([['bundles:a.js', 'ask the team'], ['bundles:a.js #2', undefined]])
  })
})

describe('what size-limit does and we do not', () => {
  it.each([
    [{ limit: '500 ms' }, 'UNSUPPORTED_LIMIT', /limit of time/],
    [{ limit: '1 s' }, 'UNSUPPORTED_LIMIT', /limit of time/],
    [{ import: '{ a }' }, 'UNSUPPORTED_KEY', /"import" bundles what is imported/],
    [{ entry: 'main' }, 'UNSUPPORTED_KEY', /"entry" names an entry of a webpack configuration/],
    [{ ignore: ['react'] }, 'UNSUPPORTED_KEY', /"ignore" leaves packages out/],
    [{ config: 'w.js' }, 'UNSUPPORTED_KEY', /"config"/],
    [{ modifyWebpackConfig: {} }, 'UNSUPPORTED_KEY', /"modifyWebpackConfig"/],
    [{ disableModuleConcatenation: true }, 'UNSUPPORTED_KEY', /"disableModuleConcatenation"/],
    [{ webpack: true }, 'UNSUPPORTED_KEY', /"webpack": true/],
    [{ disablePlugins: ['@size-limit/file'] }, 'UNSUPPORTED_KEY', /nothing is measured/],
    [{ brotil: false }, 'UNKNOWN_KEY', /unknown key "brotil"/],
    [{ esbuild: false }, 'UNKNOWN_KEY', /unknown key "esbuild"/],
    [{ gzip: 'true' }, 'INVALID_VALUE', /must be true or false/],
    [{ path: [1] }, 'INVALID_VALUE', /path/],
  ])('is refused with its place: %j', async (keys, code, message) => {
    await expect(one({ path: 'a.js', ...keys })).rejects.toMatchObject({ code, message: expect.stringMatching(message), where: { file: '.size-limit.json', line: 1 } })
  })

  it('is named where it changes no verdict', async () => {
    const { notes } = await read([{ path: 'a.js', limit: '1 kB', running: true, time: { networkSpeed: '1 MB' }, uiReports: {} }, { path: 'b.js', running: false, webpack: false, disablePlugins: ['@size-limit/time'] }])
    expect(notes).toHaveLength(3)
    expect(notes.join('\n')).toMatch(/"time" has no effect.*\n"uiReports".*\n"running": true/)
  })

  it('is bundling, which is said where the project has a bundler that is not turned off', async () => {
    const small = { devDependencies: { '@size-limit/preset-small-lib': '12' } }
    const big = { devDependencies: { '@size-limit/preset-big-lib': '12' } }
    const notes = async (entry: object, project: object): Promise<number> => (await read([{ path: 'a.js', ...entry }], project)).notes.length
    expect(await Promise.all([notes({}, small), notes({ webpack: false }, small), notes({ disablePlugins: ['@size-limit/esbuild'] }, small), notes({}, big), notes({ webpack: false }, big), notes({}, { devDependencies: { '@size-limit/preset-app': '12' } })])).toEqual([1, 1, 0, 1, 0, 0])
    // Without a bundler what belongs to it says nothing.
    expect((await one({ path: 'a.js', ignore: ['react'], webpack: false }, big)).id).toBe('bundles:a.js')
  })

  it('is an empty list', async () => {
    await expect(read({ 'size-limit': [] }, undefined, 'package.json')).rejects.toMatchObject({ code: 'EMPTY_BUDGET' })
    await expect(read({ 'size-limit': { path: 'a.js' } }, undefined, 'package.json')).rejects.toMatchObject({ code: 'INVALID_VALUE', message: expect.stringContaining('must be a list') })
  })
})
