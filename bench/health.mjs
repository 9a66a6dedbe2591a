// What a check costs: `npm run bench:health -- --help`.
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgres, startPostgres } from './postgres.mjs'
import { find, measure, pinned } from './process.mjs'
import { runBench, text } from './run.mjs'
import { startDemo, startNginx } from './server.mjs'
import { fixed, median, spread, table } from './table.mjs'

const HELP = `Usage: npm run bench:health -- [options]

Runs medianest-perf health beside the plugins that monitoring systems call, and prints what a check costs in wall-clock and processor time.
Needs a build (npm run build) and nginx (Debian package nginx-light). The plugins (monitoring-plugins-basic, monitoring-plugins-standard) and PostgreSQL are left out
by name when they are not installed.

Options:
  --rounds <n>     how often each is run, each time in the other order (default: 15)
  --parts <list>   local, http, slow, mixed (default: all)
  --write <file>   put the tables between <!-- generated:bench-health --> and <!-- /generated --> of a file
  --help           print this help
`
const MARKS = /(<!-- generated:bench-health -->\n)[^]*?(<!-- \/generated -->)/
const PRODUCT = new URL('../bin/medianest-perf.js', import.meta.url).pathname
const PLUGINS = '/usr/lib/nagios/plugins'
const MANY = 20
const SLOW = '50ms'
/** Memory is asked for often, for these processes do not live long. */
const LOOK_MS = 5
/** Of a process that lives shorter than this, no look may have met it. */
const SHORT_MS = 20

const httpLine = (url) => [`${PLUGINS}/check_http`, '-I', new URL(url).hostname, '-p', new URL(url).port, '-u', new URL(url).pathname]
const ratio = (a, b) => `${fixed(a / b, 2)}x`

await runBench(HELP, { rounds: text('15'), parts: text('local,http,slow,mixed'), write: { type: 'string' } }, bench)

