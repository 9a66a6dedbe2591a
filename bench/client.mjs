// The clients that are compared: how each is asked for the same load, and how it says what it did.
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { find } from './process.mjs'

const run = promisify(execFile)

/** The launcher of the product. */
export const PRODUCT = fileURLToPath(new URL('../bin/medianest-perf.js', import.meta.url))
const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon')

const ours = async () => ({ path: process.execPath, version: await versionIn(new URL('../package.json', import.meta.url)) })
const debian = (command, name) => async () => {
  const path = await find(command)
  if (path === undefined) return undefined
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${Version}', name]).catch(() => ({ stdout: '' }))
  return { path, version: stdout || 'unknown' }
}

const number = (pattern) => (output) => Number(pattern.exec(output)?.[1] ?? Number.NaN)
const inJson = (pick) => (output) => pick(JSON.parse(output.slice(output.indexOf('{'))))
const ourRequests = inJson(({ data }) => data.summary.totalRequests)

/**
 * Each client: `install` says where it comes from, `find` where it is, `closed` and `open` make its command line, `requests` reads
 * its report. A closed load is 50 connections for some seconds; an open one is a rate for some seconds.
 */
export const CLIENTS = [
  {
    name: 'medianest-perf', find: ours, requests: ourRequests,
    closed: ({ path }, { url, seconds }) => [path, PRODUCT, 'load', url, '-c', '50', '-d', `${seconds}s`, '--quiet', '--format', 'json'],
    open: async ({ path }, { url, rate, seconds, folder }) => [path, PRODUCT, 'load', await scenario(folder, 'open.yaml', {
      config: { target: new URL(url).origin, phases: [{ duration: seconds, arrivalRate: rate }] },
      scenarios: [{ flow: [{ get: { url: new URL(url).pathname } }] }],
    }), '--quiet', '--format', 'json'],
  },
  {
    name: 'medianest-perf, two-step flow', find: ours, requests: ourRequests,
    closed: async ({ path }, { url, seconds, folder }) => [path, PRODUCT, 'load', await scenario(folder, 'flow.json', {
      target: url,
      scenarios: { flow: { executor: 'constant-vus', vus: 50, duration: `${seconds}s`, exec: 'browse' } },
      flows: {
        browse: [
          { get: { url: '/item?n={{ $randomInt(1, 1000) }}', name: 'list', capture: { json: '$.id', as: 'id' }, expect: { statusCode: 200 } } },
          { get: { url: '/item/{{ id }}', name: 'item', expect: { statusCode: 200 } } },
        ],
      },
    }), '--quiet', '--format', 'json'],
  },
  {
    name: 'medianest-perf --engine autocannon', find: ours, requests: ourRequests,
    closed: ({ path }, { url, seconds }) => [path, PRODUCT, 'load', url, '-c', '50', '-d', `${seconds}s`, '--engine', 'autocannon', '--quiet', '--format', 'json'],
  },
  {
    name: 'autocannon', install: 'npm package autocannon',
    find: async () => ({ path: process.execPath, version: await versionIn(join(AUTOCANNON, '../package.json')) }),
    requests: inJson(({ requests }) => requests.total),
    closed: ({ path }, { url, seconds }) => [path, AUTOCANNON, '-c', '50', '-d', String(seconds), '--json', '--no-progress', url],
    open: ({ path }, { url, rate, seconds }) => [path, AUTOCANNON, '-c', '50', '--overallRate', String(rate), '-d', String(seconds), '--json', '--no-progress', url],
  },
  {
    name: 'wrk', install: 'Debian package wrk', find: debian('wrk', 'wrk'), requests: number(/(\d+) requests in/),
    closed: ({ path }, { url, seconds }) => [path, '-t1', '-c50', `-d${seconds}s`, url],
  },
  {
    name: 'hey', install: 'Debian package hey', find: debian('hey', 'hey'),
    requests: (output) => [...output.matchAll(/\[\d{3}\]\s+(\d+) responses/g)].reduce((sum, [, count]) => sum + Number(count), 0),
    closed: ({ path }, { url, seconds }) => [path, '-c', '50', '-z', `${seconds}s`, url],
    open: ({ path }, { url, rate, seconds }) => [path, '-c', '50', '-q', String(rate / 50), '-z', `${seconds}s`, url],
  },
  {
    name: 'ab', install: 'Debian package apache2-utils', find: debian('ab', 'apache2-utils'), requests: number(/Complete requests:\s+(\d+)/),
    // -t sets -n to 50000, so -n comes after it.
    closed: ({ path }, { url, seconds }) => [path, '-q', '-k', '-c', '50', '-t', String(seconds), '-n', '9999999', url],
  },
  {
    name: 'h2load', install: 'Debian package nghttp2-client', find: debian('h2load', 'nghttp2-client'), requests: number(/(\d+) done/),
    closed: ({ path }, { url, seconds }) => [path, '--h1', '-t1', '-c50', '-D', String(seconds), url],
  },
  {
    name: 'vegeta', install: 'github.com/tsenart/vegeta', find: debian('vegeta', 'vegeta'), requests: inJson(({ requests }) => requests),
    closed: ({ path }, { url, seconds }) => vegeta(path, url, `-rate=0 -workers=50 -max-workers=50 -duration=${seconds}s`),
    open: ({ path }, { url, rate, seconds }) => vegeta(path, url, `-rate=${rate} -duration=${seconds}s`),
  },
  {
    name: 'k6', install: 'k6.io', find: debian('k6', 'k6'), requests: number(/http_reqs\W*:?\s*(\d+)/),
    closed: async ({ path }, { url, seconds, folder }) => [path, 'run', '--quiet', '--vus', '50', '--duration', `${seconds}s`, await script(folder, url, {})],
    open: async ({ path }, { url, rate, seconds, folder }) => [path, 'run', '--quiet', await script(folder, url, {
      scenarios: { open: { executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration: `${seconds}s`, preAllocatedVUs: 200 } },
    })],
  },
]

const vegeta = (path, url, flags) => ['bash', '-c', `echo "GET $1" | "$0" attack ${flags} | "$0" report -type=json`, path, url]

async function versionIn(file) {
  return JSON.parse(await readFile(file, 'utf8')).version
}

async function scenario(folder, name, content) {
  const path = join(folder, name)
  // JSON is YAML.
  await writeFile(path, JSON.stringify(content))
  return path
}

async function script(folder, url, options) {
  const path = join(folder, 'k6.js')
  await writeFile(path, `import http from 'k6/http'\nexport const options = ${JSON.stringify(options)}\nexport default () => { http.get('${url}') }\n`)
  return path
}
