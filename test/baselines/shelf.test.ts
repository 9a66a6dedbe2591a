import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { beyond, groupsOf } from '../../src/baselines/groups.ts'
import { keep, keepCopy, readShelf, remove } from '../../src/baselines/shelf.ts'
import { files } from '../../src/files.ts'
import { kept, result } from './kept.ts'

const world = files('/')
const empty = (): string => join(mkdtempSync(join(tmpdir(), 'medianest-shelf-')), 'not', 'yet')

describe('the shelf of baselines', () => {
  it('holds nothing where there is none', async () => {
    expect(await readShelf(empty())).toEqual({ kept: [], strays: [] })
  })

  it('gives back what was kept, the oldest first, by branch', async () => {
    const folder = empty()
    for (const value of [3, 1, 2]) await keep(folder, kept(result(value)), world)
    await keep(folder, kept(result(9), { branch: 'feature/x' }), world)
    expect((await readShelf(folder, 'main')).kept.map(({ facts }) => facts.source.file)).toEqual(['run-1.json', 'run-2.json', 'run-3.json'])
    expect((await readShelf(folder, 'feature/x')).kept).toHaveLength(1)
    expect((await readShelf(folder)).kept).toHaveLength(4)
  })

  it('loses none of those that are kept at once', async () => {
    const folder = empty()
    await Promise.all(Array.from({ length: 30 }, (_, nth) => keep(folder, kept(result(nth + 1)), world)))
    expect((await readShelf(folder)).kept).toHaveLength(30)
  })

  it('names what is not its own, and what is broken', async () => {
    const folder = empty()
    const path = await keep(folder, kept(result(1)), world)
    const group = dirname(path)
    writeFileSync(join(folder, 'README.md'), 'ours')
    writeFileSync(join(folder, '.gitkeep'), '')
    writeFileSync(join(group, 'notes.txt'), 'ours')
    writeFileSync(join(group, 'other.json'), '{"a": 1}')
    writeFileSync(join(group, 'cut.json'), readFileSync(path, 'utf8').slice(0, 200))
    mkdirSync(join(folder, 'release', 'x'), { recursive: true })
    writeFileSync(join(folder, 'release', 'x', 'moved.json'), readFileSync(path))
    symlinkSync('/etc', join(folder, 'linked'))
    const { kept: found, strays } = await readShelf(folder)
    expect(found).toHaveLength(1)
    expect(Object.fromEntries(strays.map(({ path: at, is, why }) => [at.slice(folder.length + 1).split('/').at(-1), `${is}: ${why}`]))).toEqual({
      'README.md': 'foreign: no baseline lies there', linked: 'foreign: no baseline lies there', 'notes.txt': 'foreign: its name does not end in .json', 'other.json': 'foreign: it is no baseline',
      'cut.json': 'broken: it is no JSON; was it cut off?', 'moved.json': 'broken: it is of the branch main (medianest) and lies in another\'s folder',
    })
  })

  it('removes what was recognised, and folders only when they are empty', async () => {
    const folder = empty()
    const [one, two] = [await keep(folder, kept(result(1)), world), await keep(folder, kept(result(2), { branch: 'old' }), world)]
    writeFileSync(join(dirname(one), 'notes.txt'), 'ours')
    const { kept: found } = await readShelf(folder)
    await remove(folder, found)
    await remove(folder, found)
    expect(readdirSync(folder)).toEqual(['main'])
    expect(readdirSync(dirname(one))).toEqual(['notes.txt'])
    expect(two).toContain('old')
  })

  it('a copy has the same figures and another kind', async () => {
    const folder = empty()
    await keep(folder, kept(result(1)), world)
    const [run] = (await readShelf(folder)).kept
    const copy = await keepCopy(folder, run!, { kind: 'frozen', savedAt: '2026-02-01T00:00:00.000Z' }, world)
    const texts = [run!.path, copy].map((path) => readFileSync(path, 'utf8').replace(/"(kind|savedAt)": "[^"]*"/g, ''))
    expect(texts[1]).toBe(texts[0])
    expect(groupsOf((await readShelf(folder)).kept).map(({ kind }) => kind)).toEqual(['rolling', 'frozen'])
  })

  it('the newest of each group stay, by when they were saved', async () => {
    const folder = empty()
    const at = (day: number): Date => new Date(Date.UTC(2026, 0, day))
    // What was measured long ago and saved last stays.
    for (const [value, day] of [[1, 9], [2, 3], [3, 4], [4, 5]] as const) await keep(folder, kept(result(value), { savedAt: at(day) }), world)
    await keep(folder, kept(result(5, { format: 'oha' }), { savedAt: at(1) }), world)
    await keep(folder, kept(result(6), { savedAt: at(1), kind: 'frozen' }), world)
    expect(beyond((await readShelf(folder)).kept, 2).map(({ facts }) => facts.source.file).sort()).toEqual(['run-2.json', 'run-3.json'])
  })

  it('says what is wrong with a folder that cannot be one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medianest-shelf-'))
    writeFileSync(join(folder, 'file'), '')
    await expect(readShelf(join(folder, 'file'))).rejects.toThrow('cannot be read: it is a file')
    await expect(keep(join(folder, 'file'), kept(result(1)), world)).rejects.toThrow('cannot be written to: it is a file')
  })
})
