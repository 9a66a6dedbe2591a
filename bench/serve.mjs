// What an instance costs that is served: `npm run bench:serve -- --help`.
import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApplication } from './application.mjs'
import { end } from './process.mjs'
import { runBench, text } from './run.mjs'
import { startClients } from './serve-clients.mjs'
import { startInstance } from './serve-instance.mjs'
import { fixed, median, table } from './table.mjs'

const HELP = `Usage: npm run bench:serve -- [options]

Starts the built \`medianest-perf serve\` and tells what its process spends: left alone, with an application to watch, with live streams, with pollers, and when many
come and go at once. Clients run in processes of their own. Linux only; needs a build (npm run build).

Options:
  --seconds <n>   how long each part is watched (default: 20)
  --clients <n>   how many read the live stream (default: 1000)
  --pollers <n>   how many ask (default: 50)
  --growth <n>    for how many seconds it is watched for growth (default: three times --seconds)
  --only <list>   parts: start, idle, application, streams, pollers, storms, growth (default: all)
  --write <file>  put the tables between <!-- generated:bench-serve --> and <!-- /generated --> of a file
  --help          print this help
`
const MARKS = /(<!-- generated:bench-serve -->\n)[^]*?(<!-- \/generated -->)/
const API = '/api/v1/performance'
const LIVE = `${API}/metrics/real-time?interval=1`
/** Code is compiled and the first looks are over. */
const SETTLE_MS = 10_000
const STARTS = 5
const QUESTIONS = ['/metrics', '/metrics?samples=true', '/resources', '/summary', '/prometheus'].map((path) => `${API}${path}`)

const COSTS = ['CPU, % of a core', 'RSS / PSS, MB', 'peak RSS, MB']

const tell = (words) => void process.stderr.write(`${words}\n`)
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

const PARTS = {
  start: { title: 'From the start of the process to its first answer:', run: start },
  idle: { title: 'Left alone, and with an application (a Prometheus page of 20 routes, an access log of 100 lines/s, PostgreSQL, Redis):', run: (wanted) => watched('this machine alone', wanted, null) },
  application: { title: null, run: watchedApplication },
  streams: { title: 'Live streams at one event a second:', run: streams },
  pollers: { title: 'Pollers, each asking again as soon as it was answered:', run: pollers },
  storms: { title: 'Many at once:', run: storms },
  growth: { title: 'Streams that come and go, pollers, and sources of which three fail:', run: growth },
}

await runBench(HELP, { seconds: text('20'), clients: text('1000'), pollers: text('50'), growth: { type: 'string' }, only: text(Object.keys(PARTS).join()), write: { type: 'string' } }, bench)

