// Load generation side by side: `npm run bench -- --help`.
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLIENTS, PRODUCT } from './client.mjs'
import { closedLoop } from './closed.mjs'
import { openLoop } from './open.mjs'
import { find, pinned } from './process.mjs'
import { runBench, text } from './run.mjs'
import { startUp } from './startup.mjs'

const HELP = `Usage: npm run bench -- [options]

Measures medianest-perf against other load generators on this machine, over loopback, and prints tables.
Needs a build (npm run build) and nginx (Debian package nginx-light); peers that are not installed are left out by name.

Options:
  --parts <list>     closed, open, startup (default: all)
  --only <list>      clients whose names begin like this; medianest-perf is always first
  --seconds <n>      length of a closed-loop run (default: 10)
  --rounds <n>       closed-loop rounds, each in the other order (default: 3)
  --quick            --seconds 2 --rounds 2, and shorter open-loop and start-up parts
  --write <file>     put the tables between <!-- generated:bench --> and <!-- /generated --> of a file
  --help             print this help
`

const MARKS = /(<!-- generated:bench -->\n)[^]*?(<!-- \/generated -->)/

await runBench(HELP, { parts: text('closed,open,startup'), only: text(''), seconds: { type: 'string' }, rounds: { type: 'string' }, quick: { type: 'boolean' }, write: { type: 'string' } }, bench)

async function bench(flags) {
  const tell = (text) => void process.stderr.write(`${text}\n`)
  const parts = new Set(flags.parts.split(','))
  const seconds = count(flags, 'seconds', flags.quick ? 2 : 10)
  const rounds = count(flags, 'rounds', flags.quick ? 2 : 3)
  // Read first: what cannot be written to is known before minutes are spent.
  const document = flags.write === undefined ? '' : await readFile(flags.write, 'utf8')
  if (flags.write !== undefined && !MARKS.test(document)) throw new Error(`${flags.write} has no <!-- generated:bench --> ... <!-- /generated -->`)
  await access(new URL('../dist/main.js', import.meta.url)).catch(() => {
    throw new Error('there is no build: npm run build')
  })
  const [clients, missing] = await findClients(flags)
  const folder = await mkdtemp(join(tmpdir(), 'medianest-bench-'))
  const told = [machine()]
  try {
    if (parts.has('closed')) {
      const nginx = await find('nginx')
      if (nginx === undefined) throw new Error('nginx is not installed (Debian package nginx-light)')
      told.push(...(await closedLoop({ clients: clients.filter(({ closed }) => closed), nginx, seconds, rounds, folder, tell })))
    }
    if (parts.has('open')) {
      told.push(...(await openLoop({ clients: clients.filter(({ open }) => open), product: PRODUCT, rates: [500, 2_000], seconds: flags.quick ? 2 : 6, folder, tell })))
    }
    if (parts.has('startup')) told.push(...(await startUp({ product: PRODUCT, times: flags.quick ? 5 : 20, tell })))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  if (missing.length > 0 && (parts.has('closed') || parts.has('open'))) told.push(`Not installed: ${missing.map(({ name, install }) => `${name} (${install})`).join(', ')}.`)
  const text = `${told.join('\n\n')}\n`
  process.stdout.write(text)
  if (flags.write !== undefined) await writeFile(flags.write, document.replace(MARKS, (_all, begin, end) => `${begin}\n${text}\n${end}`))
}

function count(flags, name, otherwise) {
  const value = Number(flags[name] ?? otherwise)
  if (!Number.isInteger(value) || value < 1 || value > 3_600) throw new Error(`--${name} takes a whole number from 1 to 3600, not ${flags[name]}`)
  return value
}

/** The clients that are installed and those that are not, as far as they are asked for. */
async function findClients(flags) {
  const wanted = flags.only.split(',').filter(Boolean)
  const asked = CLIENTS.filter(({ name }, index) => index === 0 || wanted.length === 0 || wanted.some((only) => name.startsWith(only)))
  const found = await Promise.all(asked.map(async (client) => ({ ...client, found: await client.find() })))
  return [found.filter((client) => client.found), found.filter((client) => !client.found)]
}

function machine() {
  const cores = availableParallelism()
  const place = pinned ? 'clients on one core, servers on another' : 'clients and servers share the cores'
  return `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cores} cores, Linux ${release()}, Node.js ${process.version}; ${place}.`
}
