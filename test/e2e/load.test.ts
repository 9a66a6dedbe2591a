import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Distribution } from '../../src/analysis/histogram.ts'
import { startDemo, type Demo } from '../../src/demo/demo.ts'
import { main } from '../../src/main.ts'
import { runSchema, type Run } from '../../src/model/run.ts'
import { worst, type Verdict } from '../../src/model/verdict.ts'
import { testHost } from '../host.ts'

const BIN = join(import.meta.dirname, '../../bin/medianest-perf.js')
const folder = mkdtempSync(join(tmpdir(), 'medianest-load-'))
let demo: Demo
beforeAll(async () => {
  demo = await startDemo({ latencyMs: 5 })
})
afterAll(() => demo.close())

interface Envelope {
  readonly success: boolean
  readonly verdict: string
  readonly data: Run
  readonly findings: readonly { readonly id: string; readonly verdict: Verdict; readonly title: string }[]
  readonly meta: { readonly interrupted?: string }
}

/** The findings but the one that depends on how busy the testing machine is. */
function findingsOf({ findings }: Envelope): Envelope['findings'] {
  return findings.filter(({ id }) => id !== 'generator-bound')
}

function verdictOf(report: Envelope): Verdict {
  return worst(findingsOf(report).map(({ verdict }) => verdict))
}

async function load(...argv: string[]): Promise<{ code: number; out: string; err: string; json: () => Envelope }> {
  const host = testHost(['load', '--quiet', ...argv], { cwd: folder })
  const code = await main(host)
  return { code, out: host.out(), err: host.err(), json: () => JSON.parse(host.out()) as Envelope }
}

function scenario(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text.replaceAll('TARGET', demo.url))
  return file
}

const SHORT = `config: { target: "TARGET", phases: [{ duration: 1, arrivalRate: 20, name: first }, { duration: 1, arrivalRate: 10, name: second }] }
scenarios:
  - name: browse
    flow:
      - get: { url: /api/v1/media/7, expect: { statusCode: 200 } }
      - get: { url: /api/v1/media/999999, name: unknown media }
`

