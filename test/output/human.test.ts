import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cell, Chart, Report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { textWidth } from '../../src/output/width.ts'
import { FAILURE, MINIMAL, OPTIONS, RICH } from './cases.ts'

const render = async (parts: Partial<Report>, options: object = {}): Promise<string> => FORMATS.human.render({ ...MINIMAL, ...parts }, { ...OPTIONS, ...options })
const chart = (values: number[], unit: Chart['unit'] = 'count'): Chart => ({ title: 'chart', unit, stepMs: 1_000, series: [{ name: 'a', values }] })

test('a plain text answer is printed as it is, and nothing else', async () => {
  expect(await render({ text: '{\n  "a": 1\n}' })).toBe('{\n  "a": 1\n}\n')
})

test('colours are used only where they are wanted, and what is left without them is the same', async () => {
  const charts: Report['charts'] = RICH.charts.filter(({ series }) => series.length === 1)
  const [bare, coloured] = [await FORMATS.human.render({ ...RICH, charts }, OPTIONS), await FORMATS.human.render({ ...RICH, charts }, { ...OPTIONS, color: true })]
  expect(bare).not.toContain('\u001b')
  expect(coloured).toContain('\u001b[31m✗ FAIL')
   
  expect(coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(bare)
})

test('no name becomes a command of the machine whose log shows it', async () => {
  const evil = ['::error title=x::y', '::stop-commands::t', 'a ##[add-mask]x']
  const parts: Partial<Report> = { title: evil[0] ?? '', tables: [{ title: 't', columns: [{ label: 'what' }], rows: evil.map((name) => [name]) }], notes: [`${'long '.repeat(11)}::warning::z`] }
  const isCommand = (line: string): boolean => /^\s*::/.test(line.replace(/\u001b\[\d+m/g, '')) || line.includes('##[')
  for (const color of [false, true]) {
    const shown = async (isGitHubLog: boolean): Promise<string[]> => (await render(parts, { color, columns: 60, isGitHubLog })).split('\n')
    expect((await shown(false)).filter(isCommand)).toHaveLength(5)
    expect((await shown(true)).filter(isCommand)).toEqual([])
  }
  expect(await render(parts, { isGitHubLog: true })).toContain(': :stop-commands::t\n')
})

test('a screen without Unicode gets ASCII alone', async () => {
  const text = await FORMATS.human.render(RICH, { ...OPTIONS, unicode: false })
  expect(text).toMatch(/^[\n\u0020-\u007e]*$/)
  expect(text).toContain('873 us')
})

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }), fc.double(), fc.constant(null),
  fc.record({ value: fc.double(), unit: fc.constantFrom('ms', 'bytes', 'ratio') }),
  fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 40 }), tone: fc.constantFrom('ok', 'fail') }),
  fc.record({ share: fc.double(), tone: fc.constantFrom('ok', 'fail') }),
)

test('no table is wider than the screen, whatever is in it, and no control character gets through', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 30, max: 120 }), fc.constantFrom('none', 'b', 'f'), fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 5 }), async (columns, main, rows) => {
    const text = await render({ tables: [{ title: 'T', columns: ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => ({ label, isMain: label === main, isSpare: label === 'd' })), rows }] }, { columns })
    const lines = text.split('\n').filter((line) => !line.includes('widen the terminal'))
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns)
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
  }), { numRuns: 200 })
})

test('a share is a bar as long as there is room, then a shorter one, then the number alone', async () => {
  const table = { title: 'T', columns: [{ label: 'disk' }, { label: 'used' }, { label: 'reason' }], rows: [['/', { share: 0.91, tone: 'warn' }, 'as full as it was a week ago, when somebody looked']] } as const
  const line = async (columns: number, unicode = true): Promise<string> => (await render({ tables: [table] }, { columns, unicode })).split('\n').find((each) => each.startsWith('  /')) ?? ''
  expect(await line(120)).toBe('  /     ██████████████████▎· 91%  as full as it was a week ago, when somebody looked')
  expect(await line(70)).toBe('  /     █████████▏ 91%  as full as it was a week ago, when somebody l…')
  expect(await line(70, false)).toBe('  /     #########. 91%  as full as it was a week ago, when somebody...')
  expect(await line(45)).toBe('  /      91%  as full as it was a week ago,…')
})

test('what a table is read for goes on in the next lines, up to four, and what is spare makes room for it', async () => {
  const lines = async (columns: number, reason: string): Promise<string[]> => (await render({ tables: [{ title: 'T', columns: [{ label: 'check' }, { label: 'used' }, { label: 'took', isSpare: true }, { label: 'reason', isMain: true }], rows: [['/', { share: 0.849, tone: 'ok' }, { value: 12, unit: 'ms' }, reason]] }] }, { columns })).split('\n').slice(6, -1)
  const reason = 'as full as it was a week ago, when somebody looked'
  expect(await lines(82, reason)).toEqual(['  /      ████████▌· 84%  12 ms  as full as it was a week ago, when somebody looked'])
  expect(await lines(55, reason)).toEqual(['  /      ████████▌· 84%  as full as it was a week ago,', '                         when somebody looked'])
  const long = await lines(55, 'word '.repeat(100))
  expect([long.length, long.at(-1)?.endsWith('word…')]).toEqual([4, true])
})

