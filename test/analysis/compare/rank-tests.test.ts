import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mannWhitney, mannWhitneyDepth } from '../../../src/analysis/compare/mann-whitney.ts'
import { randomStream } from '../../../src/analysis/compare/random.ts'
import { rank } from '../../../src/analysis/compare/ranks.ts'
import { signedRankDepth, signedRanks } from '../../../src/analysis/compare/wilcoxon.ts'

const few = (maxLength: number, values = fc.integer({ min: -4, max: 4 })): fc.Arbitrary<number[]> => fc.array(values, { minLength: 1, maxLength })
const many = (n: number, seed: number, shift = 0): number[] => {
  const random = randomStream(seed)
  return Array.from({ length: n }, () => random() + shift)
}

/** Every way to choose which of all values are the head's. */
function* choices(n: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) return yield []
  for (let first = from; first <= n - size; first++) for (const rest of choices(n, size - 1, first + 1)) yield [first, ...rest]
}

/** The tails of U by writing out every permutation, without ranks. */
function allShuffles(base: readonly number[], head: readonly number[]): { less: number; greater: number } {
  const all = [...base, ...head]
  const score = (chosen: readonly number[]): number => {
    let u = 0
    for (const i of chosen) for (let j = 0; j < all.length; j++) if (!chosen.includes(j)) u += all[i]! > all[j]! ? 1 : all[i] === all[j] ? 0.5 : 0
    return u
  }
  const seen = score(head.map((_, index) => base.length + index))
  const scores = [...choices(all.length, head.length)].map(score)
  return { less: scores.filter((each) => each <= seen).length / scores.length, greater: scores.filter((each) => each >= seen).length / scores.length }
}

/** The tails of the signed-rank sum by writing out every choice of signs. */
function allSigns(differences: readonly number[]): { less: number; greater: number } {
  const { doubled } = rank(differences.map(Math.abs))
  const score = (signs: number): number => differences.reduce((sum, value, index) => (value !== 0 && signs & (1 << index) ? sum + doubled[index]! : sum), 0)
  const seen = score(differences.reduce((bits, value, index) => (value > 0 ? bits | (1 << index) : bits), 0))
  const scores = Array.from({ length: 1 << differences.length }, (_, signs) => score(signs))
  return { less: scores.filter((each) => each <= seen).length / scores.length, greater: scores.filter((each) => each >= seen).length / scores.length }
}

describe('mid-ranks', () => {
  it('share the mean of their places among equal values', () => {
    const { doubled, ties } = rank([30, 10, 20, 20, 30, 30])
    expect([...doubled].map((value) => value / 2)).toEqual([5, 1, 2.5, 2.5, 5, 5])
    expect(ties).toEqual([2, 3])
  })
})

describe('the test of two samples', () => {
  it('knows that five above five happen once in 252', () => {
    const { u, greater, p, exact } = mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])
    expect({ u, exact }).toEqual({ u: 25, exact: true })
    expect(greater).toBeCloseTo(1 / 252, 15)
    expect(p).toBeCloseTo(2 / 252, 15)
  })

  it.each([
    // wilcox.test of R: x = .80 .83 1.89 1.04 1.45 1.38 1.91 1.64 .73 1.46, y = 1.15 .88 .90 .74 1.21 (its own example: W = 35, p = 0.1272 for greater).
    ['R’s example of the manual', [1.15, 0.88, 0.9, 0.74, 1.21], [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], 35, 0.1272],
    ['the least possible', [9], [1], 0, 1],
  ])('agrees with %s', (_, base, head, u, greater) => {
    const found = mannWhitney(base, head)
    expect(found.u).toBe(u)
    expect(found.greater).toBeCloseTo(greater, 4)
  })

  it.each([
    // Critical values of U at .05 and .02, two-sided: depth = critical value + 1.
    [5, 5, 0.05, 3], [5, 5, 0.02, 2], [8, 8, 0.05, 14], [10, 10, 0.05, 24], [10, 10, 0.02, 20], [20, 20, 0.05, 128], [20, 20, 0.02, 115], [5, 20, 0.05, 21], [4, 4, 0.02, 0],
  ])('has the tabled critical value of %i and %i values at %d', (m, n, alpha, depth) => {
    expect(mannWhitneyDepth(m, n, alpha)).toBe(depth)
  })

  it('is what writing out every permutation says, also with ties', () => {
    fc.assert(fc.property(few(5), few(5), (base, head) => {
      const [found, truth] = [mannWhitney(base, head), allShuffles(base, head)]
      expect(found.less).toBeCloseTo(truth.less, 12)
      expect(found.greater).toBeCloseTo(truth.greater, 12)
    }), { numRuns: 150 })
  })

  it('does not care which side is called which, nor for the scale, and is always a chance', () => {
    fc.assert(fc.property(few(12), few(12), (base, head) => {
      const [there, back, scaled] = [mannWhitney(base, head), mannWhitney(head, base), mannWhitney(base.map((v) => Math.exp(v) * 3), head.map((v) => Math.exp(v) * 3))]
      expect(back.p).toBeCloseTo(there.p, 12)
      expect(back.less).toBeCloseTo(there.greater, 12)
      expect(scaled).toEqual(there)
      expect(there.p > 0 && there.p <= 1).toBe(true)
    }))
  })

  it.each([0, 0.1, 0.15])('goes over to the normal approximation without a jump (shift %d)', (shift) => {
    const [base, head] = [many(50, 1), many(50, 2, shift)]
    const [counted, approximate] = [mannWhitney(base, head), mannWhitney([...base, 0.5, 0.501], head)]
    expect([counted.exact, approximate.exact]).toEqual([true, false])
    expect(approximate.p / counted.p).toBeGreaterThan(0.6)
    expect(approximate.p / counted.p).toBeLessThan(1.7)
    expect(mannWhitneyDepth(51, 50, 0.02) / mannWhitneyDepth(50, 50, 0.02)).toBeCloseTo(1.025, 1)
  })

  it('says nothing of 300 values a side that are all the same', () => {
    const same = Array<number>(300).fill(7)
    expect(mannWhitney(same, same)).toMatchObject({ p: 1, less: 1, greater: 1, u: 45_000 })
  })

  it('never says that something is impossible', () => {
    const { p } = mannWhitney(many(300, 1), many(300, 2, 5))
    expect(p).toBeGreaterThan(0)
    expect(p).toBeLessThan(1e-50)
  })
})

