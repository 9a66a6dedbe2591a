import fc from 'fast-check'
import { build, decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { Distribution } from '../../src/analysis/histogram.ts'

const of = (values: readonly number[]): Distribution => {
  const distribution = new Distribution()
  for (const value of values) distribution.record(value)
  return distribution
}

describe('a distribution', () => {
  it('says nothing of nothing', () => {
    const none = of([])
    expect([none.mean, none.min, none.max, none.percentile(50)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  })

  it('keeps extremes and mean exactly, percentiles to a thousandth', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.001, max: 3_000_000, noNaN: true }), { minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
      const distribution = of(values)
      const sorted = [...values].sort((a, b) => a - b)
      const exact = sorted[Math.ceil((percent / 100) * values.length) - 1] ?? Number.NaN
      expect(distribution.max).toBe(sorted.at(-1))
      expect(distribution.min).toBe(sorted[0])
      expect(distribution.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6)
      expect(Math.abs(distribution.percentile(percent) - exact)).toBeLessThanOrEqual(exact * 0.001 + 0.001)
    }), { numRuns: 200 })
  })

  it('has the buckets, percentiles and encoded form of an HdrHistogram', () => {
    const micros = fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 3_600_000_000 }))
    fc.assert(fc.property(fc.array(micros, { minLength: 1, maxLength: 200 }), fc.double({ min: 0.001, max: 99.999, noNaN: true }), (values, percent) => {
      const theirs = build({ bitBucketSize: 64, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 })
      for (const value of values) theirs.recordValue(value)
      const ours = of(values.map((value) => value / 1_000))
      const encoded = decodeFromCompressedBase64(ours.encode())
      for (const at of [percent, 50, 90, 95, 99]) {
        expect(ours.percentile(at)).toBe(Math.min(theirs.getValueAtPercentile(at) / 1_000, Math.max(...values) / 1_000))
        expect(encoded.getValueAtPercentile(at)).toBe(theirs.getValueAtPercentile(at))
      }
      expect(encoded.totalCount).toBe(values.length)
    }), { numRuns: 100 })
  })

  it('merges without losing a percentile, also through its encoded form', () => {
    const left = Array.from({ length: 500 }, (_, i) => i + 0.5)
    const right = Array.from({ length: 500 }, (_, i) => 1_000 + i)
    const whole = of([...left, ...right])
    const merged = of(left)
    merged.merge(Distribution.decode(of(right).encode()))
    for (const percent of [1, 25, 50, 75, 95, 99]) expect(merged.percentile(percent)).toBeCloseTo(whole.percentile(percent), 6)
    expect(merged.count).toBe(1_000)
  })

  it('counts what is longer than an hour as an hour, but keeps the most', () => {
    const distribution = of([5_000_000])
    expect(distribution.max).toBe(5_000_000)
    expect(distribution.percentile(50)).toBeGreaterThan(3_500_000)
  })
})
