import { describe, expect, it } from 'vitest'
import { measureSeries } from '../../../src/analysis/budget/series-lookup.ts'
import type { Aggregation } from '../../../src/model/budget.ts'
import { results, series, subject } from './lines.ts'

const TIME = { unit: 'ms', better: 'lower' } as const
const runs = (...values: number[]) => values.map((value, nth) => results(`run-${nth + 1}.json`, [series([value])], { plan: 'a' }))

describe('a figure in results', () => {
  it('is the median of the files that have it, with all that it was made of', () => {
    expect(measureSeries(subject(), TIME, runs(100, 400, 120))).toEqual([{ of: '', observed: 120, values: [100, 400, 120], from: ['run-1.json', 'run-2.json', 'run-3.json'], how: 'p(95), median of 3 runs', parts: [] }])
  })

  it('is found by any name of its metric', () => {
    expect(measureSeries(subject({ metric: 'http_req_duration' }), TIME, runs(100))[0]?.observed).toBe(100)
    expect(measureSeries(subject(), TIME, [results('a.json', [series([7], { metric: 'response_time' })])])[0]?.observed).toBe(7)
  })

  it.each<[Aggregation, 'lower' | 'higher', number]>([
    ['optimistic', 'lower', 100], ['pessimistic', 'lower', 400], ['optimistic', 'higher', 400], ['pessimistic', 'higher', 100], ['median', 'higher', 120],
  ])('of several runs, %s where %s is better', (aggregate, better, expected) => {
    expect(measureSeries(subject({ aggregate }), { unit: 'ms', better }, runs(100, 400, 120))[0]?.observed).toBe(expected)
  })

  it('is that of the run in the middle by first paint and time to interactive', () => {
    const page = (file: string, paint: number, interactive: number, lcp: number) => results(file, [['first-contentful-paint', paint], ['interactive', interactive], ['largest-contentful-paint', lcp]].map(([metric, value]) => series([Number(value)], { metric: String(metric), statistic: null, of: '/' })), { format: 'lighthouse', plan: 'mobile' })
    const list = [page('1.json', 900, 3_000, 5_000), page('2.json', 1_000, 2_000, 9_000), page('3.json', 2_000, 1_000, 1_000)]
    const [found] = measureSeries(subject({ metric: 'largest-contentful-paint', statistic: null, aggregate: 'median-run' }), TIME, list)
    expect(found).toMatchObject({ of: '/', observed: 9_000, how: 'the middle one of 3 runs' })
  })

  it('is told of all together, or of each where nobody tells that', () => {
    const [whole, search] = [series([100]), series([300], { of: 'GET /search' })]
    expect(measureSeries(subject(), TIME, [results('a.json', [whole, search])]).map(({ of }) => of)).toEqual([''])
    expect(measureSeries(subject(), TIME, [results('a.json', [search, series([5], { of: 'GET /health' })])]).map(({ of, observed }) => [of, observed])).toEqual([['GET /search', 300], ['GET /health', 5]])
  })

  it('is not looked for without end', () => {
    const pages = [results('a.json', [series([1], { of: `http://x/${'a'.repeat(180)}!` })])]
    expect(() => measureSeries(subject({ of: { syntax: 'regexp', pattern: '(a+)+$' } }), TIME, pages)).toThrow(expect.objectContaining({ code: 'SLOW_PATTERN' }))
  })

  it.each([
    ['exact', 'GET /api/media', ['GET /api/media']],
    ['exact', '/api/media', ['GET /api/media', 'POST /api/media']],
    ['glob', '/api/*', ['GET /api/media', 'POST /api/media', 'GET /api/search?q=x']],
    ['glob', '/api/**', ['GET /api/media', 'GET /api/media/7', 'POST /api/media', 'GET /api/search?q=x']],
    ['glob', 'GET /api/{media,search}*', ['GET /api/media', 'GET /api/search?q=x']],
    ['regexp', 'media/\\d+$', ['GET /api/media/7']],
    ['robots', '/api/*7$', ['GET /api/media/7']],
    ['robots', '/api/s', ['GET /api/search?q=x']],
  ] as const)('is asked of the endpoints that a %s pattern means: %s', (syntax, pattern, expected) => {
    const names = ['GET /api/media', 'GET /api/media/7', 'POST /api/media', 'GET /api/search?q=x', 'GET /health']
    const found = measureSeries(subject({ of: { syntax, pattern } }), TIME, [results('a.json', names.map((of) => series([1], { of })))])
    expect(found.map(({ of }) => of)).toEqual(expected)
    expect(found.every(({ observed }) => observed === 1)).toBe(true)
  })

  it('names the success rate where only failures were counted', () => {
    const failed = series([0.25], { metric: 'http.failed', statistic: { kind: 'rate' }, unit: 'ratio' })
    expect(measureSeries(subject({ metric: 'http.succeeded', statistic: { kind: 'rate' } }), { unit: 'ratio', better: 'higher' }, [results('a.json', [failed])])[0]?.observed).toBe(0.75)
  })

  it('is nothing where no result knows the metric, so that others can be asked', () => {
    expect(measureSeries(subject({ metric: 'db.query.duration' }), TIME, runs(1))).toEqual([])
    expect(measureSeries(subject(), TIME, [])).toEqual([])
  })
})

