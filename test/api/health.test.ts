import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fetchHealth } from '../../src/api/health.ts'
import { readHealth } from '../../src/api/translate/health.ts'
import type { CheckResult, InstanceHealth } from '../../src/model/health.ts'
import { VERDICTS } from '../../src/model/verdict.ts'
import { type Answer, drip, guarded, hang, json, page, startInstance } from './instance.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString()
const seen = JSON.parse(readFileSync(new URL('../fixtures/instances/running.json', import.meta.url), 'utf8')) as readonly { readonly request: string; readonly body: unknown }[]
const options = (url: string, more: object = {}): Parameters<typeof fetchHealth>[0] => ({ url, token: null, timeoutMs: 300, now: () => performance.now(), wallTime: () => NOW, ...more })
const ask = async (answer: Answer, query: Partial<Parameters<typeof fetchHealth>[1]> = {}, more: object = {}): Promise<InstanceHealth> => fetchHealth(options((await startInstance({ health: answer })).url, more), { detailed: true, ...query })
const read = (body: unknown, components?: readonly string[]): InstanceHealth => readHealth(body, 'http://nas/health', { wallTime: NOW, responseTimeMs: 5, components, hide: (text) => text })
const named = ({ results }: InstanceHealth, name: string): CheckResult | undefined => results.find((result) => result.name === name)

describe('the documented health', () => {
  const body = {
    success: true,
    data: {
      overall: { status: 'healthy', score: 95.2, lastCheck: ago(1), uptime: '15d 7h 23m 45s' },
      components: {
        database: { status: 'healthy', responseTime: 12.3, details: { connectionPool: 'healthy', lastBackup: ago(360) } },
        filesystem: { status: 'warning', details: { root: { total: '500GB', usage: '91%', status: 'warning' }, downloads: { usage: '40%', status: 'healthy' } } },
        network: { status: 'healthy', details: { interfaces: { eth0: 'up', wlan0: 'down' } } },
      },
      dependencies: { external: { tmdb: { status: 'critical', responseTime: 234.5, lastCheck: ago(2) } } },
    },
    alerts: [{ level: 'warning', component: 'filesystem', message: 'Root filesystem usage is above 90%', recommendation: 'Clean up log files', timestamp: ago(1) }],
  }

  it('is read with its components, and alerts give them reason and advice', () => {
    const health = read(body)
    expect(health).toMatchObject({ verdict: 'warn', status: 'healthy', score: 95.2, uptimeMs: ((15 * 24 + 7) * 60 + 23) * 60_000 + 45_000, checkedAt: NOW - 60_000, issues: [], responseTimeMs: 5 })
    expect(named(health, 'database')).toMatchObject({ type: 'instance', verdict: 'ok', isExternal: false, durationMs: 12.3, outcome: { message: 'healthy, answered in 12.3 ms', details: { status: 'healthy', connectionPool: 'healthy' }, measures: [{ name: 'response time', value: 12.3, unit: 'ms' }] } })
    expect(named(health, 'filesystem')).toMatchObject({ verdict: 'warn', outcome: { message: 'Root filesystem usage is above 90%', recommendation: 'Clean up log files', details: { root: { usage: '91%' } } } })
    expect(named(health, 'network')).toMatchObject({ verdict: 'ok' })
  })

  it('has external dependencies, which are a warning at worst', () => {
    expect(named(read(body), 'tmdb')).toMatchObject({ isExternal: true, isOptional: true, verdict: 'warn', outcome: { verdict: 'fail' }, checkedAt: new Date(NOW - 120_000) })
  })

  it('gives the reason that is in the details where no alert tells one', () => {
    expect(named(read({ ...body, alerts: [] }), 'filesystem')?.outcome.message).toBe('root warning (91% used)')
  })

  it('weighs at least what its own word says, and what an alert about nothing else says', () => {
    expect(read({ data: { overall: { status: 'critical' }, components: { database: { status: 'healthy' } } } }).verdict).toBe('fail')
    expect(read({ data: { overall: { status: 'healthy' } }, alerts: [{ level: 'critical', message: 'Out of licences' }] })).toMatchObject({ verdict: 'fail', issues: ['Out of licences'] })
    expect(read({ data: { overall: { status: 'healthy' } }, alerts: [{ level: 'constructor', message: 'Out of licences' }] })).toMatchObject({ verdict: 'warn' })
    expect(read({ data: { overall: { status: 'healthy' } }, alerts: [{ level: 'critical', message: 'Out of licences', resolved: true }, { level: 'info', message: 'hello' }] })).toMatchObject({ verdict: 'ok', issues: [] })
  })

  it('is no comfort when it is old', () => {
    const old = read({ data: { overall: { status: 'healthy', lastCheck: ago(180) }, components: { redis: { status: 'healthy', lastCheck: ago(16) }, plex: { status: 'healthy', lastCheck: ago(14) } } } })
    expect(old).toMatchObject({ verdict: 'warn', issues: ['as a whole last looked at 3h ago'] })
    expect(named(old, 'redis')).toMatchObject({ verdict: 'warn', outcome: { message: 'healthy; last looked at 16m ago' } })
    expect(named(old, 'plex')).toMatchObject({ verdict: 'ok' })
  })

  it('is judged by the components that were asked for, and one it does not know is unknown', () => {
    expect(read(body, ['database'])).toMatchObject({ verdict: 'ok', results: [{ name: 'database' }] })
    expect(read(body, ['Database', 'nothing'])).toMatchObject({ verdict: 'unknown', results: [{ name: 'database' }, { name: 'nothing', outcome: { message: 'the instance says nothing of it' } }] })
  })
})

