import { chmod, cp, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Measured, PackagesSubject } from '../../../src/model/budget.ts'
import { measureBundles } from '../../../src/sources/bundles/measure.ts'
import { askNpmPack } from '../../../src/sources/bundles/npm-pack.ts'
import { folderWith } from './folder.ts'

async function measure(root: string, what: PackagesSubject['measure'], env?: Readonly<Record<string, string>>): Promise<Measured | undefined> {
  return (await measureBundles({ kind: 'packages', root, measure: what }, { signal: new AbortController().signal, cwd: root, env }))[0]
}

const LOCK = {
  name: 'x', lockfileVersion: 3,
  packages: {
    '': { dependencies: { a: '^1' }, devDependencies: { d: '^1' } },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/c/node_modules/b': { version: '2.0.0' },
    'node_modules/c': { version: '1.0.0', peer: true },
    'node_modules/@s/alias': { name: '@s/real', version: '1.0.0' },
    'node_modules/d': { version: '1.0.0', dev: true },
    'node_modules/e': { version: '1.0.0', devOptional: true },
    'node_modules/f-linux': { version: '1.0.0', optional: true },
    'node_modules/w': { resolved: 'packages/w', link: true },
    'packages/w': { version: '1.0.0' },
  },
}
const PROJECT = { name: 'x', version: '1.0.0', dependencies: { a: '^1' }, devDependencies: { d: '^1' } }
const json = (value: unknown): string => JSON.stringify(value)

describe('dependencies', () => {
  it('are those package.json names for production', async () => {
    const root = await folderWith({ 'package.json': json({ ...PROJECT, optionalDependencies: { o: '1', a: '^1' } }) })
    expect(await measure(root, 'direct')).toMatchObject({ observed: 2, values: [2], from: ['package.json'], how: 'dependencies of package.json' })
  })

  it('are none where there are none', async () => {
    expect(await measure(await folderWith({ 'package.json': '{"name": "x"}' }), 'direct')).toMatchObject({ observed: 0 })
  })

  it('that are installed count once for each version, without those for development, optional ones and workspaces', async () => {
    const root = await folderWith({ 'package.json': json(PROJECT), 'package-lock.json': json(LOCK) })
    // a@1, b@1, b@2, c@1, @s/real@1
    expect(await measure(root, 'installed')).toMatchObject({ observed: 5, how: 'for production by package-lock.json, without optional ones' })
  })

  it.each([
    ['no package.json', {}, 'no package.json in .'],
    ['no lock file', { 'package.json': json(PROJECT) }, 'there is no package-lock.json'],
    ['another tool\'s', { 'package.json': json(PROJECT), 'pnpm-lock.yaml': '' }, 'pnpm-lock.yaml is not read: what is installed is counted by npm\'s package-lock.json'],
    ['yarn\'s', { 'package.json': json(PROJECT), 'yarn.lock': '' }, 'yarn.lock is not read: what is installed is counted by npm\'s package-lock.json'],
    ['an old one', { 'package.json': json(PROJECT), 'package-lock.json': '{"lockfileVersion": 1, "dependencies": {}}' }, 'package-lock.json is of version 1 and does not say what is installed'],
    ['one that was not brought up to date', { 'package.json': json({ ...PROJECT, dependencies: { a: '^1', z: '^1' } }), 'package-lock.json': json(LOCK) }, 'package-lock.json does not belong to package.json: they differ in z'],
    ['half of one', { 'package.json': json(PROJECT), 'package-lock.json': '{"lock' }, 'package-lock.json is not valid JSON'],
    ['a list', { 'package.json': '[]' }, 'package.json is not a map'],
  ])('cannot be counted with %s', async (_, files, problem) => {
    expect(await measure(await folderWith(files as Record<string, string>), 'installed')).toMatchObject({ observed: null, problem })
  })
})

