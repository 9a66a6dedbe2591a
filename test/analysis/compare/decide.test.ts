import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, decideAll } from '../../../src/analysis/compare/decide.ts'
import type { Decision } from '../../../src/analysis/compare/decision.ts'
import { normalQuantile } from '../../../src/analysis/compare/normal.ts'
import { randomStream } from '../../../src/analysis/compare/random.ts'
import { COMPARE_RULES } from '../../../src/analysis/compare/rules.ts'
import type { MeasuredSeries } from '../../../src/model/measurements.ts'

const times = (values: readonly number[], parts: Partial<MeasuredSeries> = {}): MeasuredSeries => ({ metric: 'http.duration', statistic: null, of: '', unit: 'ms', better: 'lower', class: 'sampled', values, ...parts })
const bytes = (...values: number[]): MeasuredSeries => times(values, { unit: 'bytes', class: 'exact' })
const errors = (...events: (readonly [number, number])[]): MeasuredSeries =>
  times(events.map(([yes, total]) => yes / total), { unit: 'ratio', class: 'rate', events: events.map(([yes, total]) => ({ yes, total })) })
const repeat = (event: readonly [number, number], times = 5): MeasuredSeries => errors(...Array<readonly [number, number]>(times).fill(event))
/** Values around a middle, with noise that is the same every time. */
const noisy = (n: number, middle: number, noise = 0.01, seed = 1): number[] => {
  const random = randomStream(seed)
  return Array.from({ length: n }, () => middle * Math.exp(noise * normalQuantile(random() * 0.999_998 + 1e-6)))
}
const numbersOf = ({ estimate, interval, p, adjustedP, detectable, n }: Decision): (number | null)[] => [estimate, interval?.low ?? null, interval?.high ?? null, p, adjustedP, detectable, n.base, n.head]

