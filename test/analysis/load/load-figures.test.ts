import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { judge } from '../../../src/analysis/judge.ts'
import { loadFigures } from '../../../src/analysis/load/load-figures.ts'
import { runSchema } from '../../../src/model/run.ts'
import { parseThreshold, type ThresholdRule } from '../../../src/model/threshold.ts'

const run = runSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/artifacts/medianest-run.json'), 'utf8')))
const rule = (metric: string, text: string): ThresholdRule => ({ metric, tags: {}, threshold: parseThreshold(text), abortOnFail: false, delayAbortEvalMs: 0, strict: true })

it('figures of a load test are named as compare names them, those that thresholds judge first, each once with its worst limit', () => {
  const rules = [rule('http_req_duration', 'p(95)<1000'), rule('http.duration', 'p(95)<1'), rule('http.duration', 'med<1000'), rule('http.requests', 'rate>1'), rule('db_query_time', 'avg<5')]
  const figures = loadFigures(run, rules, rules.map((each, nth) => judge(each, [50, 50, 10, 200, Number.NaN][nth] ?? Number.NaN)))
  expect(figures.filter(({ decides }) => decides).map(({ name, value, limit, better, verdict, word }) => [name, value, limit, better, verdict, word])).toEqual([
    ['http.duration p(95)', 50, 1, 'lower', 'fail', 'crossed'],
    ['http.duration p(50)', 10, 1_000, 'lower', 'ok', 'holds'],
    ['http.requests rate', 200, 1, 'higher', 'ok', 'holds'],
    ['db.query.duration avg', null, 5, 'lower', 'unknown', 'not measured'],
  ])
  expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length)
})

it('without thresholds they are shown for information, of all requests and of each endpoint', () => {
  const figures = loadFigures(run, [], [])
  expect(figures.map(({ name }) => name).slice(0, 6)).toEqual(['http.duration p(50)', 'http.duration p(95)', 'http.duration p(99)', 'http.requests rate', 'http.failed rate', 'iterations.dropped count'])
  expect(figures.filter(({ section }) => section === 'endpoints')).toHaveLength(run.endpoints.length * 4)
  expect(figures.some(({ decides }) => decides)).toBe(false)
})
