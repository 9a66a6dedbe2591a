import { describe, expect, it } from 'vitest'
import { namedGates, pairSeries, usualGates } from '../../../src/analysis/compare/gates.ts'
import type { MeasuredSeries } from '../../../src/model/measurements.ts'
import type { Statistic } from '../../../src/model/threshold.ts'

const AVG: Statistic = { kind: 'avg' }
const p = (percent: number): Statistic => ({ kind: 'p', percent })
function series(metric: string, statistic: Statistic | null, parts: Partial<MeasuredSeries> = {}): MeasuredSeries {
  return { metric, statistic, of: '', unit: 'ms', better: 'lower', class: 'sampled', values: [1], ...parts }
}
const usual = (...list: MeasuredSeries[]): string[] => [...usualGates(pairSeries(list, list))]

describe('what decides a comparison', () => {
  it('is the median, and the mean only where there is no median', () => {
    expect(usual(series('http.duration', AVG), series('http.duration', p(50)), series('http.duration', p(99)))).toEqual(['http.duration p(50)'])
    expect(usual(series('http.duration', AVG), series('http.duration', p(99)))).toEqual(['http.duration avg'])
    expect(usual(series('http.duration', p(99)))).toEqual([])
  })

  it('is all requests together, and each benchmark where there is no together', () => {
    expect(usual(series('http.duration', p(50)), series('http.duration', p(50), { of: 'GET /a' }))).toEqual(['http.duration p(50)'])
    expect(usual(series('time', p(50), { of: 'sort' }), series('time', AVG, { of: 'parse' }))).toEqual(['time p(50) sort', 'time avg parse'])
  })

  it('is the median like for like where there is one', () => {
    expect(usual(series('http.duration', p(50)), series('http.duration', p(50), { of: 'like for like' }), series('http.duration', p(50), { of: 'GET /a' }))).toEqual(['http.duration p(50) like for like'])
  })

  it('is one kind of time, not all that tell the same', () => {
    expect(usual(series('http.waiting', p(50)), series('http.duration', p(50)), series('iteration.duration', p(50)))).toEqual(['http.duration p(50)'])
    expect(usual(series('render', null), series('paint', AVG))).toEqual(['render', 'paint avg'])
  })

  it('holds a figure that one side alone has', () => {
    const pairs = pairSeries([series('size', null, { unit: 'bytes', class: 'exact', of: 'old' })], [series('size', null, { unit: 'bytes', class: 'exact', of: 'new' })])
    expect([...usualGates(pairs)]).toEqual(['size old', 'size new'])
  })

  it.each([
    ['http_req_duration', ['http.duration p(50)']],
    ['responseTime p(95)', ['http.duration p(95)']],
    ['http.duration p(50) GET /a, b', ['http.duration p(50) GET /a, b']],
    ['time', ['time avg sort', 'time avg parse']],
    ['time avg', ['time avg sort', 'time avg parse']],
    ['all', ['http.duration p(50)', 'http.duration p(95)', 'http.duration p(50) GET /a, b', 'time avg sort', 'time avg parse']],
  ])('%s names %j', (name, gates) => {
    const list = [
      series('http.duration', p(50)), series('http.duration', p(95)), series('http.duration', p(50), { of: 'GET /a, b' }),
      series('time', AVG, { of: 'sort' }), series('time', AVG, { of: 'parse' }), series('users', null, { better: 'neither' }),
    ]
    expect(namedGates(pairSeries(list, list), [name])).toEqual({ gates: new Set(gates), strangers: [] })
  })
})