describe('dependencies that are not known', () => {
  it.each([
    ['"dependencies" of package.json is not a map', { 'package.json': '{"dependencies": ["a"]}' }],
    ['package-lock.json does not have a, which package.json names', { 'package.json': json(PROJECT), 'package-lock.json': json({ packages: { '': PROJECT } }) }],
  ] as const)('are not none: %s', async (problem, files) => {
    expect(await measure(await folderWith(files), 'package-lock.json' in files ? 'installed' : 'direct')).toMatchObject({ observed: null, problem })
  })
})

describe('a packed package', () => {
  it('has the sizes that npm would publish, and its scripts are not run', async () => {
    const root = await folderWith({ 'package.json': json({ name: 'x', version: '1.0.0', files: ['dist'], scripts: { prepack: 'exit 3', prepare: 'exit 3' } }), 'dist/a.js': 5_000, 'dist/b.js': 100, 'src/a.ts': 9_000 })
    const unpacked = await measure(root, 'unpacked')
    const described = (await readFile(join(root, 'package.json'))).length
    expect(unpacked).toMatchObject({ observed: 5_100 + described, how: 'npm pack, 3 files' })
    expect(unpacked?.parts[0]).toEqual({ name: 'dist/a.js', value: 5_000 })
    const packed = await measure(root, 'packed')
    expect(packed?.observed).toBeGreaterThan(100)
    expect(packed?.observed).toBeLessThan(1_500)
  })

  it('is not measured before it is built', async () => {
    const root = await folderWith({ 'package.json': json({ name: 'x', version: '1.0.0', files: ['bin/*.js', '/dist'] }) })
    expect(await measure(root, 'packed')).toMatchObject({ observed: null, problem: 'package.json packs dist, which is not there', hint: 'build first' })
  })

  it('is a problem where npm is not there, or refuses', async () => {
    const root = await folderWith({ 'package.json': json({ name: 'x', version: '1.0.0' }) })
    expect(await measure(root, 'packed', { PATH: root })).toMatchObject({ observed: null, problem: 'npm is not there' })
    await writeFile(join(root, 'package.json'), json({ name: 'x' }))
    expect(await measure(root, 'packed')).toMatchObject({ observed: null, problem: expect.stringMatching(/^npm pack failed: \S+/) })
  })

  it.skipIf(process.platform === 'win32').each([
    ['says nothing that can be read', '#!/bin/sh\necho "no idea"\n', /^npm pack failed: it ended with 0 and said nothing$/],
    ['fails', '#!/bin/sh\necho "npm error code EBAD" >&2\necho "npm error it is broken" >&2\nexit 1\n', /^npm pack failed: it is broken$/],
    ['hangs', '#!/bin/sh\nexec sleep 60\n', /^npm pack did not end within 0.3 s$/],
    ['leaves others behind that hold its output', '#!/bin/sh\nsleep 5 &\necho "no idea"\n', /^npm pack failed/],
  ])('is a problem where npm %s', async (_, script, problem) => {
    const root = await folderWith({ 'package.json': '{}', npm: script })
    await chmod(join(root, 'npm'), 0o755)
    const env = { PATH: `${root}${delimiter}${process.env['PATH'] ?? ''}` }
    await expect(askNpmPack({ root, signal: new AbortController().signal, env, limitMs: 300 })).rejects.toThrow(problem)
  })

  it('is this very one: its dependencies are counted and its files weighed', async () => {
    const project = resolve(import.meta.dirname, '../../..')
    const root = await folderWith({ 'dist/main.js': 'export {}\n' })
    for (const file of ['package.json', 'package-lock.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'bin', 'scenarios', 'docs']) await cp(join(project, file), join(root, file), { recursive: true })
    const [direct, installed, packed, unpacked] = await Promise.all((['direct', 'installed', 'packed', 'unpacked'] as const).map((what) => measure(root, what)))
    const { dependencies } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'))
    expect([direct, installed, packed, unpacked].map((one) => one?.problem)).toEqual([undefined, undefined, undefined, undefined])
    expect(direct?.observed).toBe(Object.keys(dependencies).length)
    expect(installed?.observed).toBeGreaterThanOrEqual(direct?.observed ?? Infinity)
    expect(unpacked?.observed).toBeGreaterThan(packed?.observed ?? Infinity)
  })
})
