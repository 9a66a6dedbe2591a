import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meAnswer } from '../../../src/contract/answers/user-metrics.ts'
import { clientMetric } from '../../../src/contract/questions.ts'
import type { ClientMetric } from '../../../src/analysis/user-metrics/user-metric-row.ts'
import { openUserMetrics, type UserMetricsIntake } from '../../../src/analysis/user-metrics/user-metrics.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 21, 15)
const me = { id: 'maria' }

/** An intake that was told these at once, by one user. */
function told(metrics: readonly ClientMetric[], limits: Parameters<typeof openUserMetrics>[0] = {}): UserMetricsIntake {
  const intake = openUserMetrics({ maxPerHour: 1e9, ...limits })
  intake.take(me, metrics, NOW, null)
  return intake
}
const values = (type: string, all: readonly number[], page = '/a'): ClientMetric[] => all.map((value) => ({ page, type, value }))
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('a measurement of a browser', () => {
  it('is a row of the documented shape', () => {
    const intake = openUserMetrics()
    const metric = clientMetric.parse({ clientId: 'user-123', page: '/dashboard', component: 'ImageGrid', type: 'navigation', value: 150, metadata: { userAgent: 'Mozilla/5.0...', timestamp: 1704067200000 } })
    expect(intake.take(me, metric, NOW, 'curl')).toEqual({ accepted: 1, dropped: 0 })
    const rows = intake.ofClient('maria', NOW)
    expect(rows).toEqual([{ id: 1, client_id: 'user-123', page: '/dashboard', component: 'ImageGrid', metric_type: 'navigation', value: 150, timestamp: '2026-11-21T15:00:00.000Z', user_agent: 'Mozilla/5.0...', metadata: '{"timestamp":1704067200000}' }])
    expect(meAnswer.safeParse({ metrics: rows, summary: intake.summary({}, NOW) }).success).toBe(true)
  })

  it('without more is of who submitted it, with the browser the request named', () => {
    const intake = openUserMetrics()
    intake.take(me, { page: '/a', type: 'LCP', value: 1 }, NOW, 'Firefox')
    expect(intake.ofClient('maria', NOW)[0]).toMatchObject({ client_id: 'maria', component: null, user_agent: 'Firefox', metadata: null })
  })

  it.each([['/a?token=secret', '/a'], ['https://me:pw@web.example/b?x#y', '/b'], ['?token=secret', '/'], ['/a?b\ntoken=secret', '/a'], ['#/list?token=secret', '#/list'], ['dashboard#t', 'dashboard'], ['/a;jsessionid=77', '/a'], ['\u001b]0;x\u0007', '\ufffd]0']])('of the page %j is kept as of %j', (page, kept) => {
    expect(told([{ page, type: 'LCP', value: 1 }]).ofAll(NOW)[0]?.page).toBe(kept)
  })

  it('holds no more than a kilobyte of JSON beside, whatever was sent', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown // as a body is read
    const metadata = { a: 'x'.repeat(2_000), b: '\u202eevil', c: deep, d: 1 }
    expect(told([{ page: '/', type: 'LCP', value: 1, metadata }]).ofAll(NOW)[0]?.metadata).toMatch(/^\{"b":"\ufffdevil",(?:"c":null,)?"d":1\}$/)
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.string({ unit: 'binary', minLength: 1 }), (any, text) => {
      const [row] = told([{ page: text, type: text, component: text, clientId: text, value: 1, metadata: any }]).ofAll(NOW)
      const all = Object.values(row ?? {}).join('')
      // Text that was made unfit for nothing but a terminal is JSON still.
      if (row?.metadata !== null) JSON.parse(row?.metadata ?? '')
      expect(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(all)).toBe(false)
      expect((row?.metadata ?? '').length).toBeLessThanOrEqual(1_024)
    }))
  })
})

/** Bytes that are in use. */
function inUse(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)() // the function of that name, which the flag makes
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

