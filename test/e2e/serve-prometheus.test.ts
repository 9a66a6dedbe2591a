import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../services/redis-server.ts'
import { programAt } from './program-at.ts'
import { knownToken, serveBuilt, snippet, until, type Served } from './served.ts'

const prometheus = programAt('prometheus')
const promtool = programAt('promtool')
const scrape = knownToken('scrape')
const admin = knownToken('admin')
/** How the pages of the reference are called that Prometheus may read. */
const PAGES = ['/metrics', '/api/v1/performance/prometheus'] as const
const JOBS = ['openmetrics', 'openmetrics-api', 'text'] as const

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port // a TCP server's address is one
}

/** An application that counts its requests for Prometheus: so many, each of 30 ms. */
function application(requests: () => number): Server {
  const page = (): string => `# TYPE http_request_duration_seconds histogram
${[['0.025', 0], ['0.05', requests()], ['+Inf', requests()]].map(([le, count]) => `http_request_duration_seconds_bucket{method="GET",route="/api/media",status_code="200",le="${le}"} ${count}`).join('\n')}
http_request_duration_seconds_sum{method="GET",route="/api/media",status_code="200"} ${requests() * 0.03}
http_request_duration_seconds_count{method="GET",route="/api/media",status_code="200"} ${requests()}
`
  return createServer((_request, response) => void response.setHeader('content-type', 'text/plain; version=0.0.4').end(page()))
}

/** Passes everything on to `port`, as from a Prometheus that knows the older text format alone. */
function older(port: () => number): Server {
  return createServer((request, response) => {
    void fetch(`http://127.0.0.1:${port()}${request.url}`, { headers: { authorization: request.headers.authorization ?? '', accept: 'text/plain;version=0.0.4' } }).then(async (answer) => {
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(await answer.text())
    })
  })
}

type Row = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }

