import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countUpTo, histogramQuantile, type Bucket } from '../../../../src/sources/application/prometheus/quantile.ts'

const buckets = (...rows: [number, number][]): Bucket[] => rows.map(([le, count]) => ({ le, count }))
const USUAL = buckets([0.1, 50], [0.2, 90], [0.5, 100], [Infinity, 100])

describe('a quantile of a histogram', () => {
  it('lies where its rank does between the ends of its class', () => {
    expect(histogramQuantile(0.5, USUAL)).toBeCloseTo(0.1, 12)
    expect(histogramQuantile(0.25, USUAL)).toBeCloseTo(0.05, 12)
    expect(histogramQuantile(0.7, USUAL)).toBeCloseTo(0.15, 12)
    expect(histogramQuantile(0.95, USUAL)).toBeCloseTo(0.35, 12)
  })

  it('is the highest end where it lies beyond it', () => {
    expect(histogramQuantile(0.99, buckets([0.1, 50], [0.5, 90], [Infinity, 100]))).toBe(0.5)
  })

  it('is the end of the first class where that is not above 0', () => {
    expect(histogramQuantile(0.1, buckets([-1, 50], [1, 100], [Infinity, 100]))).toBe(-1)
  })

  it('is not known without observations, without a class +Inf, and with nothing but it', () => {
    expect([buckets([1, 0], [Infinity, 0]), buckets([1, 5]), buckets([Infinity, 5]), []].map((each) => histogramQuantile(0.5, each))).toEqual([NaN, NaN, NaN, NaN])
  })

  it('adds up classes with one end, in any order, and mends a count that lies below the one before', () => {
    expect(histogramQuantile(0.5, [...USUAL, ...USUAL].reverse())).toBeCloseTo(0.1, 12)
    expect(histogramQuantile(0.9, buckets([1, 10], [2, 9], [3, 20], [Infinity, 20]))).toBeCloseTo(2.8, 12)
  })
})

describe('the count up to a time', () => {
  it('is that of a class that ends there, and between two ends lies between their counts', () => {
    expect([0.1, 0.2, 0.15, 0.05].map((limit) => countUpTo(limit, USUAL))).toEqual([50, 90, 70, 25])
  })

  it('claims nothing of what lies beyond the highest end', () => {
    expect(countUpTo(10, buckets([0.1, 50], [Infinity, 100]))).toBe(50)
    expect(countUpTo(10, [])).toBe(0)
  })

  it('never falls as the limit rises or as counts grow', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.nat(50), fc.nat(50)), { selector: ([le]) => le, minLength: 1, maxLength: 8 })
    fc.assert(fc.property(rows, fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 120 }), (given, one, other) => {
      const cumulated = (of: 1 | 2): Bucket[] => {
        let count = 0
        return given.toSorted(([a], [b]) => a - b).map((row) => ({ le: row[0], count: (count += row[1] + (of === 2 ? row[2] : 0)) }))
      }
      expect(countUpTo(Math.max(one, other), cumulated(1))).toBeGreaterThanOrEqual(countUpTo(Math.min(one, other), cumulated(1)))
      expect(countUpTo(one, cumulated(2))).toBeGreaterThanOrEqual(countUpTo(one, cumulated(1)) - 1e-9)
    }))
  })
})
