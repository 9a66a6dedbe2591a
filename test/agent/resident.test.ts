import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { liveEvent } from '../../src/contract/answers/metrics.ts'
import { UserError } from '../../src/model/error.ts'
import { readQuestion } from '../../src/contract/read-question.ts'
import type { LiveEvent, Resident } from '../../src/contract/resident.ts'
import { openLoadTests } from '../../src/agent/load-tests/load-tests.ts'
import { settingsOf } from '../../src/agent/settings.ts'
import type { SystemFacts } from '../../src/model/snapshot.ts'
import { ask, asker, facts, madeUpLane, madeUpResident, madeUpSource, samplesOf, world } from './made-up.ts'
import { stopClock } from './made-up.ts'
import { testHost } from '../host.ts'

let resident: Resident | undefined
const open = async (...options: Parameters<typeof madeUpResident>): Promise<Resident> => (resident = await madeUpResident(...options))
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(stopClock)
afterEach(async () => {
  await resident?.close()
  resident = undefined
  vi.useRealTimers()
})

const api = () => madeUpSource({ id: 'prometheus', kind: 'api', priority: 'high', intervalMs: 10_000 }, () => ({
  samples: samplesOf({ 'api.request_rate': 20, 'api.duration.avg': 143, 'api.duration.p50': 90, 'api.duration.p95': 420, 'api.duration.p99': 850, 'api.errors': 0.01 }),
  endpoints: [{ method: 'GET', path: '/api/v1/media', count: 100, avgMs: 95, errors: 0.003 }],
  traffic: [{ method: 'GET', route: '/api/v1/media', statuses: new Map([[200, 99], [500, 1]]), buckets: [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100, 100], seconds: 9.5 }],
}))

describe('looks at the machine', () => {
  it('are shared: fifty who ask at once cost one', async () => {
    const lane = madeUpLane()
    lane.takesMs = 20
    const resident = await open({ lane })
    await pass(4_000)
    const before = lane.looks
    const answers = Promise.all(Array.from({ length: 50 }, () => ask(resident, 'metrics')))
    await pass(100)
    expect((await answers).map(({ data }) => data.metrics.cpu?.usage)).toEqual(Array.from({ length: 50 }, () => 20))
    expect(lane.looks).toBe(before + 1)
  })

  it('are answered with the very same data until the next, anew for another question, and never with what is of another role', async () => {
    const resident = await open()
    const told = (query: Readonly<Record<string, string>> = {}, role: 'admin' | 'user' = 'admin') => resident.ask('metrics', readQuestion('metrics', { query }), asker(role))
    await pass(4_000)
    const some = Promise.all([told(), told(), told({ metrics: 'cpu' }), told({}, 'user')])
    await pass(100)
    const [one, same, other, ofUser] = await some
    expect(same.data).toBe(one.data)
    expect(Object.keys(other.data.metrics)).toEqual(['cpu'])
    expect([one.data.metrics.cpu?.cores, ofUser.data.metrics.cpu?.cores]).toEqual([4, undefined])
    const full = Promise.all([told({ samples: 'true' }), told({ samples: 'true' }), told({ samples: 'true' }, 'user')])
    await pass(500)
    const [whole, sameWhole, fullOfUser] = await full
    expect(sameWhole.data).toBe(whole.data)
    expect([Object.hasOwn(whole.data, 'processes'), Object.hasOwn(fullOfUser.data, 'processes')]).toEqual([true, false])
    await pass(2_000)
    const later = told()
    await pass(1)
    expect((await later).data).not.toBe(one.data)
  })

  it('let go of the processes when nobody asked for them for a minute, and begin anew with two looks', async () => {
    const lane = madeUpLane()
    const resident = await open({ lane })
    const asked = ask(resident, 'resources')
    await pass(1_000)
    await asked
    expect([lane.scans, lane.forgotten]).toEqual([2, 0])
    await pass(120_000)
    expect([lane.scans, lane.forgotten]).toEqual([2, 1])
    const again = ask(resident, 'resources')
    await pass(1_000)
    expect((await again).data.processes).toHaveLength(1)
    expect(lane.scans).toBe(4)
  })

  it('are made every five seconds, the second soon, and processes never unless somebody asks', async () => {
    const lane = madeUpLane()
    await open({ lane })
    await pass(1)
    expect(lane.looks).toBe(1)
    await pass(300)
    expect(lane.looks).toBe(2)
    await pass(60_000)
    expect(lane.looks).toBeGreaterThanOrEqual(13)
    expect(lane.looks).toBeLessThanOrEqual(15)
    expect(lane.scans).toBe(0)
  })

  it('at processes are two the first time, for shares of time, and one a second at most afterwards', async () => {
    const lane = madeUpLane()
    const resident = await open({ lane })
    await pass(1_000)
    const first = Promise.all([ask(resident, 'resources'), ask(resident, 'metrics', { query: { samples: 'true' } })])
    await pass(500)
    expect((await first)[0].data.processes).toMatchObject([{ name: 'node', pid: 7, cpu: 25 }])
    expect(lane.scans).toBe(2)
    await ask(resident, 'resources')
    expect(lane.scans).toBe(2)
    await pass(2_000)
    await ask(resident, 'resources')
    expect(lane.scans).toBe(3)
  })

  it('that fail make the instance unready once what is known is too old, and answers say why', async () => {
    const lane = madeUpLane()
    const resident = await open({ lane })
    expect(resident.readiness()).toEqual({ isReady: false, reason: 'this machine was not looked at yet' })
    await pass(1_000)
    expect(resident.readiness()).toEqual({ isReady: true, reason: null })
    lane.fails = new Error('no /proc')
    await pass(40_000)
    expect(resident.readiness()).toMatchObject({ isReady: false, reason: expect.not.stringContaining('/proc') })
    await expect(ask(resident, 'metrics')).rejects.toMatchObject({ statusCode: 503, details: { reason: expect.stringContaining('no /proc') } })
    const told: unknown = await ask(resident, 'metrics', {}, 'user').catch((error: unknown) => error)
    expect(told).toMatchObject({ message: 'this machine could not be looked at', details: { retryAfter: expect.any(Number) } })
    expect(JSON.stringify(told)).not.toContain('/proc')
  })
})

