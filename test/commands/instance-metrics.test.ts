import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import { testHost } from '../host.ts'

const TOKEN = 'eyJhbGciOi.hunter2'
const METRICS = { system: { hostname: 'media-01', platform: 'linux', arch: 'x64', nodeVersion: '18.17.0', uptime: 60 }, metrics: { cpu: { usage: 34.5, loadAverage: [1.2, 1.1, 0.9], cores: 8, model: 'x', history: [] }, memory: { total: 16e9, free: 8e9, used: 8e9, usage: 50 } } }
const APPLICATION = { api: { requestRate: { current: 45.2 }, responseTime: { p95: 420.8 }, errorRate: { current: 0.8 }, endpoints: [] } }

describe('an instance', () => {
  const asked: IncomingMessage[] = []
  let server: Server
  let url = ''
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request)
      const path = request.url ?? ''
      const data = path.includes('/real-time') ? undefined : path.includes('/application') ? APPLICATION : path.includes('/metrics') ? METRICS : undefined
      if (request.headers.authorization !== `Bearer ${TOKEN}`) response.statusCode = 401
      else if (data === undefined) response.statusCode = 404
      response.setHeader('content-type', 'application/json').end(JSON.stringify(response.statusCode === 200 ? { success: true, data } : { success: false, error: { code: 'NO', message: `no ${request.headers.authorization ?? ""}` } }))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((done) => server.close(done)))

  async function run(argv: readonly string[], env: Record<string, string> = { MEDIANEST_TOKEN: TOKEN }): Promise<{ code: number; out: string; err: string }> {
    const host = testHost([...argv, '--url', url], { env })
    const code = await main(host)
    return { code, out: host.out(), err: host.err() }
  }

  it('answers metrics in one look, and the token is nowhere in it', async () => {
    const { code, out, err } = await run(['metrics', '--format', 'json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toMatchObject({ success: true, verdict: 'ok', data: { system: { hostname: 'media-01', nodeVersion: '18.17.0' }, metrics: { cpu: { usage: 34.5 }, memory: { usage: 50 } } } })
    expect(out).not.toContain('hunter2')
  })

  it('is named by the environment as well', async () => {
    const host = testHost(['metrics', '--format', 'prometheus'], { env: { MEDIANEST_API_URL: url, MEDIANEST_TOKEN: TOKEN } })
    expect(await main(host)).toBe(0)
    expect(host.out()).toContain('medianest_cpu_usage_ratio 0.345\n')
  })

  it('is asked for its application in the words of the question', async () => {
    const { code, out } = await run(['metrics', '--application', '--component', 'api', '--time-range', '6h', '--aggregation', 'p95', '--format', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ data: { api: { requestRate: { current: 45.2 }, responseTime: { p95: 420.8 }, errorRate: { current: 0.8 } } }, meta: { timeRange: '6h', aggregation: 'p95' } })
    expect(asked.at(-1)?.url).toBe('/api/v1/performance/application?component=api&timeRange=6h&aggregation=p95')
  })

  it('that refuses is an error with what to do, and its echo of the token is cut out', async () => {
    const { code, out, err } = await run(['metrics'], { MEDIANEST_TOKEN: `${TOKEN}x` })
    expect(code).not.toBe(0)
    expect(out).toBe('')
    expect(err).toContain('--token-file')
    expect(err).not.toContain('hunter2')
  })
})
