// Live monitors side by side: `npm run bench:top -- --help`.
import { access, readFile, writeFile } from 'node:fs/promises'
import { cpus, release } from 'node:os'
import { end, find, start } from './process.mjs'
import { runBench, text } from './run.mjs'
import { fixed, median, quantile, table } from './table.mjs'
import { memoryOf, processorMs, treeOf } from './tree.mjs'

const HELP = `Usage: npm run bench:top -- [options]

Runs medianest-perf top and other live monitors one after the other in a terminal of 120x40 at a refresh of 1 s, and prints what each costs.
Needs a build (npm run build) and \`script\` (Debian package bsdutils); monitors that are not installed are left out by name.

Options:
  --processes <list>  how many processes the machine has meanwhile (default: 100,400)
  --seconds <n>       how long each is watched, after ten seconds of settling (default: 15)
  --rounds <n>        each in the other order (default: 3)
  --only <list>       monitors whose names begin like this
  --write <file>      put the table between <!-- generated:bench-top --> and <!-- /generated --> of a file
  --help              print this help
`
const MARKS = /(<!-- generated:bench-top -->\n)[^]*?(<!-- \/generated -->)/
const SIZE = { columns: 120, rows: 40 }
/** A first paint is over when this many bytes have come and nothing more comes for a while. */
const FIRST = { bytes: 1_000, quietMs: 80 }
/** Interpreters compile and fill their histories for a while; what is left running is measured after that. */
const SETTLE_MS = 10_000
/** Keys pressed one after the other, to see how soon something is painted. */
const KEYS = 40

const MONITORS = [
  // `keys` sort the table by one column and another.
  { name: 'medianest-perf top', keys: ['m', 'c'], command: [process.execPath, new URL('../bin/medianest-perf.js', import.meta.url).pathname, 'top'] },
  { name: 'htop', find: 'htop', keys: ['M', 'P'], command: ['htop', '-d', '10'] },
  { name: 'btop', find: 'btop', keys: ['\u001b[C', '\u001b[D'], command: ['btop', '--utf-force', '-p', '0'], env: { LANG: 'C.UTF-8' } },
  { name: 'glances', find: 'glances', keys: ['m', 'c'], command: ['glances', '-t', '1', '--disable-check-update'] },
  { name: 'gtop', find: 'gtop', keys: ['m', 'c'], command: ['gtop'] },
]

await runBench(HELP, { processes: text('100,400'), seconds: text('15'), rounds: text('3'), only: text(''), write: { type: 'string' } }, bench)

async function bench(flags) {
  const tell = (text) => void process.stderr.write(`${text}\n`)
  const document = flags.write === undefined ? '' : await readFile(flags.write, 'utf8')
  if (flags.write !== undefined && !MARKS.test(document)) throw new Error(`${flags.write} has no <!-- generated:bench-top --> ... <!-- /generated -->`)
  await access(new URL('../dist/main.js', import.meta.url)).catch(() => {
    throw new Error('there is no build: npm run build')
  })
  if ((await find('script')) === undefined) throw new Error('script is not installed (Debian package bsdutils)')
  const wanted = flags.only === '' ? [] : flags.only.split(',')
  const monitors = []
  const missing = []
  for (const monitor of MONITORS) {
    if (wanted.length > 0 && !wanted.some((name) => monitor.name.startsWith(name))) continue
    if (monitor.find === undefined || (await find(monitor.find)) !== undefined) monitors.push(monitor)
    else missing.push(monitor.name)
  }
  const told = [`Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Linux ${release()}, Node.js ${process.version}; ${SIZE.columns}x${SIZE.rows}, ${flags.seconds} s each, ${flags.rounds} rounds, medians.`]
  for (const count of flags.processes.split(',').map(Number)) {
    const crowd = await fill(count)
    const seen = new Map(monitors.map(({ name }) => [name, []]))
    for (let round = 0; round < Number(flags.rounds); round++) {
      for (const monitor of round % 2 === 0 ? monitors : monitors.toReversed()) {
        const figures = await watch(monitor, Number(flags.seconds) * 1_000)
        seen.get(monitor.name).push(figures)
        tell(`${count} processes, round ${round + 1}: ${monitor.name} ${fixed(figures.cpu * 100, 2)} % of a core, ${fixed(figures.rssMB)} MB, first paint ${fixed(figures.firstMs)} ms, ${fixed(figures.bytesPerSecond)} bytes/s`)
      }
    }
    for (const child of crowd) await end(child)
    told.push(`With ${count} processes:`, rows(seen))
  }
  if (missing.length > 0) told.push(`Not installed, so not measured: ${missing.join(', ')}.`)
  const text = `\n${told.join('\n\n')}\n\n`
  if (flags.write === undefined) process.stdout.write(text)
  else await writeFile(flags.write, document.replace(MARKS, (_, open, close) => open + text + close))
}