describe('the bare health', () => {
  it('is data also with HTTP 503, and its figures are components', async () => {
    const health = await ask(json(seen.find(({ request }) => request.endsWith('/health'))?.body, 503), {}, { wallTime: () => Date.parse('2026-11-21T01:55:00Z') })
    expect(health).toMatchObject({ verdict: 'fail', status: 'critical', score: 51, uptimeMs: expect.closeTo(7_051, 0), issues: [], recommendations: ['Monitor system performance closely', 'Consider scaling resources if issues persist', 'Review application logs for errors'] })
    expect(health.results.map(({ name, verdict, outcome }) => [name, verdict, outcome.message])).toEqual([
      ['responseTime', 'ok', 'response time 18 ms (its threshold is 1 s)'],
      ['errorRate', 'fail', 'High error rate: 29.41% (its threshold is 5%; it wrote 29.41 beside a threshold of 0.05)'],
      ['memory', 'ok', 'memory 46.5% (its threshold is 80%)'],
    ])
  })

  it.each([
    ['two fractions', { current: 0.1, threshold: 0.05 }, 0.1, 0.05],
    ['a percentage beside a fraction', { current: 29.41, threshold: 0.05, score: 0 }, 0.2941, 0.05],
    ['two percentages', { current: 0.9, threshold: 5 }, 0.009, 0.05],
    ['either, with a score that says it is well', { current: 0.9, threshold: 0.05, score: 98 }, 0.009, 0.05],
    ['either, with a score that says it is not', { current: 0.9, threshold: 0.05, score: 3 }, 0.9, 0.05],
    ['texts with units', { current: '12.5%', threshold: '5%' }, 0.125, 0.05],
  ])('reads shares of %s', (_what, errorRate, value, limit) => {
    const [measure] = named(read({ status: 'warning', metrics: { errorRate } }), 'errorRate')?.outcome.measures ?? []
    expect(measure?.value).toBeCloseTo(value, 6)
    expect(measure?.critical?.to).toBeCloseTo(limit, 6)
  })

  it('reads times and sizes with units, leaves out what is null, and does not know what it cannot read', () => {
    const health = read({ status: 'warning', uptime: '16s', metrics: { responseTime: { current: '1.5s', threshold: '1000ms' }, memory: { current: '57MB', threshold: '128MB' }, errorRate: { current: null, threshold: 0.05 }, cacheHitRate: { current: 0.2, threshold: 0.5 }, cpuUsage: { current: 'lots', threshold: 0.8 } } })
    expect(health.uptimeMs).toBe(16_000)
    expect(health.results.map(({ name, verdict, outcome }) => [name, verdict, outcome.message])).toEqual([
      ['responseTime', 'warn', 'response time 1.5 s (its threshold is 1 s)'],
      ['memory', 'ok', 'memory 59.8 MB (its threshold is 134 MB)'],
      ['cacheHitRate', 'warn', 'cache hit rate 20% (its threshold is 50%)'],
      ['cpuUsage', 'unknown', 'cpu usage cannot be told from "lots" (its threshold is 80%)'],
    ])
  })

  it('says what is wrong beyond its figures', () => {
    expect(read({ status: 'critical', issues: ['Disk is read-only', 5, null], metrics: {} })).toMatchObject({ verdict: 'fail', issues: ['Disk is read-only'], score: null, uptimeMs: null, checkedAt: null })
  })
})

