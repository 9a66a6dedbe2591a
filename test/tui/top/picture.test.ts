import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Moment } from '../../../src/analysis/moment.ts'
import { arrange, paintTop } from '../../../src/tui/top/picture.ts'
import type { Screen } from '../../../src/tui/top/screen.ts'
import { PANES, SORTS } from '../../../src/tui/top/view.ts'
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
  '80x13': [own(), 80, 13],
  'coreless-80x24': [own({ coreless: true }), 80, 24],
  'limited-machine-80x24': [own({ coreless: true, hostOnly: true }), 80, 24],
  'remote-120x40': [own({ application: true, processes: null }, { feed: REMOTE }), 120, 40],
  'remote-only-80x24': [own({ application: true, processes: null, system: false }, { feed: REMOTE, alarms: [] }), 80, 24],
  'stale-80x24': [own({ application: true, processes: null }, { feed: { ...REMOTE, state: { kind: 'lost', reason: 'connection refused', retryAt: NOON + 8_000 }, newestAt: NOON - 12_000 } }), 80, 24],
  'replay-120x40': [own({ trouble: true }, { feed: { ...REMOTE, name: 'monday.mpr', kind: 'recording', of: 1, index: 0 }, view: { network: 3, notice: { text: 'saved to monday.json', tone: 'ok', until: NOON + 1 } } }), 120, 40],
  'stale-120x40': [own({ application: true, processes: null }, { feed: { ...REMOTE, state: { kind: 'lost', reason: 'https://media.example.org/api/metrics answered with HTML (text/html) and not with JSON', retryAt: NOON + 12_000 }, newestAt: NOON - 85_000 } }), 120, 40],
  'never-connected-60x20': [own({}, { moment: null, facts: null, feed: { ...REMOTE, state: { kind: 'lost', reason: 'no instance answers at https://media.example.org: connect ECONNREFUSED 203.0.113.7:443; check the address, and that the instance runs; start one with: medianest-perf serve', retryAt: NOON + 12_000 }, newestAt: Number.NaN } }), 60, 20],
  'connecting-80x24': [own({}, { moment: null, facts: null, feed: { ...REMOTE, state: { kind: 'connecting' }, newestAt: Number.NaN } }), 80, 24],
  'first-look-120x40': [fakeScreen({ first: true, back: 79, processes: 12 }, { view: { back: 0 }, alarms: [] }), 120, 40],
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

/** A border that something was written over, or that is not there. */
function brokenBorders(grid: Grid, screen: Screen): string[] {
  const [horizontal, vertical, corners] = grid.unicode ? ['─', '│', '╭╮╰╯'] : ['-', '|', '++++']
  const at = (x: number, y: number): string => grid.cells[y]?.[x] ?? ''
  return Object.entries(arrange(grid.width, grid.height, screen)).flatMap(([region, { x, y, width, height }]) => {
    const isLine = height < (region === 'processes' ? 5 : 3) || width < 8 || ['header', 'time', 'keys'].includes(region)
    if (isLine || !screen.moment) return []
    const right = x + width - 1
    const bottom = y + height - 1
    const found = [at(x, y), at(right, y), at(x, bottom), at(right, bottom)].join('') === corners ? [] : [`${region}: corners`]
    for (let row = y + 1; row < bottom; row++) if (at(x, row) !== vertical || at(right, row) !== vertical) found.push(`${region}: side at ${row}`)
    for (const row of [y, bottom]) if (at(x + 1, row) !== horizontal || at(right - 1, row) !== horizontal) found.push(`${region}: line at ${row}`)
    return found
  })
}

const anyNumber = fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0, noNaN: true }), fc.constant(Number.NaN), fc.double())
const anyOptions = fc.record({ cores: fc.integer({ min: 0, max: 300 }), limited: fc.boolean(), application: fc.boolean(), system: fc.boolean(), first: fc.boolean(), processes: fc.option(fc.integer({ min: 0, max: 60 })), back: fc.integer({ min: 0, max: 79 }), veths: fc.integer({ min: 0, max: 12 }), trouble: fc.boolean() })
const anyView = fc.record({
  zoomed: fc.option(fc.constantFrom(...PANES)), hidden: fc.subarray([...PANES]).map((panes) => new Set(panes)), frozen: fc.boolean(), sort: fc.constantFrom(...SORTS), tree: fc.boolean(),
  offset: fc.integer({ min: -5, max: 100 }), network: fc.integer({ min: -3, max: 20 }), disk: fc.integer({ min: -3, max: 20 }), selected: fc.constantFrom(null, '2204@1763687623999', '1@1'),
})

/** The same moment with some of its series away and some of its values replaced. */
function disturbed(moment: Moment, values: readonly number[], absent: number): Moment {
  const seedOf = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7)
  const isAbsent = (metric: string): boolean => absent > 0 && seedOf(metric) % absent === 0
  const replaced = (text: string, value: number): number => (seedOf(text) % 3 === 0 ? (values[seedOf(text) % values.length] ?? value) : value)
  return {
    ...moment,
    value: (metric, tag = '') => (isAbsent(metric) ? Number.NaN : replaced(metric + tag, moment.value(metric, tag))),
    tags: (metric) => (isAbsent(metric) ? [] : moment.tags(metric)),
    series: (metric, tag, count) => (isAbsent(metric) ? new Float32Array(0) : moment.series(metric, tag, count).map((value, index) => replaced(metric + String(index % 5), value))),
    peak: (metric, tag, count) => (isAbsent(metric) ? null : moment.peak(metric, tag, count)),
  }
}

