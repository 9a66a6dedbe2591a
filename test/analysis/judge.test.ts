import { describe, expect, it } from 'vitest'
import { judge } from '../../src/analysis/judge.ts'
import { createSeries } from '../../src/analysis/series.ts'
import { parseThreshold, parseThresholdKey, type ThresholdRule } from '../../src/model/threshold.ts'

const rule = (metric: string, text: string, more: Partial<ThresholdRule> = {}): ThresholdRule => ({ metric, tags: {}, threshold: parseThreshold(text), abortOnFail: false, delayAbortEvalMs: 0, strict: true, ...more })

describe('a threshold', () => {
  it.each([
    ['p(95)<500', { kind: 'p', percent: 95 }, '<', 500],
    ['p(99.9) <= 1s', { kind: 'p', percent: 99.9 }, '<=', 1_000],
    ['rate<0.01', { kind: 'rate' }, '<', 0.01],
    ['rate < 1%', { kind: 'rate' }, '<', 0.01],
    ['count===0', { kind: 'count' }, '==', 0],
    ['med!=3e2', { kind: 'med' }, '!=', 300],
    ['avg>-1', { kind: 'avg' }, '>', -1],
  ])('%s is read', (text, statistic, operator, limit) => {
    expect(parseThreshold(text)).toMatchObject({ statistic, operator, limit })
  })

  it.each([
    ['p(95)=<500', '"=<" is not an operator'],
    ['p95<500', '"p95" is not a statistic'],
    ['p(101)<5', 'is not a statistic'],
    ['avg', 'it has no operator'],
    ['avg<fast', 'its limit is not a number'],
    ['', 'is not a statistic'],
  ])('%j cannot be read, and is told why', (text, message) => {
    expect(() => parseThreshold(text)).toThrow(message)
  })

  it('names a metric and tags', () => {
    expect(parseThresholdKey('http_req_duration{scenario:load, url:"http://a:1/"}')).toEqual({ metric: 'http_req_duration', tags: { scenario: 'load', url: 'http://a:1/' } })
    expect(() => parseThresholdKey('http_req_duration{scenario}')).toThrow('does not name a metric')
  })

  it('holds, is crossed, warns when it is not strict, and is unknown without a value', () => {
    expect(judge(rule('http.duration', 'p(95)<500'), 499.9)).toMatchObject({ verdict: 'ok', observed: 499.9, limit: 500, unit: 'ms' })
    expect(judge(rule('http.duration', 'p(95)<500'), 500)).toMatchObject({ verdict: 'fail' })
    expect(judge(rule('http.duration', 'p(95)<500', { strict: false }), 500)).toMatchObject({ verdict: 'warn' })
    expect(judge(rule('http.duration', 'p(95)<500'), Number.NaN)).toMatchObject({ verdict: 'unknown', observed: null })
  })

  it('is in the unit of its statistic', () => {
    expect(judge(rule('http.requests', 'rate>20'), 21).unit).toBe('per_second')
    expect(judge(rule('data.received', 'rate>20'), 21).unit).toBe('bytes_per_second')
    expect(judge(rule('http.failed', 'rate<0.1'), 0).unit).toBe('ratio')
  })
})

describe('a series', () => {
  it.each([
    ['trend', [1, 2, 3, 10], { avg: 4, min: 1, max: 10, med: 2, count: 4, rate: 2, value: Number.NaN }],
    ['rate', [1, 0, 1, 1], { rate: 0.75, count: 3, value: 0.75, avg: 0.75, max: Number.NaN }],
    ['counter', [1, 2, 3], { count: 6, rate: 3, value: 6, avg: Number.NaN }],
    ['gauge', [3, 1, 2], { value: 2, min: 1, max: 3, avg: 2, rate: Number.NaN }],
  ] as const)('of kind %s keeps what its statistics need', (kind, values, expected) => {
    const series = createSeries(kind)
    for (const value of values) series.add(value)
    for (const [statistic, wanted] of Object.entries(expected)) {
      const observed = series.statistic({ kind: statistic as 'avg' }, 2_000)
      if (Number.isNaN(wanted)) expect(observed, statistic).toBeNaN()
      else expect(observed, statistic).toBeCloseTo(wanted, 2)
    }
    expect(series.samples).toBe(values.length)
  })

  it('without values knows nothing, not zero', () => {
    expect(createSeries('trend').statistic({ kind: 'avg' }, 1)).toBeNaN()
    expect(createSeries('rate').statistic({ kind: 'rate' }, 1)).toBeNaN()
    expect(createSeries('gauge').statistic({ kind: 'value' }, 1)).toBeNaN()
  })
})