describe('a load test', () => {
  it('leaves the documented result, which the schema knows', async () => {
    const { code, json } = await load(scenario('short.yaml', SHORT), '--format', 'json', '--seed', '7')
    const { data } = json()
    expect(runSchema.safeParse(data).error).toBeUndefined()
    expect({ code, verdict: verdictOf(json()) }).toEqual({ code: 0, verdict: 'warn' })
    expect(findingsOf(json()).map(({ id }) => id)).toEqual(['failed-requests'])
    expect(data.summary).toMatchObject({ totalRequests: 60, successfulRequests: 30, failedRequests: 30, successRate: 50 })
    expect(data.phases.map(({ name, requests, duration }) => ({ name, requests, duration }))).toEqual([{ name: 'first', requests: 40, duration: 1 }, { name: 'second', requests: 20, duration: 1 }])
    expect(data.endpoints.map(({ name, path, requests, successRate }) => ({ name, path, requests, successRate }))).toEqual([
      { name: 'GET /api/v1/media/7', path: '/api/v1/media/7', requests: 30, successRate: 100 },
      { name: 'unknown media', path: '/api/v1/media/999999', requests: 30, successRate: 0 },
    ])
    expect(data.errors).toEqual([expect.objectContaining({ type: '404', count: 30, percentage: 50 })])
    expect(data.statusCodes).toEqual({ 200: 30, 404: 30 })
    expect(data.checks).toEqual([{ name: expect.stringContaining('200'), passes: 30, fails: 0, passRate: 1 }])
    expect(data.arrivals).toMatchObject({ started: 30, completed: 30, dropped: 0 })
    expect(data.seed).toBe(7)
    expect(data.timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(60)
    const times = Distribution.decode(data.histograms.duration)
    expect(times.count).toBe(60)
    expect(times.percentile(95)).toBeCloseTo(data.summary.p95 ?? Number.NaN, 2)
    for (const time of [data.summary.minResponseTime, data.summary.p50]) expect(time).toBeGreaterThanOrEqual(5)
    expect(data.resourceUsage.average.cpu).toBeGreaterThan(0)
  })

  it('gives a plan the same hash whatever its target and thresholds, and another when the load differs', async () => {
    const hash = async (...flags: string[]): Promise<string> => ((await load(scenario('short.yaml', SHORT), '--dry-run', '--format', 'json', ...flags)).json().data as unknown as { planHash: string }).planHash
    expect(await hash('--target', 'http://127.0.0.1:1')).toBe(await hash())
    expect(await hash('--scale', '0.5')).not.toBe(await hash())
  })

  it.each([
    ['holds', { http_req_duration: 'p(95)<5000', http_reqs: 'count>=60' }, 'ok', 0],
    ['is crossed', { http_req_failed: 'rate<0.1' }, 'fail', 1],
    ['has no samples', { db_query_time: 'p(95)<200', http_req_failed: 'rate<0.9' }, 'unknown', 2],
    ['is narrowed by tags', { 'http_req_duration{status:200}': 'p(95)<5000', 'http_req_failed{name:unknown media}': 'rate==1', 'http_reqs{scenario:browse}': 'count==60', 'http_reqs{phase:second}': 'count==20' }, 'ok', 0],
    ['is narrowed to what never was', { 'http_req_duration{status:503}': 'p(95)<5000' }, 'unknown', 2],
  ])('whose threshold %s ends accordingly', async (_name, thresholds, verdict, exitCode) => {
    const text = SHORT.replace('config: {', `config: { thresholds: ${JSON.stringify({ http_req_failed: 'rate<0.9', ...thresholds })},`)
    const { code, json } = await load(scenario('judged.yaml', text), '--format', 'json')
    const report = json()
    expect(report.findings.map(({ id, verdict: each }) => `${id} ${each}`).join('\n')).toContain(verdict)
    expect({ code, verdict: verdictOf(report) }).toEqual({ code: exitCode, verdict })
    expect(report.data.thresholds).toHaveLength(Object.keys({ http_req_failed: '', ...thresholds }).length)
  })

  it('is ended by a threshold that says abortOnFail, and says which', async () => {
    const text = `target: "TARGET"
scenarios: { long: { executor: constant-vus, vus: 2, duration: 30s } }
flows: { default: [{ get: { url: /nowhere } }] }
thresholds: { http_req_failed: [{ threshold: rate<0.5, abortOnFail: true, delayAbortEval: 1500ms }] }
`
    const { code, json } = await load(scenario('abort.yaml', text), '--format', 'json')
    const { data, findings, verdict } = json()
    expect({ code, verdict, status: data.status, partial: data.partial }).toEqual({ code: 1, verdict: 'fail', status: 'aborted', partial: true })
    expect(data.duration).toBeLessThan(10)
    expect(data.duration).toBeGreaterThanOrEqual(1.5)
    expect(findings.find(({ id }) => id === 'aborted')?.title).toContain('http.failed: rate<0.5 was crossed')
  })

  it('fails when arrivals were dropped, unless that is allowed', async () => {
    const text = `config: { target: "TARGET", phases: [{ duration: 1, arrivalRate: 50, maxVusers: 1 }] }
scenarios: [{ flow: [{ get: { url: /api/v1/media/7 } }, { think: 0.3 }] }]
`
    const file = scenario('dropped.yaml', text)
    const strict = await load(file, '--at-cap', 'drop', '--format', 'json')
    const { data } = strict.json()
    expect(strict.code).toBe(1)
    expect(data.arrivals.dropped + data.arrivals.started).toBe(50)
    expect(data.arrivals.dropped).toBeGreaterThan(40)
    expect((await load(file, '--at-cap', 'drop', '--allow-dropped')).code).toBe(0)
  })

  it('runs closed users and k6 executors side by side, each from its start time', async () => {
    const text = `target: "TARGET"
scenarios:
  steady: { executor: constant-vus, vus: 2, duration: 1s, gracefulStop: 1s, exec: detail }
  later: { executor: constant-arrival-rate, rate: 20, timeUnit: 1s, duration: 1s, startTime: 1s, preAllocatedVUs: 5, exec: search, tags: { kind: search } }
  each: { executor: per-vu-iterations, vus: 2, iterations: 3, exec: search }
flows:
  detail: [{ get: { url: /api/v1/media/7 } }]
  search: [{ get: { url: /api/v1/media/search, qs: { q: a } } }]
thresholds:
  'http_reqs{scenario:later}': count==20
  'http_reqs{kind:search}': count==20
  'http_reqs{scenario:each}': count==6
`
    const { code, json } = await load(scenario('k6.yaml', text), '--format', 'json')
    const { data } = json()
    expect(findingsOf(json()).map(({ verdict, title }) => `${verdict} ${title}`)).toEqual([expect.stringContaining('ok '), expect.stringContaining('ok '), expect.stringContaining('ok ')])
    expect(code).toBe(0)
    expect(data.phases.map(({ workload, requests }) => ({ workload, enough: requests > 5 }))).toEqual([{ workload: 'steady', enough: true }, { workload: 'later', enough: true }, { workload: 'each', enough: true }])
  })

  it('logs in, carries the token and what was captured, and feeds metrics', async () => {
    const text = `config:
  target: "TARGET"
  phases: [{ duration: 1, arrivalCount: 5 }]
  metrics: { reported_db_time: trend }
  thresholds: { reported_db_time: avg>=0, db_query_time: p(95)<5000, checks: rate==1 }
scenarios:
  - flow:
      - post:
          url: /api/v1/auth/login
          json: { email: 'a@medianest.test', password: Performance123! }
          capture: [{ json: $.token, as: token }]
      - get:
          url: /api/v1/analytics/media-statistics
          metric: db_query_time
          headers: { Authorization: 'Bearer {{ token }}' }
          capture: [{ json: $.meta.dbTimeMs, as: ms }]
          expect: [{ statusCode: 200 }]
      - metric: { reported_db_time: '{{ ms }}' }
`
    const { code, json, err } = await load(scenario('metrics.yaml', text), '--format', 'json')
    expect(err).toBe('')
    expect(findingsOf(json()).map(({ verdict, title }) => `${verdict} ${title}`).join('\n')).not.toMatch(/^(fail|unknown|warn)/m)
    expect(code).toBe(0)
    expect(Object.keys(json().data.metrics).sort()).toEqual(['db.query.duration', 'reported_db_time'])
  })

  it('takes an address instead of a scenario', async () => {
    const { code, json } = await load(`${demo.url}/api/v1/media/7`, '-c', '3', '-d', '1s', '--format', 'json')
    const { data } = json()
    expect(code).toBe(0)
    expect(data.arrivals.maxUsers).toBe(3)
    expect(data.summary.connections).toBe(3)
    expect(data.summary.totalRequests).toBeGreaterThan(100)
    expect(data.duration).toBeGreaterThan(0.99)
    expect(data.duration).toBeLessThan(1.6)
  })

  it('agrees with autocannon about the same plan', async () => {
    const text = 'target: "TARGET/api/v1/media/7"\nconnections: 4\nduration: 2\n'
    const file = scenario('connections.yaml', text)
    const theirs = (await load(file, '--format', 'json')).json().data
    const ours = (await load(file, '--engine', 'wire', '--format', 'json')).json().data
    expect([theirs.engine, ours.engine]).toEqual(['autocannon', 'wire'])
    for (const { summary } of [theirs, ours]) {
      expect(summary.failedRequests).toBe(0)
      // Four connections to a server that takes 5 ms (6 with the timer's grain): at most 800 a second each way of counting.
      expect(summary.totalRequests).toBeGreaterThan(200)
      expect(summary.totalRequests).toBeLessThan(1_700)
      expect(summary.minResponseTime).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('cannot send through autocannon what autocannon does not know', async () => {
    const { code, err } = await load(scenario('short.yaml', SHORT), '--engine', 'autocannon')
    expect(code).toBe(65)
    expect(err).toContain('autocannon has no arrivals')
  })

  it('writes several results at once, whole files only, and saves the run', async () => {
    const { code, out } = await load(scenario('short.yaml', SHORT), '--output', 'junit=out.xml', '--output', 'out.json', '--output', 'out.ndjson', '--output', 'out.md', '--save', 'run.json')
    expect(code).toBe(0)
    expect(out).toContain('load test "short"')
    expect(readFileSync(join(folder, 'out.xml'), 'utf8')).toContain('<testsuites')
    expect((JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Envelope).success).toBe(true)
    const lines = readFileSync(join(folder, 'out.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { interim?: boolean })
    expect(lines.length).toBeGreaterThanOrEqual(3)
    expect(lines.slice(0, -1).every(({ interim }) => interim === true)).toBe(true)
    expect(lines.at(-1)?.interim).toBeUndefined()
    expect(runSchema.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).summary.totalRequests).toBe(60)
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('says before the run when a result cannot be written', async () => {
    const { code, err } = await load(scenario('short.yaml', SHORT), '--save', 'no/such/folder/run.json')
    expect(code).toBe(65)
    expect(err).toContain('no/such/folder/run.json')
    expect((await load(scenario('short.yaml', SHORT), '--output', 'json=no/such/folder/out.json')).code).toBe(65)
  })
})

/** Starts the built binary, sends it signals at moments after its start, and waits for its end. */
function interrupted(file: string, ...signalsAtMs: readonly (readonly ['SIGINT' | 'SIGTERM', number])[]): Promise<{ code: number | null; json: Envelope; tookMs: number }> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [BIN, 'load', file, '--quiet', '--format', 'json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  for (const [signal, ms] of signalsAtMs) setTimeout(() => child.kill(signal), ms)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  return new Promise((done) => child.on('close', (code) => done({ code, json: JSON.parse(out) as Envelope, tookMs: performance.now() - startedAt })))
}

describe('Ctrl-C', () => {
  const LONG = `config: { target: "TARGET", phases: [{ duration: 60, arrivalRate: 20 }] }
scenarios: [{ flow: [{ get: { url: /api/v1/media/7 } }, { think: THINK }, { get: { url: /api/v1/media/8 } }] }]
`
  it('lets users finish, reports what there is and marks it partial (130)', async () => {
    const { code, json } = await interrupted(scenario('long.yaml', LONG.replace('THINK', '0.5')), ['SIGINT', 3_500])
    const { data, meta } = json
    expect({ code, status: data.status, partial: data.partial, interrupted: meta.interrupted }).toEqual({ code: 130, status: 'interrupted', partial: true, interrupted: 'SIGINT' })
    expect(data.summary.totalRequests).toBeGreaterThan(20)
    // Those under way came to their end: each sent both of its requests.
    expect(data.endpoints.map(({ requests }) => requests)).toEqual([data.arrivals.started, data.arrivals.started])
  })

  it('twice stops at once, and still reports', async () => {
    const { code, json, tookMs } = await interrupted(scenario('stuck.yaml', LONG.replace('THINK', '30')), ['SIGINT', 3_500], ['SIGINT', 4_000])
    expect(code).toBe(130)
    expect(tookMs).toBeLessThan(9_000)
    expect(json.data.arrivals.brokenOff).toBeGreaterThan(0)
  })

  it('and TERM are told apart (143)', async () => {
    const { code, json } = await interrupted(scenario('long.yaml', LONG.replace('THINK', '0.1')), ['SIGTERM', 3_000])
    expect({ code, interrupted: json.meta.interrupted }).toEqual({ code: 143, interrupted: 'SIGTERM' })
  })
})

describe('the demo', () => {
  it('is started by a scenario that targets it, and ends with the run', async () => {
    const file = scenario('demo.yaml', SHORT.replace('"TARGET"', 'demo'))
    const { json } = await load(file, '--format', 'json')
    const { data } = json()
    expect(data.target).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(data.summary.totalRequests).toBe(60)
    await expect(fetch(data.target)).rejects.toThrow()
  })

  it('runs until it is told to end, which is no failure', async () => {
    const child = spawn(process.execPath, [BIN, 'demo', '--format', 'ndjson', '--latency', '20ms'], { stdio: ['ignore', 'pipe', 'pipe'] })
    const line = await new Promise<string>((done) => child.stdout.setEncoding('utf8').once('data', done))
    const { url } = (JSON.parse(line) as { data: { url: string } }).data
    expect((await fetch(`${url}/health`)).status).toBe(200)
    child.kill('SIGINT')
    expect(await new Promise((done) => child.on('close', done))).toBe(0)
  })
})
