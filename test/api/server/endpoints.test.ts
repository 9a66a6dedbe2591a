import * as z from 'zod/mini'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS, type EndpointName } from '../../../src/contract/endpoints.ts'
import { FINISHED_TEST, KNOWN_OPTIMIZATION, RUNNING_TEST } from '../../contract/fake-instance.ts'
import { KNOWN_TOKENS, start, TOKENS } from './start.ts'

const BODIES: Partial<Record<EndpointName, unknown>> = {
  setAlerts: { enabled: false, thresholds: { responseTime: { warning: 400, critical: 800 } } },
  optimize: { optimizations: ['cache_strategy'], aggressive: false },
  loadTest: { testName: 'Quick', duration: 60, scenarios: [{ name: 'search', weight: 100, target: '/api/v1/media/search', method: 'GET', parameters: { query: 'test' } }], load: { phases: [{ duration: 60, arrivalRate: 20, name: 'sustained' }] } },
  submit: { page: '/', type: 'LCP', value: 1_200 },
}
const ids = (path: string): string => path.replace('{optimizationId}', KNOWN_OPTIMIZATION).replace('{testId}', path.endsWith('results') ? FINISHED_TEST : RUNNING_TEST)
const CASES = (Object.keys(ENDPOINTS) as EndpointName[]).flatMap((name) => ENDPOINTS[name].paths.map((path) => [name, ENDPOINTS[name].method, ids(path)] as const))

describe('an endpoint', () => {
  it.each(CASES)('%s answers %s %s as documented', async (name, method, path) => {
    const { ask, resident } = await start({ tokens: KNOWN_TOKENS })
    const answer = await ask(path, { method, token: TOKENS.admin, body: BODIES[name] })
    const endpoint = ENDPOINTS[name]
    expect(answer.status).toBe('status' in endpoint ? endpoint.status : 200)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    const body = answer.json()
    expect(body.success).toBe(true)
    if (endpoint.envelope === 'data') expect(z.safeParse(endpoint.answer, body.data).error).toBeUndefined()
    else expect(z.safeParse(endpoint.answer, body).error).toBeUndefined()
    if (endpoint.envelope === 'flat') expect(Date.parse(body.timestamp)).not.toBeNaN()
    expect(resident.asked.questions).toMatchObject([{ name, caller: { id: 'the admin', role: 'admin' } }])
    expect(resident.answers).toEqual([{ method, route: endpoint.paths.find((each) => ids(each) === path), status: answer.status, seconds: expect.any(Number) }])
  })

  it('answers with the whole envelope: data, meta and alerts', async () => {
    const { ask } = await start()
    const body = (await ask('/api/v1/performance/metrics?timeRange=6h&interval=5m&metrics=cpu')).json()
    expect(Object.keys(body)).toEqual(['success', 'data', 'meta', 'alerts'])
    expect(body.meta).toMatchObject({ timeRange: '6h', interval: '5m' })
    expect(body.alerts[0]).toMatchObject({ level: 'warning', component: 'filesystem' })
  })

  it('answers HEAD as GET, without the body', async () => {
    const { ask } = await start()
    const [head, get] = [await ask('/api/v1/performance/summary', { method: 'HEAD' }), await ask('/api/v1/performance/summary')]
    expect(head.status).toBe(200)
    expect(head.text).toBe('')
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
    expect((await ask('/api/v1/performance/metrics/real-time', { method: 'HEAD' })).headers['content-type']).toContain('text/event-stream')
  })

  it('gives figures to Prometheus, and as OpenMetrics where that is accepted', async () => {
    const { ask } = await start()
    for (const path of ['/metrics', '/api/v1/performance/prometheus', '/api/v1/performance/metrics?format=prometheus']) {
      const answer = await ask(path)
      expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
      expect(answer.text).toContain('medianest_up 1')
    }
    const open = await ask('/metrics', { headers: { accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3' } })
    expect(open.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(open.text).toMatch(/# EOF\n$/)
  })

  it('gives the results of a load test as a page and as a document', async () => {
    const { ask } = await start()
    const html = await ask(`/api/v1/performance/load-test/${FINISHED_TEST}/results?format=html`)
    expect(html.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'content-disposition': `inline; filename="load-test-${FINISHED_TEST}.html"`, 'content-security-policy': expect.stringContaining('sandbox') })
    const pdf = await ask(`/api/v1/performance/load-test/${FINISHED_TEST}/results?format=pdf`)
    expect(pdf.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="load-test-${FINISHED_TEST}.pdf"` })
    expect(pdf.text).toMatch(/^%PDF/)
    expect((await ask(`/api/v1/performance/load-test/${RUNNING_TEST}/results?format=pdf`)).json().error).toMatchObject({ code: 'CONFLICT', statusCode: 409 })
  })

  it('tells of itself: document, liveness, readiness', async () => {
    const { ask, resident } = await start()
    const document = (await ask('/api/v1/performance/openapi.json')).json()
    expect(document.openapi).toMatch(/^3\.1/)
    expect(Object.keys(document.paths)).toContain('/api/v1/performance/metrics')
    expect((await ask('/health/live')).json()).toMatchObject({ status: 'ok', version: expect.any(String), uptime: 0 })
    expect((await ask('/health/ready')).status).toBe(200)
    resident.isReady = false
    expect(await ask('/health/ready').then((answer) => [answer.status, answer.json().reason])).toEqual([503, 'nothing was measured yet'])
  })
})
