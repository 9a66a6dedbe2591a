// What a budget and a benchmark cost beside the tools people have: `npm run bench:budget -- --help`.
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { find, measure } from './process.mjs'
import { runBench, text } from './run.mjs'
import { fixed, median, spread, table } from './table.mjs'

const HELP = `Usage: npm run bench:budget -- [options]

Runs medianest-perf budget beside size-limit over the same made-up build, and medianest-perf bench beside hyperfine over the same command.
Needs a build (npm run build). size-limit (with @size-limit/file) and hyperfine are left out by name where they are not on the PATH.

Options:
  --rounds <n>     how often each is run, each time in the other order (default: 9)
  --write <file>   put the tables between <!-- generated:bench-budget --> and <!-- /generated --> of a file
  --help           print this help
`
const MARKS = /(<!-- generated:bench-budget -->\n)[^]*?(<!-- \/generated -->)/
const PRODUCT = new URL('../bin/medianest-perf.js', import.meta.url).pathname
const FILES = 40
const FUNCTIONS = 1_500
const ENCODINGS = { 'brotli 11': {}, 'gzip 9': { gzip: true }, raw: { brotli: false } }
/** A command that takes about as long as a small tool. */
const TIMED = [process.execPath, '-e', '0']
const RUNS = 40

await runBench(HELP, { rounds: text('9'), write: { type: 'string' } }, bench)

async function bench(flags) {
  const document = flags.write === undefined ? '' : await readFile(flags.write, 'utf8')
  if (flags.write !== undefined && !MARKS.test(document)) throw new Error(`${flags.write} has no <!-- generated:bench-budget --> ... <!-- /generated -->`)
  await access(new URL('../dist/main.js', import.meta.url)).catch(() => {
    throw new Error('there is no build: npm run build')
  })
  const rounds = Number(flags.rounds)
  if (!(rounds >= 1)) throw new Error('--rounds must be a number from 1')
  const folder = await mkdtemp(join(tmpdir(), 'bench-budget-'))
  const missing = []
  try {
    const told = [
      `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Linux ${release()}, Node.js ${process.version}; ${rounds} alternating runs.`,
      `The sizes of ${FILES} scripts, each tool by the same size-limit configuration:`, await sizes(folder, rounds, missing),
      `\`node -e 0\`, ${RUNS} runs timed by each tool:`, await times(folder, rounds, missing),
    ]
    if (missing.length > 0) told.push(`Not installed, so not measured: ${missing.join(', ')}.`)
    const tables = `\n${told.join('\n\n')}\n\n`
    if (flags.write === undefined) process.stdout.write(tables)
    else await writeFile(flags.write, document.replace(MARKS, (_, open, close) => open + tables + close))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs contenders in alternating order; `read` takes from a result what is to be kept of it. */
async function race(contenders, rounds) {
  const seen = new Map(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const { name, command, read } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const result = await measure(command, 120, 5)
      const kept = { ...result, told: await read(result) }
      // The first time files come from the disk.
      if (round > 0) seen.get(name).push(kept)
    }
  }
  for (const [name, results] of seen) process.stderr.write(`${name}: ${spread(results.map(({ seconds }) => seconds * 1_000), 1)} ms\n`)
  return seen
}

/** Code that packs as code does: names that repeat, numbers that do not. */
function script(nth) {
  return Array.from({ length: FUNCTIONS }, (_, at) => `export function area${at}(width, height) { return width * height * ${Math.sin(nth * FUNCTIONS + at)} }`).join('\n')
}

async function sizes(folder, rounds, missing) {
  const sizeLimit = await find('size-limit')
  if (sizeLimit === undefined) missing.push('size-limit (npm packages size-limit and @size-limit/file)')
  const contenders = []
  for (const [encoding, keys] of Object.entries(ENCODINGS)) {
    const project = join(folder, encoding.replace(' ', '-'))
    await mkdir(join(project, 'dist'), { recursive: true })
    for (let nth = 0; nth < FILES; nth++) await writeFile(join(project, 'dist', `part-${nth}.js`), script(nth))
    // size-limit finds its plugins by the project's dependencies, and its configuration by where it stands.
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'x', devDependencies: { 'size-limit': '*', '@size-limit/file': '*' }, 'size-limit': [{ name: 'all', path: 'dist/*.js', limit: '100 MB', ...keys }] }))
    const inProject = (command) => ['bash', '-c', 'cd "$1" && shift && exec "$@"', 'bash', project, ...command]
    contenders.push({ encoding, tool: 'medianest-perf budget', name: `medianest-perf budget, ${encoding}`, command: inProject([process.execPath, PRODUCT, 'budget', '--budget', 'package.json', '--format', 'json']), read: ({ output }) => JSON.parse(output).data.results[0].measured })
    if (sizeLimit) contenders.push({ encoding, tool: 'size-limit', name: `size-limit, ${encoding}`, command: inProject([sizeLimit, '--json']), read: ({ output }) => JSON.parse(output)[0].size })
  }
  const seen = await race(contenders, rounds)
  const bytes = (name) => seen.get(name)[0].told
  for (const { encoding } of contenders) {
    const told = new Set(contenders.filter((each) => each.encoding === encoding).map(({ name }) => bytes(name)))
    if (told.size > 1) throw new Error(`the tools do not agree on ${encoding}: ${[...told].join(' and ')} bytes`)
  }
  const ms = (name) => median(seen.get(name).map(({ seconds }) => seconds * 1_000))
  return table(
    ['what ran', 'encoding', 'size, bytes', 'wall, ms, median [min..max]', 'this / ours', 'CPU, ms', 'peak RSS, MB'],
    contenders.map(({ name, tool, encoding }) => [
      tool, encoding, fixed(bytes(name)), spread(seen.get(name).map(({ seconds }) => seconds * 1_000)), tool === 'size-limit' ? `${fixed(ms(name) / ms(`medianest-perf budget, ${encoding}`), 2)}x` : '',
      fixed(median(seen.get(name).map(({ cpuSeconds }) => cpuSeconds * 1_000))), fixed(median(seen.get(name).map(({ memoryMB }) => memoryMB))),
    ]),
  )
}

async function times(folder, rounds, missing) {
  const hyperfine = await find('hyperfine')
  if (hyperfine === undefined) missing.push('hyperfine (Debian package hyperfine)')
  const out = join(folder, 'hyperfine.json')
  const contenders = [
    { name: 'medianest-perf bench', command: [process.execPath, PRODUCT, 'bench', '--quiet', '--warmup', '2', '--runs', String(RUNS), '--format', 'json', '--', ...TIMED], read: ({ output }) => JSON.parse(output).data.commands[0].times },
    ...(hyperfine ? [{ name: 'hyperfine -N', command: [hyperfine, '-N', '--warmup', '2', '--runs', String(RUNS), '--export-json', out, '--style', 'none', TIMED.join(' ')], read: async () => JSON.parse(await readFile(out, 'utf8')).results[0].times.map((seconds) => seconds * 1_000) }] : []),
  ]
  const seen = await race(contenders, rounds)
  const medians = (name) => seen.get(name).map(({ told }) => median(told))
  const ours = median(medians('medianest-perf bench'))
  return table(
    ['what timed', 'median of the runs, ms, median [min..max]', 'this / ours', 'wall of the tool, ms'],
    contenders.map(({ name }) => [name, spread(medians(name), 1), name === 'medianest-perf bench' ? '' : `${fixed(median(medians(name)) / ours, 3)}x`, fixed(median(seen.get(name).map(({ seconds }) => seconds * 1_000)))]),
  )
}