describe('words for health', () => {
  it.each([
    ['healthy', 'ok'], ['OK', 'ok'], ['UP', 'ok'], ['pass', 'ok'], ['good', 'ok'], ['optimal', 'ok'], ['warning', 'warn'], ['degraded', 'warn'], ['fair', 'warn'], ['warn', 'warn'],
    ['critical', 'fail'], ['unhealthy', 'fail'], ['DOWN', 'fail'], ['OUT_OF_SERVICE', 'fail'], ['poor', 'fail'], ['fail', 'fail'], ['error', 'fail'],
    ['UNKNOWN', 'unknown'], ['shiny', 'unknown'], ['', 'unknown'], ['not ok', 'unknown'], ['disabled', 'unknown'], [true, 'ok'], [false, 'fail'],
  ])('understands %j as %s', (status, verdict) => {
    expect(read({ status, healthScore: 50 }).verdict).toBe(verdict)
  })

  it('are no comfort where there is none', () => {
    expect(read({ healthScore: 99 })).toMatchObject({ verdict: 'unknown', status: '' })
    expect(read({ status: 'healthy', components: { db: { latency: 3 }, cache: null } })).toMatchObject({ verdict: 'unknown', results: [{ verdict: 'unknown' }, { verdict: 'unknown' }] })
  })
})

describe('other dialects', () => {
  it('reads a health checker with status and duration of each check', () => {
    const health = read({ status: 'unhealthy', timestamp: ago(0), uptime: 3_600, checks: { database: { status: 'unhealthy', error: 'Health check timeout', duration: 5_000 }, redis: { status: 'healthy', duration: 1.2 }, plex: { status: 'degraded', duration: 40 } } })
    expect(health).toMatchObject({ verdict: 'fail', uptimeMs: 3_600_000 })
    expect(health.results.map(({ name, verdict, outcome }) => [name, verdict, outcome.message, outcome.responseTimeMs])).toEqual([['database', 'fail', 'Health check timeout', 5_000], ['redis', 'ok', 'healthy, answered in 1.2 ms', 1.2], ['plex', 'warn', 'degraded', 40]])
  })

  it('reads Spring, and leaves out what is switched off', () => {
    const health = read({ status: 'DOWN', components: { db: { status: 'DOWN', details: { error: 'connection refused' } }, diskSpace: { status: 'UP', details: { total: 5, free: 2 } }, ldap: { status: 'DISABLED' } } })
    expect(health.results.map(({ name, verdict, outcome }) => [name, verdict, outcome.message])).toEqual([['db', 'fail', 'connection refused'], ['diskSpace', 'ok', 'UP']])
  })

  it('reads the health draft, where a check has a list', () => {
    const health = read({ status: 'warn', version: '1', checks: { 'cassandra:responseTimes': [{ componentId: 'a', status: 'pass', observedValue: 250 }, { componentId: 'b', status: 'warn', output: 'slow' }], uptime: [{ status: 'pass' }] } })
    expect(health.results.map(({ name, verdict }) => [name, verdict])).toEqual([['cassandra:responseTimes a', 'ok'], ['cassandra:responseTimes b', 'warn'], ['uptime', 'ok']])
  })

  it('reads Terminus, whose failures stand under "error"', async () => {
    const health = await ask(json({ status: 'error', info: {}, error: { db: { status: 'down', message: 'no connection' } }, details: { db: { status: 'down', message: 'no connection' } } }, 503))
    expect(health).toMatchObject({ verdict: 'fail', results: [{ name: 'db', outcome: { message: 'no connection' } }] })
  })

  it('reads services by their words alone, and lists', () => {
    expect(read({ services: { database: 'connected', redis: 'disconnected' } })).toMatchObject({ verdict: 'fail', status: '', results: [{ verdict: 'ok' }, { verdict: 'fail', outcome: { message: 'disconnected' } }] })
    expect(read({ services: [{ name: 'database', healthy: true }] })).toMatchObject({ verdict: 'ok', results: [{ name: 'database', outcome: { message: 'healthy' } }] })
  })

  it('takes a page of health that is named itself', async () => {
    const instance = await startInstance({ '/actuator/health': json({ status: 'UP' }) })
    await expect(fetchHealth(options(`${instance.url}/actuator/health`), { detailed: true })).resolves.toMatchObject({ verdict: 'ok', status: 'UP' })
    const other = await startInstance({ health: json({ status: 'healthy' }) })
    await expect(fetchHealth(options(`${other.url}/api/v1/performance/health`), { detailed: true })).resolves.toMatchObject({ verdict: 'ok' })
  })
})

describe('what is asked', () => {
  it('names details, time and a component as documented; several are chosen here', async () => {
    const instance = await startInstance({ health: json({ status: 'healthy', components: { a: { status: 'up' }, b: { status: 'up' }, c: { status: 'down' } } }) })
    await fetchHealth(options(instance.url, { token: 'secret-token' }), { detailed: true, components: ['a'], timeoutSeconds: 7.9 })
    const { verdict, results } = await fetchHealth(options(instance.url), { detailed: false, components: ['a', 'b'] })
    expect(instance.requests.map(({ url }) => url.search)).toEqual(['?detailed=true&timeout=7&components=a', '?detailed=false'])
    expect(instance.requests[0]?.headers.authorization).toBe('Bearer secret-token')
    expect([verdict, results.map(({ name }) => name)]).toEqual(['ok', ['a', 'b']])
  })
})

