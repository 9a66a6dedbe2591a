import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LoadProgress } from '../../src/model/progress.ts'
import { cellWidth } from '../../src/tui/cells.ts'
import { paintLive } from '../../src/tui/live-lines.ts'
import { MOMENTS } from './progress.ts'

const GOLDEN = join(import.meta.dirname, '../golden/tui')
const PALETTES = { 'unicode-color': { unicode: true, color: true }, unicode: { unicode: true, color: false }, ascii: { unicode: false, color: false } }

for (const width of [40, 80, 120]) {
  for (const [palette, options] of Object.entries(PALETTES)) {
    test(`the live view on ${width} columns in ${palette} looks as it was approved`, async () => {
      const frames = Object.entries(MOMENTS).map(([name, progress]) => `== ${name}\n${paintLive(progress, width, options).join('\n')}\n`)
      // Escape characters are spelled out, so that the files can be read and compared.
      const text = frames.join('\n').replaceAll('\x1b', '\\e')
      const file = join(GOLDEN, `live-${width}-${palette}.txt`)
      if (process.env['UPDATE_GOLDEN'] === '1' && !process.env['CI']) {
        await mkdir(GOLDEN, { recursive: true })
        await writeFile(file, text)
      }
      expect(text).toBe(await readFile(file, 'utf8'))
    })
  }
}

const bare = { unicode: true, color: false }

test('what is wrong is shown only when something is', () => {
  const calm = paintLive(MOMENTS['running-open'], 79, bare).join('\n')
  const stormy = paintLive(MOMENTS.draining, 79, bare).join('\n')
  for (const word of ['dropped', 'late', 'waiting', 'crossed']) {
    expect(calm).not.toContain(word)
    expect(stormy).toContain(word)
  }
})

test('a comparison in turns shows how many pairs there are, what is known of what decides, and how long it takes at most', () => {
  const text = paintLive(MOMENTS.turns, 79, bare).join('\n')
  expect(text).toContain('9 of 30 pairs, judged after 16')
  expect(text).toContain('1:24 left at most')
  expect(text).toMatch(/like for like +\+2\.11% {2}-0\.6% to \+3\.25%/)
  expect(text).toMatch(/^current side +–/m)
})

test('dropped arrivals and crossed thresholds are in the colour of failure, failed requests in that of a warning', () => {
  const text = paintLive(MOMENTS.draining, 79, { unicode: true, color: true }).join('\n')
  expect(text).toContain('\x1b[1;31m57\x1b[0m')
  expect(text).toContain('\x1b[1;31mhttp.duration: p(95)<500\x1b[0m')
  expect(text).toContain('\x1b[33m412 (7.01%)\x1b[0m')
})

test('a rate that falls short of what was asked is marked', () => {
  const shown = (startedRate: number): string => paintLive({ ...MOMENTS['running-open'], startedRate }, 79, { unicode: true, color: true }).join('\n')
  expect(shown(49.8)).toContain('\x1b[32m49.8/s')
  expect(shown(31)).toContain('\x1b[33m31/s')
})

test('a generator that is busy says so', () => {
  const shown = (generatorCpu: number): string => paintLive({ ...MOMENTS['running-open'], generatorCpu }, 79, bare).join('\n')
  expect(shown(0.7)).not.toContain('generator')
  expect(shown(0.93)).toContain('generator at 93% of a core')
})

test('in a low terminal what matters least is left out first', () => {
  const lines = paintLive(MOMENTS.draining, 79, { ...bare, height: 6 })
  expect(lines).toHaveLength(6)
  expect(lines[0]).toContain('draining')
  expect(lines.join('\n')).toContain('failed 412')
  expect(lines.join('\n')).toMatch(/^now /m)
  expect(lines.join('\n')).not.toContain('the report')
})

test('names from outside cannot steer the terminal', () => {
  const evil = 'a\x1b[2Jb\u202ec\nd'
  const frame = paintLive({ ...MOMENTS.draining, name: evil, target: evil, phase: { name: evil, index: 1, of: 2, endsInMs: 5 }, errors: [{ type: evil, count: 1 }], crossed: [evil] }, 200, bare)
  expect(frame.join('')).not.toMatch(/[\x1b\n\u202e]/)
  expect(frame.join('')).toContain('a�[2Jb�c d')
})

test('whatever happens in a run, and however narrow the terminal, no line is wider than it', () => {
  const number = fc.double({ min: 0, max: 1e12, noNaN: true })
  const count = fc.nat(1e9)
  const text = fc.string({ unit: 'binary', maxLength: 80 })
  const percentiles = fc.option(fc.record({ p50: number, p90: number, p95: number, p99: number, max: number }))
  const progress: fc.Arbitrary<LoadProgress> = fc.record({
    name: text, target: text, state: fc.constantFrom('starting', 'warming up', 'running', 'draining'), elapsedMs: number, totalMs: fc.option(number),
    phase: fc.option(fc.record({ name: text, index: count, of: count, endsInMs: fc.option(number) })), askedRate: fc.option(number), startedRate: fc.option(number), askedUsers: fc.option(count), reachedRate: number,
    users: count, requests: count, failed: count, late: count, dropped: count, waiting: count, now: percentiles, soFar: percentiles,
    errors: fc.array(fc.record({ type: text, count }), { maxLength: 8 }), history: fc.array(fc.record({ rate: fc.double(), p95: fc.double() }), { maxLength: 120 }), crossed: fc.array(text, { maxLength: 5 }), generatorCpu: number,
  })
  fc.assert(
    fc.property(progress, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 40 }), fc.boolean(), (moment, width, height, unicode) => {
      const lines = paintLive(moment, width, { color: false, unicode, height })
      expect(lines.length).toBeLessThanOrEqual(height)
      for (const line of lines) {
        expect(cellWidth(line)).toBeLessThanOrEqual(width)
        expect(line).not.toMatch(/undefined|NaN|\n|\x1b/)
      }
    }),
    { numRuns: 300 },
  )
})
