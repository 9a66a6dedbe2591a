import { describe, expect, it } from 'vitest'
import { spreadOf } from '../../src/analysis/spread.ts'

describe('values in a few numbers', () => {
  it('are those of a textbook', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ n: 8, min: 2, mean: 5, median: 4.5, p95: null, max: 9, deviation: Math.sqrt(32 / 7) })
  })

  it('have a 95th percentile from twenty on, which is not the largest', () => {
    expect(spreadOf(Array.from({ length: 19 }, (_, n) => n))?.p95).toBeNull()
    expect(spreadOf(Array.from({ length: 20 }, (_, n) => n))?.p95).toBe(18)
    expect(spreadOf(Array.from({ length: 100 }, (_, n) => n + 1))?.p95).toBe(95)
  })

  it('have no deviation alone, and are nothing when there are none', () => {
    expect(spreadOf([3])).toMatchObject({ mean: 3, deviation: null })
    expect(spreadOf([])).toBeNull()
  })
})
