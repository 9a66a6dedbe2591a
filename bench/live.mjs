// How often a comparison of running builds is right, and how long it takes: `npm run bench:live -- --help`.
import { access, readFile, writeFile } from 'node:fs/promises'
import { cpus, release } from 'node:os'
import { end, start } from './process.mjs'
import { runBench, text } from './run.mjs'
import { fixed, median, table } from './table.mjs'

const HELP = `Usage: npm run bench:live -- [options]

Compares two builds that are started and measured in turns, as anybody would: equal ones, and one that is 10 % slower. One kind of build waits (the demo, 10 and 11 ms),
the other computes (hashes, 10 % more of them). Needs a build of this program (npm run build), a quiet machine, and about three minutes for each round.

Options:
  --rounds <n>     comparisons of each kind (default: 3)
  --slice <time>   of the comparisons (default: 2s, theirs)
  --write <file>   put the table between <!-- generated:bench-live --> and <!-- /generated --> of a file
  --help           print this help
`
const MARKS = /(<!-- generated:bench-live -->\n)[^]*?(<!-- \/generated -->)/
const PRODUCT = new URL('../bin/medianest-perf.js', import.meta.url).pathname
const HASHING = new URL('../test/fixtures/builds/hashing.mjs', import.meta.url).pathname
const MOST_SECONDS = 400

const percent = (share) => `${share > 0 ? '+' : ''}${fixed(share * 100, 1)} %`
const waits = (ms) => `'${process.execPath}' '${PRODUCT}' demo --port {port} --latency ${ms}ms --quiet`
const computes = (rounds) => `ROUNDS=${rounds} '${process.execPath}' '${HASHING}'`
const KINDS = [
  { name: 'waits 10 ms, equal', base: waits(10), head: waits(10), wanted: 'unchanged' },
  { name: 'waits 10 ms, 10 % longer', base: waits(10), head: waits(11), wanted: 'regressed' },
  { name: 'computes, equal', base: computes(400), head: computes(400), wanted: 'unchanged' },
  { name: 'computes, 10 % more', base: computes(400), head: computes(440), wanted: 'regressed' },
]

await runBench(HELP, { rounds: text('3'), slice: text('2s'), write: { type: 'string' } }, bench)

async function bench(flags) {
  const document = flags.write === undefined ? '' : await readFile(flags.write, 'utf8')
  if (flags.write !== undefined && !MARKS.test(document)) throw new Error(`${flags.write} has no <!-- generated:bench-live --> ... <!-- /generated -->`)
  await access(new URL('../dist/main.js', import.meta.url)).catch(() => {
    throw new Error('there is no build: npm run build')
  })
  const rounds = Number(flags.rounds)
  if (!(rounds >= 1)) throw new Error('--rounds must be a number from 1')
  const seen = new Map(KINDS.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const kind of KINDS) {
      const result = await compare(kind, flags.slice)
      seen.get(kind.name).push(result)
      process.stderr.write(`${kind.name}: ${result.verdict} ${percent(result.estimate)} [${percent(result.low)}, ${percent(result.high)}] after ${result.pairs} pairs, ${fixed(result.seconds)} s\n`)
    }
  }
  const rows = KINDS.map(({ name, wanted }) => {
    const runs = seen.get(name)
    const of = (verdict) => runs.filter((run) => run.verdict === verdict).length
    const middle = (key) => median(runs.map((run) => run[key]))
    return [name, `${of(wanted)} of ${runs.length} ${wanted}`, String(of('inconclusive')), String(runs.length - of(wanted) - of('inconclusive')), percent(middle('estimate')), `${percent(middle('low'))} to ${percent(middle('high'))}`, fixed(middle('pairs')), fixed(middle('seconds')), fixed(Math.max(...runs.map((run) => run.seconds)))]
  })
  const told = `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model.trim()}, ${cpus().length} cores that builds and generator share, Linux ${release()}, Node.js ${process.version}; slices of ${flags.slice}, medians of ${rounds} comparisons.`
  const tables = `\n${told}\n\n${table(['builds', 'found', 'inconclusive', 'wrong', 'change of p50', 'its interval', 'pairs', 'time, s', 'longest, s'], rows)}\n\n`
  if (flags.write === undefined) process.stdout.write(tables)
  else await writeFile(flags.write, document.replace(MARKS, (_, open, close) => open + tables + close))
}

/** One comparison, builds started and ended by it. */
async function compare({ base, head }, slice) {
  const began = performance.now()
  const child = spawnPlain([process.execPath, PRODUCT, 'compare', '--base-cmd', base, '--head-cmd', head, '/api/v1/media', '-c', '5', '--slice', slice, '--format', 'json', '--quiet'])
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (words) => (output += words))
  child.stderr.setEncoding('utf8').on('data', (words) => (errors += words))
  const late = setTimeout(() => void end(child, 'SIGKILL'), MOST_SECONDS * 1_000)
  await child.ended.finally(() => clearTimeout(late))
  const { success, data } = JSON.parse(output)
  if (!success) throw new Error(errors || output)
  const figure = data.figures.find((each) => each.figure === 'http.duration p(50)')
  return { verdict: figure.verdict, estimate: figure.change.estimate, ...figure.change.interval, pairs: data.pairs.length, seconds: (performance.now() - began) / 1_000 }
}

/** Not on a core of its own: builds and generator share the machine, as they do in CI. */
function spawnPlain(command) {
  return start('client', command, { wrap: (line) => line.slice(line.indexOf(command[0])) })
}