describe('metrics', () => {
  it('come with their recent past and say that it is not recorded', async () => {
    const resident = await open()
    await pass(600_000)
    const { data, meta } = await ask(resident, 'metrics', { query: { timeRange: '5m', interval: '1m' } })
    expect(data.metrics.cpu?.history.length).toBeGreaterThanOrEqual(5)
    expect(data.metrics.cpu?.history[1]).toEqual({ timestamp: '2026-03-01T00:06:00.000Z', usage: 20 })
    expect(meta).toMatchObject({ timeRange: '5m', interval: '1m', recorded: false, recordedSince: expect.stringContaining('2026-03-01T00:00:0') })
  })

  it('tell users how much is in use, and nothing of the machine', async () => {
    const lane = madeUpLane()
    lane.values = { ...lane.values, 'memory.usage': 0.97 }
    const resident = await open({ lane, sources: [api()] })
    await pass(30_000)
    const { data, alerts } = await ask(resident, 'metrics', { query: { samples: 'true' } }, 'user')
    expect(data.metrics).toMatchObject({ cpu: { usage: 20 }, memory: { usage: 97 }, disk: { usage: 40 } })
    expect(alerts).toMatchObject([{ level: 'critical', metric: 'memory.usage', value: 97, threshold: 90 }])
    expect(JSON.stringify(data)).not.toMatch(/nas|Made Up|eth0|Debian|samples|api|model|cores|hunter/)
  })

  it('with samples hold everything for our own client, command lines only where they may be told', async () => {
    for (const commandLines of [false, true]) {
      const resident = await open({ commandLines })
      await pass(1_000)
      const asked = ask(resident, 'metrics', { query: { samples: 'true' } })
      await pass(500)
      const text = JSON.stringify((await asked).data)
      expect(text).toMatch(/"samples":\[\["cpu.usage","",0.2\]/)
      expect(text.includes('hunter2')).toBe(commandLines)
      await resident.close()
    }
  })
})

describe('figures of a source', () => {
  it('are gone after three intervals without a collection, and null rather than 0', async () => {
    let isBroken = false
    const source = madeUpSource({ id: 'redis', kind: 'cache', priority: 'high', intervalMs: 10_000 }, () => {
      if (isBroken) throw new Error('connection refused')
      return { samples: samplesOf({ 'cache.hit_rate': 0.9, 'cache.memory': 5e6 }) }
    })
    const resident = await open({ sources: [source] })
    await pass(12_000)
    expect((await ask(resident, 'metrics')).data.cache?.hitRate).toBe(0.9)
    isBroken = true
    await pass(15_000)
    expect((await ask(resident, 'metrics')).data.cache?.hitRate).toBe(0.9)
    await pass(20_000)
    expect((await ask(resident, 'metrics')).data.cache).toBeNull()
    const rows = (await ask(resident, 'sources')).data.sources
    expect(rows.find(({ source: { id } }) => id === 'redis')).toMatchObject({ health: 'unhealthy', problem: 'connection refused' })
    const forUsers = (await ask(resident, 'sources', {}, 'user')).data.sources
    expect(JSON.stringify(forUsers)).not.toContain('refused')
  })

  it('that could not all be told: the rest is, and the source is degraded and says what is missing', async () => {
    const source = madeUpSource({ id: 'postgres', kind: 'database', priority: 'high' }, () => ({ samples: samplesOf({ 'db.connections': 3 }), problems: ['queries: permission denied'], notes: ['only sessions of this user are seen'] }))
    const resident = await open({ sources: [source] })
    await pass(12_000)
    expect((await ask(resident, 'sources')).data.sources[1]).toMatchObject({ health: 'degraded', failures: 0, notes: ['queries: permission denied', 'only sessions of this user are seen'] })
    expect((await ask(resident, 'application')).data.database).not.toBeNull()
    expect(JSON.stringify((await ask(resident, 'sources', {}, 'user')).data)).not.toContain('permission')
  })

  it('that failed come with what to do', async () => {
    const source = madeUpSource({ id: 'redis', kind: 'cache', priority: 'high' }, () => {
      throw new UserError({ code: 'REDIS', kind: 'unreachable', message: 'nothing listens there', hint: 'start it' })
    })
    const resident = await open({ sources: [source] })
    await pass(12_000)
    expect((await ask(resident, 'sources')).data.sources[1]).toMatchObject({ health: 'degraded', problem: 'nothing listens there', hint: 'start it' })
    expect((await ask(resident, 'sources', {}, 'user')).data.sources[1]).not.toHaveProperty('hint')
  })

  it('of one that failed five times: the part says that it is left alone', async () => {
    const source = madeUpSource({ id: 'postgres', kind: 'database', priority: 'high', intervalMs: 5_000 }, () => {
      throw new Error('no route to host')
    })
    const resident = await open({ sources: [source] })
    await pass(120_000)
    const asked = source.asked
    await expect(ask(resident, 'application', { query: { component: 'database' } })).rejects.toMatchObject({ code: 'CIRCUIT_BREAKER_OPEN', message: expect.stringContaining('no route to host'), details: { sources: ['postgres'] } })
    expect((await ask(resident, 'application')).data.database).toBeNull()
    expect(asked).toBeGreaterThanOrEqual(5)
    expect(asked).toBeLessThanOrEqual(6)
  })
})

describe('the application', () => {
  it('is answered for now and over the time range', async () => {
    let rate = 10
    const source = madeUpSource({ id: 'prometheus', kind: 'api', priority: 'high', intervalMs: 10_000 }, () => ({ samples: samplesOf({ 'api.request_rate': rate, 'api.duration.avg': rate * 10, 'api.errors': 0.01 }) }))
    const resident = await open({ sources: [source] })
    await pass(300_000)
    rate = 30
    await pass(300_000)
    const { data, meta } = await ask(resident, 'application', { query: { component: 'api' } })
    expect(data.api?.requestRate).toMatchObject({ current: 30, avg: expect.closeTo(20, -0.5), peak: 30 })
    expect(data.api?.errorRate).toMatchObject({ current: 1, avg: 1 })
    expect(data).not.toHaveProperty('database')
    expect(meta).toMatchObject({ aggregation: 'avg', lastUpdate: expect.any(String), dataPoints: expect.any(Number) })
    expect((await ask(resident, 'application', { query: { aggregation: 'max' } })).data.api?.responseTime.avg).toBe(300)
  })
})

describe('two sources of the same figures', () => {
  const counter = (id: string, rate: number, count: number) => {
    const source = { ...madeUpSource({ id, kind: 'api', priority: 'high', intervalMs: 10_000 }), isBroken: false }
    return Object.assign(source, {
      collect: async () => {
        if (source.isBroken) throw new Error('connection refused')
        return { samples: samplesOf({ 'api.request_rate': rate }), traffic: [{ method: 'GET', route: `/${id}`, statuses: new Map([[200, count]]), buckets: null, seconds: Number.NaN }] }
      },
    })
  }

  it('are not mixed over time: the weightier is believed as long as it answers', async () => {
    const [first, second] = [counter('prometheus', 10, 100), counter('access-log', 30, 99)]
    const resident = await open({ sources: [first, second] })
    const rates = async () => (await ask(resident, 'application', { query: { timeRange: '5m' } })).data.api?.requestRate
    await pass(120_000)
    expect(await rates()).toMatchObject({ current: 10, avg: 10, peak: 10 })
    first.isBroken = true
    await pass(120_000)
    expect(await rates()).toMatchObject({ current: 30, avg: expect.toSatisfy((rate: number) => rate > 15 && rate < 25), peak: 30 })
  })

  it('have one that counts requests: its counters are gone while it is, and never those of the other', async () => {
    const [first, second] = [counter('prometheus', 10, 100), counter('access-log', 30, 99)]
    const resident = await open({ sources: [first, second] })
    const counted = async (): Promise<string[]> => (await resident.exposition('prometheus')).split('\n').filter((line) => line.startsWith('medianest_http_requests_total{'))
    await pass(60_000)
    expect(await counted()).toEqual(['medianest_http_requests_total{method="GET",route="/prometheus",status="200"} 100'])
    first.isBroken = true
    await pass(60_000)
    expect(await counted()).toEqual([])
    first.isBroken = false
    await pass(120_000)
    expect(await counted()).toHaveLength(1)
  })
})

describe('an application of which there is no past yet', () => {
  it('has its present for one, and a peak that is never below it', async () => {
    let rate = 10
    const source = madeUpSource({ id: 'prometheus', kind: 'api', priority: 'high', intervalMs: 2_000 }, () => ({ samples: samplesOf({ 'api.request_rate': rate, 'api.duration.avg': 100, 'api.errors': 0.01 }) }))
    const resident = await open({ sources: [source] })
    await pass(1_000)
    expect((await ask(resident, 'application')).data.api).toMatchObject({ requestRate: { current: 10, avg: 10, peak: 10 }, errorRate: { current: 1, avg: 1 } })
    await pass(60_000)
    rate = 50
    await pass(2_500)
    expect((await ask(resident, 'application')).data.api?.requestRate).toMatchObject({ current: 50, peak: 50 })
  })
})

describe('history', () => {
  it('is empty and says so where nothing is measured, and knows since when where something is', async () => {
    const resident = await open()
    await pass(120_000)
    const none = await ask(resident, 'history', { query: { metric: 'response_time' } })
    expect(none).toMatchObject({ data: { dataPoints: [], summary: { average: null } }, meta: { recorded: false, recordedSince: null, dataPoints: 0, note: expect.stringContaining('not measured') } })
    const cpu = await ask(resident, 'history', { query: { metric: 'cpu', period: '1h', granularity: '1m' } })
    expect(cpu).toMatchObject({ data: { metric: 'cpu', summary: { average: 20, max: 20 } }, meta: { recorded: false, recordedSince: expect.any(String) } })
    expect((await ask(resident, 'history')).data).toMatchObject({ metric: 'memory', series: { memory: {}, cpu: {} } })
  })
})

describe('every question', () => {
  it('has an answer of the documented shape, for administrators and for users', async () => {
    const resident = await open({ sources: [api()] })
    await pass(90_000)
    for (const role of ['admin', 'reader', 'user'] as const) {
      for (const endpoint of ['metrics', 'application', 'health', 'recommendations', 'summary', 'history', 'alerts', 'report', 'sources', 'insights', 'advice'] as const) await ask(resident, endpoint, {}, role)
    }
    const resources = ask(resident, 'resources')
    await pass(500)
    await resources
    expect((await ask(resident, 'summary')).data).toMatchObject({ trends: { memory: { trend: 'unknown', reason: 'a trend needs an hour at least' } } })
    expect((await ask(resident, 'recommendations')).data.performanceGoals).toMatchObject({ apiResponseTime: { current: 143, target: 100, improvement: '30.1% faster' }, cacheHitRate: { current: null, improvement: null } })
    await expect(ask(resident, 'optimize', { body: { optimizations: ['memory_cleanup'] } })).rejects.toMatchObject({ code: 'OPTIMIZATION_FAILED', statusCode: 501 })
    await expect(ask(resident, 'optimization', { params: { optimizationId: 'x' } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(ask(resident, 'loadTestResults', { params: { testId: 'x' } })).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  })
})

describe('a machine that is full', () => {
  it('refuses what costs much, and gives up all but what is critical', async () => {
    const lane = madeUpLane()
    const low = madeUpSource({ id: 'queues', kind: 'jobs', priority: 'high', intervalMs: 10_000 })
    const loadTests = openLoadTests({ host: testHost([]), section: { targets: 'http://127.0.0.1:9' } })
    const test = { body: { testName: 'full', targetUrl: 'http://127.0.0.1:9', scenarios: [{ name: 'a', target: '/' }], load: { phases: [{ name: 'p', duration: 1, arrivalRate: 1 }] } } }
    const resident = await open({ lane, sources: [low], loadTests })
    await pass(1_000)
    lane.values = { ...lane.values, 'cpu.usage': 0.99 }
    await pass(60_000)
    const { data } = await ask(resident, 'sources')
    expect(data.zone).toBe('critical')
    expect(data.sources).toMatchObject([{ source: { id: 'system' }, currentIntervalMs: 20_000 }, { source: { id: 'queues' }, health: 'disabled', problem: 'given up while the machine is in zone critical', hint: expect.stringContaining('collect.adaptive: false') }])
    expect(await resident.exposition('prometheus')).toContain('medianest_coordinator_source_up{source="queues"} 0\n')
    await expect(ask(resident, 'loadTest', test)).rejects.toMatchObject({ code: 'PERFORMANCE_DEGRADED', statusCode: 503, details: { zone: 'critical', retryAfter: 30 } })
    // What will never be done is not put off.
    const elsewhere = { body: { ...test.body, targetUrl: 'http://192.0.2.1/' } }
    await expect(ask(resident, 'loadTest', elsewhere)).rejects.toMatchObject({ code: 'FORBIDDEN', statusCode: 403 })
    await expect(ask(resident, 'optimize', { body: { optimizations: ['memory_cleanup'] } })).rejects.toMatchObject({ code: 'OPTIMIZATION_FAILED', statusCode: 501 })
    const asked = low.asked
    await pass(60_000)
    expect(low.asked).toBe(asked)
  })

  it('says with the application which sources are not well, why, and the zone, to who sees all', async () => {
    const lane = madeUpLane()
    const broken = madeUpSource({ id: 'redis', kind: 'cache', priority: 'critical', intervalMs: 10_000 }, () => { throw new UserError({ code: 'NO', kind: 'input', message: 'cannot reach 127.0.0.1:6379', hint: 'is it running?' }) })
    const resident = await open({ lane, sources: [broken, madeUpSource({ id: 'queues', kind: 'jobs', priority: 'high' })] })
    await pass(1_000)
    lane.values = { ...lane.values, 'cpu.usage': 0.9 }
    await pass(60_000)
    const { meta } = await ask(resident, 'application')
    expect(meta).toMatchObject({ zone: 'red', sources: [
      { id: 'redis', kind: 'cache', health: 'unhealthy', problem: expect.stringContaining('cannot reach 127.0.0.1:6379'), hint: 'is it running?' },
      { id: 'queues', kind: 'jobs', health: 'disabled', problem: 'given up while the machine is in zone red', hint: expect.stringContaining('collect.adaptive: false') },
    ] })
  })

  it('still tells who fills it, over the API and to our own client', async () => {
    const lane = madeUpLane()
    const resident = await open({ lane })
    lane.values = { ...lane.values, 'cpu.usage': 0.99 }
    await pass(60_000)
    expect((await ask(resident, 'sources')).data.zone).toBe('critical')
    const asked = Promise.all([ask(resident, 'resources'), ask(resident, 'metrics', { query: { samples: 'true' } })])
    await pass(500)
    const [resources, metrics] = await asked
    expect(resources.data.processes).toMatchObject([{ name: 'node', pid: 7, cpu: 25 }])
    expect(metrics.data).toMatchObject({ processes: { total: 1 } })
    expect(lane.scans).toBe(2)
  })
})

describe('what a source told that is gone', () => {
  const gone = () => {
    let isWell = true
    const source = (id: string, kind: 'api' | 'cache', samples: Parameters<typeof samplesOf>[0]) => madeUpSource({ id, kind, priority: 'high', intervalMs: 5_000 }, () => isWell ? { samples: samplesOf(samples) } : Promise.reject(new UserError({ code: 'NO_ANSWER', kind: 'unreachable', message: '10.0.0.9 refused', hint: 'start it' })))
    return { sources: [source('prometheus', 'api', { 'api.request_rate': 3, 'api.duration.avg': 143, 'api.errors': 0.1 }), source('redis', 'cache', { 'cache.hit_rate': 0.4 })], break: () => void (isWell = false) }
  }

  it('is in no summary, goal or issue of now', async () => {
    const { sources, ...made } = gone()
    const resident = await open({ sources })
    await pass(30_000)
    expect((await ask(resident, 'summary')).data).toMatchObject({ currentMetrics: { responseTime: 143, errorRate: 0.1 }, issues: expect.arrayContaining([expect.objectContaining({ id: 'cache.hit_rate' })]) })
    made.break()
    await pass(75_000)
    const [summary, goals] = [(await ask(resident, 'summary')).data, (await ask(resident, 'recommendations')).data]
    expect(summary.currentMetrics).toMatchObject({ responseTime: null, errorRate: null, cpuUsage: 20 })
    expect(JSON.stringify([summary['issues'], summary.recommendations])).not.toMatch(/cache.hit_rate|cache hit rate/)
    expect(goals.performanceGoals).toMatchObject({ apiResponseTime: { current: null, improvement: null }, cacheHitRate: { current: null } })
    expect(JSON.stringify((await ask(resident, 'advice')).data)).not.toContain('hit rate')
  })

  it('stands as long as its source tells that nothing was asked', async () => {
    let isQuiet = false
    const log = madeUpSource({ id: 'access-log', kind: 'api', priority: 'high', intervalMs: 5_000 }, () => ({ samples: samplesOf(isQuiet ? { 'api.request_rate': 0 } : { 'api.request_rate': 3, 'api.duration.avg': 143, 'api.errors': 0 }) }))
    const resident = await open({ sources: [log] })
    await pass(30_000)
    isQuiet = true
    await pass(30_000)
    expect((await ask(resident, 'summary')).data.currentMetrics).toMatchObject({ responseTime: 143, errorRate: 0 })
  })

  it('is said: the source by its name, its problem to who sees all', async () => {
    const { sources, ...made } = gone()
    made.break()
    const resident = await open({ sources })
    await pass(75_000)
    const of = async (role: 'admin' | 'user') => ({ summary: (await ask(resident, 'summary', {}, role)).data, advice: (await ask(resident, 'recommendations', {}, role)).data })
    const [admin, user] = [await of('admin'), await of('user')]
    expect(admin.summary).toMatchObject({ status: 'good', score: 80, issues: [{ id: 'source:prometheus', severity: 'medium' }, { id: 'source:redis' }], recommendations: [expect.stringMatching(/source prometheus fails.*10\.0\.0\.9 refused.*start it/), expect.anything()] })
    expect(admin.advice).toMatchObject({ overallScore: 80, recommendations: [{ category: 'api', actions: ['start it'] }, { category: 'caching' }] })
    expect([user.summary.score, user.advice.overallScore, user.summary.recommendations.length]).toEqual([80, 80, 2])
    expect(JSON.stringify(user)).not.toMatch(/10\.0\.0\.9|start it/)
  })
})

describe('alerts', () => {
  it('that are held tell the worst value and from where on they are over', async () => {
    const lane = madeUpLane()
    const resident = await open({ lane })
    for (const usage of [0.99, 0.9]) {
      lane.values = { ...lane.values, 'cpu.usage': usage }
      await pass(30_000)
    }
    const { alerts } = await ask(resident, 'summary')
    expect(alerts).toMatchObject([{ metric: 'cpu.usage', value: 90, peak: 99 }])
    expect(alerts[0]).toMatchObject({ overAt: Number((Number(alerts[0]?.threshold) * 0.9).toFixed(2)) })
  })

  it('begin after ten seconds and end well below, by the thresholds that were set, which outlive a restart', async () => {
    const kept = new Map<string, string>()
    const files = { ...world.files, read: async (path: string) => kept.get(path) ?? '', exists: async (path: string) => kept.has(path), write: async (path: string, text: string) => void kept.set(path, text) }
    const lane = madeUpLane()
    const first = await open({ lane, statePath: '/state', world: { ...world, files } })
    await ask(first, 'setAlerts', { body: { thresholds: { cpuUsage: { warning: 50, critical: 70 } } } })
    await first.close()

    const resident = await open({ lane, statePath: '/state', world: { ...world, files } })
    expect((await ask(resident, 'alerts')).data.thresholds.cpuUsage).toEqual({ warning: 50, critical: 70, unit: 'percentage' })
    const events: LiveEvent[] = []
    resident.onAlert((event) => events.push(event), { role: 'user' })
    await pass(5_000)
    lane.values = { ...lane.values, 'cpu.usage': 0.6 }
    await pass(30_000)
    lane.values = { ...lane.values, 'cpu.usage': 0.1 }
    await pass(30_000)
    expect(events.map((event) => liveEvent.parse(event))).toMatchObject([
      { type: 'alert', level: 'warning', state: 'began', message: 'CPU > 50%', metric: 'cpu.usage', value: 60, threshold: 50 },
      { type: 'alert', level: 'info', state: 'ended', metric: 'cpu.usage' },
    ])
  })

  it('that cannot be kept are refused, without the path, and stay as they were', async () => {
    const disk = new UserError({ code: 'CANNOT_WRITE', kind: 'input', message: '/secret/state cannot be written: the disk is full' })
    const lines: string[] = []
    const full = { ...world.files, write: () => Promise.reject(disk) }
    const resident = await open({ statePath: '/secret/state', world: { ...world, files: full, log: (_level, message) => void lines.push(message) } })
    const error = await ask(resident, 'setAlerts', { body: { enabled: false } }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', statusCode: 503, message: 'settings cannot be kept: the disk is full; nothing was changed' })
    expect((await ask(resident, 'alerts')).data.enabled).toBe(true)
    expect(lines.join()).toContain('/secret/state')
  })

  it('that could not be kept are a reason not to begin', async () => {
    const missing = testHost([], { cwd: tmpdir() }).files
    await expect(madeUpResident({ statePath: '/no-such-folder/state.json', world: { ...world, files: missing } })).rejects.toMatchObject({ code: 'CANNOT_WRITE', kind: 'input', message: expect.stringMatching(/^\/no-such-folder\/state.json, .*its folder does not exist$/), hint: expect.stringContaining('serve.state') })
  })

  it('take no levels that make no sense, and keep whom to tell without telling anybody', async () => {
    const resident = await open()
    await pass(1_000)
    const change = (body: unknown) => ask(resident, 'setAlerts', { body })
    await expect(change({ thresholds: { cpuUsage: { warning: 96 } } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('thresholds.cpuUsage.critical') })
    await expect(change({ thresholds: { cacheHitRate: { critical: 0.9 } } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    await expect(change({ thresholds: { errorRate: { critical: 10 } } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    await expect(change({ notifications: { webhook: 'file:///etc/passwd' } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('notifications.webhook') })
    await expect(change({ notifications: { email: ['nobody'] } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(await change({ notifications: { email: ['ops@example.org'] } })).toMatchObject({ data: { notifications: { email: ['ops@example.org'], webhook: null } }, meta: { note: expect.stringContaining('sends none') } })
    const quiet = await change({ enabled: false, notifications: { email: [] } })
    expect(quiet.data.enabled).toBe(false)
    expect(quiet.meta).toBeUndefined()
  })
})

describe('a user without rights', () => {
  it('learns nothing of disks from alerts that begin and end, and an administrator does', async () => {
    const lane = madeUpLane()
    const resident = await open({ lane })
    const told: Record<'admin' | 'user', LiveEvent[]> = { admin: [], user: [] }
    for (const role of ['admin', 'user'] as const) resident.onAlert((event) => told[role].push(event), { role })
    await pass(1_000)
    lane.values = { ...lane.values, 'swap.in.rate': 50e6 }
    await pass(60_000)
    lane.values = { ...lane.values, 'swap.in.rate': 0, 'cpu.usage': 0.99 }
    await pass(60_000)
    expect(told.admin.some((event) => event.type === 'alert' && event.metric === 'swap.in.rate')).toBe(true)
    expect(told.user.map((event) => event.type === 'alert' && event.metric)).toEqual(['cpu.usage'])
  })

  const SECRET = /hidden/
  const HIDDEN_FACTS: SystemFacts = { ...facts, host: 'hidden-host', cpuModel: 'hidden processor', kernel: 'hidden kernel', os: 'hidden os', container: 'hidden container' }

  it('is told no names of what this machine has and does, by any answer', async () => {
    const lane = madeUpLane()
    const failing = madeUpSource({ id: 'postgres', kind: 'database', priority: 'high' }, () => Promise.reject(new Error('hidden-db:5432 refused')))
    const busy = madeUpSource({ id: 'prometheus', kind: 'api', priority: 'high' }, () => ({
      samples: new Map(), endpoints: [{ method: 'GET', path: '/hidden/route', count: 1e6, avgMs: 9_000, errors: 0.9 }], queries: [{ query: 'SELECT hidden', count: 1e6, avgMs: 9_000 }],
    }))
    lane.values = { ...lane.values, 'cpu.usage': 0.85, 'memory.usage': 0.96, 'filesystem.usage': { '/hidden': 0.99 }, 'filesystem.size': { '/hidden': 1e9 }, 'filesystem.used': { '/hidden': 9.9e8 }, 'filesystem.available': { '/hidden': 1e7 }, 'network.receive.rate': { hidden0: 1e9 } }
    const resident = await open({ lane, facts: HIDDEN_FACTS, sources: [failing, busy], settings: settingsOf(undefined, { ENABLE_ADAPTIVE_INTERVALS: 'false' }) })
    const events: LiveEvent[] = []
    resident.onAlert((event) => events.push(event), { role: 'user' })
    await pass(120_000)
    const told: Record<string, unknown> = { events, live: await resident.live({ metrics: undefined, interval: 1, samples: true }, { role: 'user' }), readiness: resident.readiness() }
    for (const endpoint of ['metrics', 'health', 'recommendations', 'summary', 'report', 'sources', 'insights', 'advice'] as const) told[endpoint] = await ask(resident, endpoint, endpoint === 'metrics' ? { query: { samples: 'true' } } : {}, 'user')
    for (const [name, answer] of Object.entries(told)) expect([name, JSON.stringify(answer)]).toEqual([name, expect.not.stringMatching(SECRET)])
    expect(JSON.stringify(await ask(resident, 'sources'))).toMatch(SECRET)
    expect(JSON.stringify(await ask(resident, 'insights'))).toMatch(SECRET)
  })
})

describe('live events', () => {
  it('are one object for all who want the same', async () => {
    const lane = madeUpLane()
    const resident = await open({ lane })
    await pass(4_000)
    const question = { metrics: ['cpu' as const], interval: 1, samples: false }
    const looks = lane.looks
    const events = await Promise.all(Array.from({ length: 100 }, () => resident.live(question, { role: 'user' })))
    expect(new Set(events).size).toBe(1)
    expect(lane.looks).toBe(looks + 1)
    expect(liveEvent.parse(events[0])).toEqual({ type: 'metrics', timestamp: expect.any(String), cpu: { usage: 20 } })
  })
})

describe('closing', () => {
  it('gives the sinks what was not flushed yet', async () => {
    const values: unknown[] = []
    const resident = await open({ sinks: [{ name: 'kept', keeps: (metric) => metric === 'load.1', write: async (batch) => void values.push(...batch.values.map(({ metric, last }) => [metric, last])) }] })
    await pass(1_000)
    expect(values).toEqual([])
    await resident.close()
    expect(values).toEqual([['load.1', 0.5], ['load.1', 0.5]])
  })

  it('is not needed where the state file cannot be used: that is said at once', async () => {
    const files = { read: async () => '{"alerts": {"thresholds": {"cpuUsage": {"warning": 99, "critical": 1}}}}', exists: async () => true, write: async () => undefined, expectWritable: async () => undefined }
    await expect(madeUpResident({ statePath: '/state.json', world: { ...world, files } })).rejects.toMatchObject({ code: 'INVALID_STATE', message: expect.stringContaining('/state.json') })
    await expect(madeUpResident({ statePath: '/state.json', world: { ...world, files: { ...files, read: async () => '{' } } })).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('closes every source once, and answers nothing any more', async () => {
    const lane = madeUpLane()
    const hangs = madeUpSource({ id: 'hangs' }, () => new Promise(() => undefined))
    const resident = await open({ lane, sources: [hangs] })
    await pass(1_000)
    await resident.close()
    await resident.close()
    expect([lane.closed, hangs.closed]).toEqual([1, 1])
    await expect(ask(resident, 'metrics')).rejects.toMatchObject({ statusCode: 503 })
    expect(vi.getTimerCount()).toBe(0)
  })
})
