import { describe, expect, it } from 'vitest'
import { measureSeries } from '../../../src/analysis/budget/series-lookup.ts'
import { whyNotGiven } from '../../../src/analysis/budget/why-not-given.ts'
import { line, results, series, subject } from './lines.ts'

const lhr = { ...results('r1.json', [series([900], { metric: 'largest-contentful-paint', statistic: null })], { format: 'lighthouse' }), surroundings: { cpu: null, cores: null, memoryBytes: null, os: null, tool: 'Lighthouse 12.8.2', plan: null } }
const run = results('run.json', [series([5], { metric: 'time' })])
const of = (section: 'timing' | 'lighthouse' | 'thresholds' | 'api', ...metrics: readonly string[]) => line([], { section, subjects: metrics.map((metric) => subject({ metric })) })

describe('what was given and does not tell a line', () => {
  it.each([
    ['an audit that is mistyped', of('lighthouse', 'no-such-audit'), [lhr], { problem: 'r1.json (Lighthouse 12.8.2) has no such audit (no-such-audit): mistyped, or of another version' }],
    ['one that is near another', of('lighthouse', 'largest-contentful-pain'), [lhr], { hint: 'did you mean "largest-contentful-paint"?' }],
    ['what only users can tell', of('timing', 'web.inp', 'interaction-to-next-paint'), [lhr], { problem: expect.stringContaining('without a user Lighthouse cannot tell it') as string, hint: expect.stringContaining('--url') as string }],
    ['a name that nobody knows', of('thresholds', 'bogus_metric'), [run], { problem: 'run.json has no bogus_metric', hint: 'there is time' }],
    ['a name of the catalogue, mistyped', of('thresholds', 'htp_req_duration'), [run], { hint: 'did you mean "http_req_duration"?' }],
    ['the same where nothing is given', of('thresholds', 'htp_req_duration'), [], { hint: 'did you mean "http_req_duration"?' }],
  ])('is said of %s', (_, asked, inputs, reason) => {
    expect(whyNotGiven(asked, inputs)).toMatchObject(reason)
  })

  it.each([['a load result', of('api', 'http.duration'), [lhr]], ['reports of Lighthouse', of('timing', 'largest-contentful-paint'), [run]]])('is left to the advice to give %s', (_, asked, inputs) => {
    expect(whyNotGiven(asked, inputs)).toBeNull()
  })
})

describe('a figure by itself, taken in several runs', () => {
  const file = results('times.json', [series([20, 30, 100], { metric: 'time', statistic: null })])
  it.each([['avg', 50, 'mean of 3 runs'], ['med', 30, 'median of 3 runs'], ['min', 20, 'least of 3 runs'], ['max', 100, 'most of 3 runs'], ['value', 30, 'value, median of 3 runs']] as const)('has %s of its runs', (kind, observed, how) => {
    expect(measureSeries(subject({ metric: 'time', statistic: { kind } }), line([]), [file])).toMatchObject([{ observed, how }])
  })

  it('has no 95th percentile, and says what to ask instead', () => {
    expect(measureSeries(subject({ metric: 'time' }), line([]), [file])).toMatchObject([{ observed: null, hint: 'set the limit for value, avg, p(50), min, max, as in "value<=100"' }])
  })
})