describe('what is there and cannot be judged says why:', () => {
  const percentiles = (...percents: number[]) => percents.map((percent) => series([percent], { statistic: { kind: 'p', percent } }))

  it.each([
    ['a tool without the percentile', subject(), [results('ac.json', percentiles(50, 90, 97.5, 99), { format: 'autocannon' })], 'ac.json (autocannon) has no p(95) of http.duration: there are p(50), p(90), p(97.5), p(99)', 'set the limit for p(97.5), which is above it, or measure with a tool that tells p(95)'],
    ['a pattern that means nothing', subject({ of: { syntax: 'glob', pattern: '/auth/*' } }), [results('a.json', [series([1], { of: 'GET /media' })])], 'http.duration is measured of GET /media, none of which is /auth/*', 'measure such an endpoint or page too, or say in the budget which are meant'],
    ['another unit', subject(), [results('a.json', [series([1], { unit: 'bytes' })])], 'http.duration is measured in bytes (a.json) and the limit is in ms', 'write the limit in the unit that is measured'],
    ['a run without a value', subject(), [...runs(100, 110), results('run-3.json', [series([Number.NaN])], { plan: 'a' })], '1 of 3 runs have no value of http.duration (run-3.json)', 'measure again: a value that is missing is never taken for a good one'],
    ['nothing counted', subject(), [results('a.json', [series([Number.NaN])])], 'a.json has no value of http.duration: nothing was counted', 'measure again: a value that is missing is never taken for a good one'],
    ['a run that lacks the figure', subject(), [...runs(100, 110), results('run-3.json', [series([1], { metric: 'http.failed' })], { plan: 'a' })], 'run-3.json has no http.duration, run-1.json, run-2.json have', 'measure again: a value that is missing is never taken for a good one'],
    ['runs of different plans', subject(), [...runs(100), results('b.json', [series([900])], { plan: 'b' })], 'run-1.json and b.json did not measure the same (their plans or settings differ), so their values are not one figure', 'give results of one tool and one plan, or say of which endpoint or page each limit is'],
    ['runs of different tools', subject(), [...runs(100), results('k6.json', [series([900])], { format: 'k6-summary' })], 'run-1.json and k6.json did not measure the same (medianest and k6-summary), so their values are not one figure', 'give results of one tool and one plan, or say of which endpoint or page each limit is'],
  ])('%s', (_, asked, inputs, problem, hint) => {
    const found = measureSeries(asked, TIME, inputs)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ observed: null, values: [], problem })
    expect(found[0]?.hint).toBe(hint)
  })
})