async function bench(flags) {
  const document = flags.write === undefined ? '' : await readFile(flags.write, 'utf8')
  if (flags.write !== undefined && !MARKS.test(document)) throw new Error(`${flags.write} has no <!-- generated:bench-health --> ... <!-- /generated -->`)
  await access(new URL('../dist/main.js', import.meta.url)).catch(() => {
    throw new Error('there is no build: npm run build')
  })
  const rounds = Number(flags.rounds)
  if (!(rounds >= 1)) throw new Error('--rounds must be a number from 1')
  const parts = flags.parts.split(',')
  const folder = await mkdtemp(join(tmpdir(), 'bench-health-'))
  const missing = []
  const stops = []
  try {
    const told = [`Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Linux ${release()}, Node.js ${process.version}; ${rounds} alternating runs${pinned ? ', clients on one core, servers on another' : ''}.`]
    if (parts.includes('local')) told.push('This machine, nothing configured and by a file:', await local(folder, rounds))
    if (parts.includes('slow')) {
      const demo = await startDemo(PRODUCT, SLOW)
      stops.push(demo.stop)
      const served = async () => (await demo.arrivals()).length
      told.push(`HTTP checks of a server that takes ${SLOW} to answer:`, await http(folder, rounds, { url: demo.url, served }, missing))
    }
    if (parts.includes('http') || parts.includes('mixed')) {
      const path = await find('nginx')
      if (path === undefined) throw new Error('nginx is not installed (Debian package nginx-light); --parts local,slow needs none')
      await mkdir(join(folder, 'nginx'))
      const nginx = await startNginx(path, join(folder, 'nginx'))
      stops.push(nginx.stop)
      if (parts.includes('http')) told.push('HTTP checks of nginx, which answers at once:', await http(folder, rounds, nginx, missing))
      if (parts.includes('mixed')) told.push('One check of each kind:', await mixed(folder, rounds, nginx, missing, stops))
    }
    if (missing.length > 0) told.push(`Not installed, so not measured: ${[...new Set(missing)].join(', ')}.`)
    const tables = `\n${told.join('\n\n')}\n\n`
    if (flags.write === undefined) process.stdout.write(tables)
    else await writeFile(flags.write, document.replace(MARKS, (_, open, close) => open + tables + close))
  } finally {
    for (const stop of stops) await stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A run of ours with these checks, from a configuration of its own; without any, those of the machine. */
async function ours(folder, name, checks) {
  const file = join(folder, `${name}.yaml`)
  // JSON is YAML too.
  await writeFile(file, JSON.stringify({ health: checks === undefined ? { preset: 'local' } : { preset: 'none', checks } }))
  return { command: [process.execPath, PRODUCT, 'health', '--config', file, '--format', 'json'], accept: expectAnswer(checks?.length) }
}

/** Ours must have looked at all it was told to, whatever it found. */
function expectAnswer(count) {
  return ({ code, output }) => {
    const { success, data } = JSON.parse(output)
    const known = Object.keys(data?.components ?? {}).length
    if (!success || ![0, 1, 2].includes(code) || known === 0) throw new Error(`health ended with ${code}: ${output.slice(0, 500)}`)
    if (count !== undefined && code !== 0) throw new Error(`of ${count} checks not all are well: ${output.slice(0, 1_000)}`)
  }
}

function expectFine({ code, output }) {
  if (code !== 0) throw new Error(`a plugin ended with ${code}: ${output.slice(0, 500)}`)
}

/** Several commands as processes of their own, one after the other or all at once; the shell that starts them is in the price. */
function shell(lines, joint) {
  const quoted = lines.map((line) => line.map((word) => `'${word}'`).join(' '))
  const script = joint === 'after' ? quoted.join(' && ') : `${quoted.map((line) => `${line} & pids+=($!)`).join('; ')}; for pid in "\${pids[@]}"; do wait "$pid" || exit; done`
  return ['bash', '-c', script]
}

/** Runs each contender so many times, in alternating order; `served` tells how many requests it must have sent. */
async function race(contenders, rounds, served) {
  const seen = new Map(contenders.map(({ name }) => [name, []]))
  if (served) await served()
  for (let round = 0; round <= rounds; round++) {
    for (const { name, command, accept, requests = 0 } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const before = served ? await served() : 0
      const result = await measure(command, 60, LOOK_MS)
      accept?.(result)
      const sent = served ? (await served()) - before : 0
      if (sent !== requests) throw new Error(`${name} sent ${sent} requests where it should send ${requests}`)
      // The first time files come from the disk.
      if (round > 0) seen.get(name).push(result)
    }
  }
  for (const [name, results] of seen) process.stderr.write(`${name}: ${spread(results.map(({ seconds }) => seconds * 1_000), 1)} ms\n`)
  const of = (name, key) => median(seen.get(name).map((result) => result[key]))
  return { ms: (name) => of(name, 'seconds') * 1_000, cpuMs: (name) => of(name, 'cpuSeconds') * 1_000, memoryMB: (name) => of(name, 'memoryMB'), spreadMs: (name) => spread(seen.get(name).map(({ seconds }) => seconds * 1_000)) }
}

async function local(folder, rounds) {
  const [node, health, configured] = ['node -e 0', 'medianest-perf health', 'medianest-perf health --config FILE']
  const result = await race([
    { name: node, command: [process.execPath, '-e', '0'] },
    { name: health, command: [process.execPath, PRODUCT, 'health', '--format', 'json'], accept: expectAnswer() },
    { name: configured, ...(await ours(folder, 'local')) },
  ], rounds)
  return table(
    ['command', 'wall, ms, median [min..max]', 'beyond Node.js, ms', 'this / Node.js', 'CPU, ms', 'peak RSS, MB'],
    [node, health, configured].map((name) => [name, result.spreadMs(name), name === node ? '' : `+${fixed(result.ms(name) - result.ms(node))}`, name === node ? '' : ratio(result.ms(name), result.ms(node)), fixed(result.cpuMs(name)), fixed(result.memoryMB(name))]),
  )
}

async function http(folder, rounds, { url, served }, missing) {
  const check = (nth) => ({ name: `web ${nth}`, type: 'http', url })
  const [one, many, lone, after, atOnce] = ['medianest-perf health, 1 check', `medianest-perf health, ${MANY} checks`, 'check_http', `check_http, ${MANY} processes, one after another`, `check_http, ${MANY} processes at once`]
  const line = httpLine(url)
  const contenders = [
    { name: one, requests: 1, checks: 1, ...(await ours(folder, 'one', [check(1)])) },
    { name: many, requests: MANY, checks: MANY, ...(await ours(folder, 'many', Array.from({ length: MANY }, (_, nth) => check(nth + 1)))) },
    ...(await plugins(['check_http'], missing) ? [
      { name: lone, requests: 1, checks: 1, command: line, accept: expectFine },
      { name: after, requests: MANY, checks: MANY, command: shell(Array(MANY).fill(line), 'after'), accept: expectFine },
      { name: atOnce, requests: MANY, checks: MANY, command: shell(Array(MANY).fill(line), 'at once'), accept: expectFine },
    ] : []),
  ]
  return costs(contenders, await race(contenders, rounds, served), many)
}

async function mixed(folder, rounds, { url, served }, missing, stops) {
  const programs = await findPostgres()
  if (programs === undefined) missing.push('PostgreSQL (Debian package postgresql)')
  const postgres = programs === undefined ? undefined : await startPostgres(programs, folder)
  if (postgres) stops.push(postgres.stop)
  // Levels that nothing here reaches: what a check costs is asked, not what it says.
  const kinds = [
    { plugin: 'check_disk', check: { type: 'disk', path: '/', usage: 'off', inodes: 'off', readOnly: 'ok' }, line: [`${PLUGINS}/check_disk`, '-w', '0%', '-c', '0%', '-p', '/'] },
    { plugin: 'check_load', check: { type: 'load', perCore: { warning: 900, critical: 999 } }, line: [`${PLUGINS}/check_load`, '-r', '-w', '900,900,900', '-c', '999,999,999'] },
    { plugin: 'check_http', check: { type: 'http', url }, line: httpLine(url), requests: 1 },
    ...(postgres ? [{ plugin: 'check_pgsql', check: { type: 'postgres', url: postgres.url }, line: [`${PLUGINS}/check_pgsql`, '-H', '127.0.0.1', '-P', String(postgres.port), '-l', 'postgres', '-d', 'postgres'] }] : []),
  ]
  const installed = []
  for (const kind of kinds) if (await plugins([kind.plugin], missing)) installed.push(kind)
  const all = `medianest-perf health, all ${kinds.length} in one process`
  const requests = 1
  const contenders = [{ name: all, requests, checks: kinds.length, ...(await ours(folder, 'mixed', kinds.map(({ check }) => check))) }]
  for (const { check, requests: sent } of kinds) contenders.push({ name: `medianest-perf health, ${check.type} alone`, requests: sent, checks: 1, ...(await ours(folder, check.type, [check])) })
  if (installed.length === kinds.length) {
    contenders.push({ name: `${kinds.length} plugins, one after another`, requests, checks: kinds.length, command: shell(kinds.map(({ line }) => line), 'after'), accept: expectFine })
    contenders.push({ name: `${kinds.length} plugins at once`, requests, checks: kinds.length, command: shell(kinds.map(({ line }) => line), 'at once'), accept: expectFine })
  }
  for (const { plugin, line, requests: sent } of installed) contenders.push({ name: plugin, requests: sent, checks: 1, command: line, accept: expectFine })
  return costs(contenders, await race(contenders, rounds, served), all)
}

/** Whether plugins are there; those that are not are named. */
async function plugins(names, missing) {
  for (const name of names) {
    if (await access(join(PLUGINS, name)).then(() => true, () => false)) continue
    missing.push(`${name} (Debian packages monitoring-plugins-basic and monitoring-plugins-standard)`)
    return false
  }
  return true
}

function costs(contenders, result, base) {
  return table(
    ['what ran', 'wall, ms, median [min..max]', 'wall for each check, ms', 'this / ours in one process', 'CPU, ms', 'CPU for each check, ms', 'this / ours in one process', 'peak RSS, MB'],
    contenders.map(({ name, checks }) => {
      const [ms, cpuMs] = [result.ms(name), result.cpuMs(name)]
      const base1 = contenders.find((each) => each.name === base).checks
      const perCheck = (value) => value / checks
      return [name, result.spreadMs(name), fixed(perCheck(ms), 1), name === base ? '' : ratio(perCheck(ms), result.ms(base) / base1), fixed(cpuMs), fixed(perCheck(cpuMs), 1), name === base ? '' : ratio(perCheck(cpuMs), result.cpuMs(base) / base1), ms < SHORT_MS ? '-' : fixed(result.memoryMB(name))]
    }),
  )
}
