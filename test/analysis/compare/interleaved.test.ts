import { describe, expect, it } from 'vitest'
import { addSlices, gateDecisions, isSettled, judgedSlices, startInterleaved, type Interleaved, type SliceFigures } from '../../../src/analysis/compare/interleaved.ts'
import { COMPARE_RULES } from '../../../src/analysis/compare/rules.ts'

const LOOKS = [8, 16, 30]

/** A slice with a median, and so many of 1,000 requests that failed. */
function slice(median: number, failed = 0): SliceFigures {
  return [
    { metric: 'http.duration', statistic: { kind: 'p', percent: 50 }, of: '', unit: 'ms', better: 'lower', class: 'sampled', values: [median] },
    { metric: 'http.failed', statistic: { kind: 'rate' }, of: '', unit: 'ratio', better: 'lower', class: 'rate', values: [failed / 1_000], events: [{ yes: failed, total: 1_000 }] },
    { metric: 'http.requests', statistic: { kind: 'rate' }, of: '', unit: 'per_second', better: 'higher', class: 'sampled', values: [1_000 / median] },
  ]
}

const NOISE = [1, 1.02, 0.99, 1.01, 0.98, 1.015, 0.985, 1.005]
const noisy = (nth: number): number => 10 * (NOISE[(nth * 5) % NOISE.length] ?? 1)

/** Goes on as long as there is something to find out. */
function measured(head: (nth: number) => SliceFigures, base = (nth: number): SliceFigures => slice(noisy(nth + 3))): Interleaved {
  let state = startInterleaved(slice(1).slice(0, 2), COMPARE_RULES, LOOKS)
  for (let nth = 0; nth < 30 && !isSettled(state); nth++) state = addSlices(state, base(nth), head(nth))
  return state
}

const verdicts = (state: Interleaved): Record<string, string> => Object.fromEntries(gateDecisions(state).map(({ key, decision }) => [key, decision.verdict]))

describe('slices of two builds in pairs', () => {
  it('end at the first look when the answer is clear', () => {
    const slower = measured((nth) => slice(noisy(nth) * 1.2))
    expect(slower.base).toHaveLength(8)
    expect(verdicts(slower)).toEqual({ 'http.duration p(50)': 'regressed', 'http.failed rate': 'unchanged' })
    const equal = measured((nth) => slice(noisy(nth)))
    expect(equal.base).toHaveLength(8)
    expect(verdicts(equal)).toEqual({ 'http.duration p(50)': 'unchanged', 'http.failed rate': 'unchanged' })
  })

  it('end when failures alone tell, whatever the response times do', () => {
    const state = measured((nth) => slice(noisy(nth) * (nth % 2 === 0 ? 3 : 0.5), 50))
    expect(state.base).toHaveLength(8)
    expect(verdicts(state)).toMatchObject({ 'http.duration p(50)': 'inconclusive', 'http.failed rate': 'regressed' })
  })

  it('go on to the last look while noise hides the answer, and say then that it does', () => {
    const state = measured((nth) => slice(noisy(nth) * Math.exp(1.3 * Math.sin(nth * nth + 1))))
    expect(state.base).toHaveLength(30)
    expect(verdicts(state)['http.duration p(50)']).toBe('inconclusive')
  })

  it('are no verdict before a look, however clear they are', () => {
    let state = startInterleaved(slice(1).slice(0, 2), COMPARE_RULES, LOOKS)
    expect(verdicts(state)).toEqual({ 'http.duration p(50)': 'inconclusive', 'http.failed rate': 'inconclusive' })
    for (let nth = 0; nth < 7; nth++) state = addSlices(state, slice(noisy(nth)), slice(2 * noisy(nth), 500))
    expect(isSettled(state)).toBe(false)
    expect(verdicts(state)).toEqual({ 'http.duration p(50)': 'inconclusive', 'http.failed rate': 'inconclusive' })
  })

  it('tell of every figure, and let only those decide that are to', () => {
    const judged = judgedSlices(measured((nth) => slice(noisy(nth) * 1.2)))
    expect(judged.map(({ key, gates, decision }) => [key, gates, decision.verdict])).toEqual([
      ['http.duration p(50)', true, 'regressed'], ['http.failed rate', true, 'unchanged'], ['http.requests rate', false, 'regressed'],
    ])
    expect(judged[0]?.head.values).toHaveLength(8)
  })

  it('never pass where a slice has no value', () => {
    const state = measured((nth) => slice(nth === 3 ? Number.NaN : noisy(nth)))
    expect(state.base).toHaveLength(30)
    expect(verdicts(state)['http.duration p(50)']).toBe('inconclusive')
  })

  it('do not wait for failures where there is none and the times are settled, and say what that rules out', () => {
    const rare = (nth: number, failed = 0): SliceFigures => slice(noisy(nth)).map((each) => (each.events ? { ...each, values: [failed / 40], events: [{ yes: failed, total: 40 }] } : each))
    const clean = measured((nth) => rare(nth), (nth) => rare(nth + 3))
    expect(clean.base).toHaveLength(8)
    expect(gateDecisions(clean)[1]?.decision).toMatchObject({ verdict: 'unchanged', why: expect.stringMatching(/^none of 320 and 320 events: that rules out 1\.\d+ points or more, not less$/) as string })
    // One that failed has to be looked into, and so few events tell nothing.
    expect(measured((nth) => rare(nth, nth === 2 ? 1 : 0), (nth) => rare(nth + 3)).base.length).toBeGreaterThan(8)
    const few = (nth: number): SliceFigures => slice(noisy(nth)).map((each) => (each.events ? { ...each, values: [0], events: [{ yes: 0, total: 2 }] } : each))
    const unclear = measured((nth) => few(nth), (nth) => few(nth + 3))
    expect([unclear.base.length, verdicts(unclear)['http.failed rate']]).toEqual([30, 'inconclusive'])
  })

  it('say after how many pairs each figure was settled, where others went on', () => {
    const judged = judgedSlices(measured((nth) => slice(noisy(nth) * Math.exp(1.3 * Math.sin(nth * nth + 1)))))
    expect(judged.map(({ settledAfter }) => settledAfter)).toEqual([30, 8, undefined])
    expect(judged[1]?.decision.why).toMatch(/; settled after 8 pairs$/)
  })
})
