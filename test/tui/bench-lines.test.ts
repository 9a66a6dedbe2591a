import { expect, test } from 'vitest'
import type { BenchProgress } from '../../src/model/progress.ts'
import { benchLine, paintBench } from '../../src/tui/bench-lines.ts'
import { cellWidth } from '../../src/tui/cells.ts'

const PLAIN = { color: false, unicode: true }
const alone: BenchProgress = {
  name: 'bench', target: 'node app.js', state: 'running', phase: 'timed', elapsedMs: 3_000, totalMs: 9_000, runs: { done: 15, wanted: 40 },
  commands: [{ name: 'node app.js', runs: 15, median: 204, least: 202, most: 225 }], turns: null,
}
const inTurns: BenchProgress = {
  ...alone, target: 'old and new', phase: '8 pairs: not clear yet', runs: null,
  commands: [{ name: 'old', runs: 9, median: 150, least: 149, most: 160 }, { name: `new ${'x'.repeat(200)}`, runs: 8, median: 170, least: 149, most: 181 }],
  turns: { pairs: 8, most: 30, nextLook: 16, figures: [{ name: 'time', change: '+12%', interval: '-1% to +25%' }] },
}

test('a benchmark shows the runs that are done and wanted, the median with its spread, and what is left', () => {
  expect(paintBench(alone, 79, PLAIN)).toEqual([
    'bench  node app.js                                              ● running  0:03',
    '15 of 40 runs  ━━━━━━━━━━━━━━━━━━━╸─────────────────────────────────  0:06 left',
    '',
    '             runs  median  from least to most',
    'node app.js    15  204 ms    202 ms to 225 ms',
    '',
    'Ctrl-C: end this run and report',
  ])
})

test('of two commands it shows pairs and the change with its interval so far', () => {
  const shown = paintBench(inTurns, 79, PLAIN).join('\n')
  expect(shown).toMatch(/8 of 30 pairs, judged after 16 .* 0:06 left at most/)
  expect(shown).toMatch(/time {4}\+12% {2}-1% to \+25%/)
  expect(shown).toMatch(/^old +9 {2}150 ms {4}149 ms to 160 ms$/m)
})

test('before the first run that counts it says so, and knows nothing', () => {
  const shown = paintBench({ ...alone, state: 'warming up', phase: 'a run that does not count', totalMs: null, runs: { done: 0, wanted: 10 }, commands: [{ name: 'app', runs: 0, median: null, least: null, most: null }] }, 79, PLAIN).join('\n')
  expect(shown).toMatch(/a run that does not count[^]*app +0 +–/)
})

test('no line is wider than the terminal, and a low one shows what matters most', () => {
  for (const progress of [alone, inTurns]) for (const width of [10, 30, 60, 79, 119]) expect(Math.max(...paintBench(progress, width, PLAIN).map(cellWidth))).toBeLessThanOrEqual(width)
  expect(paintBench(inTurns, 79, { ...PLAIN, height: 5 }).join('\n')).toMatch(/8 of 30 pairs[^]*time/)
})

test('a log gets where it is and what is known', () => {
  expect(benchLine(inTurns)).toBe('bench  old and new  8 pairs: not clear yet  time +12% (-1% to +25%)')
})