function rows(seen) {
  const [first] = seen
  const of = (figures, key) => median(figures.map((each) => each[key]))
  return table(
    ['monitor', 'CPU, % of a core', 'this / medianest-perf', 'RSS / PSS, MB', 'first paint, ms', 'bytes/s', 'bytes a frame', 'key to paint p95, ms', 'children a minute'],
    [...seen].map(([name, figures]) => [
      name, fixed(of(figures, 'cpu') * 100, 2), name === first[0] ? '' : `${fixed(of(figures, 'cpu') / of(first[1], 'cpu'), 2)}x`, `${fixed(of(figures, 'rssMB'))} / ${fixed(of(figures, 'pssMB'))}`,
      fixed(of(figures, 'firstMs')), fixed(of(figures, 'bytesPerSecond')), fixed(of(figures, 'bytesPerFrame')), fixed(of(figures, 'keyMs'), 1), fixed(of(figures, 'children')),
    ]),
  )
}

/** Sleeping processes, until the machine has this many. */
async function fill(count) {
  const { readdir } = await import('node:fs/promises')
  const there = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).length
  // One shell keeps them all: they end with its group.
  const more = Math.max(0, count - there - 1)
  if (more === 0) return []
  const shell = start('server', ['bash', '-c', `for ((i = 0; i < ${more}; i++)); do sleep 3600 & done; echo ready; wait`])
  await new Promise((ready) => shell.stdout.once('data', ready))
  return [shell]
}

/** Watches one monitor in a terminal of its own. */
async function watch({ command, keys, env = {} }, forMs) {
  const line = `stty rows ${SIZE.rows} columns ${SIZE.columns}; exec ${command.map((word) => `'${word}'`).join(' ')}`
  const begun = performance.now()
  const variables = Object.entries({ TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env }).map(([name, value]) => `${name}=${value}`)
  const child = start('client', ['env', ...variables, 'script', '-qfec', line, '/dev/null'], { stdin: 'pipe' })
  let bytes = 0
  let frames = 0
  let lastAt = 0
  let firstMs
  let answered = () => undefined
  child.stdout.on('data', (chunk) => {
    const now = performance.now() - begun
    // What comes after a pause is a new frame, however it is cut up on its way.
    if (firstMs === undefined && bytes > FIRST.bytes && now - lastAt > FIRST.quietMs) firstMs = lastAt
    if (now - lastAt > FIRST.quietMs) frames++
    lastAt = now
    bytes += chunk.length
    answered()
  })
  await pause(SETTLE_MS)
  const root = await treeOf(child.pid)
  if (root.length < 1) throw new Error(`${command[0]} did not start`)
  const before = { bytes, frames, ...(await processorMs(root[0])), forks: await forks(), at: performance.now() }
  await pause(forMs)
  const after = { bytes, frames, ...(await processorMs(root[0])), forks: await forks(), at: performance.now() }
  const { rssMB, pssMB } = await memoryOf(root[0])
  const answersMs = []
  for (let press = 0; press < KEYS; press++) {
    await pause(110 + ((press * 37) % 60))
    const pressed = performance.now()
    child.stdin.write(keys[press % keys.length])
    await Promise.race([new Promise((done) => (answered = done)), pause(1_500)])
    answersMs.push(performance.now() - pressed)
  }
  child.stdin.write('q')
  await pause(300)
  await end(child)
  const seconds = (after.at - before.at) / 1_000
  return {
    cpu: (after.ms - before.ms) / (seconds * 1_000), rssMB, pssMB, firstMs: firstMs ?? lastAt, bytesPerSecond: (after.bytes - before.bytes) / seconds,
    bytesPerFrame: (after.bytes - before.bytes) / Math.max(1, after.frames - before.frames), keyMs: quantile(answersMs, 0.95), children: ((after.forks - before.forks) / seconds) * 60,
  }
}

/** Processes and threads started on the whole machine since boot; on a quiet machine the monitor's own. */
async function forks() {
  return Number(/^processes (\d+)/m.exec(await readFile('/proc/stat', 'utf8'))?.[1])
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms))
}
