import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startDemo } from '../../src/demo/demo.ts'

const BIN = join(import.meta.dirname, '../../bin/medianest-perf.js')
const HASHING = join(import.meta.dirname, '../fixtures/builds/hashing.mjs')
const isLinux = process.platform === 'linux'

interface Figure {
  readonly figure: string
  readonly verdict: string
  readonly change: { readonly estimate: number; readonly interval: { readonly low: number; readonly high: number } }
}

interface Envelope {
  readonly verdict: string
  readonly error?: { readonly message: string; readonly hint: string }
  readonly notes?: readonly string[]
  readonly findings: readonly { readonly id: string; readonly title: string }[]
  readonly data: { readonly figures: readonly Figure[]; readonly pairs: readonly unknown[]; readonly interleaved: { readonly pairs: number; readonly stopped: string | null } }
}

interface Told {
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly json: () => Envelope
}

function start(argv: readonly string[]): { readonly child: ChildProcess; readonly told: Promise<Told>; readonly err: () => string } {
  const child = spawn(process.execPath, [BIN, 'compare', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', err: '' }
  child.stdout.on('data', (bytes) => (text.out += String(bytes)))
  child.stderr.on('data', (bytes) => (text.err += String(bytes)))
  const told = new Promise<Told>((done) => child.once('close', (code) => done({ code, ...text, json: () => JSON.parse(text.out) as Envelope })))
  return { child, told, err: () => text.err }
}

const compare = (...argv: string[]): Promise<Told> => start(argv).told
const quoted = (...words: string[]): string => words.map((word) => `'${word}'`).join(' ')
const demo = (latency: string, mark: string): string => `${quoted(process.execPath, BIN)} demo --port {port} --latency ${latency} --quiet # ${mark}`
const hashing = (rounds: number, mark: string): string => `ROUNDS=${rounds} ${quoted(process.execPath, HASHING)} ${mark}`
const figure = ({ data }: Envelope, name: string): Figure | undefined => data.figures.find((each) => each.figure === name)

/** Processes whose command line holds a word, but for the one that was asked to start them. */
function running(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return line.includes(mark) && !line.includes('--base-cmd') ? [line] : []
    } catch {
      return []
    }
  })
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++) await new Promise((done) => setTimeout(done, 50))
  expect(holds()).toBe(true)
}

