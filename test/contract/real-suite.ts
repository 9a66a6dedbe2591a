import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { EndpointName } from '../../src/contract/endpoints.ts'
import type { Answer, Asker, Instance } from '../../src/contract/instance.ts'
import { readQuestion, type RawQuestion } from '../../src/contract/read-question.ts'
import type { LoadTestEvent } from '../../src/contract/resident.ts'
import type { As } from './instance-suite.ts'
import type { RealSystem } from './real-system.ts'

/** An instance that also tells how a load test goes. */
type Following = Instance & { followLoadTest(testId: string, signal: AbortSignal): AsyncIterable<LoadTestEvent> }

/** One system as an administrator and as a user see it. */
export interface Seen {
  readonly system: RealSystem
  readonly admin: Following
  readonly user: Following
  close(): Promise<void>
}

const SOON = { timeout: 10_000, interval: 100 }
const shortTest = (targetUrl: string, duration: number): object => ({ testName: 'short', targetUrl, scenarios: [{ name: 'home', target: '/' }], load: { phases: [{ name: 'all', duration, arrivalRate: 20 }] } })

/** What holds of a real system with a real application, whoever is between. */
export function describeRealInstance(name: string, open: () => Promise<Seen>): void {
  describe(`${name}, before a real application`, () => {
    let seen: Seen
    const asker = (as: As): Asker => ({ caller: { id: `the ${as}`, role: as, userAgent: null }, signal: AbortSignal.timeout(20_000) })
    const ask = <E extends EndpointName>(endpoint: E, raw: RawQuestion = {}, as: As = 'admin'): Promise<Answer<E>> => seen[as].ask(endpoint, readQuestion(endpoint, raw), asker(as))
    const refusal = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'no refusal', (error: unknown) => (error as { code?: unknown }).code)
    const sourceRow = async (as: As = 'admin') => (await ask('sources', {}, as)).data.sources.find(({ source: { id } }) => id === 'prometheus')

    beforeAll(async () => {
      seen = await open()
      await vi.waitUntil(async () => ((await ask('application', { query: { component: 'api' } })).meta?.dataPoints ?? 0) > 0, SOON)
    }, 30_000)
    afterAll(() => seen.close(), 20_000)

    it('tells of the component that was asked for alone, over the time and by the means that were', async () => {
      const answers = await Promise.all((['min', 'avg', 'max'] as const).map((aggregation) => ask('application', { query: { component: 'api', timeRange: '15m', aggregation } })))
      for (const [nth, { data, meta }] of answers.entries()) {
        expect(Object.keys(data)).toEqual(['api'])
        expect(meta).toMatchObject({ timeRange: '15m', aggregation: ['min', 'avg', 'max'][nth], lastUpdate: expect.any(String) })
      }
      const [least = Number.NaN, mean = Number.NaN, most = Number.NaN] = answers.map(({ data }) => data.api?.responseTime.avg ?? Number.NaN)
      expect(mean).toBeCloseTo(50, 0)
      expect(least).toBeLessThanOrEqual(mean)
      expect(most).toBeGreaterThanOrEqual(mean)
      expect(answers[0]?.data.api?.endpoints).toMatchObject([{ method: 'GET', path: '/api/media' }])
    })

    it('has nulls, and no zeros, for what it has no source of', async () => {
      expect((await ask('application')).data).toMatchObject({ api: { errorRate: { current: 0 } }, database: null, cache: null, jobs: null })
    })

    it('keeps a past, and says that it is not recorded', async () => {
      for (const metric of ['cpu', 'response_time'] as const) {
        const { data, meta } = await ask('history', { query: { metric, period: '1h', granularity: '1m' } })
        expect(data).toMatchObject({ period: '1h', metric, granularity: '1m', summary: { average: expect.any(Number), max: expect.any(Number) } })
        expect(data.dataPoints.length).toBeGreaterThan(0)
        expect(meta).toMatchObject({ recorded: false, recordedSince: expect.any(String) })
      }
      const none = await ask('history', { query: { metric: 'cache_hit_rate' } })
      expect(none).toMatchObject({ data: { dataPoints: [], summary: { average: null } }, meta: { recorded: false, recordedSince: null } })
    })

    it('remembers alerts as they were set', async () => {
      const { data: set } = await ask('setAlerts', { body: { thresholds: { memoryUsage: { warning: 61, critical: 99 } } } })
      expect(set.thresholds.memoryUsage).toEqual({ warning: 61, critical: 99, unit: 'percentage' })
      expect((await ask('alerts')).data).toEqual(set)
      expect(await refusal(ask('setAlerts', { body: { thresholds: { memoryUsage: { warning: 99, critical: 61 } } } }))).toBe('VALIDATION_ERROR')
      expect((await ask('alerts')).data).toEqual(set)
    })

    it('tells each what its own browsers told, and an administrator who asks for it of all', async () => {
      expect((await ask('submit', { body: [{ page: '/real', type: 'LCP', value: 1_234 }, { page: '/real', type: 'LCP', value: 2_345 }] }, 'user')).data).toEqual({ accepted: 2, dropped: 0 })
      const { data: own } = await ask('me', {}, 'user')
      expect(own.metrics.map(({ page, metric_type: type, value }) => [page, type, value]).sort()).toEqual([['/real', 'LCP', 1_234], ['/real', 'LCP', 2_345]])
      expect(own.summary).toMatchObject([{ metric: 'web.lcp', page: '/real', count: 2, rating: 'good' }])
      expect((await ask('me')).data.metrics).toEqual([])
      expect((await ask('me', { query: { all: 'true' } })).data.metrics).toHaveLength(2)
      expect(await refusal(ask('me', { query: { all: 'true' } }, 'user'))).toBe('FORBIDDEN')
    })

    it('knows its sources, and what they cost', async () => {
      const { data } = await ask('sources', {}, 'user')
      expect(data.sources).toMatchObject([{ source: { id: 'system', priority: 'critical', enabled: true, intervalMs: 1_000 }, health: 'healthy' }, { source: { id: 'prometheus', priority: 'high' }, health: 'healthy', failures: 0 }])
      expect(data).toMatchObject({ zone: expect.any(String), cost: { cpu: expect.any(Number), memory: expect.any(Number) } })
    })

    it('lists the processes of this machine, this one among them', async () => {
      const { data } = await ask('resources')
      expect(data.processes.map(({ pid }) => pid)).toContain(process.pid)
      expect(data.connections).toMatchObject({ database: null, redis: null })
    })

    it('optimizes nothing and says so', async () => {
      // The client has one code for all that an instance does not do (501).
      expect(await refusal(ask('optimize', { body: { optimizations: ['memory_cleanup'] } }))).toBeOneOf(['OPTIMIZATION_FAILED', 'NOT_OFFERED'])
      expect(await refusal(ask('optimization', { params: { optimizationId: 'opt-1' } }))).toBe('NOT_FOUND')
    })

    it('runs a load test to its end, tells how it goes, and keeps its results', async () => {
      const { data: begun } = await ask('loadTest', { body: shortTest(seen.system.application.url, 1) })
      expect(begun).toMatchObject({ status: 'running', estimatedDuration: 1, scenarios: 1, phases: 1, targetUrl: seen.system.application.url })
      const { testId } = begun
      expect(await refusal(ask('loadTest', { body: shortTest(seen.system.application.url, 1) }))).toBe('RESOURCE_EXHAUSTED')
      const events: LoadTestEvent[] = []
      for await (const event of seen.admin.followLoadTest(testId, AbortSignal.timeout(20_000))) events.push(event)
      expect(events[0]).toMatchObject({ type: 'progress', testId })
      expect(events.at(-1)).toMatchObject({ type: 'end', testId, status: 'completed', reason: null })
      const { data } = await ask('loadTestResults', { params: { testId } })
      expect(data).toMatchObject({ testId, status: 'completed', completedAt: expect.any(String), summary: { totalRequests: 20, failedRequests: 0 }, phases: [{ name: 'all', requests: 20 }] })
    }, 30_000)

    it('turns a load test on nobody else, and ends one when it is told to', async () => {
      expect(await refusal(ask('loadTest', { body: shortTest('http://192.0.2.1', 1) }))).toBe('FORBIDDEN')
      const { testId } = (await ask('loadTest', { body: shortTest(seen.system.application.url, 15) })).data
      expect((await ask('stopLoadTest', { params: { testId } })).data).toEqual({ testId, status: 'aborted' })
      expect((await ask('loadTestResults', { params: { testId } })).data).toMatchObject({ status: 'aborted', reason: expect.stringContaining('API') })
    }, 30_000)

    it('lets figures get old when their source fails, then lets them go, and has them again', async () => {
      const { application } = seen.system
      application.fail()
      await vi.waitUntil(async () => ((await sourceRow())?.failures ?? 0) > 0, SOON)
      const row = await sourceRow()
      expect(row).toMatchObject({ health: expect.stringMatching(/degraded|unhealthy/), problem: expect.stringContaining('500') })
      expect(await sourceRow('user')).not.toHaveProperty('problem')
      await vi.waitUntil(async () => (await ask('metrics')).data.api === null, SOON)
      expect((await ask('application')).data.api).toBeNull()
      expect((await ask('application')).meta?.lastUpdate).toBe(new Date(row?.lastCollection ?? Number.NaN).toISOString())
      application.recover()
      await vi.waitUntil(async () => (await sourceRow())?.health === 'healthy' && (await ask('metrics')).data.api !== null, { ...SOON, timeout: 20_000 })
    }, 50_000)
  })
}
