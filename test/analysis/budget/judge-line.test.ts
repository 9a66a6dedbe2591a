import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeLine } from '../../../src/analysis/budget/judge-line.ts'
import type { BudgetLimit } from '../../../src/model/budget.ts'
import { limit, line, measured } from './lines.ts'

const LEVELS = [limit('<=', 200, { level: 'target' }), limit('<=', 300, { level: 'warn' }), limit('<=', 500)]
const KEPT = { '<': (a: number, b: number) => a < b, '<=': (a: number, b: number) => a <= b, '>': (a: number, b: number) => a > b, '>=': (a: number, b: number) => a >= b, '==': (a: number, b: number) => a === b, '!=': (a: number, b: number) => a !== b }
const share = (value: number, parts: Partial<BudgetLimit> = {}): BudgetLimit => limit('<=', value, { against: 'share-of-baseline', text: `${value * 100}%`, ...parts })

describe('a line of a budget', () => {
  it.each([
    [150, 'ok', 300, 150, '150 ms, warning level of at most 300 ms'],
    [250, 'ok', 300, 50, '250 ms, warning level of at most 300 ms; the target of at most 200 ms is not reached'],
    [300, 'ok', 300, 0, '300 ms, warning level of at most 300 ms; the target of at most 200 ms is not reached'],
    [450, 'warn', 300, -150, '450 ms is 150 ms (50%) over the warning level of at most 300 ms; the target of at most 200 ms is not reached'],
    [600, 'fail', 500, -100, '600 ms is 100 ms (20%) over the limit of at most 500 ms; the target of at most 200 ms is not reached'],
  ])('with target, warning and limit, measured %s', (observed, verdict, limitValue, margin, why) => {
    expect(judgeLine(line(LEVELS), measured(observed), null)).toMatchObject({ verdict, limitValue, margin, why })
  })

  it.each([['<', 499, 'ok'], ['<', 500, 'fail'], ['<=', 500, 'ok'], ['>', 500, 'fail'], ['>=', 500, 'ok'], ['>=', 499, 'fail'], ['==', 500, 'ok'], ['==', 501, 'fail'], ['!=', 500, 'fail'], ['!=', 501, 'ok']] as const)('%s 500 is for %s %s', (operator, observed, verdict) => {
    expect(judgeLine(line([limit(operator, 500)]), measured(observed), null).verdict).toBe(verdict)
  })

  it('says how much is missing where more is better', () => {
    expect(judgeLine(line([limit('>=', 1_000)], { unit: 'per_second', better: 'higher' }), measured(900), null)).toMatchObject({ verdict: 'fail', margin: -100, why: '900/s is 100/s (10%) under the limit of at least 1000/s' })
  })

  it('is judged by what it was, as a share or by a difference', () => {
    expect(judgeLine(line([share(0.05)]), measured(106), 100)).toMatchObject({ verdict: 'fail', limitValue: 105, margin: -1, why: '106 ms is 1 ms (0.952%) over the limit of at most 105 ms (5% of the baseline\'s 100 ms)' })
    expect(judgeLine(line([share(0.05)]), measured(104), 100).verdict).toBe('ok')
    expect(judgeLine(line([limit('>=', -0.05, { against: 'share-of-baseline' })], { better: 'higher' }), measured(94), 100)).toMatchObject({ verdict: 'fail', limitValue: 95 })
    expect(judgeLine(line([limit('<=', 10, { against: 'difference-to-baseline' })]), measured(111), 100)).toMatchObject({ verdict: 'fail', limitValue: 110 })
    expect(judgeLine(line([share(0.05)]), measured(1), 0).verdict).toBe('fail')
  })

  it('that hangs on a baseline is unknown without one, unless another limit fails', () => {
    expect(judgeLine(line([share(0.05)]), measured(100), null)).toMatchObject({ verdict: 'unknown', limitValue: null, margin: null, why: '100 ms; 5% is a limit against a baseline, and there is none' })
    expect(judgeLine(line([share(0.05), limit('<=', 50)]), measured(100), null)).toMatchObject({ verdict: 'fail', limitValue: 50 })
    expect(judgeLine(line([share(0.05), limit('<=', 500)]), measured(100), null)).toMatchObject({ verdict: 'unknown', limit: { against: 'share-of-baseline' } })
    expect(judgeLine(line([share(0.05, { level: 'target' }), limit('<=', 500)]), measured(100), null).verdict).toBe('ok')
  })

  it('shows the limit that is missed by most, or the nearest', () => {
    expect(judgeLine(line([limit('<=', 500), share(0.05)]), measured(600), 100).limitValue).toBe(105)
    expect(judgeLine(line([limit('<=', 500), share(4.5)]), measured(300), 100).limitValue).toBe(500)
  })

  it.each([
    ['nothing was measured', line(LEVELS), measured(null, { problem: 'nothing matches dist/*.js' }), 'not measured: nothing matches dist/*.js'],
    ['what was measured is no number', line(LEVELS), measured(Number.NaN), 'not measured: there is no value'],
  ])('is unknown where %s', (_, judged, found, why) => {
    expect(judgeLine(judged, found, null)).toMatchObject({ verdict: 'unknown', limit: null, limitValue: null, margin: null, why })
  })

  it('without a limit is shown and turns no verdict', () => {
    expect(judgeLine(line([]), measured(100), null)).toMatchObject({ verdict: 'ok', limit: null, limitValue: null, margin: null, why: '100 ms, for information: it has no limit' })
  })

  it.each([
    [0.0004, '60% of the error budget is left'],
    [0.0025, 'the error budget is spent 2.5 times over'],
  ])('says of failures of %f what is left of the error budget', (failed, said) => {
    expect(judgeLine(line([limit('<=', 0.001)], { unit: 'ratio', isErrorBudget: true }), measured(failed), null).why).toContain(said)
  })

  it('never shows what is over as the limit itself', () => {
    expect(judgeLine(line([limit('<=', 8_000)], { unit: 'bytes' }), measured(8_001), null).why).toBe('8,001 B is 1 B (0.0125%) over the limit of at most 8,000 B')
  })

  it('with a target alone is shown and turns no verdict', () => {
    expect(judgeLine(line([limit('<=', 200, { level: 'target' })]), measured(250), null)).toMatchObject({ verdict: 'ok', limitValue: 200, margin: -50 })
  })

  it('is never ok where a failing limit does not hold, whatever else it says', () => {
    const limits = fc.array(fc.record({ level: fc.constantFrom<BudgetLimit['level']>('target', 'warn', 'fail'), operator: fc.constantFrom<BudgetLimit['operator']>('<', '<=', '>', '>=', '==', '!='), value: fc.integer({ min: -5, max: 5 }), against: fc.constantFrom<BudgetLimit['against']>('nothing', 'share-of-baseline', 'difference-to-baseline'), text: fc.constant('x') }), { minLength: 1, maxLength: 4 })
    fc.assert(fc.property(limits, fc.integer({ min: -5, max: 5 }), fc.option(fc.integer({ min: -5, max: 5 })), (list, observed, baseline) => {
      const { verdict, margin, limitValue } = judgeLine(line(list), measured(observed), baseline)
      const isBroken = list.some((each) => each.level === 'fail' && each.against === 'nothing' && !KEPT[each.operator](observed, each.value))
      if (isBroken) expect(verdict).toBe('fail')
      if (verdict === 'fail' || verdict === 'warn') expect(margin).toBeLessThanOrEqual(0)
      expect(margin === null).toBe(limitValue === null)
    }))
  })
})
