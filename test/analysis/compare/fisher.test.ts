import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fisher, shareDifference, type Events } from '../../../src/analysis/compare/fisher.ts'

const events = (most: number): fc.Arbitrary<Events> => fc.integer({ min: 1, max: most }).chain((total) => fc.record({ total: fc.constant(total), yes: fc.integer({ min: 0, max: total }) }))

/** All tables with the same margins, by whole binomials. */
function allTables(base: Events, head: Events): { p: number; greater: number } {
  const choose = (n: number, k: number): bigint => {
    let ways = 1n
    for (let i = 1; i <= k; i++) ways = (ways * BigInt(n - k + i)) / BigInt(i)
    return ways
  }
  const yes = base.yes + head.yes
  const ways = (k: number): bigint => (k > yes || yes - k > base.total || k > head.total ? 0n : choose(head.total, k) * choose(base.total, yes - k))
  const tables = Array.from({ length: yes + 1 }, (_, k) => ({ k, ways: ways(k) }))
  const share = (chosen: typeof tables): number => Number((chosen.reduce((sum, each) => sum + each.ways, 0n) * 10n ** 15n) / choose(base.total + head.total, yes)) / 1e15
  const seen = ways(head.yes)
  return { p: share(tables.filter((each) => each.ways <= seen)), greater: share(tables.filter(({ k }) => k >= head.yes)) }
}

describe('the test of two shares', () => {
  it('judges the lady who tasted tea: three of four right is no proof', () => {
    const { p, greater } = fisher({ yes: 1, total: 4 }, { yes: 3, total: 4 })
    expect(p).toBeCloseTo(0.4857142857, 10)
    expect(greater).toBeCloseTo(17 / 70, 12)
  })

  it('agrees with R on convictions of twins (p = 0.0005367)', () => {
    expect(fisher({ yes: 10, total: 13 }, { yes: 2, total: 17 }).p).toBeCloseTo(0.0005367, 7)
  })

  it('is what writing out all tables says', () => {
    fc.assert(fc.property(events(25), events(25), (base, head) => {
      const [found, truth] = [fisher(base, head), allTables(base, head)]
      expect(found.p).toBeCloseTo(truth.p, 10)
      expect(found.greater).toBeCloseTo(truth.greater, 10)
    }))
  })

  it('does not care which side is called which, nor what is called yes, and is always a chance', () => {
    const turned = ({ yes, total }: Events): Events => ({ yes: total - yes, total })
    fc.assert(fc.property(events(5_000), events(5_000), (base, head) => {
      const { p } = fisher(base, head)
      expect(fisher(head, base).p / p).toBeCloseTo(1, 6)
      expect(fisher(turned(base), turned(head)).p / p).toBeCloseTo(1, 6)
      expect(p > 0 && p <= 1).toBe(true)
    }))
  })

  it('goes on to any number of events', () => {
    expect(fisher({ yes: 1_000, total: 1e6 }, { yes: 1_150, total: 1e6 })).toMatchObject({ exact: true })
    expect(fisher({ yes: 1_000, total: 1e6 }, { yes: 1_150, total: 1e6 }).p).toBeCloseTo(0.0013, 3)
    expect(fisher({ yes: 0, total: 1e9 }, { yes: 1e9, total: 1e9 }).p).toBeGreaterThan(0)
    expect(fisher({ yes: 4e12, total: 9e12 }, { yes: 4e12, total: 9e12 })).toMatchObject({ exact: false, p: 1 })
  })
})

describe('the difference of two shares', () => {
  it('has the interval of Newcombe’s example (56/70 and 48/80: 0.0524 to 0.3339 at 95 %)', () => {
    const { estimate, interval } = shareDifference({ yes: 48, total: 80 }, { yes: 56, total: 70 }, 0.05)
    expect(estimate).toBeCloseTo(0.2, 12)
    expect(interval.low).toBeCloseTo(0.0524, 4)
    expect(interval.high).toBeCloseTo(0.3339, 4)
  })

  it('lies within its interval, and that within -1 and 1', () => {
    fc.assert(fc.property(events(100_000), events(100_000), (base, head) => {
      const { estimate, interval } = shareDifference(base, head, 0.02)
      expect(interval.low <= estimate + 1e-12 && estimate <= interval.high + 1e-12 && interval.low >= -1 - 1e-9 && interval.high <= 1 + 1e-9).toBe(true)
    }))
  })
})
