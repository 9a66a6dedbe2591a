import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shiftBetween, walshCentre } from '../../../src/analysis/compare/hodges-lehmann.ts'
import { mannWhitney, mannWhitneyDepth } from '../../../src/analysis/compare/mann-whitney.ts'
import { normalQuantile } from '../../../src/analysis/compare/normal.ts'
import { randomStream } from '../../../src/analysis/compare/random.ts'
import { median } from '../../../src/analysis/compare/ranks.ts'
import { signedRankDepth, signedRanks } from '../../../src/analysis/compare/wilcoxon.ts'

const values = (maxLength: number, minLength = 1) => fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -100, max: 100, noNaN: true })), { minLength, maxLength })
const sorted = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b)
const walsh = (list: readonly number[]): number[] => sorted(list.flatMap((a, i) => list.slice(i).map((b) => a / 2 + b / 2)))
const gaps = (x: readonly number[], y: readonly number[]): number[] => sorted(y.flatMap((b) => x.map((a) => b - a)))
const normal = (random: () => number): number => normalQuantile(random() * 0.999_998 + 1e-6)

describe('the middle of differences', () => {
  it('is the median of all Walsh averages, and its interval two of them, counted from the ends', () => {
    fc.assert(fc.property(values(25), (list) => {
      const { estimate, interval } = walshCentre(list, 0.05)
      const all = walsh(list)
      const depth = signedRankDepth(list.length, 0.05)
      expect(estimate).toBeCloseTo(median(all), 9)
      expect(interval).toEqual(depth === 0 ? null : { low: all[depth - 1], high: all[all.length - depth] })
    }))
  })

  it('has an interval that leaves out zero exactly when the test finds a difference', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -1_000, max: 1_400 }).filter((value) => value !== 0), { minLength: 7, maxLength: 25, selector: Math.abs })
    fc.assert(fc.property(distinct, (list) => {
      const interval = walshCentre(list, 0.02).interval!
      expect(interval.low > 0 || interval.high < 0).toBe(signedRanks(list).p <= 0.02)
    }))
  })

  it('moves and stretches with the values', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 7, maxLength: 30 }), fc.integer({ min: -50, max: 50 }), (list, by) => {
      const [here, there] = [walshCentre(list, 0.02), walshCentre(list.map((value) => 4 * value + by), 0.02)]
      expect(there).toEqual({ estimate: 4 * here.estimate + by, interval: { low: 4 * here.interval!.low + by, high: 4 * here.interval!.high + by } })
    }))
  })

  it('ends on values that differ in the last bit alone', () => {
    const next = 1 + Number.EPSILON
    expect(walshCentre([1, next, 1, next, 1, next, 1, next], 0.02).interval).toEqual({ low: 1, high: next })
    expect(shiftBetween([0, 0, 0, 0, 0], [1, next, 1, next, next], 0.02).estimate).toBe(next)
  })
})

describe('the shift between two sides', () => {
  it('is the median of the differences of all pairs, and its interval two of them', () => {
    fc.assert(fc.property(values(12), values(12), (x, y) => {
      const { estimate, interval } = shiftBetween(x, y, 0.05)
      const all = gaps(x, y)
      const depth = mannWhitneyDepth(x.length, y.length, 0.05)
      expect(estimate).toBeCloseTo(median(all), 9)
      expect(interval).toEqual(depth === 0 ? null : { low: all[depth - 1], high: all[all.length - depth] })
    }))
  })

  it('has an interval that holds the estimate, and leaves out zero exactly when the test finds a difference', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 20, maxLength: 20 })
    fc.assert(fc.property(distinct, fc.integer({ min: 5, max: 15 }), fc.boolean(), (list, cut, sort) => {
      const all = sort ? sorted(list) : list
      const [x, y] = [all.slice(0, cut), all.slice(cut)]
      const { estimate, interval } = shiftBetween(x, y, 0.02)
      expect(interval!.low <= estimate && estimate <= interval!.high).toBe(true)
      expect(interval!.low > 0 || interval!.high < 0).toBe(mannWhitney(x, y).p <= 0.02)
    }))
  })

  it('turns round with the sides', () => {
    fc.assert(fc.property(values(15, 5), values(15, 5), (x, y) => {
      const [there, back] = [shiftBetween(x, y, 0.02), shiftBetween(y, x, 0.02)]
      expect(back.estimate).toBeCloseTo(-there.estimate, 9)
      expect(back.interval!.low).toBeCloseTo(-there.interval!.high, 9)
    }))
  })

  it('gives one for 2,000 values a side without a list of their 4,000,000 differences', () => {
    const random = randomStream(5)
    const [x, y] = [0, 0.1].map((shift) => Array.from({ length: 2_000 }, () => normal(random) + shift)) as [number[], number[]]
    const { estimate, interval } = shiftBetween(x, y, 0.02)
    expect(estimate).toBeCloseTo(0.1, 0)
    expect(interval!.high - interval!.low).toBeLessThan(0.3)
  })
})

describe('an interval of 98 %', () => {
  it.each([
    ['of pairs', 12, (x: readonly number[], y: readonly number[]) => walshCentre(x.map((value, index) => y[index]! - value), 0.02)],
    ['of two sides', 8, (x: readonly number[], y: readonly number[]) => shiftBetween(x, y, 0.02)],
  ])('%s holds the truth in 98 of 100 cases', (_, n, locate) => {
    const random = randomStream(11)
    let held = 0
    for (let draw = 0; draw < 1_000; draw++) {
      const [x, y] = [0, 0.7].map((shift) => Array.from({ length: n }, () => normal(random) + shift)) as [number[], number[]]
      const { low, high } = locate(x, y).interval!
      if (low <= 0.7 && 0.7 <= high) held++
    }
    // Exact levels lie a little above 98 %; 965 is more than three deviations below.
    expect(held).toBeGreaterThan(965)
    expect(held).toBeLessThan(1_000)
  })
})
