import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { paintTop } from '../../../src/tui/top/picture.ts'
import type { Screen } from '../../../src/tui/top/screen.ts'
import { PANES } from '../../../src/tui/top/view.ts'
import { fakeMoment, fakeScreen, NOON } from './fake-moment.ts'
import { gridOf, type Grid } from './grid.ts'

const FOLDER = new URL('../../golden/top/', import.meta.url)

/** Compares byte for byte; `UPDATE_GOLDEN=1` rewrites the file instead, but never on a CI server. */
function expectGolden(name: string, text: string): void {
  const file = new URL(`${name}.txt`, FOLDER)
  if (process.env.UPDATE_GOLDEN === '1') {
    expect(process.env.CI, 'golden files are not rewritten on a CI server').toBeUndefined()
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(file, text)
  }
  expect(text).toBe(readFileSync(file, 'utf8'))
}

function paint(screen: Screen, width: number, height: number, unicode = true): Grid {
  const grid = gridOf(width, height, unicode)
  paintTop(grid, screen)
  return grid
}

const REMOTE = { name: 'https://media.example.org', kind: 'remote', state: { kind: 'live' }, index: 1, of: 3, newestAt: NOON } as const
const FILTER = { text: 'cpu>0.3 or user:root', matches: () => true }
const own = (options: Parameters<typeof fakeScreen>[0] = {}, parts: Parameters<typeof fakeScreen>[1] = {}): Screen => fakeScreen({ limited: false, ...options }, parts)

const PICTURES: Readonly<Record<string, readonly [screen: Screen, width: number, height: number, unicode?: boolean]>> = {
  '40x12': [own(), 40, 12],
  '80x24': [own(), 80, 24],
  '120x40': [own(), 120, 40],
  '200x60': [own(), 200, 60],
  '80x24-ascii': [own(), 80, 24, false],
  '120x40-ascii': [fakeScreen({}, { view: { tree: true, back: 3 } }), 120, 40, false],
  'container-120x40': [fakeScreen({ processes: 88 }, { view: { selected: '2204@1763687623999', filter: FILTER, tree: true } }), 120, 40],
  'container-80x24': [fakeScreen({}), 80, 24],
  'back-120x40': [own({ back: 46, processes: 88 }), 120, 40],
  'frozen-80x24': [own({ back: 5 }, { view: { frozen: true } }), 80, 24],
  'remote-120x40': [own({ application: true, processes: null }, { feed: REMOTE }), 120, 40],
  'remote-only-80x24': [own({ application: true, processes: null, system: false }, { feed: REMOTE, alarms: [] }), 80, 24],
  'stale-80x24': [own({ application: true, processes: null }, { feed: { ...REMOTE, state: { kind: 'lost', reason: 'connection refused', retryAt: null }, newestAt: NOON - 12_000 } }), 80, 24],
  'replay-120x40': [own({ trouble: true }, { feed: { ...REMOTE, name: 'monday.mpr', kind: 'recording', of: 1, index: 0 }, view: { network: 3, notice: { text: 'saved to monday.json', tone: 'ok', until: NOON + 1 } } }), 120, 40],
  'connecting-80x24': [own({}, { moment: null, facts: null, feed: { ...REMOTE, state: { kind: 'connecting' }, newestAt: Number.NaN } }), 80, 24],
  'many-cores-120x40': [own({ cores: 64 }), 120, 40],
  'no-panes-100x30': [own({}, { view: { hidden: new Set(['disk', 'network', 'processes']) } }), 100, 30],
  'processes-60x20': [own({}, { view: { hidden: new Set(['cpu', 'memory', 'disk', 'network']), sort: 'memory', reversed: true, selected: '1810@1763687623994' } }), 60, 20],
  'tall-50x60': [own(), 50, 60],
}

for (const [name, [screen, width, height, unicode]] of Object.entries(PICTURES)) {
  test(`the picture ${name} looks as it was approved`, () => {
    const grid = paint(screen, width, height, unicode)
    expectGolden(name, `${grid.lines().join('\n')}\n`)
    expect(grid.cuts).toEqual([])
  })
}

for (const pane of PANES) {
  test(`the pane ${pane} that fills the screen looks as it was approved`, () => {
    const grid = paint(own({ application: true, cores: 16 }, { view: { zoomed: pane } }), 100, 30)
    expectGolden(`zoom-${pane}-100x30`, `${grid.lines().join('\n')}\n`)
    expect(grid.cuts).toEqual([])
  })
}

test('the smallest screens look as they were approved', () => {
  const sizes = [[1, 1], [3, 2], [12, 3], [20, 4], [24, 6], [30, 8], [64, 8], [120, 6]] as const
  const text = sizes.map(([width, height]) => [`== ${width}x${height}`, ...paint(own(), width, height).lines().map((line) => `[${line}]`)].join('\n')).join('\n')
  expectGolden('smallest', `${text}\n`)
})

describe('a picture', () => {
  it('is the same for the same moment', () => {
    const screen = own()
    expect(paint(screen, 100, 30).lines()).toEqual(paint({ ...screen, moment: fakeMoment({ limited: false }) }, 100, 30).lines())
  })
})
