import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { startGenerator, type Ending } from '../../../src/agent/load-tests/generator.ts'
import { openLoadTests, type LoadTests } from '../../../src/agent/load-tests/load-tests.ts'
import { loadTestAnswer, loadTestEvent, loadTestResults } from '../../../src/contract/answers/load-test.ts'
import type { LoadTestEvent } from '../../../src/contract/resident.ts'
import { startDemo, type Demo } from '../../../src/demo/demo.ts'
import { testHost } from '../../host.ts'
import { ASKER, body } from './body.ts'

const BIN = join(import.meta.dirname, '../../../bin/medianest-perf.js')
const host = testHost([], { env: { PATH: process.env['PATH'] ?? '', PERF_SECRET: 'hunter2' } })
const seen: string[] = []
let demo: Demo
let elsewhere: Server
let opened: LoadTests[]

beforeAll(async () => {
  opened = []
  demo = await startDemo({ latencyMs: 5 })
  elsewhere = createServer((request, response) => {
    seen.push(`${request.url} ${String(request.headers['x-leak'])}`)
    if (request.url === '/away') response.writeHead(302, { location: `${demo.url}/api/v1/media/7` })
    if (request.url === '/near') response.writeHead(302, { location: '/here' })
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
})
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()))
  await demo.close()
  elsewhere.close()
})

const url = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function open(targets: string): LoadTests {
  const tests = openLoadTests({ host, section: { targets } })
  opened.push(tests)
  return tests
}

async function eventsOf(tests: LoadTests, testId: string): Promise<LoadTestEvent[]> {
  const events: LoadTestEvent[] = []
  for await (const event of tests.follow(testId, AbortSignal.timeout(20_000))) events.push(event)
  return events
}

/** Runs a body that no check has seen. */
function generate(target: string, scenario: Record<string, unknown>): Promise<Ending> {
  return startGenerator(host, { testId: 't', body: { testName: 't', target, scenarios: [scenario], load: { phases: [{ duration: 0.5, arrivalRate: 10 }] } } }, () => undefined).ended
}

