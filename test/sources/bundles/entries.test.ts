import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Measured } from '../../../src/model/budget.ts'
import { matchesName } from '../../../src/sources/bundles/entry-name.ts'
import { entriesOf, folderWith, measureAll, measureOne } from './folder.ts'

const FIXTURES = resolve(import.meta.dirname, '../../fixtures/bundles')

/** A project whose `place` is a copy of a fixture, with a stand-in of one byte for each file that `loaded.json` or `files` names. */
async function built(fixture: string, place: string, files: readonly string[] = []): Promise<{ root: string; loaded: Readonly<Record<string, readonly string[]>> }> {
  const root = await folderWith({})
  await cp(join(FIXTURES, fixture), join(root, place), { recursive: true })
  const loaded = JSON.parse(await readFile(join(FIXTURES, fixture, 'loaded.json'), 'utf8').catch(() => '{}')) as Record<string, string[]> // written by ourselves
  for (const file of [...files, ...Object.values(loaded).flat()]) {
    await mkdir(dirname(join(root, place, file)), { recursive: true })
    await writeFile(join(root, place, file), 'x')
  }
  return { root, loaded }
}

const from = (measured: Measured | undefined, place: string): readonly string[] => (measured?.from ?? []).map((file) => file.replace(`${place}/`, '')).sort()

describe.each(['next14', 'next15', 'next16-webpack', 'next16-turbopack'])('a build of Next.js (%s)', (fixture) => {
  it.each(['/', '/about', '/shop/cart'])('loads for the app route %s what stands in its HTML', async (route) => {
    const { root, loaded } = await built(fixture, '.next')
    const measured = await measureOne(entriesOf(root, [route]))
    expect(measured.problem).toBeUndefined()
    expect(from(measured, '.next')).toEqual(loaded[route])
    expect(measured).toMatchObject({ of: route, observed: loaded[route]?.length, how: `uncompressed, ${loaded[route]?.length} files, by .next/build-manifest.json` })
  })

  it.each(['/legacy', '/item/[id]'])('loads for the page %s what stands in its HTML, but for what is fetched with low priority', async (route) => {
    const { root, loaded } = await built(fixture, '.next')
    const measured = await measureOne(entriesOf(root, [route]))
    const ours = from(measured, '.next')
    const late = (loaded[route] ?? []).filter((file) => !ours.includes(file) && !/_\w+Manifest\.js$/.test(file))
    expect(ours.filter((file) => !loaded[route]?.includes(file))).toEqual([])
    // The component of next/dynamic, which is named in another manifest.
    expect(late).toHaveLength(route === '/legacy' ? 1 : 0)
  })

  it('has its routes and pages as entries, without those nobody asks for', async () => {
    const { root } = await built(fixture, '.next')
    const names = (await measureAll(entriesOf(root, []))).map(({ of }) => of).sort()
    expect(names).toEqual(['/', '/about', '/blog/[slug]', '/item/[id]', '/legacy', '/shop/cart'])
  })
})

describe('a build of Next.js 15 of which only the manifests were kept', () => {
  it('counts the layouts around a page too', async () => {
    const { root } = await built('next15', '.next')
    const { rm } = await import('node:fs/promises')
    await rm(join(root, '.next/server'), { recursive: true })
    const measured = await measureOne(entriesOf(root, ['/about'], { type: 'stylesheet' }))
    expect(measured.from.filter((file) => file.endsWith('.css'))).toHaveLength(1)
  })
})

describe.each([['vite', 'dist'], ['vite5', 'build']])('a build of Vite (%s)', (fixture, place) => {
  it.each([['index.html', 'index.html'], ['admin.html', 'admin.html'], ['index', 'index.html']])('loads for %s what stands in its HTML, through all imports', async (name, html) => {
    const { root, loaded } = await built(fixture, place)
    expect(from(await measureOne(entriesOf(root, [name])), place)).toEqual(loaded[html])
  })

  it('measures each entry by itself, but what is imported later only by its name', async () => {
    const { root } = await built(fixture, place)
    expect((await measureAll(entriesOf(root, ['*']))).map(({ of }) => of).sort()).toEqual(['admin.html', 'index.html'])
    expect((await measureOne(entriesOf(root, ['src/lazy.js'], { type: 'script' }))).of).toBe('src/lazy.js')
  })
})