test('a share in a table is cut, so that it never shows a level it has not reached', async () => {
  const shares = await Promise.all([0.29, 0.849, 0.0004, 0, 0.9999, 1, 1.4, Number.NaN].map(async (share) => /T\n.*\n.*\n(.*)/.exec(await render({ tables: [{ title: 'T', columns: [{ label: 'a' }], rows: [[{ share, tone: 'ok' }]] }] }, { columns: 22 }))?.[1]?.split(' ').at(-1)))
  expect(shares).toEqual(['29%', '84%', '<1%', '0%', '99%', '100%', '140%', 'n/a'])
})

test('a bar is empty for nothing, full for all, and neither for what is between', async () => {
  const bars = (await render({ facts: [0, 0.0001, 0.5, 0.9999, 1, 7, -1, Number.NaN].map((share, index) => ({ label: String(index), value: { share, tone: 'ok' } })) })).split('\n').map((line) => /^ {2}\d {2}(.{20}) /.exec(line)?.[1]).filter((bar) => bar !== undefined)
  expect(bars).toEqual(['····················', '▏···················', '██████████··········', '███████████████████▉', '████████████████████', '████████████████████', '····················', '····················'])
})

test('what does not count is told with its excuse, once, and is not among what is well', async () => {
  const text = await render({ findings: [{ id: 'a', verdict: 'ok', title: 'a: fine' }, { id: 'b', verdict: 'ok', title: 'b: down', excuse: 'in maintenance' }, { id: 'c', verdict: 'ok', title: 'c: not checked because of a', excuse: 'not checked because of a' }] })
  expect(text).toContain('✓ OK  1 ok, 2 not counted\n')
  expect(text).toContain('  - b: down (in maintenance)\n  - c: not checked because of a\n  ✓ a: fine\n')
})

test('an alert whose value is back below its threshold says why it is there still', async () => {
  const alert = { level: 'critical', metric: 'cpu.usage', message: 'CPU > 95%', threshold: 95, peak: 99.2, overAt: 85.5 } as const
  const told = (await render({ alerts: [{ ...alert, value: 94.5 }] })).replaceAll(/\s+/g, ' ')
  expect(told).toContain('CPU > 95% (now 94.5, threshold 95: it was 99.2, and is over once it is below 85.5 for some seconds)')
  expect(await render({ alerts: [{ ...alert, value: 97 }] })).toContain('CPU > 95% (97, threshold 95)')
})

test('an alert says what to do, and is left out where a check has said all of it', async () => {
  const alerts: Report['alerts'] = [{ level: 'warning', metric: 'disk', component: 'filesystem', message: 'nearly full', recommendation: 'clean up' }]
  expect(await render({ alerts })).toContain('! warning disk: nearly full\n    hint: clean up\n')
  expect(await render({ alerts, checks: [] })).not.toContain('nearly full')
})

test('a table that does not fit says how many columns it left out', async () => {
  const columns = Array.from({ length: 20 }, (_, index) => ({ label: `column ${index}` }))
  const text = await render({ tables: [{ title: 'T', columns, rows: [columns.map((_, index) => 1_000_000 + index)] }] }, { columns: 60 })
  expect(text).toContain('1,000,004')
  expect(text).toContain('(15 more columns: widen the terminal, or use --format json)')
})

test('wide and combining characters leave the columns aligned', async () => {
  const rows = ['ascii', '東京物語', 'cafe\u0301', '👍🏽👩‍👩‍👧', 'ซีรีส์', 'हिन्दी', '한국어', '1️⃣'].map((name) => [name, 7])
  const lines = (await render({ tables: [{ title: 'T', columns: [{ label: 'name' }, { label: 'n' }], rows }] })).split('\n').filter((line) => line.endsWith('7'))
  expect(lines).toHaveLength(rows.length)
  expect(new Set(lines.map(textWidth)).size).toBe(1)
})

test('a chart of any values is drawn from zero within the screen, or not at all', async () => {
  const value = fc.oneof(fc.double(), fc.constant(Number.NaN), fc.constant(Number.POSITIVE_INFINITY), fc.constant(0))
  await fc.assert(fc.asyncProperty(fc.array(value, { maxLength: 300 }), fc.integer({ min: 20, max: 100 }), fc.boolean(), async (values, columns, color) => {
    const text = await render({ charts: [chart(values, 'ms')] }, { columns, color })
    expect(text.split('\n').length).toBeLessThan(20)
    if (!color) expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(Math.max(columns, 50))
  }), { numRuns: 200 })
})

test('a single peak is seen however many values share its column', async () => {
  const values = Array.from({ length: 5_000 }, (_, index) => (index === 3_210 ? 1_000 : 10))
  const lines = (await render({ charts: [chart(values)] })).split('\n')
  expect(lines.find((line) => line.includes('1,000 ┤'))).toMatch(/┤ {20,}╭╮$/)
})

test('a gap in what was measured is a gap in the line', async () => {
  const values = Array.from({ length: 60 }, (_, index) => (index > 20 && index < 30 ? Number.NaN : 5))
  expect((await render({ charts: [chart(values)] })).split('\n').find((line) => line.includes('─────'))).toMatch(/┤─{21} {9}─{30}$/)
})

test('an error says what, what to do and where, on lines of their own', () => {
  expect(FORMATS.human.renderError({ ...FAILURE, message: 'broken' }, OPTIONS)).toBe('error: broken\n hint: start one there with: medianest-perf serve\n   at: scenarios/browse.yaml:3:7\n')
})