describe('a load test of an instance', () => {
  it('runs, tells how far it is, and ends with the documented result, and in detail with all of it', async () => {
    const tests = open(demo.url)
    const { data } = await tests.start(body({ thresholds: { http_req_duration: 'p(95)<0.001', http_req_failed: 'rate<0.1' } }), ASKER)
    expect(z.safeParse(loadTestAnswer, data).error).toBeUndefined()
    expect(data).toMatchObject({ status: 'running', estimatedDuration: 2, scenarios: 1, phases: 2, targetUrl: demo.url, realTimeUrl: `/api/v1/performance/load-test/${data.testId}/stream`, progress: { phase: 1, phaseName: 'first', elapsed: 0, remaining: 2, completedRequests: 0, errorRate: null } })
    const during = tests.results(data.testId, false).data
    expect(during).toMatchObject({ status: 'running', completedAt: null, progress: { phase: 1 } })
    expect(during.summary).toBeUndefined()
    await expect(tests.start(body(), ASKER)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED', details: { retryAfter: expect.any(Number), testId: data.testId } })
    await expect(tests.document(data.testId, 'html', false)).rejects.toMatchObject({ code: 'CONFLICT' })

    const events = await eventsOf(tests, data.testId)
    for (const event of events) expect(z.safeParse(loadTestEvent, event).error).toBeUndefined()
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'completed', reason: null })
    expect(events.filter(({ type }) => type === 'progress').length).toBeGreaterThanOrEqual(3)
    expect(events.at(-2)).toMatchObject({ status: 'completed', progress: { completedRequests: 30, phase: 2, remaining: 0, errorRate: 0 } })

    const results = tests.results(data.testId, false).data
    expect(z.safeParse(loadTestResults, results).error).toBeUndefined()
    expect(results).toMatchObject({ testName: 'Quick', status: 'completed', verdict: 'fail', summary: { totalRequests: 30, failedRequests: 0, successRate: 100 }, errors: [] })
    expect(results.phases?.map(({ name, requests }) => [name, requests])).toEqual([['first', 20], ['second', 10]])
    expect(results.endpoints).toEqual([expect.objectContaining({ path: '/api/v1/media/7', requests: 30 })])
    expect(results).not.toHaveProperty('timeline')
    const all = tests.results(data.testId, true).data
    expect(z.safeParse(loadTestResults, all).error).toBeUndefined()
    expect(all).toMatchObject({ statusCodes: { 200: 30 }, startedBy: 'tester', thresholds: [{ expression: 'p(95)<0.001', verdict: 'fail' }, { verdict: 'ok' }], histograms: { duration: expect.any(String) } })

    const page = await tests.document(data.testId, 'html', true)
    expect([page.type, String(page.body)]).toEqual(['text/html; charset=utf-8', expect.stringContaining('<h2>Timeline</h2>')])
    const pages = await tests.document(data.testId, 'pdf', false)
    expect([pages.type, Buffer.from(pages.body).subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-'])
    expect((await eventsOf(tests, data.testId)).map(({ type }) => type)).toEqual(['progress', 'end'])
  })

  it('that is stopped keeps what it had found, and makes room for the next', async () => {
    const tests = open(demo.url)
    const { data: { testId } } = await tests.start(body({ load: { phases: [{ duration: 60, arrivalRate: 20 }] } }), ASKER)
    for await (const event of tests.follow(testId, AbortSignal.timeout(20_000))) if (event.type === 'progress' && event.progress.completedRequests > 0) break
    expect((await tests.stop(testId)).data).toEqual({ testId, status: 'aborted' })
    const results = tests.results(testId, false).data
    expect(results).toMatchObject({ status: 'aborted', reason: 'it was ended over the API' })
    expect(results.summary?.totalRequests).toBeGreaterThan(0)
    expect((await tests.stop(testId)).data.status).toBe('aborted')
    const next = await tests.start(body(), ASKER)
    await tests.close()
    expect(tests.results(next.data.testId, false).data).toMatchObject({ status: 'aborted', reason: 'the instance was ended' })
    await expect(tests.start(body(), ASKER)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  })

  it('whose target is not there has failed, and says why', async () => {
    const tests = open('http://127.0.0.1:9')
    const { data: { testId } } = await tests.start(body(), ASKER)
    expect((await eventsOf(tests, testId)).at(-1)).toMatchObject({ type: 'end', status: 'failed', reason: expect.stringContaining('nothing answered at http://127.0.0.1:9') })
    expect(tests.results(testId, false).data).toMatchObject({ status: 'failed', summary: { successfulRequests: 0 } })
  })

  it('whose generator is killed has failed, and still has a document', async () => {
    let pid: number | undefined
    const tests = openLoadTests({ section: { targets: demo.url }, host: { ...host, spawnSelf: (...asked) => {
      const child = host.spawnSelf(...asked)
      pid = child.pid
      return child
    } } })
    const { data: { testId } } = await tests.start(body(), ASKER)
    host.kill(pid ?? Number.NaN, 'SIGKILL')
    expect((await eventsOf(tests, testId)).at(-1)).toMatchObject({ status: 'failed', reason: 'the load generator ended with SIGKILL and left no result' })
    expect(tests.results(testId, true).data).toMatchObject({ status: 'failed', duration: null })
    expect(String((await tests.document(testId, 'html', false)).body)).toContain('ended with SIGKILL')
  })

  it('that nobody started is not found', async () => {
    const tests = open(demo.url)
    for (const ask of [() => tests.results('x', false), () => tests.follow('x', ASKER.signal)]) expect(ask).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    await expect(tests.stop('x')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the generator', () => {
  it('finds nothing of our environment, whatever a template asks for', async () => {
    seen.length = 0
    await generate(url(elsewhere), { name: 'leak', target: '/leak', headers: { 'x-leak': '[{{ $env.PERF_SECRET }}{{ $env.PATH }}{{ $processEnvironment.PATH }}]' } })
    expect(new Set(seen)).toEqual(new Set(['/leak []']))
  })

  it('follows a redirect within its target, and none that leads away from it', async () => {
    const before = demo.stats().requests
    const away = await generate(url(elsewhere), { name: 'away', target: '/away' })
    expect(away.run?.errors).toEqual([expect.objectContaining({ type: 'off-limits', message: expect.stringContaining('is not the target of this test') })])
    expect(demo.stats().requests).toBe(before)
    expect((await generate(url(elsewhere), { name: 'near', target: '/near' })).run?.summary).toMatchObject({ failedRequests: 0, totalRequests: 10 })
  })

  it('asks nobody else, whatever a template makes of an address', async () => {
    const before = demo.stats().requests
    const { run } = await generate(url(elsewhere), { name: 'astray', target: '{{ where }}', parameters: { where: demo.url } })
    const other = await generate(url(elsewhere), { name: 'absolute', target: `${demo.url}/api/v1/media/7` })
    expect(other.run?.errors[0]?.type).toBe('off-limits')
    expect(run?.summary.totalRequests).toBe(5)
    expect(demo.stats().requests).toBe(before)
  })

  it('reads no other vocabulary', async () => {
    const ending = await startGenerator(host, { testId: 't', body: { config: { target: demo.url, phases: [{ duration: 1, arrivalRate: 1 }], payload: { path: '/etc/passwd', fields: ['a'] } }, scenarios: [{ flow: [{ get: { url: '/' } }] }] } }, () => undefined).ended
    expect(ending).toMatchObject({ run: null, reason: expect.stringMatching(/reads no files|cannot be read|passwd/) })
  })

  it('ends with the process that started it, even when that is killed', async () => {
    const line = JSON.stringify({ testId: 't', body: { testName: 't', target: demo.url, scenarios: [{ name: 'a', target: '/api/v1/media/7' }], load: { phases: [{ duration: 60, arrivalRate: 5 }] } } })
    const parent = spawn(process.execPath, ['-e', `const c = require('node:child_process').spawn(process.execPath, [${JSON.stringify(BIN)}, 'load', '-', '--child', '--quiet', '--format', 'ndjson'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] }); c.stdin.write(${JSON.stringify(`${line}\n`)}); c.stdout.once('data', () => console.log(c.pid))`], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [text] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(text.toString())
    expect(host.isRunning(pid)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => host.isRunning(pid), { timeout: 15_000, interval: 100 }).toBe(false)
  })
})