describe('times of several runs', () => {
  it.each([
    ['20 % more', 120, 'lower', 'regressed', 'minor'],
    ['30 % more', 130, 'lower', 'regressed', 'major'],
    ['60 % more', 160, 'lower', 'regressed', 'critical'],
    ['20 % less', 80, 'lower', 'improved', null],
    ['the same', 100, 'lower', 'unchanged', null],
    ['2 % more, which is sure but does not matter', 102, 'lower', 'unchanged', null],
    ['20 % more throughput', 120, 'higher', 'improved', null],
    ['30 % less throughput', 70, 'higher', 'regressed', 'major'],
  ] as const)('%s', (_, middle, better, verdict, severity) => {
    expect(decide(times(noisy(20, 100), { better }), times(noisy(20, middle, 0.01, 2), { better }))).toMatchObject({ verdict, severity })
  })

  it('tells the estimate, its interval, the chance, how many and what would be found', () => {
    const decision = decide(times([10, 11, 12, 13, 14]), times([20, 21, 22, 23, 24]))
    expect(decision.p).toBeCloseTo(2 / 252, 12)
    expect(decision).toMatchObject({ verdict: 'regressed', n: { base: 5, head: 5 } })
    expect(decision.interval!.low).toBeLessThan(decision.estimate!)
    expect(decision.why).toBe('+83.3%, between +50% and +130% (98% sure), p = 0.0079, 5 and 5 runs: worse, by more than chance makes likely')
  })

  it('cannot tell from noise what is only a little more, and says what it could', () => {
    const { verdict, why, detectable } = decide(times(noisy(6, 100, 0.2)), times(noisy(6, 105, 0.2, 2)))
    expect(verdict).toBe('inconclusive')
    expect(detectable).toBeGreaterThan(0.2)
    expect(why).toMatch(/neither a change nor its absence is shown; a change of \d+(\.\d)?% or more would be found$/)
  })

  it('says of fewer than five runs only that it cannot tell, unless the change is enormous', () => {
    expect(decide(times([100, 100]), times([140, 141]))).toMatchObject({ verdict: 'inconclusive', p: null, interval: null, n: { base: 2, head: 2 } })
    expect(decide(times([100]), times([151]))).toMatchObject({ verdict: 'regressed', severity: 'critical', p: null })
    expect(decide(times([100]), times([60]))).toMatchObject({ verdict: 'improved' })
    expect(decide(times([100]), times([60], { better: 'lower' })).why).toContain('a test needs 5 a side')
  })

  it.each([
    ['a value is missing on the head', [100, 100, 100, 100, 100, 100], [100, 100, 100, 100, 100, Number.NaN]],
    ['most are, and the rest looks better', [100, 100, 100, 100, 100], [10, 10, 10, 10, 10, Number.NaN]],
    ['all are', [100, 100, 100, 100, 100], [Number.NaN]],
    ['one is infinite', [100, 100, 100, 100, 100], [100, 100, 100, 100, 100, Number.POSITIVE_INFINITY]],
    ['there are none', [100, 100, 100, 100, 100], []],
    ['one is zero and nobody knows the step of the clock', [0, 1, 2, 1, 1], [1, 1, 1, 1, 2]],
  ])('never passes when %s', (_, base, head) => {
    const decision = decide(times(base), times(head))
    expect(decision.verdict).toBe('inconclusive')
    expect(numbersOf(decision).every((value) => value === null || Number.isFinite(value))).toBe(true)
  })

  it('still finds a regression where values are missing', () => {
    expect(decide(times(noisy(8, 100)), times([...noisy(8, 150), Number.NaN])).verdict).toBe('regressed')
  })

  it('does not take one step of a coarse clock for a change, nor for its absence', () => {
    const resolution = 1
    const four = times(Array<number>(10).fill(4), { resolution })
    expect(decide(four, times(Array<number>(10).fill(5), { resolution })).verdict).toBe('inconclusive')
    expect(decide(four, four).verdict).toBe('inconclusive')
    expect(decide(four, times(Array<number>(10).fill(6), { resolution })).verdict).toBe('regressed')
    expect(decide(times(Array<number>(10).fill(0), { resolution }), times(Array<number>(10).fill(3), { resolution })).verdict).toBe('regressed')
  })

  it('has no verdict on a change that is neither good nor bad', () => {
    const parts = { better: 'neither' } as const
    expect(decide(times(noisy(10, 100), parts), times(noisy(10, 200, 0.01, 2), parts)).verdict).toBe('inconclusive')
    expect(decide(times(noisy(10, 100), parts), times(noisy(10, 100, 0.01, 2), parts)).verdict).toBe('unchanged')
  })

  it('mirrors: what is a regression one way is an improvement the other', () => {
    const side = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5, maxLength: 12 })
    const mirror = { regressed: 'improved', improved: 'regressed' } as Readonly<Record<string, string>>
    fc.assert(fc.property(side, side, (base, head) => {
      const [there, back] = [decide(times(base), times(head)), decide(times(head), times(base))]
      if (there.verdict in mirror || back.verdict in mirror) expect(back.verdict).toBe(mirror[there.verdict])
      expect(decide(times(base, { better: 'higher' }), times(head, { better: 'higher' })).verdict === 'improved').toBe(there.verdict === 'regressed')
    }))
  })

  it('never says a number that is none, whatever it is given', () => {
    const side = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, 1e308, 1e-308, Number.NaN, Number.NEGATIVE_INFINITY), fc.double({ min: 1, max: 100, noNaN: true })), { maxLength: 9 })
    fc.assert(fc.property(side, side, fc.constantFrom('exact', 'sampled', 'rate'), fc.constantFrom('lower', 'higher', 'neither'), (base, head, kind, better) => {
      const decision = decide(times(base, { class: kind, better }), times(head, { class: kind, better }))
      expect(numbersOf(decision).filter((value) => value !== null && !Number.isFinite(value))).toEqual([])
      expect(decision.why).not.toMatch(/NaN|Infinity|undefined/)
    }), { numRuns: 500 })
  })

  it('calls detectable what it then finds in four of five cases', () => {
    const random = randomStream(21)
    const draw = (shift: number): number[] => Array.from({ length: 20 }, () => Math.exp(shift + 0.1 * normalQuantile(random() * 0.999_998 + 1e-6)))
    let sum = 0
    for (let nth = 0; nth < 60; nth++) sum += Math.log1p(decide(times(draw(0)), times(draw(0))).detectable!)
    let found = 0
    for (let nth = 0; nth < 200; nth++) if (decide(times(draw(0)), times(draw(sum / 60))).verdict === 'regressed') found++
    expect(found / 200).toBeGreaterThan(0.7)
    expect(found / 200).toBeLessThan(0.92)
  })

  it('judges 300 runs a side', () => {
    expect(decide(times(noisy(300, 100, 0.2)), times(noisy(300, 110, 0.2, 2)))).toMatchObject({ verdict: 'regressed', n: { base: 300, head: 300 } })
  })
})

