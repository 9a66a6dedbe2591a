import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fetchUserMetrics } from '../../src/api/one-look.ts'
import { readUserMetrics } from '../../src/api/translate/user-metrics.ts'
import type { UserMetrics } from '../../src/model/web-metrics.ts'
import { type Answer, hang, json, page, startInstance } from './instance.ts'

const read = (...rows: unknown[]): UserMetrics => readUserMetrics({ metrics: rows }, 'http://web/me')
const row = (metric_type: unknown, component: unknown = '', value: unknown = 150): object => ({ id: 1, client_id: 'u1', page: '/a', component, metric_type, value })

describe('a row of users\' metrics', () => {
  it.each([
    ['LCP', '', 'web.lcp'], ['largest-contentful-paint', 'Hero', 'web.lcp'], ['web-vital', 'lcp', 'web.lcp'], ['web-vitals:LCP', '', 'web.lcp'], ['FID', '', 'web.fid'], ['first_input_delay', '', 'web.fid'],
    ['INP', '', 'web.inp'], ['interactionToNextPaint', '', 'web.inp'], ['CLS', '', 'web.cls'], ['fcp', '', 'web.fcp'], ['TTFB', '', 'web.ttfb'], ['Time to First Byte', '', 'web.ttfb'], ['tti', '', 'web.tti'],
    ['navigation', 'ImageGrid', 'web.load'], ['navigation', 'ttfb', 'web.ttfb'], ['page_load_time', 'App', 'web.load'], ['load', 'page', 'web.load'], ['timing', 'navigation', 'web.load'],
    ['media-load', 'Player', 'web.media.load'], ['load', 'media', 'web.media.load'],
  ])('of %j and component %j is %s', (type, component, metric) => {
    expect(read(row(type, component)).values).toEqual([{ metric, page: '/a', value: 150 }])
  })

  it.each([['navigation', 'domContentLoaded'], ['navigation', 'dns'], ['load', 'ImageGrid'], ['click', 'Navigation'], ['constructor', '__proto__'], [7, null]])('of %j and component %j is none of the page\'s times', (type, component) => {
    expect(read(row(type, component))).toMatchObject({ values: [], unreadable: 0, rows: { told: 1, read: 1 } })
  })

  it.each([['lcp', '2.4s', 2_400], ['lcp', '193ms', 193], ['lcp', '81.5', 81.5], ['cls', '0.12', 0.12], ['cls', 0, 0]])('of %s with the value %j is %d', (type, value, expected) => {
    expect(read(row(type, '', value)).values.map((each) => each.value)).toEqual([expected])
  })

  it.each([[null], ['soon'], [-1], ['1e999'], [{}], [true]])('with the value %j is counted as one that cannot be read', (value) => {
    expect(read(row('lcp', '', value))).toMatchObject({ values: [], unreadable: 1 })
  })

  it.each([['/a?user=7#top', '/a'], ['https://web.example/b/c?x=1', '/b/c'], ['\u001b[31m/red', '\ufffd[31m/red'], [undefined, ''], [5, '']])('of the page %j is of %j', (from, path) => {
    expect(read({ metric_type: 'lcp', value: 1, page: from }).values[0]?.page).toBe(path)
  })

  it('is looked for in an envelope and in a bare list too', () => {
    for (const body of [{ success: true, data: { metrics: [row('lcp')] } }, { data: [row('lcp')] }, [row('lcp')]]) expect(readUserMetrics(body, 'x')).toMatchObject({ values: [{ metric: 'web.lcp' }], clients: 1 })
  })

  it('is one of at most 20,000', () => {
    expect(read(...Array.from({ length: 20_005 }, () => row('lcp')))).toMatchObject({ rows: { told: 20_005, read: 20_000 }, values: { length: 20_000 } })
  })

  it('may be anything', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.record({ metric_type: fc.jsonValue(), component: fc.jsonValue(), page: fc.jsonValue(), value: fc.jsonValue() }))), (rows) => read(...rows).values.every(({ value }) => Number.isFinite(value) && value >= 0)))
  })

  it.each([[{}], [null], ['x'], [{ success: false, error: 'no' }], [{ metrics: { lcp: 3 } }]])('is not to be had from %j', (body) => {
    expect(() => readUserMetrics(body, 'http://web/me')).toThrow(expect.objectContaining({ code: 'NOT_METRICS', message: expect.stringContaining('http://web/me answered, but not with metrics of its users') }))
  })
})

describe('an instance with metrics of its users', () => {
  const rows = json({ metrics: [row('lcp')] })
  const fetched = async (answers: Readonly<Record<string, Answer>>, folder = ''): Promise<[UserMetrics | string, string[]]> => {
    const { url, requests } = await startInstance(answers)
    const options = { url: `${url}${folder}`, token: 't', timeoutMs: 300, now: () => performance.now(), wallTime: () => Date.now() }
    const got = await fetchUserMetrics(options).catch((error: unknown) => (error as { code: string }).code) // a UserError, or the expectation fails
    return [got, requests.map(({ endpoint }) => endpoint)]
  }

  it.each([
    ['below /api/v1', { me: rows }, ['me']],
    ['below /api, as documented', { '/api/performance/me': rows }, ['me', '/api/performance/me']],
    ['below /api, where /api/v1 answers with a page', { 'me': page('<html></html>'), '/api/performance/me': rows }, ['me', '/api/performance/me']],
    ['below /api, where /api/v1 wants another token', { 'me': json({}, 401), '/api/performance/me': rows }, ['me', '/api/performance/me']],
  ])('tells them %s', async (_, answers, endpoints) => {
    expect(await fetched(answers)).toEqual([expect.objectContaining({ clients: 1 }), endpoints])
  })

  it.each([
    ['keeps none', {}, 'NOT_OFFERED', 2],
    ['wants a token', { me: json({}, 401) }, 'UNAUTHORIZED', 2],
    ['hangs, and is not asked again', { me: hang }, 'NO_ANSWER', 1],
    ['asks for fewer requests, and gets none', { me: json({}, 429) }, 'RATE_LIMITED', 1],
  ])('that %s says so', async (_, answers, code, count) => {
    expect(await fetched(answers)).toEqual([code, expect.objectContaining({ length: count })])
  })

  it('whose address is that of the documented folder is asked there alone', async () => {
    expect(await fetched({ '/api/performance/me': rows }, '/api/performance')).toEqual([expect.objectContaining({ clients: 1 }), ['/api/performance/me']])
  })
})
