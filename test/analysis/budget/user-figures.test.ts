import { describe, expect, it } from 'vitest'
import { userFigures } from '../../../src/analysis/budget/user-figures.ts'
import type { UserMetrics, WebValue } from '../../../src/model/web-metrics.ts'

const values = (count: number, parts: Partial<WebValue> = {}): WebValue[] => Array.from({ length: count }, (_, index) => ({ metric: 'web.lcp', page: '/a', value: count - index, ...parts }))
const figures = (list: readonly WebValue[], parts: Partial<UserMetrics> = {}): ReturnType<typeof userFigures> => userFigures({ values: list, rows: { told: list.length, read: list.length }, unreadable: 0, strangers: [], clients: 3, ...parts })
const shown = (list: readonly WebValue[]): unknown[] => figures(list).series.map(({ metric, of, values: [value], count }) => [metric, of, value, count])

describe('what users told', () => {
  it('is the 75th percentile of all, and of each page, with how many values it is of', () => {
    expect(shown([...values(100), ...values(20, { page: '/b', value: 500 }), ...values(4, { page: '', metric: 'web.cls', value: 0.1 })])).toEqual([
      ['web.lcp', '', 90, 120], ['web.cls', '', 0.1, 4], ['web.lcp', '/a', 75, 100], ['web.lcp', '/b', 500, 20],
    ])
  })

  it.each([[1, 1], [2, 2], [3, 3], [4, 3], [5, 4], [20, 15]])('is of %d values by nearest rank the %d. smallest', (count, expected) => {
    expect(figures(values(count)).series[0]).toMatchObject({ values: [expected], unit: 'ms', better: 'lower', statistic: { kind: 'p', percent: 75 } })
  })

  it('is a score for the shift of a layout', () => {
    expect(figures(values(1, { metric: 'web.cls', value: 0.2 })).series[0]).toMatchObject({ unit: 'count', values: [0.2] })
  })

  it('is told of the 200 pages with the most values', () => {
    const { series, notes } = figures([...Array.from({ length: 250 }, (_, index) => values(1, { page: `/${index}` })).flat(), ...values(2, { page: '/most' })])
    expect(series).toHaveLength(201)
    expect(series[1]).toMatchObject({ of: '/most', count: 2 })
    expect(notes).toEqual(['its users saw 251 pages: the 200 with the most values are told by themselves'])
  })

  it.each([
    ['nothing yet', [], {}, 'it keeps no metrics of its users yet'],
    ['something else', [], { rows: { told: 2, read: 2 }, strangers: ['click', 'scr\u001boll'] }, 'none of its users\' 2 rows is a Core Web Vital or the time of a page (click, scr\ufffdoll)'],
    ['more than is read', values(3), { rows: { told: 9, read: 3 } }, 'of 9 rows of its users\' metrics 3 were read'],
    ['what cannot be read', values(3), { unreadable: 1 }, '1 row of its users\' metrics has no value that can be read'],
    ['one user alone', values(3), { clients: 1 }, 'its users\' metrics are all of one client: an instance may tell only those of the user whose token asks'],
  ])('may be %s, which is said', (_, list, parts, note) => {
    expect(figures(list, parts).notes).toEqual([note])
  })
})
