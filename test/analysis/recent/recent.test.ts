import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldSlots } from '../../../src/analysis/recent/fold-slots.ts'
import { Recent } from '../../../src/analysis/recent/recent.ts'
import { trendOf } from '../../../src/analysis/recent/trend.ts'
import type { Slot } from '../../../src/analysis/recent/ring.ts'
import { foldValues, singleValue, type BatchValue } from '../../../src/agent/batch.ts'

const START = Date.parse('2026-03-01T00:00:00Z')
const at = (ms: number, value: number) => ({ at: START + ms, count: 1, sum: value, min: value, max: value })
const HOUR = 3_600_000

describe('the recent past', () => {
  it('keeps means and extremes at the step that was asked for', () => {
    const recent = new Recent()
    for (let second = 0; second < 120; second += 5) recent.add('cpu.usage', at(second * 1_000, second / 120))
    const slots = recent.slots('cpu.usage', { from: START, to: START + 120_000, stepMs: 60_000 })
    expect(slots).toMatchObject([{ at: START, count: 12, mean: expect.closeTo(27.5 / 120) as number, min: 0 }, { at: START + 60_000, count: 12, mean: expect.closeTo(87.5 / 120) as number }])
    expect(recent.slots('api.errors', { from: START, to: START + 120_000, stepMs: 60_000 })).toEqual([])
  })

  it('forgets: ten seconds after an hour, minutes after a day, a quarter of an hour after a week; the first and last step are there in part', () => {
    const recent = new Recent()
    for (let minute = 0; minute < 8 * 24 * 60; minute++) recent.add('cpu.usage', at(minute * 60_000, 1))
    const to = START + 8 * 24 * HOUR - 1
    const count = (rangeMs: number, stepMs: number): number => recent.slots('cpu.usage', { from: to - rangeMs, to, stepMs }).length
    expect([count(HOUR, 10_000), count(24 * HOUR, 60_000), count(7 * 24 * HOUR, 900_000), count(30 * 24 * HOUR, 900_000)]).toEqual([60, 1_441, 673, 673])
  })

  it('answers a long range in the finest step that is kept for so long', () => {
    const recent = new Recent()
    expect([recent.stepFor(HOUR, 10_000), recent.stepFor(6 * HOUR, 10_000), recent.stepFor(7 * 24 * HOUR, 60_000), recent.stepFor(HOUR, 300_000)]).toEqual([10_000, 60_000, 900_000, 300_000])
  })

  it('goes on when the clock is set back, and forgets the future that was not', () => {
    const recent = new Recent()
    for (const ms of [0, 10_000, 20_000, -HOUR, -HOUR + 10_000]) recent.add('cpu.usage', at(ms, 1))
    expect(recent.slots('cpu.usage', { from: START - HOUR, to: START - HOUR + 20_000, stepMs: 10_000 })).toHaveLength(2)
  })

  it('knows the same means whatever the batches were, and however they were folded', () => {
    const value = fc.record({ ms: fc.integer({ min: 0, max: 600_000 }), value: fc.double({ min: 0, max: 1e6, noNaN: true }), priority: fc.constantFrom('critical' as const, 'low' as const) })
    fc.assert(fc.property(fc.array(value, { maxLength: 60 }), fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (all, cuts, share) => {
      const values = all.map(({ ms, value: each, priority }): BatchValue => singleValue({ source: priority, priority, metric: 'cpu.usage', tag: '', at: START + ms, value: each }))
      const [whole, split] = [new Recent(), new Recent()]
      for (const each of values) whole.add('cpu.usage', each)
      for (let from = 0, cut = 0; from < values.length; cut++) {
        const size = (cuts[cut % cuts.length] ?? 0) + 1
        for (const each of foldValues(values.slice(from, from + size), share)) split.add('cpu.usage', each)
        from += size
      }
      const slotsOf = (recent: Recent) => recent.slots('cpu.usage', { from: START, to: START + 600_000, stepMs: 10_000 })
      expect(slotsOf(split).map(({ mean, ...rest }) => ({ ...rest, mean: expect.closeTo(mean, 3) as number }))).toEqual(slotsOf(whole))
    }), { numRuns: 200 })
  })
})

describe('many steps as one figure', () => {
  const slots = Array.from({ length: 100 }, (_, index): Slot => ({ at: index, count: index === 99 ? 100 : 1, mean: index + 1, min: index, max: index + 2 }))

  it('weighs means by what they are of, and takes percentiles of steps', () => {
    expect((['avg', 'min', 'max', 'p95', 'p99'] as const).map((by) => foldSlots(slots, by))).toEqual([(99 * 50 + 100 * 100) / 199, 0, 101, 95, 99])
    expect(foldSlots([], 'avg')).toBeNaN()
  })
})

describe('a trend', () => {
  const minutes = (count: number, value: (minute: number) => number): Slot[] => Array.from({ length: count }, (_, minute) => ({ at: minute * 60_000, count: 1, mean: value(minute), min: 0, max: 0 }))
  const noise = (minute: number): number => ((minute * 7_919) % 101) / 101 - 0.5

  it('is unknown before an hour has been seen, or where most of it is missing', () => {
    expect(trendOf(minutes(59, () => 1), 'lower', 60_000)).toMatchObject({ trend: 'unknown', change: null, reason: 'a trend needs an hour at least' })
    expect(trendOf(minutes(120, () => 1).filter(({ at: begins }) => begins % 1_200_000 === 0), 'lower', 60_000).trend).toBe('unknown')
    expect(trendOf([], 'lower', 60_000).trend).toBe('unknown')
  })

  it('is one where the halves differ by more than noise, and better or worse by what the figure is', () => {
    const step = minutes(120, (minute) => (minute < 60 ? 100 : 130) + 20 * noise(minute))
    expect(trendOf(step, 'lower', 60_000)).toMatchObject({ trend: 'degrading', change: expect.closeTo(30, -0.7) as number, periodMs: 7_200_000 })
    expect(trendOf(step, 'higher', 60_000).trend).toBe('improving')
    expect(trendOf(minutes(120, (minute) => 100 + 20 * noise(minute)), 'lower', 60_000).trend).toBe('stable')
    expect(trendOf(minutes(120, (minute) => (minute < 60 ? 100 : 104)), 'lower', 60_000).trend).toBe('stable')
  })
})
