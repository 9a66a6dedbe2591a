import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Decision } from '../../../src/analysis/compare/decision.ts'
import { walshCentre } from '../../../src/analysis/compare/hodges-lehmann.ts'
import { addPair, pairedDecision, pairsToNextLook, startPairs, type Pair, type PairedQuestion, type PairedState } from '../../../src/analysis/compare/paired.ts'
import { randomStream } from '../../../src/analysis/compare/random.ts'

const feed = (pairs: readonly Pair[], parts: Partial<PairedQuestion> = {}): PairedState => pairs.reduce(addPair, startPairs({ better: 'lower', ...parts }))
/** Pairs of this ratio, give or take. */
const pairs = (n: number, ratio: number, noise = 0.02, seed = 3): Pair[] => {
  const random = randomStream(seed)
  return Array.from({ length: n }, () => ({ base: 10, head: 10 * ratio * Math.exp(noise * (random() * 2 - 1)) }))
}

describe('interleaved pairs', () => {
  it.each([
    ['20 % more', 1.2, 'lower', 'regressed', 8],
    ['20 % less', 0.8, 'lower', 'improved', 8],
    ['the same', 1, 'lower', 'unchanged', 8],
    ['20 % less throughput', 0.8, 'higher', 'regressed', 8],
  ] as const)('%s is clear at the first look', (_, ratio, better, verdict, n) => {
    const state = feed(pairs(30, ratio), { better })
    expect(state.settled).toMatchObject({ verdict, n: { base: n, head: n } })
    expect(state.pairs).toHaveLength(n)
  })

  it('are judged at the looks and nowhere else', () => {
    const seven = feed(pairs(7, 2))
    expect(seven.settled).toBeNull()
    expect(pairsToNextLook(seven)).toBe(1)
    expect(pairedDecision(seven)).toMatchObject({ verdict: 'inconclusive' })
    expect(addPair(seven, { base: 10, head: 20 }).settled).toMatchObject({ verdict: 'regressed', severity: 'critical' })
  })

  it('end undecided after thirty when nothing is clear', () => {
    const state = feed(pairs(40, 1.1, 0.7))
    expect(state.pairs).toHaveLength(30)
    expect(state.settled).toMatchObject({ verdict: 'inconclusive', n: { base: 30, head: 30 } })
    expect(pairsToNextLook(state)).toBe(0)
  })

  it('go on when something may have got better, and say at last that it did not get worse', () => {
    const state = feed(pairs(30, 0.93, 0.4))
    expect(state.pairs.length).toBeGreaterThan(8)
    expect(['improved', 'unchanged']).toContain(state.settled?.verdict)
  })

  it('need a smaller chance when several figures are judged from them', () => {
    const all = pairs(8, 1.2)
    expect(feed(all).settled?.verdict).toBe('regressed')
    expect(feed(all, { figures: 5 }).settled).toBeNull()
  })

  it.each([
    ['no value', { base: 10, head: Number.NaN }],
    ['zero', { base: 0, head: 10 }],
    ['an infinite one', { base: 10, head: Number.POSITIVE_INFINITY }],
  ])('never pass when one of them has %s, and end all the same', (_, bad) => {
    const state = feed([bad, ...pairs(29, 1)])
    expect(state.settled).toMatchObject({ verdict: 'inconclusive', n: { base: 29, head: 29 } })
    expect(feed([bad, ...pairs(29, 1.3)]).settled).toMatchObject({ verdict: 'regressed' })
    expect(feed(Array<Pair>(30).fill(bad)).settled).toMatchObject({ verdict: 'inconclusive', estimate: null })
  })

  it('are not fooled by the steps of a coarse clock', () => {
    expect(feed(Array<Pair>(30).fill({ base: 4, head: 5 }), { resolution: 1 }).settled?.verdict).toBe('inconclusive')
  })
})

interface Run {
  readonly path: string
  readonly p50: number
}

describe('pairs drawn from real, noisy runs', () => {
  const session = JSON.parse(readFileSync(new URL('../../fixtures/noise/session1.json', import.meta.url), 'utf8')) as readonly Run[] // the fixture's own shape
  const [a, b] = ['a', 'b'].map((path) => session.filter((run) => run.path === path).map(({ p50 }) => Math.log(p50))) as [number[], number[]] // two in, two out
  const ratios = a.map((value, nth) => b[nth]! - value)
  const middle = walshCentre(ratios, 0.02).estimate

  const draw = (factor: number, seed: number): Decision['verdict'] => {
    const random = randomStream(seed)
    let state = startPairs({ better: 'lower' })
    while (!state.settled) state = addPair(state, { base: 1, head: factor * Math.exp((random() < 0.5 ? -1 : 1) * (ratios[Math.floor(random() * ratios.length)]! - middle)) })
    return state.settled.verdict
  }
  const found = (factor: number): number => Array.from({ length: 400 }, (_, nth) => draw(factor, nth)).filter((verdict) => verdict === 'regressed').length / 400

  it('raise a false alarm in at most one of twenty', () => {
    expect(found(1)).toBeLessThan(0.05)
  })

  it('show a change of 10 % in nine of ten', () => {
    // 400 draws: a standard error of 1.4 points.
    expect(found(1.1)).toBeGreaterThan(0.88)
  })
})