describe('a build of webpack', () => {
  const MAIN = ['889.137ffdce.js', '889.e63d3a16.css', 'main.407a1459.js', 'main.8108398a.css', 'runtime.e51b5929.js']

  it('loads all chunks of an entry point, by its stats and by webpack-assets-manifest', async () => {
    const { root } = await built('webpack', 'dist', MAIN)
    for (const manifest of ['dist/stats.json', 'dist/assets-manifest.json']) {
      const measured = await measureOne(entriesOf(root, ['main'], { manifest }))
      expect([measured.problem, from(measured, 'dist')]).toEqual([undefined, MAIN])
    }
  })

  it('is found without the assets of an entry point, by its chunks', async () => {
    const { root } = await built('webpack', 'dist', MAIN)
    const stats = JSON.parse(await readFile(join(root, 'dist/stats.json'), 'utf8'))
    for (const point of Object.values<Record<string, unknown>>(stats.entrypoints)) delete point['assets']
    await writeFile(join(root, 'stats.json'), JSON.stringify({ children: [stats] }))
    await mkdir(join(root, 'elsewhere'))
    const [first] = await measureAll(entriesOf(root, ['main'], { manifest: 'stats.json' }))
    expect(first).toMatchObject({ observed: null, problem: expect.stringMatching(/cannot be read: it is not there/) })
    await writeFile(join(root, 'dist/s.json'), JSON.stringify({ children: [stats] }))
    expect(from(await measureOne(entriesOf(root, ['main'], { manifest: 'dist/s.json' })), 'dist')).toEqual(MAIN)
  })

  it('is not guessed from a flat list of files', async () => {
    const { root } = await built('webpack', 'dist', MAIN)
    expect(await measureOne(entriesOf(root, ['main'], { manifest: 'dist/manifest.json' }))).toMatchObject({ observed: null, problem: 'dist/manifest.json lists files, not which of them an entry loads', hint: expect.stringContaining('--json=stats.json') })
    // Where another manifest says more, that one is taken.
    expect((await measureOne(entriesOf(root, ['main']))).how).toBe('uncompressed, 5 files, by dist/stats.json')
  })

  it('of Create React App has one entry, with the public path in front of its files', async () => {
    const root = await folderWith({ 'build/static/js/main.1.js': 5, 'build/static/css/main.1.css': 3, 'build/asset-manifest.json': JSON.stringify({ files: { 'main.js': '/app/static/js/main.1.js' }, entrypoints: ['/app/static/css/main.1.css', 'https://cdn.test/app/static/js/main.1.js'] }) })
    expect(await measureOne(entriesOf(root, ['main']))).toMatchObject({ observed: 8 })
  })
})

describe('a build of esbuild', () => {
  it('loads chunks and styles of an entry point, by its source, its output or its name', async () => {
    const { outputs } = JSON.parse(await readFile(join(FIXTURES, 'esbuild/meta.json'), 'utf8'))
    const { root } = await built('esbuild', '.', Object.keys(outputs))
    const expected = Object.keys(outputs).filter((name) => /main\.|chunk-.*\.js/.test(name)).sort()
    for (const name of ['src/main.js', 'dist/main.js', 'main']) expect(from(await measureOne(entriesOf(root, [name])), '.')).toEqual(expected)
  })
})