describe('what is counted', () => {
  it.each([
    ['more than 1 % and more than 1 KiB', 500_000, 510_000, 'regressed', 'minor'],
    ['more than 1 %, but a few bytes', 5_000, 5_900, 'unchanged', null],
    ['many bytes, but less than 1 %', 5_000_000, 5_040_000, 'unchanged', null],
    ['less', 500_000, 400_000, 'improved', null],
    ['twice as much', 500_000, 1_000_000, 'regressed', 'critical'],
    ['from nothing to something', 0, 2_000, 'regressed', 'critical'],
    ['nothing on both sides', 0, 0, 'unchanged', null],
  ] as const)('%s', (_, base, head, verdict, severity) => {
    expect(decide(bytes(base), bytes(head))).toMatchObject({ verdict, severity, p: null })
  })

  it('never passes without a value', () => {
    expect(decide(bytes(1), bytes()).verdict).toBe('inconclusive')
    expect(decide(bytes(1), bytes(Number.NaN)).verdict).toBe('inconclusive')
  })
})

describe('shares of events', () => {
  it.each([
    ['from none to three points', [0, 1_000], [30, 1_000], 'regressed', 'minor'],
    ['seven points more', [10, 1_000], [80, 1_000], 'regressed', 'major'],
    ['twenty points more', [10, 1_000], [210, 1_000], 'regressed', 'critical'],
    ['twice as many, but of almost nothing', [10, 100_000], [20, 100_000], 'unchanged', null],
    ['a tenth of a point, though that is sure', [1_000, 1_000_000], [2_000, 1_000_000], 'unchanged', null],
    ['fewer', [100, 1_000], [20, 1_000], 'improved', null],
    ['too few events to tell', [0, 10], [1, 10], 'inconclusive', null],
  ] as const)('%s', (_, base, head, verdict, severity) => {
    expect(decide(repeat(base), repeat(head))).toMatchObject({ verdict, severity, scale: 'points' })
  })

  it('counts a burst of errors in one run for what it is: one event', () => {
    const calm = repeat([0, 1_000])
    const burst = errors([0, 1_000], [0, 1_000], [100, 1_000], [0, 1_000], [0, 1_000])
    expect(decide(calm, burst).verdict).toBe('inconclusive')
    expect(decide(calm, repeat([20, 1_000])).verdict).toBe('regressed')
  })

  it.each([
    ['there are no events', errors()],
    ['nobody counted any', errors([0, 0])],
    ['more failed than there were', errors([3, 2])],
    ['the numbers are none', errors([Number.NaN, 10])],
  ])('never pass when %s', (_, head) => {
    expect(decide(repeat([0, 1_000]), head).verdict).toBe('inconclusive')
  })
})

describe('several figures together', () => {
  const weak = { base: times([10, 11, 12, 13, 14]), head: times([20, 21, 22, 23, 24]) }

  it('are judged more strictly, the more of them gate', () => {
    const verdicts = (count: number, gates = true): string[] => decideAll([weak, ...Array.from({ length: count }, () => ({ ...weak, gates }))]).map(({ verdict }) => verdict)
    expect(verdicts(1)).toEqual(['regressed', 'regressed'])
    expect(verdicts(2)).toEqual(['inconclusive', 'inconclusive', 'inconclusive'])
    expect(verdicts(2, false)).toEqual(['regressed', 'regressed', 'regressed'])
  })

  it('say what the chance is beside the others', () => {
    const [first] = decideAll([weak, weak, weak])
    expect(first!.adjustedP).toBeCloseTo((3 * 2) / 252, 12)
    expect(first!.why).toContain('p = 0.0079, p = 0.024 beside the others, 5 and 5 runs: it would count by itself')
  })

  it('keep their numbers but have no verdict where the sides are not comparable', () => {
    const [decision] = decideAll([weak], COMPARE_RULES, { comparable: false, reasons: ['the processor differs: A, then B'], notes: [], unknown: [] })
    expect(decision).toMatchObject({ verdict: 'incomparable', severity: null, why: 'the processor differs: A, then B' })
    expect(decision!.estimate).toBeCloseTo(0.83, 2)
  })

  it.each([
    ['units', { unit: 'bytes' }], ['classes', { class: 'exact' }], ['directions', { better: 'higher' }],
  ] as const)('are incomparable when their %s differ', (_, parts) => {
    expect(decide(times([1, 2, 3, 4, 5]), times([1, 2, 3, 4, 5], parts)).verdict).toBe('incomparable')
  })
})