async function bench(flags) {
  const document = flags.write === undefined ? '' : await readFile(flags.write, 'utf8')
  if (flags.write !== undefined && !MARKS.test(document)) throw new Error(`${flags.write} has no <!-- generated:bench-serve --> ... <!-- /generated -->`)
  await access(new URL('../dist/main.js', import.meta.url)).catch(() => {
    throw new Error('there is no build: npm run build')
  })
  const seconds = Number(flags.seconds)
  const folder = await mkdtemp(join(tmpdir(), 'bench-serve-'))
  // PostgreSQL is another user, with its data in here.
  await chmod(folder, 0o711)
  const load = loadavg()[0]
  const told = []
  try {
    const wanted = { seconds, clients: Number(flags.clients), pollers: Number(flags.pollers), growth: Number(flags.growth ?? seconds * 3), folder }
    let before = null
    for (const name of flags.only.split(',')) {
      const part = PARTS[name]
      if (!part) throw new Error(`there is no part "${name}": ${Object.keys(PARTS).join(', ')}`)
      const { head, rows } = await part.run(wanted)
      // Rows of one table, where two parts tell the same.
      if (part.title === null && before?.head.join() === head.join()) before.rows.push(...rows)
      else told.push((before = { title: part.title ?? PARTS.idle.title, head, rows }))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const [{ model }] = cpus()
  const words = `\nMeasured on ${new Date().toISOString().slice(0, 10)}: ${model.trim()}, ${cpus().length} cores, Linux ${release()}, Node.js ${process.version}; ${seconds} s each, 1-minute load before it ${fixed(load, 1)}.\n\n${told.map(({ title, head, rows }) => `${title}\n\n${table(head, rows)}\n`).join('\n')}\n`
  if (flags.write === undefined) process.stdout.write(words)
  else await writeFile(flags.write, document.replace(MARKS, (_, open, close) => open + words + close))
}

async function start({ folder }) {
  const all = []
  for (let nth = 0; nth < STARTS; nth++) {
    const instance = await startInstance({ folder })
    all.push(instance)
    await instance.stop()
  }
  const of = (key) => median(all.map((each) => each[key]))
  return { head: ['starts', 'answers after, ms', 'CPU until then, ms'], rows: [[`${STARTS}, median`, fixed(of('startMs')), fixed(of('startCpuMs'))]] }
}

async function watched(name, { seconds, folder }, sources) {
  const instance = await startInstance({ folder, sources })
  try {
    await pause(SETTLE_MS)
    const before = await instance.cost()
    await pause(seconds * 1_000)
    const after = await instance.cost()
    const figures = costs(before, after)
    tell(`${name}: ${figures.join(' · ')}`)
    return { head: ['what it watches', ...COSTS], rows: [[name, ...figures]] }
  } finally {
    await instance.stop()
  }
}

async function watchedApplication(wanted) {
  const application = await startApplication(wanted.folder)
  try {
    return await watched(`and ${application.names.join(', ')}`, wanted, application.sources)
  } finally {
    await application.stop()
  }
}

function costs(before, after) {
  return [fixed(((after.cpuMs - before.cpuMs) / (after.at - before.at)) * 100, 2), `${fixed(after.rssMB)} / ${fixed(after.pssMB)}`, fixed(after.peakMB)]
}

async function streams({ clients, seconds, folder }) {
  const head = ['clients', ...COSTS, 'events read / due', 'gap p50 / p99 / max, ms', 'answer meanwhile p50 / p99 / max, ms', 'lost']
  const rows = []
  for (const count of [0, clients]) {
    const instance = await startInstance({ folder })
    try {
      const readers = await startClients('read', { port: instance.port, path: LIVE, count })
      const probe = await startClients('probe', { port: instance.port, path: '/health/live' })
      await pause(3_000)
      await readers.ask('forget')
      await probe.ask('forget')
      const before = await instance.cost()
      await pause(seconds * 1_000)
      const after = await instance.cost()
      const [seen, probed] = [await readers.ask('tell'), await probe.ask('tell')]
      rows.push([fixed(count), ...costs(before, after), `${fixed(seen.events)} / ${fixed(count * seconds)}`, count === 0 ? '' : times(seen.gapsMs), times(probed.answersMs), fixed(seen.lost)])
      tell(rows.at(-1).join(' · '))
      await Promise.all([end(readers.child), end(probe.child)])
    } finally {
      await instance.stop()
    }
  }
  return { head, rows }
}

async function pollers({ pollers: count, seconds, folder }) {
  const head = ['question', 'pollers', 'answers/s', 'CPU, % of a core', 'CPU an answer, µs', 'answered after p50 / p99 / max, ms', 'bytes', 'looks at the machine/s', 'not 200']
  const rows = []
  const instance = await startInstance({ folder })
  try {
    for (const [path, everyMs] of [...QUESTIONS.map((each) => [each, 0]), [QUESTIONS[0], 1_000]]) {
      const asking = await startClients('ask', { port: instance.port, path, count, everyMs })
      await pause(2_000)
      await asking.ask('forget')
      const [before, looksBefore] = [await instance.cost(), await instance.looks()]
      await pause((seconds * 1_000) / 2)
      const [after, looksAfter] = [await instance.cost(), await instance.looks()]
      const seen = await asking.ask('tell')
      await end(asking.child)
      const spent = after.cpuMs - before.cpuMs
      const elapsed = (after.at - before.at) / 1_000
      rows.push([path, everyMs === 0 ? fixed(count) : `${fixed(count)} at 1 s`, fixed(seen.answers / elapsed), fixed(spent / elapsed / 10, 1), fixed((spent * 1_000) / seen.answers), times(seen.answersMs), fixed(seen.bytes), fixed((looksAfter - looksBefore) / elapsed, 2), fixed(seen.refused)])
      tell(rows.at(-1).join(' · '))
    }
  } finally {
    await instance.stop()
  }
  return { head, rows }
}

async function storms({ clients, seconds, folder }) {
  const rows = []
  const most = clients * 2
  const instance = await startInstance({ folder, maxStreams: most })
  const note = async (what, outcome) => {
    const { rssMB, files } = await instance.cost()
    rows.push([what, outcome, fixed(rssMB), fixed(files)])
    tell(rows.at(-1).join(' · '))
  }
  try {
    await instance.get('/health/live')
    await note('before', '')
    const crowd = await startClients('read', { port: instance.port, path: LIVE, count: clients * 3 })
    await pause(3_000)
    const { statuses } = await crowd.ask('tell')
    await note(`${fixed(clients * 3)} streams at once, room for ${fixed(most)}`, Object.entries(statuses).map(([status, count]) => `${fixed(count)} were answered ${status}`).join(', '))
    const reset = await crowd.ask('reset')
    await end(crowd.child)
    await instance.until(({ streams: open }) => open === 0)
    await note(`${fixed(reset.open)} reset at once`, 'no stream is left')
    const first = await startClients('read', { port: instance.port, path: LIVE, count: clients })
    await pause(Math.min(20_000, seconds * 1_000))
    const { lastId } = await first.ask('reset')
    await pause(5_000)
    const back = await startClients('read', { port: instance.port, path: LIVE, count: clients, lastEventId: lastId })
    await pause(1_500)
    const told = await back.ask('tell')
    await note(`${fixed(clients)} come back after 5 s with their last id`, `all have what they missed after ${fixed(told.allAfterMs)} ms; ${fixed(told.missing)} events missing or twice`)
    await Promise.all([end(first.child), end(back.child)])
    const deaf = await startClients('deaf', { port: instance.port, path: `${LIVE}&samples=true`, count: 50 })
    await instance.until(({ streams: open }) => open === 50)
    let peak = 0
    const since = performance.now()
    const gone = await instance.until(({ streams: open, rssMB }) => {
      peak = Math.max(peak, rssMB)
      return open === 0
    }, 180_000)
    await note('50 that read nothing, with all samples', gone ? `dropped after ${fixed((performance.now() - since) / 1_000)} s, at most ${fixed(peak)} MB meanwhile` : 'were NOT all dropped after 180 s')
    await end(deaf.child)
    const { p99 } = await instance.answersMs(100)
    await note('after all of it', `100 answers, p99 ${fixed(p99, 1)} ms`)
  } finally {
    await instance.stop()
  }
  return { head: ['what', 'what came of it', 'RSS, MB', 'open files'], rows }
}

async function growth({ growth: seconds, folder }) {
  const application = await startApplication(folder, { gone: true })
  const instance = await startInstance({ folder, sources: application.sources })
  const looks = []
  try {
    const coming = await startClients('churn', { port: instance.port, path: LIVE, count: 100 })
    const asking = await startClients('ask', { port: instance.port, path: `${API}/metrics?samples=true`, count: 4, everyMs: 50 })
    const scraping = await startClients('ask', { port: instance.port, path: '/metrics', count: 4, everyMs: 50 })
    for (const until = performance.now() + seconds * 1_000; performance.now() < until; ) {
      await pause(1_000)
      looks.push(await instance.cost())
    }
    await Promise.all([coming, asking, scraping].map(({ child }) => end(child)))
    await instance.until(({ streams: open }) => open === 0)
    const last = await instance.cost()
    const third = Math.floor(looks.length / 3)
    const mean = (from, to, key) => looks.slice(from, to).reduce((sum, each) => sum + each[key], 0) / (to - from)
    const row = (what, key) => [what, fixed(mean(0, third, key), 1), fixed(mean(third, 2 * third, key), 1), fixed(mean(2 * third, looks.length, key), 1), fixed(last[key])]
    return { head: [`in ${fixed(seconds)} s`, 'first third', 'second', 'last', 'when all are gone'], rows: [row('RSS, MB', 'rssMB'), row('open files', 'files'), row('threads', 'threads')] }
  } finally {
    await instance.stop()
    await application.stop()
  }
}

function times({ p50, p99, max }) {
  return `${fixed(p50, 1)} / ${fixed(p99, 1)} / ${fixed(max, 1)}`
}