describe('what browsers told', () => {
  it('comes to percentiles within a hundredth by metric and page, identifiers taken out', () => {
    const intake = told([...values('LCP', upTo(4_000), '/media/17'), ...values('lcp', [1], '/media/18'), ...values('CLS', [0.3])])
    const [lcp, cls] = intake.summary({}, NOW)
    expect(lcp).toMatchObject({ metric: 'web.lcp', page: '/media/:id', count: 4_001, rating: 'needs-improvement' })
    for (const [got, exact] of [[lcp?.p50, 2_000], [lcp?.p75, 3_000], [lcp?.p95, 3_800]] as const) expect(Math.abs((got ?? 0) / exact - 1)).toBeLessThan(0.011)
    expect(cls).toEqual({ metric: 'web.cls', page: '/a', count: 1, p50: 0.3, p75: 0.3, p95: 0.3, rating: 'poor' })
  })

  it.each([
    ['LCP', 2_500, 'good'], ['LCP', 2_501, 'needs-improvement'], ['LCP', 4_001, 'poor'], ['INP', 200, 'good'], ['INP', 501, 'poor'], ['CLS', 0.1, 'good'], ['CLS', 0.25, 'needs-improvement'], ['CLS', 0.26, 'poor'],
    ['FCP', 1_800, 'good'], ['FCP', 3_001, 'poor'], ['TTFB', 800, 'good'], ['TTFB', 1_801, 'poor'], ['FID', 100, 'good'], ['FID', 301, 'poor'], ['render', 1, null], ['constructor', 1, null],
  ])('of %s %d is rated %s', (type, value, rating) => {
    expect(told(values(type, [value])).summary({}, NOW)).toMatchObject([{ p75: value, rating }])
  })

  it('of navigations is summed up by phase, and the whole for itself', () => {
    const phase = (component: string, value: number): ClientMetric => ({ page: '/a', type: 'navigation', component, value })
    const figures = told([phase('dns', 5), phase('domainLookup', 5), phase('tcp', 6), phase('ssl', 7), phase('ttfb', 8), phase('dom', 9), phase('domContentLoaded', 10), phase('load', 11), phase('ImageGrid', 12), { page: '/a', type: 'tcp', component: 'navigation', value: 6 }]).summary({}, NOW)
    expect(figures.map(({ metric, count }) => `${metric} ${count}`).sort()).toEqual(['navigation.dns 2', 'navigation.dom 1', 'navigation.dom-content-loaded 1', 'navigation.tcp 2', 'navigation.tls 1', 'web.load 2', 'web.ttfb 1'])
  })

  it('is summed up of one client, one metric, one page', () => {
    const intake = told([...values('LCP', [1, 2, 3, 4]), ...values('INP', [9]), ...values('LCP', [7], '/b')])
    intake.take({ id: 'paul' }, values('LCP', [1_000]), NOW, null)
    expect(intake.summary({ client: 'paul' }, NOW)).toEqual([{ metric: 'web.lcp', page: '/a', count: 1, p50: 1_000, p75: 1_000, p95: 1_000, rating: 'good' }])
    expect(intake.summary({ client: 'maria', metric: 'web.lcp', page: '/a' }, NOW)).toMatchObject([{ count: 4, p50: 2, p75: 3, p95: 4 }])
    expect(intake.summary({ page: '/b' }, NOW)).toMatchObject([{ count: 1, p50: 7 }])
    expect(intake.ofClient('nobody', NOW)).toEqual([])
  })

  it('counts for a day and slides out of it', () => {
    const intake = told(values('LCP', [9_000]))
    intake.take(me, values('LCP', [100]), NOW + 20 * HOUR, null)
    expect(intake.summary({}, NOW + 20 * HOUR)).toMatchObject([{ count: 2, p75: 9_000 }])
    expect(intake.summary({}, NOW + 25 * HOUR)).toMatchObject([{ count: 1, p75: 100 }])
    expect(intake.ofAll(NOW + 25 * HOUR).map(({ value }) => value)).toEqual([100])
    expect([intake.summary({}, NOW + 45 * HOUR), intake.ofAll(NOW + 45 * HOUR), [...intake.samples(NOW + 45 * HOUR)]]).toEqual([[], [], []])
    intake.take({ id: 'paul' }, values('INP', [1]), NOW + 50 * HOUR, null)
    expect(intake.counts()).toMatchObject({ clients: 1, rows: 1, series: 1 })
  })

  it('is a value of each metric of the catalogue over all pages', () => {
    const samples = told([...values('LCP', [100, 100, 100], '/a'), ...values('LCP', [900], '/b'), ...values('render', [5]), ...values('CLS', [0.05])]).samples(NOW)
    expect(samples).toEqual(new Map([['web.lcp', new Map([['', expect.closeTo(100, -1)]])], ['web.cls', new Map([['', 0.05]])]]))
  })

  it('is a family of summaries for Prometheus, in seconds', () => {
    expect(told([...values('LCP', [500, 500]), ...values('CLS', [0.1]), { page: '/a', type: 'navigation', component: 'dns', value: 20 }, ...values('render', [40])]).families(NOW)).toMatchObject([
      { name: 'medianest_web_cls', type: 'summary', series: [{ labels: { page: '/a' }, quantiles: [[0.5, 0.1], [0.75, 0.1], [0.95, 0.1]], sum: 0.1, count: 1 }] },
      { name: 'medianest_web_lcp_seconds', series: [{ labels: { page: '/a' }, quantiles: [[0.5, 0.5], [0.75, 0.5], [0.95, 0.5]], sum: 1, count: 2 }] },
      { name: 'medianest_web_measurement_seconds', series: [{ labels: { page: '/a', type: 'render' }, sum: 0.04 }] },
      { name: 'medianest_web_navigation_phase_seconds', series: [{ labels: { page: '/a', phase: 'dns' }, sum: 0.02 }] },
    ])
  })
})