describe('an answer that is no health', () => {
  it.each<[string, Answer, string, string]>([
    ['another JSON', json({ hello: 1 }), 'NOT_HEALTH', 'answered, but not with a health (it has hello)'],
    ['an envelope around something else', json({ status: 'success', data: { users: [] } }), 'NOT_HEALTH', 'not with a health'],
    ['a list', json([{ status: 'ok' }]), 'NOT_HEALTH', 'not with a health'],
    ['a missing endpoint', json({ success: false, error: { code: 'NOT_FOUND' } }, 404), 'NOT_OFFERED', 'this instance does not offer health (404 from'],
    ['a page', page('<!doctype html><title>Sign in</title>'), 'NOT_JSON', 'a web page ("Sign in")'],
    ['half a JSON', page('{"success": true, "da', 'application/json'), 'NOT_JSON', 'breaks off'],
    ['a flood', (response) => void response.writeHead(200).end(' '.repeat(8_500_000)), 'TOO_LARGE', 'more than 8 MB'],
    ['silence', hang, 'NO_ANSWER', 'within 300 ms'],
    ['a drop at a time', drip, 'NO_ANSWER', 'within 300 ms'],
    ['no token', json({ error: true, message: 'Authentication Required' }, 401), 'UNAUTHORIZED', 'it wants a token'],
    ['a wrong role', json({ error: 'admins only' }, 403), 'FORBIDDEN', 'admins only'],
    ['a failure', json({ status: 'error', message: 'jwt malformed' }, 500), 'SERVER_ERROR', '500: jwt malformed'],
    ['a wish to wait', json({ error: 'Too many API requests' }, 429, { 'retry-after': '59' }), 'RATE_LIMITED', 'asks to wait 59 s'],
  ])('says what came: %s', async (_what, answer, code, message) => {
    const error = await ask(answer).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'UserError', code, message: expect.stringContaining(message), hint: expect.any(String) })
  })

  it('says how the instance may still be seen when it offers no health', async () => {
    const { url } = await startInstance({})
    await expect(fetchHealth(options(url), { detailed: true })).rejects.toMatchObject({ hint: `what it measures may be had with: medianest-perf metrics --url ${url}` })
  })

  it('takes a health with HTTP 500 for what it is', async () => {
    await expect(ask(json({ status: 'unhealthy', checks: { database: { status: 'unhealthy' } } }, 500))).resolves.toMatchObject({ verdict: 'fail' })
  })
})

describe('text of an instance', () => {
  it('gives the terminal no orders, shows no password and not the token, wherever it repeats it', async () => {
    const hostile = 'bad\u001b[2J Bearer secret-token postgres://app:hunter2@db/x'
    const health = await ask(guarded('secret-token', json({
      status: `healthy\u001b[2J`, issues: [hostile], recommendations: [hostile],
      components: { [hostile]: { status: 'down', error: hostile, details: { [hostile]: hostile, password: 'hunter2', __proto__: { polluted: true } } }, plain: { status: hostile } },
      metrics: { errorRate: { current: hostile, threshold: 1 } },
    })), {}, { token: 'secret-token' })
    const all = JSON.stringify(health)
    for (const part of ['\\u001b', 'secret-token', 'hunter2']) expect(all).not.toContain(part)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('is bounded, and what is not well is kept', () => {
    const details = { text: 'x'.repeat(5_000), list: Array.from({ length: 900 }, () => ({ a: { b: { c: { d: { e: { f: 1 } } } } } })) }
    const components = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`c${index}`, { status: index === 4_321 ? 'down' : 'up', details }]))
    const health = read({ status: 'healthy', components })
    expect(health).toMatchObject({ verdict: 'fail', issues: ['5000 components, of which 200 are shown'] })
    expect(health.results[0]?.name).toBe('c4321')
    expect(JSON.stringify(health).length).toBeLessThan(2_000_000)
  })

  it('never breaks the reading, whatever it is', () => {
    fc.assert(fc.property(fc.record({ status: fc.anything(), overall: fc.anything(), components: fc.anything(), checks: fc.jsonValue(), dependencies: fc.jsonValue(), metrics: fc.jsonValue(), issues: fc.jsonValue(), alerts: fc.jsonValue(), uptime: fc.jsonValue() }, { requiredKeys: [] }), (body) => {
      // What JSON cannot say does not come.
      const told: unknown = JSON.parse(JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? null : value)) ?? 'null')
      try {
        expect(VERDICTS).toContain(read(told).verdict)
      } catch (error) {
        expect(error).toMatchObject({ code: 'NOT_HEALTH' })
      }
    }), { numRuns: 300 })
  })
})
