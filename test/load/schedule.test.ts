import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schedule, userCurve } from '../../src/load/schedule.ts'
import type { RateSegment } from '../../src/model/plan.ts'

const segment = (durationMs: number, from: number, to = from, more: Partial<RateSegment> = {}): RateSegment => ({ name: 'phase', durationMs, from, to, maxUsers: null, ...more })
const dueTimes = (...segments: RateSegment[]): number[] => {
  const plan = schedule({ segments })
  return Array.from({ length: plan.arrivals }, (_, n) => Math.round(plan.dueAt(n) * 1_000) / 1_000)
}

describe('a schedule', () => {
  it('spaces a constant rate evenly, the first arrival at once', () => {
    expect(dueTimes(segment(1_000, 5))).toEqual([0, 200, 400, 600, 800])
    expect(schedule({ segments: [segment(6_000, 200)] }).arrivals).toBe(1_200)
  })

  it('follows the square root on a ramp from nothing', () => {
    // The area under 0..10/s over 2 s is 2.5 t², so arrival n is due at the root of n / 2.5 seconds.
    expect(dueTimes(segment(2_000, 0, 10))).toEqual(Array.from({ length: 10 }, (_, n) => Math.round(Math.sqrt(n / 2.5) * 1e6) / 1_000))
  })

  it('mirrors a ramp down', () => {
    const times = dueTimes(segment(2_000, 10, 0))
    expect(times).toHaveLength(10)
    expect(times[1]).toBeCloseTo(2_000 - 2_000 * Math.sqrt(1 - 1 / 10), 2)
  })

  it('carries what is left of an arrival over to the next phase', () => {
    expect(dueTimes(segment(1_500, 1), segment(1_500, 1))).toEqual([0, 1_000, 2_000])
    expect(dueTimes(...Array.from({ length: 10 }, () => segment(100, 1)))).toEqual([0])
  })

  it('sends nothing in a pause, and a fixed count exactly', () => {
    expect(dueTimes(segment(1_000, 2), segment(5_000, 0), segment(1_000, 2))).toEqual([0, 500, 6_000, 6_500])
    expect(dueTimes(segment(1_000, 0, 0, { arrivals: 4 }))).toEqual([0, 250, 500, 750])
    expect(dueTimes(segment(100, 3), segment(1_000, 0, 0, { arrivals: 2 }))).toEqual([0, 100, 600])
  })

  it('knows no arrival past its last', () => {
    expect(schedule({ segments: [segment(1_000, 2)] }).dueAt(2)).toBe(Number.POSITIVE_INFINITY)
  })

  it('says the rate and the phase of any moment', () => {
    const plan = schedule({ segments: [segment(1_000, 0, 10), segment(1_000, 10)] })
    expect([0, 500, 1_000, 1_999, 2_000].map((ms) => plan.rateAt(ms))).toEqual([0, 5, 10, 10, 0])
    expect([0, 999, 1_000, 5_000].map((ms) => plan.segmentAt(ms))).toEqual([0, 0, 1, 1])
  })

  const anySegment = fc.record({ durationMs: fc.integer({ min: 0, max: 20_000 }), from: fc.integer({ min: 0, max: 300 }), to: fc.integer({ min: 0, max: 300 }) }).map(({ durationMs, from, to }) => segment(durationMs, from, to))
  it('is in order, within its time, and as many as the area under the curve, whatever the phases', () => {
    fc.assert(fc.property(fc.array(anySegment, { minLength: 1, maxLength: 6 }), (segments) => {
      const plan = schedule({ segments })
      const area = segments.reduce((sum, { durationMs, from, to }) => sum + (((from + to) / 2) * durationMs) / 1_000, 0)
      expect(Math.abs(plan.arrivals - area)).toBeLessThan(1.001)
      let before = 0
      for (let n = 0; n < plan.arrivals; n += Math.max(1, Math.floor(plan.arrivals / 200))) {
        const due = plan.dueAt(n)
        expect(due).toBeGreaterThanOrEqual(before)
        expect(due).toBeLessThanOrEqual(plan.durationMs)
        before = due
      }
    }), { numRuns: 300 })
  })

  it('answers the same for an arrival however it is asked', () => {
    const plan = schedule({ segments: [segment(1_000, 0, 100), segment(2_000, 30, 3)] })
    const forward = Array.from({ length: plan.arrivals }, (_, n) => plan.dueAt(n))
    const backward = Array.from({ length: plan.arrivals }, (_, n) => plan.dueAt(plan.arrivals - 1 - n)).reverse()
    expect(backward).toEqual(forward)
  })
})

describe('a curve of users', () => {
  it('moves by whole users, and is over at its end', () => {
    const curve = userCurve({ stages: [{ name: 'up', durationMs: 1_000, from: 0, to: 4 }, { name: 'stay', durationMs: 1_000, from: 4, to: 4 }, { name: 'down', durationMs: 1_000, from: 4, to: 0 }] })
    expect([-1, 0, 249, 250, 999, 1_000, 1_500, 2_000, 2_001, 2_999, 3_000].map((ms) => curve.usersAt(ms))).toEqual([0, 0, 0, 1, 3, 4, 4, 4, 3, 0, 0])
    expect(curve.peak).toBe(4)
  })

  it('jumps at a stage of no length', () => {
    const curve = userCurve({ stages: [{ name: 'low', durationMs: 1_000, from: 1, to: 1 }, { name: 'jump', durationMs: 0, from: 1, to: 9 }, { name: 'high', durationMs: 1_000, from: 9, to: 9 }] })
    expect([999, 1_000, 1_500].map((ms) => curve.usersAt(ms))).toEqual([1, 9, 9])
  })
})