describe('the test of pairs', () => {
  it('knows that five pairs all up happen once in 32', () => {
    const { w, greater, p } = signedRanks([1, 2, 3, 4, 5])
    expect(w).toBe(15)
    expect(greater).toBe(1 / 32)
    expect(p).toBe(2 / 32)
  })

  it('agrees with R’s example of the manual (V = 40, p = 0.01953 for greater)', () => {
    const first = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3]
    const second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    const { w, greater } = signedRanks(first.map((value, index) => value - second[index]!))
    expect(w).toBe(40)
    expect(greater).toBeCloseTo(0.01953, 5)
  })

  it.each([
    // Critical values of W at .05 and .02, two-sided: depth = critical value + 1.
    [6, 0.05, 1], [8, 0.05, 4], [10, 0.05, 9], [20, 0.05, 53], [30, 0.05, 138], [7, 0.02, 1], [8, 0.02, 2], [16, 0.02, 24], [30, 0.02, 121], [5, 0.02, 0],
  ])('has the tabled critical value of %i pairs at %d', (n, alpha, depth) => {
    expect(signedRankDepth(n, alpha)).toBe(depth)
  })

  it('is what writing out every choice of signs says, also with ties and zeros', () => {
    fc.assert(fc.property(few(9), (differences) => {
      const [found, truth] = [signedRanks(differences), allSigns(differences)]
      expect(found.less).toBeCloseTo(truth.less, 12)
      expect(found.greater).toBeCloseTo(truth.greater, 12)
    }), { numRuns: 150 })
  })

  it('mirrors with the sign, does not care for the scale, and is always a chance', () => {
    fc.assert(fc.property(few(40), (differences) => {
      const there = signedRanks(differences)
      const back = signedRanks(differences.map((value) => -value))
      expect(back.greater).toBeCloseTo(there.less, 12)
      expect(signedRanks(differences.map((value) => value * 8)).p).toBe(there.p)
      expect(there.p > 0 && there.p <= 1).toBe(true)
    }))
  })

  it('ranks zeros and then leaves them out: beside five of them the least ranks weigh more', () => {
    const differences = [-1, -2, 3, 4, 5]
    expect(signedRanks(differences).greater).toBe(5 / 32)
    expect(signedRanks([...differences, 0, 0, 0, 0, 0]).greater).toBe(7 / 32)
    expect(signedRanks([0, 0, 0])).toMatchObject({ p: 1, less: 1, greater: 1 })
  })

  it('goes over to the normal approximation without a jump', () => {
    const differences = many(300, 3, -0.46)
    const [counted, approximate] = [signedRanks(differences), signedRanks([...differences, 1e-9])]
    expect([counted.exact, approximate.exact]).toEqual([true, false])
    expect(approximate.p / counted.p).toBeCloseTo(1, 1)
    expect(signedRankDepth(301, 0.02) / signedRankDepth(300, 0.02)).toBeCloseTo(1.007, 2)
  })
})