describe('a flood', () => {
  it('of one client is dropped beyond its share of the hour, and said to be', () => {
    const intake = openUserMetrics({ maxPerHour: 10 })
    expect([1, 2, 3].map(() => intake.take(me, values('LCP', upTo(6)), NOW, null))).toEqual([{ accepted: 6, dropped: 0 }, { accepted: 4, dropped: 2 }, { accepted: 0, dropped: 6 }])
    expect(intake.take({ id: 'paul' }, values('LCP', [1]), NOW, null)).toEqual({ accepted: 1, dropped: 0 })
    expect(intake.take(me, values('LCP', [1]), NOW + HOUR, null)).toEqual({ accepted: 1, dropped: 0 })
    expect(intake.counts()).toMatchObject({ accepted: 12, dropped: 8 })
  })

  it('of one client pushes out its own rows, and nobody else\'s', () => {
    const intake = openUserMetrics({ maxRows: 60, maxRowsPerClient: 1_000, maxPerHour: 1e9 })
    intake.take({ id: 'paul' }, values('LCP', upTo(20)), NOW, null)
    for (let turn = 0; turn < 20; turn++) intake.take(me, values('LCP', upTo(100)), NOW, null)
    expect([intake.ofClient('paul', NOW).length, intake.ofClient('maria', NOW).length, intake.ofAll(NOW).length]).toEqual([20, 40, 60])
  })

  it('of pages leaves room for those of others', () => {
    const intake = openUserMetrics({ maxPages: 50, maxPagesPerClient: 10 })
    const pages = (stem: string, count: number): ClientMetric[] => Array.from({ length: count }, (_, index) => ({ page: `/${stem}${'x'.repeat(index % 30)}/${String.fromCharCode(97 + Math.floor(index / 30))}`, type: 'LCP', value: 5 }))
    intake.take(me, pages('evil', 200), NOW, null)
    intake.take({ id: 'paul' }, values('LCP', [9], '/home'), NOW, null)
    const figures = intake.summary({}, NOW)
    expect([figures.length, figures[0]?.page, figures[0]?.count, figures.some(({ page }) => page === '/home')]).toEqual([12, '(other)', 190, true])
  })

  it('of everything at once fills what there is, and no more', () => {
    const limits = { maxClients: 20, maxRows: 100, maxRowsPerClient: 10, maxPages: 15, maxPagesPerClient: 15, maxSeries: 30, maxPerHour: 1_000 }
    const intake = openUserMetrics(limits)
    fc.assert(fc.property(fc.record({ id: fc.string() }), fc.array(fc.record({ page: fc.string({ minLength: 1 }).map((text) => `/${text}`), type: fc.oneof(fc.constantFrom('LCP', 'INP', 'navigation'), fc.string({ minLength: 1 })), value: fc.double({ min: 0, max: 86_400_000, noNaN: true }) }), { minLength: 1, maxLength: 100 }), fc.nat(100 * HOUR), (caller, metrics, later) => {
      const { accepted, dropped } = intake.take(caller, metrics, NOW + later, 'x')
      const { clients, rows, series } = intake.counts()
      expect([accepted + dropped, clients <= 20, rows <= 100, series <= 30 + 9 + 16 + 50]).toEqual([metrics.length, true, true, true])
      expect(intake.summary({}, NOW + later).every(({ p50, p75, p95 }) => (p50 ?? -1) >= 0 && (p75 ?? -1) >= (p50 ?? 0) && (p95 ?? -1) >= (p75 ?? 0))).toBe(true)
    }), { numRuns: 200 })
  })

  it('that fills every place takes less than 20 MB', () => {
    const intake = openUserMetrics({ maxPerHour: 1e9 })
    const before = inUse()
    const long = (stem: string, length: number): string => `${stem}${'x'.repeat(length)}`.slice(0, length)
    for (let client = 0; client < 520; client++) {
      const metrics = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'].map((type, index) => ({ clientId: long(`c${client}`, 100), page: `/p${'abcdefghij'[client % 10]}${'abcdefghij'[Math.floor(client / 10) % 10]}/${'y'.repeat(180)}`, component: long(`k${index}`, 100), type, value: 1 + client * index, metadata: { text: 'z'.repeat(900) + client, userAgent: 'm'.repeat(30_000) + client } }))
      for (let cell = 0; cell < 8; cell++) intake.take({ id: long(`u${client}`, 100) }, metrics, NOW + cell * 3 * HOUR, null)
    }
    const after = inUse()
    expect(intake.counts()).toMatchObject({ clients: 500, rows: 2_000 })
    expect(intake.counts().series).toBeGreaterThanOrEqual(400)
    expect(after - before).toBeLessThan(20e6)
    expect(intake.counts().series).toBeLessThanOrEqual(475)
  })
})
