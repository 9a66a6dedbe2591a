// What live streams cost the process that serves them: `node bench/serve.mjs --help`.
import { spawn } from 'node:child_process'
import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { runBench, text } from './run.mjs'
import { fixed, table } from './table.mjs'

const HELP = `Usage: node bench/serve.mjs [options]

Serves a made-up instance in a process of its own, lets clients in another process read its live stream at one event a second over loopback, and tells what the
serving process spent meanwhile. Linux only.

Options:
  --clients <n>    how many read (default: 1000)
  --seconds <n>    for how long (default: 20)
  --help           print this help
`
const ROOT = new URL('..', import.meta.url).pathname
const TICKS = 100
const PATH = '/api/v1/performance/metrics/real-time?interval=1'

if (process.argv[2] === '--read') read(Number(process.argv[3]), Number(process.argv[4]))
else await runBench(HELP, { clients: text('1000'), seconds: text('20') }, bench)

async function bench(flags) {
  const [clients, seconds] = [Number(flags.clients), Number(flags.seconds)]
  const folder = await mkdtemp(join(tmpdir(), 'bench-serve-'))
  const children = []
  try {
    const server = await serveFake(folder, children)
    const empty = await costOf(server.pid)
    const reader = spawn(process.execPath, [new URL(import.meta.url).pathname, '--read', String(clients), String(server.port)], { stdio: ['pipe', 'pipe', 'inherit'] })
    children.push(reader)
    const lines = reader.stdout.setEncoding('utf8')[Symbol.asyncIterator]()
    await lines.next() // All are connected, and each has had an event.
    const before = await costOf(server.pid)
    await new Promise((done) => setTimeout(done, seconds * 1_000))
    const after = await costOf(server.pid)
    reader.stdin.end()
    const seen = JSON.parse((await lines.next()).value)
    const spent = after.cpuSeconds - before.cpuSeconds
    process.stdout.write(`${table(['clients', 'seconds', 'CPU seconds', 'of one core, %', 'RSS without, MB', 'RSS with, MB', 'events read', 'lost'], [[String(clients), fixed(seconds), fixed(spent, 2), fixed((spent / seconds) * 100, 1), fixed(empty.rss / 1e6), fixed(after.rss / 1e6), String(seen.events), String(seen.lost)]])}\n`)
  } finally {
    for (const child of children) child.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

async function serveFake(folder, children) {
  const file = join(folder, 'serve.mjs')
  await build({
    stdin: {
      resolveDir: ROOT, loader: 'ts',
      contents: `import { startServer } from './src/api/server/server.ts'
import { openAuditLog } from './src/api/server/audit-log.ts'
import { fakeResident } from './test/contract/fake-instance.ts'
const now = () => performance.now()
const log = openAuditLog({ level: 'warn', file: null, write: (line) => process.stderr.write(line), now })
const settings = { host: '127.0.0.1', port: 0, allowedHosts: [], tokens: [], jwt: null, tls: null, origins: [], trustProxy: [], rateLimit: null, takesFromAll: false, auditLog: null, logLevel: 'warn', maxStreams: 5000 }
const server = await startServer(fakeResident(), settings, { now, wallTime: () => new Date(), log, bootId: 'bench', tls: null })
process.stdout.write(String(server.port) + '\\n')`,
    },
    bundle: true, outfile: file, format: 'esm', platform: 'node', target: 'node20', logLevel: 'error',
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  })
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = await new Promise((done, failed) => {
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}`)))
    child.stdout.setEncoding('utf8').once('data', (found) => done(found.split('\n')))
  })
  return { pid: child.pid, port: Number(line) }
}

async function costOf(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS, rss: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024 }
}

function read(clients, port) {
  let events = 0
  let lost = 0
  let begun = 0
  for (let nth = 0; nth < clients; nth++) {
    let first = true
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n`))
    socket.setEncoding('latin1').on('data', (chunk) => {
      events += chunk.split('\ndata: ').length - 1
      if (!first || !chunk.includes('data: ')) return
      first = false
      if (++begun === clients) process.stdout.write('all\n')
    })
    socket.on('error', () => undefined).on('close', () => lost++)
  }
  process.stdin.resume().once('end', () => {
    process.stdout.write(`${JSON.stringify({ events, lost })}\n`, () => process.exit(0))
  })
}
