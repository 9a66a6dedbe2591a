// Makes docs/images/top.svg: the real screen, captured from a terminal (tmux) while the demo has visitors.
//
//     npm run build && node bench/screenshot.mjs          # about a minute and a half
//     node bench/screenshot.mjs --seconds 20 --file /tmp/top.svg
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { endAll, start } from './process.mjs'

const ROOT = new URL('..', import.meta.url).pathname
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '75' }, columns: { type: 'string', default: '120' }, rows: { type: 'string', default: '40' }, file: { type: 'string', default: join(ROOT, 'docs/images/top.svg') } } })
const seconds = Number(values.seconds)

const session = `medianest-shot-${process.pid}`
const tmux = (...args) => execFileSync('tmux', ['-L', session, '-f', '/dev/null', ...args], { encoding: 'utf8' })
const folder = await mkdtemp(join(tmpdir(), 'medianest-shot-'))
try {
  await symlink(join(ROOT, 'bin/medianest-perf.js'), join(folder, 'medianest-perf'))
  // The command lines in the picture are those a reader would type.
  const run = (role, command) => start(role, ['bash', '-c', `cd '${folder}' && ${command}`], { stdin: 'pipe' })
  const demo = run('server', 'exec node medianest-perf demo --format ndjson --latency 5ms')
  const { data } = JSON.parse(await new Promise((line) => demo.stdout.once('data', (text) => line(String(text)))))
  // Quiet, busy, quiet, busy, quiet: a curve to see.
  const phases = [0.3, 0.15, 0.3, 0.15, 0.3].map((share, index) => `{duration: ${Math.ceil(seconds * share)}, arrivalRate: ${index % 2 === 0 ? 300 : 3_000}}`)
  await writeFile(join(folder, 'visitors.yaml'), `config:\n  target: ${data.url}\n  phases: [${phases.join(', ')}]\nscenarios:\n  - flow:\n      - get: {url: /api/v1/media}\n`)
  run('client', 'exec node medianest-perf load visitors.yaml --quiet')
  run('client', `for ((i = 0; i < ${seconds * 2}; i++)); do dd if=/dev/zero of=thumbnails bs=1M count=$((1 + RANDOM % 8)) conv=fsync status=none; sleep 0.5; done`)
  tmux('new-session', '-d', '-s', 'top', '-x', values.columns, '-y', values.rows, `cd '${folder}' && TZ=UTC COLORTERM=truecolor TERM=xterm-256color exec node medianest-perf top --filter 'name:node or name=dd or kernel'`)
  await new Promise((done) => setTimeout(done, seconds * 1_000))
  const screen = tmux('capture-pane', '-e', '-p', '-t', 'top')
  await writeFile(values.file, execFileSync(process.execPath, [join(ROOT, 'bench/picture.mjs'), '--title', 'medianest-perf top', '--columns', values.columns], { input: screen, encoding: 'utf8' }))
} finally {
  try {
    tmux('kill-server')
  } catch {
    // It has not been started.
  }
  await endAll()
  await rm(folder, { recursive: true, force: true })
}