describe.skipIf(prometheus === undefined || promtool === undefined)('a real Prometheus that scrapes serve (needs prometheus, promtool)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-prometheus-'))
  const log = join(folder, 'access.log')
  let requests = 5
  let served: Served
  let url: string
  let stopPrometheus: () => Promise<void>
  const servers = [application(() => requests), older(() => served.port)] as const

  const ask = async <T>(path: string): Promise<T> => ((await (await fetch(`${url}/api/v1/${path}`)).json()) as { data: T }).data
  const query = async (text: string): Promise<readonly Row[]> => (await ask<{ result: readonly Row[] }>(`query?query=${encodeURIComponent(text)}`)).result
  const total = async (text: string): Promise<number> => Number((await query(`sum(${text})`))[0]?.value[1])
  const page = async (path: string, accept = 'text/plain'): Promise<{ type: string; text: string }> => {
    const answer = await fetch(`${served.url}${path}`, { headers: { authorization: `Bearer ${scrape.token}`, accept } })
    return { type: answer.headers.get('content-type') ?? '', text: await answer.text() }
  }

  beforeAll(async () => {
    const [applicationPort, olderPort] = await Promise.all(servers.map(listen))
    writeFileSync(log, '')
    served = await serveBuilt({
      serve: { tokens: [scrape.entry, admin.entry] },
      collect: { interval: '1s', sources: [
        { type: 'prometheus', url: `http://127.0.0.1:${applicationPort}/metrics`, interval: '1s' },
        { type: 'access-log', path: log, format: 'common', interval: '1s' },
      ] },
    })
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    writeFileSync(join(folder, 'token'), scrape.token)
    // The job of the page, three times: its page, its other page, and read by the older format.
    const [, job = ''] = snippet('deploy.md', 'prometheus').replace('scheme: https', 'scheme: http').replace('/etc/prometheus/medianest-perf.token', join(folder, 'token')).split('scrape_configs:\n')
    const jobs = JOBS.map((name) => job.replace('job_name: medianest-perf', `job_name: ${name}\n    metrics_path: ${PAGES[name === 'openmetrics-api' ? 1 : 0]}`).replace('perf.example.org', `127.0.0.1:${name === 'text' ? olderPort : served.port}`))
    writeFileSync(join(folder, 'prometheus.yml'), `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs:\n${jobs.join('')}`)
    const child = spawn(prometheus ?? '', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    stopPrometheus = async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      expect(said.split('\n').filter((line) => /scrape|append|parse/i.test(line))).toEqual([])
    }
    await until(async () => (await fetch(`${url}/-/ready`).catch(() => null))?.status === 200, () => said)
    // Counts begin at the first look: what comes after it is counted.
    await until(async () => (await total('medianest_coordinator_source_collections_total{job="text",source!="system"} > bool 1')) === 2, () => said + served.said())
    requests += 40
    appendFileSync(log, '127.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET /api/users HTTP/1.1" 200 12\n'.repeat(7) + '127.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "POST /api/users HTTP/1.1" 503 12\n'.repeat(2))
    await pause(8_000)
  })
  afterAll(async () => {
    await stopPrometheus?.()
    expect(await served?.stop()).toBe(0)
    for (const server of servers) server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('finds every target up, at every scrape', async () => {
    const { activeTargets } = await ask<{ activeTargets: readonly { labels: { job: string }; health: string; lastError: string }[] }>('targets')
    expect(activeTargets.map(({ labels, health, lastError }) => [labels.job, health, lastError])).toEqual(JOBS.map((job) => [job, 'up', '']))
    const least = await query('min_over_time(up[1m])')
    expect(least.map(({ metric, value }) => [metric['job'], value[1]]).sort()).toEqual([...JOBS].map((job) => [job, '1']).sort())
    expect(Math.min(...(await query('count_over_time(up[1m])')).map(({ value }) => Number(value[1])))).toBeGreaterThanOrEqual(6)
  })

  it('answers a query on each family, of each page and in either format, and no counter went back', async () => {
    const families = familiesOf((await page(PAGES[0])).text)
    expect(families.size).toBeGreaterThan(60)
    const wrong: unknown[] = []
    for (const { family, type, names } of families.values()) {
      const [first = ''] = names
      const jobs = (await query(`count by (job) ({__name__="${first}"})`)).map(({ metric }) => metric['job'])
      // What is only sometimes there (an alert, a share of nothing) was there at some time.
      if (jobs.length < JOBS.length && (await query(`count by (job) (last_over_time({__name__="${first}"}[1m]))`)).length < JOBS.length) wrong.push([family, jobs])
      if (type !== 'counter' && type !== 'histogram') continue
      for (const name of names) for (const { metric, value } of await query(`resets(${name}[1m]) > 0`)) wrong.push([name, metric, value])
    }
    expect(wrong).toEqual([])
  })

  it('counts the requests of the application as its own page does, and those of its log not once more', async () => {
    for (const job of JOBS) {
      expect(await total(`medianest_http_requests_total{job="${job}",route="/api/media"}`)).toBe(40)
      expect(await total(`medianest_http_request_duration_seconds_count{job="${job}",route="/api/media"}`)).toBe(40)
      expect(await total(`medianest_http_request_duration_seconds_bucket{job="${job}",route="/api/media",le="0.05"}`)).toBe(40)
      expect(await total(`medianest_http_request_duration_seconds_sum{job="${job}",route="/api/media"}`)).toBeCloseTo(40 * 0.03)
      expect(await query(`medianest_http_requests_total{job="${job}",route="/api/users"}`)).toEqual([])
    }
  })

  it.each(PAGES)('promtool has nothing to say about %s', async (path) => {
    const { type, text } = await page(path)
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await lint(text)).toEqual({ code: 0, said: '' })
  })

  it('is answered with OpenMetrics where it accepts that, with the same families', async () => {
    const { type, text } = await page(PAGES[0], 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5')
    expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    const names = (each: string): string[] => [...familiesOf(each).values()].flatMap((family) => [...family.names]).sort()
    expect(names(text)).toEqual(names((await page(PAGES[0])).text))
    expect(text.endsWith('\n# EOF\n')).toBe(true)
    // Asking for one format changes nothing of the other.
    expect(await lint((await page(PAGES[0])).text)).toEqual({ code: 0, said: '' })
  })
})

interface Exposed {
  readonly family: string
  readonly type: string
  /** Of its series: with `_bucket`, `_sum` and `_count` where it is a histogram. */
  readonly names: Set<string>
}

function familiesOf(text: string): Map<string, Exposed> {
  const families = new Map<string, Exposed>()
  let current: Exposed | undefined
  for (const line of text.split('\n')) {
    const [, family, type] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? []
    if (family !== undefined && type !== undefined) families.set(family, (current = { family, type, names: new Set() }))
    else if (line !== '' && !line.startsWith('#')) current?.names.add(/^\w+/.exec(line)?.[0] ?? '')
  }
  return families
}

function lint(text: string): Promise<{ readonly code: number; readonly said: string }> {
  return new Promise((done) => {
    const child = execFile(promtool ?? '', ['check', 'metrics'], { timeout: 10_000 }, (error, out, err) => done({ code: error === null ? 0 : Number(error.code), said: out + err }))
    child.stdin?.end(text)
  })
}