describe('a picture', () => {
  it('is the same for the same moment', () => {
    const screen = own()
    expect(paint(screen, 100, 30).lines()).toEqual(paint({ ...screen, moment: fakeMoment({ limited: false }) }, 100, 30).lines())
  })

  it('has whole borders and stays within its parts at every size, whatever is known', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), fc.integer({ min: 1, max: 80 }), fc.boolean(), anyOptions, anyView, fc.array(anyNumber, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 6 }), (width, height, unicode, options, view, values, absent) => {
        const screen = fakeScreen(options, { moment: disturbed(fakeMoment(options), values, absent), view: { ...view, back: options.back } })
        const grid = paint(screen, width, height, unicode)
        expect(brokenBorders(grid, screen)).toEqual([])
        if (width >= 20) expect(grid.cuts).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  it('is in ASCII alone where the terminal has nothing else, but for what the system is called', () => {
    const grid = paint(own({ application: true, processes: null }, { feed: REMOTE }), 120, 40, false)
    expect(grid.lines().join('')).toMatch(/^[ -~]*$/)
  })

  it('says nothing of what is not known, and never zero', () => {
    const empty = fakeMoment({ system: false, processes: 3 })
    const text = paint(own({}, { moment: { ...empty, value: (metric) => (metric === 'memory.total' ? 1024 ** 3 : Number.NaN) } }), 120, 40).lines().join('\n')
    expect(text).toContain('MEM    –')
    expect(text).toMatch(/host   ░+    –/)
    expect(text).not.toContain('DISK')
    expect(text).not.toContain('PRESSURE')
  })

  it('marks the row that is selected, and brings it into sight', () => {
    const grid = paint(own({ processes: 60 }, { view: { selected: `5040@${NOON - 3_600_000 - 40}` } }), 120, 40)
    const row = grid.lines().findIndex((line) => line.includes('worker --number 40'))
    expect(grid.lines()[row]).toMatch(/^│▶    5040/)
    expect(grid.tones[row]?.slice(1, 119).every((tone) => tone === 'selected')).toBe(true)
  })

  it('says when the summit was as far as there is room for it, in a young history too', () => {
    for (const back of [20, 40, 60, 70]) expect(paint(own({ back }), 80, 24).lines().join('\n')).toMatch(/▲ peak \d+%|peak \d+%.* ▲/)
  })

  it('shows local time', () => {
    expect(paint(own({}, { zoneMinutes: 330 }), 120, 40).lines()[0]).toContain('07:43:44')
    expect(paint(own({}, { zoneMinutes: -180 }), 120, 40).lines().join('\n')).toContain('@23:12:58')
  })

  it('counts the age of news that does not come, even when nobody has noticed', () => {
    const header = (parts: Parameters<typeof fakeScreen>[1]): string => paint(own({}, parts), 80, 24).lines()[0] ?? ''
    expect(header({ feed: { ...REMOTE, newestAt: NOON - 12_000 } })).toContain('STALE 12s')
    expect(header({ feed: { ...REMOTE, newestAt: NOON - 2_000 } })).toContain('LIVE')
    expect(header({ feed: { ...REMOTE, kind: 'recording', newestAt: NOON - 86_400_000 } })).toContain('REPLAY')
    const over = header({ feed: { ...REMOTE, kind: 'recording', state: { kind: 'ended', reason: '' } }, recording: true })
    expect([over.includes('ENDED'), over.includes('REPLAY'), over.includes('● REC')]).toEqual([true, false, true])
  })

  it('shows the real pace of an instance that has one of its own', () => {
    const moment = fakeMoment({ limited: false })
    const slow: Moment = { ...moment, times: (count) => moment.times(count).map((at) => NOON + 5 * (at - NOON)), stepMs: 5_000 }
    const header = (kind: 'local' | 'remote', shown: Moment): string => paint(own({}, { moment: shown, feed: { ...REMOTE, kind } }), 80, 24).lines()[0] ?? ''
    expect(header('remote', slow)).toContain('LIVE 5.0s')
    expect(header('remote', moment)).toContain('LIVE 1.0s')
    expect(header('local', slow)).toContain('LIVE 1.0s')
  })

  it('calls what an instance counts for all together by what it is', () => {
    const base = fakeMoment({ limited: false })
    const rename = (tag: string): string => (tag === 'all' ? '/' : tag)
    const moment: Moment = { ...base, tags: (metric) => (metric.startsWith('filesystem.') ? ['all'] : base.tags(metric)), value: (metric, tag = '') => base.value(metric, rename(tag)) }
    const text = paint(own({}, { moment }), 120, 40).lines().join('\n')
    expect(text).toMatch(/│files +█+░+ +41% 148G free of 252G│/)
    expect(text).not.toMatch(/\ball\b/)
  })

  it('counts a part of a percent of a file system as one, as df does', () => {
    const base = fakeMoment({ limited: false })
    const usage = (share: number): string => paint(own({}, { moment: { ...base, value: (metric, tag = '') => (metric === 'filesystem.usage' ? share : base.value(metric, tag)) } }), 120, 40).lines().join('\n')
    expect(usage(0.2201)).toMatch(/23% 148G free of 252G/)
    expect(usage(Math.fround(0.93))).toMatch(/93% 148G free of 252G/)
  })

  it('has news in place of the keys until their time is over', () => {
    const last = (now: number): string => paint(own({}, { now, view: { notice: { text: 'no such\u001b[2J process', tone: 'fail', until: NOON } } }), 80, 24).lines().at(-1) ?? ''
    expect(last(NOON - 1)).toMatch(/^ no such\ufffd\[2J process +$/)
    expect(last(NOON)).toContain('q quit')
  })
})