describe('entries that cannot be measured', () => {
  it('have a problem beside those that can', async () => {
    const root = await folderWith({ 'dist/a.js': 9, 'dist/manifest.json': JSON.stringify({ a: { file: 'a.js', isEntry: true }, b: { file: 'b.js', isEntry: true } }) })
    const [a, b] = await measureAll(entriesOf(root, []))
    expect(a).toMatchObject({ of: 'a', observed: 9 })
    expect(b).toMatchObject({ of: 'b', observed: null, problem: 'dist/b.js cannot be read: it is not there' })
  })

  it('are named with those that are known', async () => {
    const root = await folderWith({ 'dist/a.js': 9, 'dist/manifest.json': JSON.stringify({ a: { file: 'a.js', isEntry: true } }) })
    expect(await measureOne(entriesOf(root, ['c']))).toMatchObject({ of: 'c', observed: null, problem: 'dist/manifest.json has no entry c', hint: 'known there: a' })
  })

  it('end where imports go round in a circle', async () => {
    const root = await folderWith({ 'a.js': 1, 'b.js': 2, 'manifest.json': JSON.stringify({ a: { file: 'a.js', isEntry: true, imports: ['b'] }, b: { file: 'b.js', imports: ['a'] } }) })
    expect(await measureOne(entriesOf(root, ['a']))).toMatchObject({ observed: 3 })
  })

  it.each([
    ['a chunk is named and not there', { 'manifest.json': JSON.stringify({ a: { file: 'a.js', isEntry: true, imports: ['gone'] } }) }, 'manifest.json does not say all that a loads: there is no gone'],
    ['nothing at all is loaded', { 'stats.json': JSON.stringify({ entrypoints: { a: { assets: [] } } }) }, 'stats.json does not say all that a loads: there is no file'],
    ['the build failed', { 'stats.json': JSON.stringify({ errors: [{ message: 'no module' }], entrypoints: { a: { assets: ['a.js'] } } }) }, 'stats.json is of a build that failed: no module'],
    ['a page of Next.js has no references', { '.next/build-manifest.json': JSON.stringify({ pages: {}, rootMainFiles: ['../a.js'] }), '.next/app-path-routes-manifest.json': JSON.stringify({ '/page': 'a' }) }, '.next/build-manifest.json does not say all that a loads: there is no client-reference-manifest.js that can be read'],
  ])('where %s are not taken for small ones', async (_, files, problem) => {
    expect(await measureOne(entriesOf(await folderWith({ 'a.js': 1, ...files }), ['a']))).toMatchObject({ observed: null, problem })
  })

  it('have an end, however long an address or a pattern is', async () => {
    const root = await folderWith({ 'build/asset-manifest.json': JSON.stringify({ files: {}, entrypoints: [`${'a/'.repeat(200_000)}x.js`] }) })
    expect(await measureOne(entriesOf(root, ['{a,b}'.repeat(60)]))).toMatchObject({ observed: null })
    expect(await measureOne(entriesOf(root, ['main']))).toMatchObject({ observed: null })
  })

  it('cannot lead out of the folder', async () => {
    const root = await folderWith({ 'dist/manifest.json': JSON.stringify({ a: { file: '../../../etc/passwd', isEntry: true } }) })
    expect(await measureOne(entriesOf(root, ['a']))).toMatchObject({ observed: null, problem: 'dist/manifest.json names ../../../etc/passwd, which lies outside of its folder' })
  })

  it.each([
    ['no manifest at all', {}, null, 'no manifest of Next.js, Vite, webpack or esbuild in .'],
    ['one that is not there', {}, 'dist/stats.json', 'dist/stats.json cannot be read: it is not there'],
    ['a folder', { 'dist/x': 1 }, 'dist', 'dist is a folder, not a file'],
    ['half a file', { 'stats.json': '{"entrypoints": {' }, 'stats.json', 'stats.json cannot be read: it is not valid JSON'],
    ['a manifest of a web app', { 'manifest.json': '{"name": "x", "icons": []}' }, 'manifest.json', 'manifest.json is no manifest of Next.js, Vite, webpack or esbuild'],
    ['null', { 'manifest.json': 'null' }, 'manifest.json', 'manifest.json is no manifest of Next.js, Vite, webpack or esbuild'],
  ])('are told of: %s', async (_, files, manifest, problem) => {
    expect(await measureOne(entriesOf(await folderWith(files as Record<string, string>), ['a'], { manifest }))).toMatchObject({ observed: null, problem })
  })
})

describe('names of entries', () => {
  it('know stars and choices, and take brackets as they are', () => {
    expect([matchesName('/blog/[slug]', '/blog/[slug]'), matchesName('/blog/[slug]', '/blog/*'), matchesName('/blog/s', '/blog/[slug]'), matchesName('/a/b', '*'), matchesName('/a', '/{a,b}'), matchesName('/c', '/{a,b}'), matchesName('/a', '/?')]).toEqual([true, true, false, true, true, false, true])
  })
})
