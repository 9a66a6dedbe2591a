import fc from 'fast-check'
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
