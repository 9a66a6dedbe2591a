import { writeFile } from 'node:fs/promises'
import { mkdtempSync, rmSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { main } from '../../src/main.ts'
import { ANSWERS } from '../contract/documented.ts'
import { envelope, failing, send } from '../contract/stand-in.ts'
import { testHost } from '../host.ts'
import { runAt, standIn } from './remote.ts'

const local = async (argv: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const host = testHost(argv)
  return { code: await main(host), out: host.out(), err: host.err() }
}

describe('history', () => {
  it('draws what the instance kept, in the documented shape, and says that it outlives no restart', async () => {
    const server = await standIn()
    const human = await runAt(server, ['history', '--metric', 'cpu.usage', '--period', '1h'])
    expect(human.code, human.err).toBe(0)
    expect(human.out).toMatch(/history of processors[^]*35%[^]*keeps nothing beyond a restart/)
    expect(server.arrived.at(-1)).toMatchObject({ endpoint: 'history', query: { period: '1h', metric: 'cpu', granularity: '5m' } })
    const { json } = await runAt(server, ['history', '--metric', 'cpu', '--format', 'json'])
    expect(json.data).toEqual(ANSWERS.history)
    expect(json.meta).toMatchObject({ recorded: false })
  })

  it('that has no value is unknown, not well', async () => {
    const server = await standIn({ replies: { history: (response) => send(response, envelope('history', { ...ANSWERS.history, dataPoints: [], summary: { average: null, min: null, max: null, p95: null, p99: null } })) } })
    expect(await runAt(server, ['history', '--format', 'json'])).toMatchObject({ code: 2, json: { verdict: 'unknown', findings: [{ id: 'no-history' }] } })
  })

  it('is of an instance, and knows the names of figures', async () => {
    expect(await local(['history'])).toMatchObject({ code: 64, err: expect.stringMatching(/nothing is recorded on this machine yet[^]*--url/) })
    expect(await local(['history', '--metric', 'cpuu'])).toMatchObject({ code: 64, err: expect.stringContaining('did you mean "cpu"') })
  })

  it('that an instance does not offer is said plainly', async () => {
    const server = await standIn({ replies: { history: (response) => send(response, { error: 'Endpoint not found' }, 404) } })
    expect(await runAt(server, ['history'])).toMatchObject({ code: 65, err: expect.stringContaining('this instance does not offer history') })
  })
})

describe('recommend', () => {
  it('shows what an instance recommends, with what to do and goals', async () => {
    const { code, out, err } = await runAt(await standIn(), ['recommend'])
    expect(code, err).toBe(0)
    for (const text of ['optimize slow queries', 'add an index', '82.5 of 100', 'API response time', '30% faster']) expect(out).toContain(text)
  })

  it('warns of what is critical, and of nothing else', async () => {
    const [first] = (ANSWERS.recommendations as { recommendations: object[] }).recommendations
    const server = await standIn({ replies: { recommendations: (response) => send(response, envelope('recommendations', { ...ANSWERS.recommendations, recommendations: [first, { ...first, priority: 'critical', title: 'the disk is full' }] })) } })
    expect(await runAt(server, ['recommend', '--format', 'json'])).toMatchObject({ code: 0, json: { verdict: 'warn', findings: [{ title: 'the disk is full', hint: 'add an index' }] } })
    expect((await runAt(server, ['recommend', '--strict'])).code).toBe(1)
  })

  it('looks at this machine without an instance', async () => {
    const { code, out, err } = await local(['recommend', '--for', '300ms', '--format', 'json'])
    expect([0, 2], err).toContain(code)
    expect(JSON.parse(out)).toMatchObject({ data: { analysisDate: expect.any(String), overallScore: expect.any(Number), recommendations: expect.any(Array), performanceGoals: { apiResponseTime: { current: null, target: 100 } } } })
  })
})

describe('alerts', () => {
  it('shows levels and who is told, and no secret of a webhook', async () => {
    const { code, out } = await runAt(await standIn(), ['alerts'])
    expect(code).toBe(0)
    for (const text of ['500 ms', '80%', 'ops@example.com', 'https://hooks.example.com/***']) expect(out).toContain(text)
    expect(out).not.toContain('hunter2')
    expect((await runAt(await standIn(), ['alerts', '--format', 'json'])).out).not.toContain('hunter2')
  })

  it('changes nothing without a yes, and says what it would change', async () => {
    const server = await standIn()
    expect(await runAt(server, ['alerts', '--set', 'cpuUsage.warning=71'])).toMatchObject({ code: 64, err: expect.stringMatching(/cpuUsage.warning from 80% to 71%[^]*--yes/) })
    expect(server.arrived.map(({ endpoint }) => endpoint)).toEqual(['alerts'])
  })

  it('sends what differs, once', async () => {
    const server = await standIn()
    const { code, out, err } = await runAt(server, ['alerts', '--set', 'cpuUsage.warning=71%', '--set', 'cpuUsage.critical=95', '--enable', '--yes'])
    expect(code, err).toBe(0)
    expect(out).toContain('changed: cpuUsage.warning from 80% to 71%')
    expect(server.arrived.filter(({ endpoint }) => endpoint === 'setAlerts')).toMatchObject([{ method: 'PUT', body: { thresholds: { cpuUsage: { warning: 71 } } } }])
  })

  it('fails where the instance takes a change and keeps the old level', async () => {
    expect(await runAt(await standIn(), ['alerts', '--set', 'cpuUsage.warning=60', '--yes', '--format', 'json'])).toMatchObject({ code: 1, json: { findings: [{ id: 'not-set:cpuUsage.warning', verdict: 'fail' }] } })
  })

  it.each(['cpuUsage', 'cpu.warning=3', 'cpuUsage.soon=3', 'cpuUsage.warning=101', 'errorRate.warning=2', 'responseTime.warning=soon', 'cpuUsage.warning=-1', 'cpuUsage.warning='])('does not read "%s"', async (text) => {
    expect((await local(['alerts', '--set', text])).code).toBe(64)
  })

  it('takes shares in percent, and says how to write them', async () => {
    const server = await standIn()
    await runAt(server, ['alerts', '--set', 'errorRate.warning=7%', '--set', 'cpuUsage.warning=72%', '--yes'])
    expect(server.arrived.filter(({ endpoint }) => endpoint === 'setAlerts')).toMatchObject([{ body: { thresholds: { errorRate: { warning: 0.07 }, cpuUsage: { warning: 72 } } } }])
    expect((await local(['alerts', '--set', 'errorRate.warning=5'])).err).toMatch(/errorRate and cacheHitRate are written as shares[^]*errorRate.warning=5% or errorRate.warning=0.05/)
  })

  it('shows the levels of this machine, which cannot be set', async () => {
    expect(await local(['alerts'])).toMatchObject({ code: 0, out: expect.stringContaining('processor') })
    expect(await local(['alerts', '--disable'])).toMatchObject({ code: 64, err: expect.stringContaining('--url') })
  })
})

describe('optimize', () => {
  it('plans without changing anything', async () => {
    const server = await standIn()
    expect(await runAt(server, ['optimize', 'plan'])).toMatchObject({ code: 0, out: expect.stringContaining('optimize slow queries') })
    expect(server.arrived.every(({ method }) => method === 'GET')).toBe(true)
  })

  it('says how to have done what has a name, and of what has none nothing', async () => {
    const [first] = (ANSWERS.recommendations as { recommendations: object[] }).recommendations
    const server = await standIn({ replies: { recommendations: (response) => send(response, envelope('recommendations', { ...ANSWERS.recommendations, recommendations: [first, { ...first, id: 'database.query-caching' }] })) } })
    expect((await runAt(server, ['optimize', 'plan'])).out).toContain('optimize apply database.query-caching')
    expect((await runAt(await standIn(), ['optimize', 'plan'])).out).not.toContain('optimize apply')
  })

  it('never sends anything without a yes, and says what may happen', async () => {
    const server = await standIn()
    expect(await runAt(server, ['optimize', 'apply', 'memory_cleanup'])).toMatchObject({ code: 64, err: expect.stringMatching(/flush their whole cache at once[^]*nothing was sent[^]*--yes/) })
    expect(server.arrived).toEqual([])
  })

  it('sends what is named, with when and how', async () => {
    const server = await standIn()
    const { code, out, err } = await runAt(server, ['optimize', 'apply', 'memory_cleanup', 'cache_strategy', '--at', '2099-01-01T02:00:00Z', '--auto-rollback', '--yes'])
    expect(code, err).toBe(0)
    expect(out).toContain('optimize status opt-1')
    expect(server.arrived).toMatchObject([{ endpoint: 'optimize', body: { optimizations: ['memory_cleanup', 'cache_strategy'], scheduleFor: '2099-01-01T02:00:00.000Z', autoRollback: true } }])
  })

  it('takes an answer without an id for what was done at once', async () => {
    const server = await standIn({ replies: { optimize: (response) => send(response, { success: true, message: 'Cache cleared', results: ['cleared 412 keys'] }) } })
    expect(await runAt(server, ['optimize', 'apply', 'cache', '--yes'])).toMatchObject({ code: 0, out: expect.stringMatching(/completed[^]*told no id[^]*Cache cleared/) })
  })

  it('that fails over there fails here', async () => {
    const server = await standIn({ replies: { optimize: failing('OPTIMIZATION_FAILED', 'the database is locked') } })
    expect(await runAt(server, ['optimize', 'apply', 'x', '--yes', '--format', 'json'])).toMatchObject({ code: 1, json: { verdict: 'fail', findings: [{ title: expect.stringContaining('the database is locked') }] } })
  })

  it('tells how one went, and that none can be rolled back', async () => {
    const server = await standIn()
    expect(await runAt(server, ['optimize', 'status', 'opt-1'])).toMatchObject({ code: 0, out: expect.stringContaining('collected garbage') })
    expect(await runAt(server, ['optimize', 'status', 'nobody'])).toMatchObject({ code: 65, err: expect.stringContaining('NOT_FOUND') })
    expect(await runAt(server, ['optimize', 'rollback', 'opt-1'])).toMatchObject({ code: 65, err: expect.stringContaining('no way to roll') })
  })

  it('is for instances', async () => {
    expect(await local(['optimize', 'plan'])).toMatchObject({ code: 64, err: expect.stringContaining('instances only') })
    expect(await local(['optimize', 'aply'])).toMatchObject({ code: 64, err: expect.stringContaining('did you mean apply') })
  })
})

describe('summary of an instance', () => {
  it('is its own, and without one of its own it is looked at', async () => {
    const server = await standIn()
    expect(await runAt(server, ['summary', '--format', 'json'])).toMatchObject({ code: 0, json: { data: ANSWERS.summary } })
    expect(server.arrived.map(({ endpoint }) => endpoint)).toEqual(['summary'])
  })
})

describe('load --remote', () => {
  const PLAN = { testName: 'peak', scenarios: [{ name: 'home', target: '/', parameters: { q: 'x' } }], load: { phases: [{ duration: 1, arrivalRate: 10, name: 'warm-up' }] }, thresholds: { http_req_duration: 'p(95)<500', http_req_failed: 'rate<0.1' } }
  async function planFile(plan: object = PLAN): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'remote-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    await writeFile(join(folder, 'plan.json'), JSON.stringify(plan))
    return join(folder, 'plan.json')
  }

  it('has the instance run it, follows its stream, judges and keeps what it found', async () => {
    const file = await planFile()
    const server = await standIn({ streams: { '/stream': (response) => void response.end(['progress', 'end'].map((type) => `data: ${JSON.stringify({ type, testId: 'loadtest-1', timestamp: new Date().toISOString(), status: type === 'end' ? 'completed' : 'running', progress: { phase: 1, phaseName: 'warm-up', elapsed: 1, remaining: 0, completedRequests: 10, requestRate: 10, errorRate: 0 } })}\n\n`).join('')) } })
    const { code, json, err } = await runAt(server, ['load', file, '--remote', '--target', 'http://127.0.0.1:4000', '--save', `${file}.out`, '--format', 'json'])
    expect(code, err).toBe(0)
    expect(server.arrived.map(({ endpoint }) => endpoint)).toEqual(['loadTest', 'loadTestResults'])
    expect(server.arrived[0]?.body).toEqual({ testName: 'peak', targetUrl: 'http://127.0.0.1:4000', scenarios: [{ name: 'home', target: '/', method: 'GET', parameters: { q: 'x' }, weight: 1 }], load: PLAN.load, thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.1'] } })
    expect(json.findings).toMatchObject([{ verdict: 'ok', observed: 45 }, { verdict: 'ok', observed: 0.05 }])
    expect(JSON.parse(readFileSync(`${file}.out`, 'utf8'))).toEqual(ANSWERS.loadTestResults)
  })

  it('fails by thresholds, asks where there is no stream, and leaves the target to the instance', async () => {
    const server = await standIn({ replies: { loadTestResults: (response, _arrived, nth) => send(response, envelope('loadTestResults', nth === 1 ? { testId: 'loadtest-1', testName: 'peak', status: 'running', duration: null, startedAt: '2026-11-21T12:00:00.000Z', completedAt: null } : ANSWERS.loadTestResults)) } })
    const { code, json } = await runAt(server, ['load', await planFile({ ...PLAN, thresholds: { http_req_duration: 'p(95)<40' } }), '--remote', '--format', 'json'])
    expect(code).toBe(1)
    expect(json.findings).toMatchObject([{ verdict: 'fail', observed: 45, limit: 40 }, { id: 'failed-requests', verdict: 'warn' }])
    expect(server.arrived[0]?.body).not.toHaveProperty('targetUrl')
  }, 10_000)

  it('is ended over there by Ctrl-C, and what it found is kept', async () => {
    const file = await planFile()
    let hasBegun = (): void => undefined
    const begun = new Promise<void>((done) => (hasBegun = done))
    const server = await standIn({
      streams: { '/stream': () => hasBegun() },
      replies: { loadTestResults: (response) => send(response, envelope('loadTestResults', { ...ANSWERS.loadTestResults, status: 'aborted', reason: 'stopped' })) },
    })
    const host = testHost(['load', file, '--remote', '--format', 'json', '--url', server.url], { env: { MEDIANEST_TOKEN: 'the-token-of-an-admin' } })
    const running = runAt(server, [], { host })
    await begun
    host.interrupt()
    expect(await running).toMatchObject({ code: 130, json: { data: { status: 'aborted', summary: { totalRequests: 20 } } } })
    expect(server.arrived.map(({ endpoint }) => endpoint)).toEqual(['loadTest', 'stopLoadTest', 'loadTestResults'])
  })

  it.each<[string, object]>([
    ['an exact number of arrivals', { ...PLAN, load: { phases: [{ duration: 1, arrivalCount: 5 }] } }],
    ['the template {{ user }}', { ...PLAN, scenarios: [{ name: 'a', target: '/{{ user }}' }], variables: { user: ['a'] } }],
    ['a flow of several steps', { config: { target: 'http://127.0.0.1:1', phases: [{ duration: 1, arrivalRate: 1 }] }, scenarios: [{ flow: [{ get: { url: '/' } }, { think: 1 }] }] }],
    ['captured values', { config: { target: 'http://127.0.0.1:1', phases: [{ duration: 1, arrivalRate: 1 }] }, scenarios: [{ flow: [{ get: { url: '/', capture: { json: '$.id', as: 'id' } } }] }] }],
    ['users who wait for their answers', { target: 'http://127.0.0.1:1', scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', exec: 'f' } }, flows: { f: [{ get: { url: '/' } }] } }],
  ])('says that an instance has no words for %s', async (what, plan) => {
    const server = await standIn()
    expect(await runAt(server, ['load', await planFile(plan), '--remote'])).toMatchObject({ code: 65, err: expect.stringContaining(what) })
    expect(server.arrived).toEqual([])
  })
})