describe('compare of running builds, as it is installed', () => {
  it('finds a demo that is 10 % slower, and ends both', { timeout: 90_000, retry: 1 }, async () => {
    const mark = randomUUID()
    const { code, err, json } = await compare('--base-cmd', demo('10ms', mark), '--head-cmd', demo('11ms', mark), '/api/v1/media', '--slice', '300ms', '--format', 'json')
    const told = json()
    const median = figure(told, 'http.duration p(50)')
    expect({ code, verdict: median?.verdict }).toEqual({ code: 1, verdict: 'regressed' })
    expect(median?.change.estimate).toBeGreaterThan(0.04)
    expect(median?.change.estimate).toBeLessThan(0.2)
    expect(told.data.pairs).toHaveLength(told.data.interleaved.pairs)
    expect(err).toMatch(/at least 5\.94 s \(8 pairs\), at most 20\.5 s \(30 pairs\); each slice: 5 users for 300 ms/)
    expect(err).toMatch(/pair 8 of at most 30: http.duration p\(50\) \+/)
    if (isLinux) expect(running(mark)).toEqual([])
  })

  it('does not call one of two equal demos slower', { timeout: 60_000, retry: 1 }, async () => {
    const demos = await Promise.all([startDemo({ latencyMs: 10 }), startDemo({ latencyMs: 10 })])
    try {
      const [base, head] = demos
      const { code, json } = await compare('--base-url', base.url, '--head-url', head.url, '/api/v1/media', '-c', '3', '--slice', '150ms', '--format', 'json')
      expect(code).toBe(0)
      expect(['unchanged', 'inconclusive', 'improved']).toContain(figure(json(), 'http.duration p(50)')?.verdict)
      expect(figure(json(), 'cpu.per_request')).toBeUndefined()
    } finally {
      await Promise.all(demos.map((each) => each.close()))
    }
  })

  it.skipIf(!isLinux)('sees the processor time that a build uses for each request, and lets it decide (needs /proc)', { timeout: 60_000, retry: 1 }, async () => {
    const mark = randomUUID()
    const { code, json } = await compare('--base-cmd', hashing(100, mark), '--head-cmd', hashing(140, mark), '-c', '2', '--slice', '150ms', '--gate', 'cpu.per_request', '--format', 'json')
    expect({ code, verdict: figure(json(), 'cpu.per_request')?.verdict }).toEqual({ code: 1, verdict: 'regressed' })
    expect(running(mark)).toEqual([])
  })

  it.skipIf(!isLinux)('says what a build said last that ends while it is measured, and gives no verdict (needs /proc)', { timeout: 30_000 }, async () => {
    const mark = randomUUID()
    const dying = `${hashing(10, mark)} & sleep 2; echo out of memory; kill -9 $!; exit 9`
    const told = await compare('--base-cmd', hashing(10, mark), '--head-cmd', dying, '--slice', '300ms')
    expect(told.code).toBe(69)
    expect(told.out).toMatch(/UNKNOWN/)
    expect(told.out.replace(/\s+/g, ' ')).toMatch(/the build of the current side ended while it was measured \(exit code 9\)/)
    expect(told.out.replace(/\s+/g, ' ')).toMatch(/said last: out of memory/)
    expect(running(mark)).toEqual([])
  })

  it.skipIf(!isLinux)('ends the build that came up when the other does not (needs /proc)', { timeout: 30_000 }, async () => {
    const mark = randomUUID()
    const { code, err } = await compare('--base-cmd', hashing(10, mark), '--head-cmd', 'echo no such table >&2; exit 3')
    expect(code).toBe(69)
    expect(err).toMatch(/the build of the current side ended before it answered \(exit code 3\)/)
    expect(err).toMatch(/it said last: no such table/)
    expect(running(mark)).toEqual([])
  })

  it.skipIf(!isLinux).each(['SIGINT', 'SIGTERM'] as const)('keeps what was measured when %s ends it, and leaves no build behind (needs /proc)', { timeout: 30_000 }, async (signal) => {
    const mark = randomUUID()
    // A build that has started others, and that once does not want to end.
    const started = `${signal === 'SIGINT' ? "trap '' TERM; " : ''}${hashing(10, mark)} & sleep 1000 & wait # ${mark}`
    const { child, told, err } = start(['--base-cmd', hashing(10, mark), '--head-cmd', started, '--slice', '100ms', '--tolerance', '0.0001%', '--format', 'json'])
    await until(() => err().includes('pair 4 of'))
    child.kill(signal)
    const { code, json } = await told
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143)
    expect(json().verdict).toBe('warn')
    expect(json().data.interleaved.stopped).toBe('interrupted')
    expect(json().data.pairs.length).toBeGreaterThanOrEqual(4)
    expect(figure(json(), 'http.duration p(50)')?.verdict).toBe('inconclusive')
    expect(running(mark)).toEqual([])
  })

  it.skipIf(!isLinux)('takes its builds with it when the terminal hangs up (needs /proc)', { timeout: 30_000 }, async () => {
    const mark = randomUUID()
    const { child, told, err } = start(['--base-cmd', hashing(10, mark), '--head-cmd', hashing(10, mark), '--slice', '200ms'])
    await until(() => err().includes('1 of 4'))
    child.kill('SIGHUP')
    expect((await told).code).toBeNull()
    await until(() => running(mark).length === 0)
  })

  it.skipIf(!isLinux)('ends builds that are not ready yet when it is interrupted (needs /proc)', { timeout: 30_000 }, async () => {
    const mark = randomUUID()
    const { child, told } = start(['--base-cmd', `sleep 1000; echo ${mark}`, '--head-cmd', `sleep 1000; echo ${mark}`])
    await until(() => running(mark).length === 2)
    child.kill('SIGINT')
    expect((await told).code).toBe(130)
    expect(running(mark)).toEqual([])
  })
})
