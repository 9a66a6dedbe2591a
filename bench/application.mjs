// An application to be watched: a Prometheus page, an access log, and stores where they are installed.
import { appendFileSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { findPostgres, startPostgres } from './postgres.mjs'
import { end, find, start } from './process.mjs'
import { freePort } from './server.mjs'

const ROUTES = 20
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const LINES_PER_SECOND = 100

/** Starts it; with `gone` there are three sources besides that nobody answers for. */
export async function startApplication(folder, options = {}) {
  const stops = []
  const stop = async () => {
    for (const each of stops.toReversed()) await each()
  }
  try {
    return { ...(await startParts(folder, options, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startParts(folder, { gone = false }, stops) {
  const own = await mkdtemp(join(folder, 'application-'))
  const names = ['a Prometheus page', 'an access log']
  let scrapes = 0
  const server = createServer((_request, response) => response.end(page(++scrapes)))
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  stops.push(() => new Promise((done) => {
    server.close(done)
    server.closeAllConnections()
  }))
  const log = join(own, 'access.log')
  writeFileSync(log, '')
  let line = 0
  const writing = setInterval(() => appendFileSync(log, Array.from({ length: LINES_PER_SECOND / 10 }, () => lineOf(line++)).join('')), 100)
  stops.push(() => clearInterval(writing))
  const sources = [
    { type: 'prometheus', url: `http://127.0.0.1:${server.address().port}/metrics`, interval: '15s' },
    { type: 'access-log', path: log, routes: Array.from({ length: ROUTES }, (_, nth) => `/api/v1/things${nth}/:id`) },
  ]
  const programs = await findPostgres()
  if (programs !== undefined) {
    const postgres = await startPostgres(programs, await mkdtemp(join(folder, 'postgres-')))
    stops.push(postgres.stop)
    names.push('PostgreSQL')
    sources.push({ type: 'postgres', url: postgres.url })
  }
  const redis = await find('redis-server')
  if (redis !== undefined) {
    const port = await freePort()
    const child = start('server', [redis, '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', own])
    await new Promise((ready) => child.stdout.on('data', (text) => String(text).includes('Ready to accept') && ready()))
    child.stdout.resume()
    stops.push(() => end(child))
    names.push('Redis')
    sources.push({ type: 'redis', host: '127.0.0.1', port })
  }
  if (gone) {
    const port = await freePort()
    // As often as it may be, so that a minute has many failures.
    sources.push({ type: 'redis', name: 'gone', host: '127.0.0.1', port, interval: '1s' }, { type: 'postgres', name: 'gone', host: '127.0.0.1', port, user: 'nobody', interval: '1s' }, { type: 'prometheus', name: 'gone', url: `http://127.0.0.1:${port}/metrics`, interval: '1s' })
  }
  return { sources, names }
}

/** What an Express application with prom-client tells. */
function page(scrape) {
  const lines = ['# TYPE http_requests_total counter', '# TYPE http_request_duration_seconds histogram']
  for (let route = 0; route < ROUTES; route++) {
    const labels = `method="GET",route="/api/v1/things${route}/:id"`
    for (const [status, share] of [[200, 100], [404, 3], [500, 1]]) lines.push(`http_requests_total{${labels},status_code="${status}"} ${scrape * share * (route + 1)}`)
    let count = 0
    for (const le of BUCKETS) lines.push(`http_request_duration_seconds_bucket{${labels},le="${le}"} ${(count += scrape * 10)}`)
    lines.push(`http_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`, `http_request_duration_seconds_sum{${labels}} ${scrape * 4.2}`, `http_request_duration_seconds_count{${labels}} ${count}`)
  }
  for (let nth = 0; nth < 100; nth++) lines.push(`nodejs_something_${nth}{kind="other"} ${nth * scrape}`)
  return `${lines.join('\n')}\n`
}

/** nginx's combined, and the time it took. */
function lineOf(nth) {
  return `10.0.0.${nth % 250} - - [${stamp(new Date())}] "GET /api/v1/things${nth % ROUTES}/${nth}?page=2 HTTP/1.1" ${nth % 50 === 0 ? 500 : 200} 1234 "https://media.example.org/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" 0.0${10 + (nth % 80)}\n`
}

function stamp(date) {
  const [, , day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(date.toUTCString())
  return `${day}/${month}/${year}:${time} +0000`
}
