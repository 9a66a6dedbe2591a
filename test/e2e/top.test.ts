import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { json, startInstance, stream } from '../api/instance.ts'
import { hasTerminals, openTerminal, type Terminal, type TerminalOptions } from './terminal.ts'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')
const isLinux = process.platform === 'linux'
const where = hasTerminals && isLinux ? 'top on a real terminal' : 'top on a real terminal (skipped: it needs Linux and util-linux "script" to open one)'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'medianest-top-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open: Terminal[] = []
const children: ChildProcess[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((terminal) => terminal.close()))
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function top(args: readonly string[] = [], options: TerminalOptions = {}): Terminal {
  const terminal = openTerminal(['top', ...args], { cwd: folder, ...options })
  open.push(terminal)
  return terminal
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
const LIVE = /LIVE[\s\S]*PROCESSES/

describe.skipIf(!hasTerminals || !isLinux)(where, () => {
  test.each([
    ['q', 0, (terminal: Terminal) => terminal.type('q')],
    ['Ctrl-C', 0, (terminal: Terminal) => terminal.type('\u0003')],
    ['TERM', 0, (terminal: Terminal) => terminal.kill('SIGTERM')],
    ['INT', 0, (terminal: Terminal) => terminal.kill('SIGINT')],
    ['HUP', 0, (terminal: Terminal) => terminal.kill('SIGHUP')],
  ])('gives the terminal back after %s', async (_name, code, end) => {
    const terminal = top([], { before: 'echo before=$(stty -g)', after: 'echo after=$(stty -g) code=$code; exit $code' })
    await terminal.shows(LIVE)
    end(terminal)
    expect(await terminal.ended).toBe(code)
    const output = terminal.output()
    const [, before] = /before=(\S+)/.exec(output) ?? []
    expect(output).toContain(`after=${before} code=${code}`)
    for (const [taken, given] of [['\x1b[?1049h', '\x1b[?1049l'], ['\x1b[?25l', '\x1b[?25h'], ['\x1b[?7l', '\x1b[?7h']] as const) {
      expect(output.lastIndexOf(given), `${JSON.stringify(given)} comes after ${JSON.stringify(taken)}`).toBeGreaterThan(output.lastIndexOf(taken))
    }
  })

  test('is back in full after Ctrl-Z and fg', async () => {
    const terminal = top([], { before: 'set -m', after: 'sleep 0.3; fg > /dev/null; exit $?' })
    await terminal.shows(LIVE)
    const since = terminal.output().length
    terminal.type('\u001a')
    await terminal.sees('\x1b[?1049l', since)
    await terminal.sees('\x1b[?1049h', since)
    await terminal.shows(LIVE)
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
  })

  test('follows every change of size and never leaves a broken frame', async () => {
    const terminal = top()
    await terminal.shows(LIVE)
    for (const [columns, rows] of [[80, 24], [40, 12], [200, 60], [13, 5], [120, 40]] as const) {
      const since = terminal.output().length
      terminal.resize(columns, rows)
      await terminal.sees(/\x1b\[\?2026l/, since)
      await pause(150)
    }
    const since = terminal.output().length
    terminal.type('\f')
    await terminal.sees(/\x1b\[\?2026h[\s\S]*PROCESSES[\s\S]*\x1b\[\?2026l/, since)
    expect(terminal.screen()).toMatch(/╭─ CPU .*╮╭─ CORES .*╮/)
    expect(terminal.screen()).toMatch(/╰─+.*╯\n TIME /)
  })

  test('finds a process by a filter that is typed, and ends it only after a yes', async () => {
    const program = join(folder, 'mp-victim')
    copyFileSync('/bin/sleep', program)
    const victim = spawn(program, ['300'], { stdio: 'ignore' })
    children.push(victim)
    const gone = new Promise<NodeJS.Signals | null>((done) => victim.once('exit', (_code, signal) => done(signal)))
    const terminal = top()
    await terminal.shows(LIVE)
    await pause(400)
    terminal.type('/')
    await terminal.shows('Filter')
    for (const key of `name:mp-vict and pid=${victim.pid}`) terminal.type(key)
    terminal.type('\r')
    await terminal.shows(/PROCESSES 1\/\d+/)
    terminal.type('k')
    await terminal.shows('SIGTERM')
    terminal.type('\r')
    await terminal.shows(/Send SIGTERM to mp-victim/)
    expect(victim.exitCode).toBeNull()
    terminal.type('y')
    expect(await gone).toBe('SIGTERM')
  })

  test('answers a wrong filter while it is typed, with the place', async () => {
    const terminal = top()
    await terminal.shows(LIVE)
    await pause(400)
    terminal.type('/')
    await terminal.shows('Filter')
    for (const key of 'cpuu>3') terminal.type(key)
    await terminal.shows(/cpuu.*|did you mean/)
    terminal.type('\u001b')
    await pause(100)
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
  })

  test('goes back in time with the processes of that moment, and live again', async () => {
    const terminal = top(['--interval', '200ms'])
    await terminal.shows(LIVE)
    await pause(2_500)
    terminal.type('\u001b[D\u001b[D\u001b[D')
    await terminal.shows(/FROZEN \d\d:\d\d:\d\d/)
    terminal.type('\u001b[F')
    await terminal.shows('LIVE')
  })

  test('draws with ASCII and without colour where that is asked for', async () => {
    const terminal = top(['--ascii'], { env: { NO_COLOR: '1' } })
    await terminal.shows(LIVE)
    await pause(1_200)
    terminal.type('q')
    await terminal.ended
    expect(terminal.output()).not.toMatch(/[^\u0000-\u007f]/)
    expect(terminal.output()).not.toMatch(/\x1b\[(?:[\d;]*;)?(?:3|4|9|10)[0-7](?:;[\d;]*)?m/)
  })

  test('shows a process with a hostile name harmlessly', async () => {
    // A file name cannot hold a slash, an argument can hold everything.
    const victim = spawn('/bin/sh', ['-c', 'exec -a "$0" sleep 300', '\u001b]0;owned\u0007\u001b[2Jevil\nname 日本語 e\u0301\u202etxt'], { stdio: 'ignore' })
    children.push(victim)
    const shell = spawnSync('bash', ['-c', 'exec -a x true']).status === 0 ? 'bash' : undefined
    const named = shell ? spawn(shell, ['-c', 'exec -a "$0" sleep 300', '\u001b]0;owned\u0007\u001b[2Jevil\nname 日本語 e\u0301\u202etxt'], { stdio: 'ignore' }) : victim
    if (named !== victim) children.push(named)
    const terminal = top(['--filter', `pid=${named.pid}`])
    await terminal.shows(/PROCESSES 1\/\d+/)
    await terminal.shows('evil')
    expect(terminal.output()).not.toContain('\u001b]0;owned')
    expect(terminal.output()).not.toContain('\u202e')
    expect(terminal.output()).not.toContain('\u001b[2Jevil')
  })

  test('saves what it knows with w, and a recording can be shown again', async () => {
    const terminal = top(['--interval', '200ms', '--record', 'live.ndjson'])
    await terminal.shows(LIVE)
    await pause(1_500)
    terminal.type('w')
    await terminal.shows(/ticks saved to top-[\d-]+\.ndjson\.gz/)
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
    const saved = readdirSync(folder).find((name) => /^top-.*\.gz$/.test(name)) ?? ''
    for (const file of ['live.ndjson', saved]) {
      const again = top(['--replay', file, '--speed', '5'])
      await again.shows(/REPLAY[\s\S]*PROCESSES/)
      again.type('q')
      expect(await again.ended).toBe(0)
    }
  })

  test('shows an instance from its stream, says when it is lost, and takes it up where it was', async () => {
    const event = (usage: number, id: number): string => `id: ${id}\ndata: ${JSON.stringify({ type: 'metrics', timestamp: new Date().toISOString(), cpu: { usage } })}\n\n`
    const cut: (() => void)[] = []
    const instance = await startInstance({
      metrics: json({ success: true, data: { timestamp: new Date().toISOString(), system: { hostname: 'web-07' }, metrics: { cpu: { usage: 11, cores: 4 }, memory: { total: 1e9, used: 5e8, usage: 50 } } } }),
      'metrics/real-time': stream((send, response, nth) => {
        if (nth === 1) {
          send(event(42, 1))
          cut.push(() => response.destroy())
        } else send(event(77, 2))
      }),
    })
    const terminal = top(['--url', instance.url])
    await terminal.shows('web-07')
    await terminal.shows(/42\.0%/)
    cut.forEach((end) => end())
    await terminal.shows(/77\.0%/)
    expect(instance.requests.filter(({ endpoint }) => endpoint === 'metrics/real-time')[1]?.headers['last-event-id']).toBe('1')
    terminal.type('k')
    await terminal.shows(/signal/)
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
  })

  test('shows several instances, one after the other', async () => {
    const named = (hostname: string): Parameters<typeof startInstance>[0] => ({ metrics: json({ success: true, data: { system: { hostname }, metrics: { cpu: { usage: 5, cores: 2 } } } }) })
    const [one, other] = [await startInstance(named('alpha-1')), await startInstance(named('beta-2'))]
    const terminal = top(['--url', one.url, '--url', other.url])
    await terminal.shows('alpha-1')
    await pause(500)
    terminal.type('\t')
    await terminal.shows('beta-2')
    expect(terminal.screen()).toContain('2/2')
  })
})

describe('top without a terminal', () => {
  const run = (args: readonly string[]): { code: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'top', ...args], { encoding: 'utf8', timeout: 20_000, cwd: folder })
    return { code: status, out: stdout, err: stderr }
  }

  test('prints lines, never escape codes', () => {
    const { code, out } = run(['--count', '2', '--interval', '200ms'])
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toHaveLength(2)
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}cpu [\d.]+% {2}load/m)
    expect(out).not.toContain('\x1b')
  })

  test('prints one look as JSON, in the shape of the API', () => {
    const { code, out } = run(['--once', '--interval', '200ms', '--format', 'json'])
    const { success, command, data } = JSON.parse(out) as { success: boolean; command: string; data: { system: { hostname: string }; metrics: { cpu: { usage: number }; memory: { total: number } } } }
    expect([code, success, command]).toEqual([0, true, 'top'])
    expect(data.metrics.cpu.usage).toBeGreaterThanOrEqual(0)
    expect(data.metrics.memory.total).toBeGreaterThan(1e6)
  })

  test('streams NDJSON until it is told to end, which is no failure', async () => {
    const child = spawn(process.execPath, [BIN, 'top', '--interval', '200ms', '--format', 'ndjson'], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    let out = ''
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
    await new Promise<void>((enough) => child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.split('\n').length > 3) enough()
    }))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ success: true, command: 'top' })
  })

  test('can be ended while it waits for a recording that never comes', async () => {
    const child = spawn('bash', ['-c', `exec '${process.execPath}' '${BIN}' top --count 3 --replay <(sleep 30)`], { stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
    await pause(1_000)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('ends quietly when nobody reads any more', async () => {
    const { status, stderr } = spawnSync('sh', ['-c', `'${process.execPath}' '${BIN}' top --interval 200ms | head -n 2`], { encoding: 'utf8', timeout: 20_000 })
    expect([status, stderr]).toEqual([0, ''])
  })

  test('ends as our bug, with the stack, when something is thrown that nobody catches', () => {
    const preload = join(folder, 'throw.cjs')
    writeFileSync(preload, "setTimeout(() => { throw new Error('boom') }, 600)")
    const { status, stderr } = spawnSync(process.execPath, ['--require', preload, BIN, 'top', '--interval', '200ms'], { encoding: 'utf8', timeout: 20_000 })
    expect(status).toBe(70)
    expect(stderr).toMatch(/Error: boom\n {4}at /)
  })

  test.each([
    [['--filter', 'cpu>>3'], 64, /filter|column/i],
    [['--replay', 'nowhere.ndjson'], 65, /nowhere\.ndjson/],
    [['--speed', '2'], 64, /--speed/],
    [['--interval', '1ms'], 64, /--interval/],
    [['--sort', 'cpuu'], 64, /did you mean "cpu"/],
    [['--url', 'http://127.0.0.1:1', '--url', 'http://127.0.0.1:2'], 64, /2 instances/],
    [['--url', 'http://127.0.0.1:1', '--once'], 69, /127\.0\.0\.1:1/],
  ])('says what is wrong with %j', (args, code, words) => {
    const result = run(args)
    expect(result.code).toBe(code)
    expect(result.err).toMatch(words)
    expect(result.err).not.toContain('    at ')
  })
})
