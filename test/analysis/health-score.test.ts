import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { healthScore, verdictOf } from '../../src/analysis/health-score.ts'
import { VERDICTS, type Verdict } from '../../src/model/verdict.ts'

const critical = (...verdicts: Verdict[]) => verdicts.map((verdict) => ({ verdict, isOptional: false }))
const optional = (...verdicts: Verdict[]) => verdicts.map((verdict) => ({ verdict, isOptional: true }))
const excused = { verdict: 'ok' as const, isOptional: false, excuse: { kind: 'dependency' as const, on: 'db' } }

describe('the score of health', () => {
  it.each([
    ['all is well', critical('ok', 'ok'), 100],
    ['a warning', critical('warn'), 60],
    ['nothing known', critical('unknown'), 30],
    ['all failed', critical('fail'), 0],
    ['one of three warns', critical('ok', 'ok', 'warn'), 86.7],
    ['an optional one warns, which weighs half', [...critical('ok'), ...optional('warn')], 86.7],
    ['a critical one warns beside an optional', [...critical('warn'), ...optional('ok')], 73.3],
    ['what is excused is left out', [...critical('warn'), excused], 60],
    ['all is excused', [excused], null],
    ['there is nothing', [], null],
  ])('%s', (_, results, score) => {
    expect(healthScore(results)).toBe(score)
  })

  it('lies between 0 and 100 and never rises when a check gets worse', () => {
    const checks = fc.array(fc.record({ verdict: fc.constantFrom(...VERDICTS), isOptional: fc.boolean() }), { minLength: 1 })
    fc.assert(
      fc.property(checks, fc.nat(), (results, at) => {
        const score = healthScore(results) ?? Number.NaN
        const worse = healthScore(results.map((each, index) => (index === at % results.length ? { ...each, verdict: 'fail' as const } : each))) ?? Number.NaN
        expect(score >= 0 && score <= 100 && worse <= score).toBe(true)
      }),
    )
  })
})

describe('the verdict on all checks', () => {
  it.each([[[], 'unknown'], [['ok', 'ok'], 'ok'], [['ok', 'warn'], 'warn'], [['warn', 'unknown'], 'unknown'], [['unknown', 'fail', 'ok'], 'fail']] as const)('of %j is %s', (verdicts, expected) => {
    expect(verdictOf(critical(...verdicts))).toBe(expected)
  })
})
