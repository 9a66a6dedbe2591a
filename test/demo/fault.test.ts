import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerAt, createErrorSpread, latencyOf } from '../../src/demo/fault.ts'

describe('answerAt', () => {
  const stall = { forMs: 1_000, atMs: 3_000 }
  test.each([
    ['before the stall', 2_900, 2_910],
    ['under way when the stall begins', 2_995, 4_000],
    ['at its first instant', 3_000, 4_010],
    ['in its middle', 3_400, 4_010],
    ['at its end', 4_000, 4_010],
    ['after it', 4_500, 4_510],
  ])('a request %s is answered when the stall allows', (_, arrived, answered) => {
    expect(answerAt(arrived, 10, [stall])).toBe(answered)
  })

  test('one that leaves a stall falls into the next', () => {
    expect(answerAt(50, 10, [{ atMs: 0, forMs: 100 }, { atMs: 100, forMs: 100 }])).toBe(210)
    expect(answerAt(50, 10, [{ atMs: 0, forMs: 100 }, { atMs: 105, forMs: 100 }])).toBe(205)
  })

  // 200 arrive in the stall and are answered after 1010, 1005, ... ms; two are under way when it begins and take 1010 and 1005 ms as well.
  test('200 requests a second for 6 s with one stall of 1 s have the known percentiles', () => {
    const latencies = Array.from({ length: 1_200 }, (_, index) => answerAt(index * 5, 10, [stall]) - index * 5).sort((a, b) => a - b)
    const percentile = (ratio: number): number | undefined => latencies[Math.ceil(ratio * 1_200) - 1]
    expect([percentile(0.5), percentile(0.95), percentile(0.99), percentile(1)]).toEqual([10, 720, 960, 1_010])
  })

  test('nothing is ever answered in a stall, nor sooner than its latency', () => {
    const stalls = fc.array(fc.record({ atMs: fc.nat(500), forMs: fc.integer({ min: 1, max: 200 }) }), { maxLength: 5 })
    fc.assert(fc.property(fc.nat(1_000), fc.nat(50), stalls, (arrived, latency, list) => {
      const sorted = list.toSorted((a, b) => a.atMs - b.atMs)
      const answered = answerAt(arrived, latency, sorted)
      expect(answered).toBeGreaterThanOrEqual(arrived + latency)
      expect(sorted.some(({ atMs, forMs }) => answered >= atMs && answered < atMs + forMs)).toBe(false)
    }))
  })
})

test('the longest matching beginning of a path says how slow it is', () => {
  const faults = { latencyMs: 5, slow: [{ path: '/api', ms: 10 }, { path: '/api/v1/media', ms: 100 }, { path: '/api/v1', ms: 20 }] }
  expect(['/health', '/api/x', '/api/v1/users/me', '/api/v1/media/7'].map((path) => latencyOf(path, faults))).toEqual([5, 15, 25, 105])
})

describe('errors', () => {
  const count = (ratio: number, requests: number, seed = 1): number => {
    const fails = createErrorSpread(ratio, seed)
    return Array.from({ length: requests }, fails).filter(Boolean).length
  }

  test.each([[0, 0], [0.02, 20], [0.1, 100], [0.5, 500], [1, 1_000]])('a share of %d fails %d of 1000 requests', (ratio, failed) => {
    expect(Math.abs(count(ratio, 1_000) - failed)).toBeLessThanOrEqual(ratio === 0 || ratio === 1 ? 0 : 1)
  })

  test('are as many as asked for, within one, at every moment', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(500), fc.nat(), (ratio, requests, seed) => {
      expect(Math.abs(count(ratio, requests, seed) - ratio * requests)).toBeLessThanOrEqual(2)
    }))
  })

  test('do not always hit the same step of a flow', () => {
    const fails = createErrorSpread(0.2, 1)
    const steps = new Set(Array.from({ length: 500 }, (_, index) => (fails() ? index % 5 : -1)))
    expect([...steps].sort()).toEqual([-1, 0, 1, 2, 3, 4])
  })
})
