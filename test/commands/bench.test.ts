import { describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { commandsOf } from '../../src/commands/bench-words.ts'
import { benchReport } from '../../src/commands/bench-report.ts'
import { COMPARE_RULES } from '../../src/analysis/compare/rules.ts'
import { addPair, pairedDecision, startPairs } from '../../src/analysis/compare/paired.ts'
import type { Bench, BenchComparison } from '../../src/analysis/shape/bench-shape.ts'
import { main } from '../../src/main.ts'
import { readMeasurements } from '../../src/sources/artifacts/read-measurements.ts'
import { lines } from '../sources/artifacts/figures.ts'
import { testHost } from '../host.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-bench-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Envelope {
  readonly verdict: string
  readonly data: { readonly commands: readonly { readonly name: string; readonly runs: number; readonly failures: number; readonly command: readonly string[] }[]; readonly trouble: unknown; readonly comparison: { readonly verdict: string; readonly pairs: readonly unknown[] } | null }
  readonly findings: readonly { readonly id: string; readonly verdict: string; readonly title: string; readonly hint?: string }[]
}

async function bench(...argv: string[]): Promise<{ code: number; out: string; err: string; json: () => Envelope }> {
  const host = testHost(['bench', ...argv], { cwd: folder, env: { PATH: process.env['PATH'] ?? '' } })
  const code = await main(host)
  return { code, out: host.out(), err: host.err(), json: () => JSON.parse(host.out()) as Envelope }
}

const words = (flags: Parameters<typeof commandsOf>[0]['flags'] | Record<string, unknown>, ...given: string[]): ReturnType<typeof commandsOf> =>
  commandsOf({ host: { argv: ['bench', '--', ...given] }, arguments: given, flags: flags as Parameters<typeof commandsOf>[0]['flags'] })

describe('the command line of bench', () => {
  it('hands every word behind -- to the command, flags of ours and another -- too', async () => {
    const { json } = await bench('--runs', '1', '--warmup', '0', '--format', 'json', '--', 'true', '--runs', '7', '--format=human', '--', '--help', '-c')
    expect(json().data.commands).toMatchObject([{ command: ['true', '--runs', '7', '--format=human', '--', '--help', '-c'], runs: 1 }])
  })

  it('takes a command without flags of its own before it as well', async () => {
    expect((await bench('--', 'no such program', '--version')).err).toContain('no such program cannot be started: there is no such program')
  })

  it('names a command as it would be typed', () => {
    expect(words({}, 'node', '-e', "console.log('a b')").head.name).toBe(String.raw`node -e 'console.log('\''a b'\'')'`)
    expect(words({ name: 'new', base: 'node old.js', baseName: 'old' }, 'node', 'new.js')).toMatchObject({ head: { name: 'new' }, base: { name: 'old', program: 'node', words: ['old.js'] } })
  })

  it('reads the text of --base and --prepare as a shell would, and no further', () => {
    expect(words({ base: `node -e 'a b' "c \\" d" $HOME`, prepare: 'rm -rf cache' }, 'true')).toMatchObject({
      base: { program: 'node', words: ['-e', 'a b', 'c " d', '$HOME'] }, prepare: { program: 'rm', words: ['-rf', 'cache'] }, idle: { program: 'true' },
    })
  })

  it('gives all of them to a shell with --shell', () => {
    expect(words({ shell: true, base: 'a | b', prepare: 'c > d' }, 'e && f')).toMatchObject({
      head: { name: 'e && f', program: 'sh', words: ['-c', 'e && f'] }, base: { program: 'sh', words: ['-c', 'a | b'] }, prepare: { program: 'sh', words: ['-c', 'c > d'] }, idle: { program: 'sh' },
    })
  })

  it.each([
    [['ls'], 'stands after --', 'bench -- ls'],
    [['ls', '-la'], "unknown option '-la'", 'put -- before the command'],
    [[], "missing required argument 'command'", 'put -- before the command'],
    [['--'], "missing required argument 'command'", ''],
    [['--rnus', '3', '--', 'ls'], "unknown option '--rnus'", 'did you mean "--runs"?'],
    [['--', ''], 'the command to time is empty', ''],
    [['--base', 'a | b', '--', 'ls'], '--base cannot be read: no shell reads it, and | means nothing without one', '--shell'],
    [['--base', 'a "b', '--', 'ls'], '--base cannot be read: the quote', ''],
    [['--base', '', '--', 'ls'], '--base cannot be read: it is empty', ''],
    [['--shell', '--', 'ls', '-la'], 'with --shell the command is one text', 'put it in quotes'],
    [['--pairs', '10', '--', 'ls'], '--pairs belongs to a comparison', '--base'],
    [['--measure-only', '--', 'ls'], '--measure-only belongs to a comparison', '--base'],
    [['--min-time', '1s', '--base', 'a', '--', 'ls'], '--min-time belongs to a command that is timed alone', '--pairs'],
    [['--min-time', '1s', '--runs', '4', '--', 'ls'], '--runs and --min-time', ''],
    [['--runs', '0', '--', 'ls'], '--runs: "0" is not a whole number', ''],
    [['--', './nothing-here'], './nothing-here cannot be started', 'installed'],
    [['--base', './nothing-here', '--', 'true'], './nothing-here cannot be started', ''],
    [['--prepare', './nothing-here', '--', 'true'], './nothing-here cannot be started', ''],
  ] as const)('%j is a usage error that says what to do (64)', async (argv, message, hint) => {
    const { code, out, err } = await bench(...argv)
    expect({ code, out }).toEqual({ code: 64, out: '' })
    expect(err).toContain(message)
    expect(err).toContain(hint)
  })

  it('ends with 65 where its input is not there', async () => {
    expect(await bench('--input', 'nothing', '--', 'cat')).toMatchObject({ code: 65, err: expect.stringContaining('nothing cannot be read: there is no such file') })
  })
})

describe('a benchmark that cannot be made', () => {
  it('has no answer when the command fails, and repeats its last words', async () => {
    const { code, json } = await bench('--runs', '3', '--format', 'json', '--', 'sh', '-c', 'echo doing; echo first >&2; echo cannot open the store >&2; exit 3')
    expect(code).toBe(2)
    expect(json()).toMatchObject({ verdict: 'unknown', data: { trouble: { kind: 'failed', why: 'ended with 3', lastWords: ['first', 'cannot open the store'] } } })
    expect(json().findings).toMatchObject([{ verdict: 'unknown', title: expect.stringMatching(/ended with 3: cannot open the store$/), hint: expect.stringContaining('--ignore-failure') }])
  })

  it('is made all the same when nobody minds, and counts the failures', async () => {
    const { code, json } = await bench('--runs', '3', '--ignore-failure', '--format', 'json', '--', 'false')
    expect(code).toBe(0)
    expect(json().data.commands).toMatchObject([{ runs: 3, failures: 3 }])
  })

  it.each([
    ['the base fails', ['--base', 'false', '--', 'true'], 'failed:false'],
    ['it takes too long', ['--run-timeout', '200ms', '--', 'sleep', '20'], "late:sleep 20"],
    ['what prepares it fails', ['--prepare', 'false', '--ignore-failure', '--', 'true'], 'unprepared:false'],
  ] as const)('has no answer when %s', async (_, argv, id) => {
    const { code, json } = await bench('--format', 'json', ...argv)
    expect(code).toBe(2)
    expect(json().findings.map((finding) => finding.id)).toEqual([id])
  })

  it('is no result for those who read it', async () => {
    const { out } = await bench('--runs', '1', '--format', 'json', '--', 'false')
    await expect(readMeasurements('x.json', out)).rejects.toMatchObject({ code: 'NOTHING_MEASURED', message: expect.stringContaining('false ended with 1') })
    const usage = await bench('--format', 'json', '--', './nothing-here')
    await expect(readMeasurements('x.json', usage.out)).rejects.toMatchObject({ code: 'NOTHING_MEASURED', message: expect.stringContaining('cannot be started') })
  })
})

/** A benchmark of made-up times; the head of pair n is `ratio` times its base, give or take. */
function made(ratio: number, n: number, parts: Partial<Bench> & { readonly gates?: boolean } = {}): Bench {
  const pairs = Array.from({ length: n }, (_, nth) => ({ base: 100 + (nth % 7) / 10, head: ratio * (100 + (nth % 5) / 10) }))
  const state = pairs.reduce(addPair, startPairs({ better: 'lower', rules: COMPARE_RULES, looks: [n] }))
  const comparison: BenchComparison = { pairs, runsPerTurn: 1, decision: pairedDecision(state), difference: { estimate: 100 * (ratio - 1), interval: null }, gates: parts.gates ?? true }
  const cpu = pairs.map(() => ({ userMs: 80, systemMs: 10 }))
  return {
    startedAt: new Date(0), environment: { tool: 'medianest-perf 1.0.0', cpu: 'x', cores: 2, memoryBytes: 1e9, os: 'Debian 12', arch: 'x64' }, plan: 'started directly', warmups: 1, start: { command: 'true', ms: 1.5 }, trouble: null,
    commands: [
      { name: 'old', role: 'base', words: ['old'], times: pairs.map(({ base }) => base), cpu, cpuStepMs: 10, failures: 0 },
      { name: 'new', role: 'head', words: ['new'], times: pairs.map(({ head }) => head), cpu, cpuStepMs: 10, failures: 0 },
    ],
    comparison, ...parts,
  }
}
const reported = (bench: Bench): ReturnType<typeof benchReport> => benchReport(bench, { interrupted: undefined, finishedAt: new Date(1) })

describe('the report of a benchmark', () => {
  it.each([
    ['regressed', 1.2, 8, 'fail', 'compare:time'],
    ['improved', 0.8, 8, 'ok', 'compare:time'],
    ['unchanged', 1, 16, 'ok', 'compare:time'],
    ['inconclusive', 1.2, 3, 'warn', 'compare:time'],
  ] as const)('%s: what the verdict comes to', (word, ratio, n, verdict, id) => {
    const told = reported(made(ratio, n))
    expect(told).toMatchObject({ verdict, isInconclusive: verdict === 'warn', findings: [{ id, title: expect.stringContaining(`time ${word}`) }] })
    expect(told.figures?.[0]).toMatchObject({ name: 'time new', word, decides: true, change: { scale: 'relative' } })
  })

  it('judges nothing where it is only to measure, and still tells the difference', () => {
    const told = reported(made(1.5, 16, { gates: false }))
    expect(told).toMatchObject({ verdict: 'ok', findings: [] })
    expect(told.figures).toMatchObject([{ name: 'time new', decides: false, verdict: 'ok' }, { name: 'time.difference', value: 50, unit: 'ms' }, { name: 'time.cpu new', value: 90 }])
  })

  it('has every figure by a name of its own', () => {
    const names = reported(made(1.2, 8)).figures?.map(({ name }) => name)
    expect(new Set(names).size).toBe(names?.length)
  })

  it.each([
    ['starting a process is much of it', made(1, 8, { start: { command: 'true', ms: 30 } }), /starting a process that does nothing takes 30 ms here \(true\), 3\d(\.\d)?% of what was measured; nothing was subtracted/],
    ['the first run met cold caches', { ...made(1, 8), comparison: null, commands: [{ name: 'new', role: 'head', words: [], times: [900, 100, 101, 99], cpu: null, cpuStepMs: 10, failures: 0 }] } satisfies Bench, /the first run of new took 900 ms, the one in the middle 10\d(\.\d)? ms/],
    ['processor times are coarse', { ...made(1, 8), commands: [{ name: 'new', role: 'head', words: [], times: [20, 20, 21], cpu: [20, 10, 20].map((userMs) => ({ userMs, systemMs: 0 })), cpuStepMs: 10, failures: 0 }] } satisfies Bench, /steps of 10 ms: .* right to about 3\.33 ms/],
  ])('says so when %s', (_, bench, note) => {
    expect(reported(bench).notes.join('\n')).toMatch(note)
  })

  it('says none of that when it does not matter', () => {
    expect(reported(made(1.2, 30)).notes).toEqual([])
  })

  it('is read again as the same figures', async () => {
    const read = await readMeasurements('bench.json', JSON.stringify(reported(made(1.2, 3)).data))
    expect(read).toMatchObject({ format: 'medianest-bench', surroundings: { tool: 'medianest-perf 1.0.0 bench', plan: 'started directly', cores: 2 }, takenAt: 0 })
    expect(lines(read)).toEqual([
      'time.ratio p(50) = 1.2 1.2 1.2 count ↓ sampled', 'time.difference p(50) = 20 20.02 20.04 ms · sampled',
      'time p(50) old = 100 100.1 100.2 ms ↓ sampled', 'time.cpu old = 90 90 90 ms ↓ sampled ±10',
      'time p(50) new = 120 120.12 120.24 ms ↓ sampled', 'time.cpu new = 90 90 90 ms ↓ sampled ±10',
    ])
  })

  it('has a 95th percentile to set a limit for where there are runs enough', async () => {
    expect(lines(await readMeasurements('x.json', JSON.stringify(reported(made(1, 30)).data))).filter((line) => line.includes('p(95)'))).toEqual(['time p(95) old = 100.6 ms ↓ sampled', 'time p(95) new = 100.4 ms ↓ sampled'])
  })

  it('of another version is not guessed at', async () => {
    const { data } = reported(made(1.2, 3))
    await expect(readMeasurements('x.json', JSON.stringify({ ...data, version: 2 }))).rejects.toMatchObject({ code: 'BROKEN_ARTIFACT', message: expect.stringContaining('version 2, version 1 is known') })
    await expect(readMeasurements('x.json', JSON.stringify({ ...data, commands: [{ name: 'x', times: ['fast'], cpuTimes: null }] }))).rejects.toMatchObject({ message: expect.stringContaining('commands[0].times') })
  })
})

describe('results of bench', () => {
  it('are compared with each other', async () => {
    const [before, after] = [join(folder, 'before.json'), join(folder, 'after.json')]
    const one = (times: readonly number[], startedAt: number): string => JSON.stringify(reported({ ...made(1, 3), comparison: null, startedAt: new Date(startedAt), commands: [{ name: 'app', role: 'head', words: ['app'], times, cpu: null, cpuStepMs: 10, failures: 0 }] }).data)
    writeFileSync(before, one([10, 10.2, 10.4, 10.1, 10.3, 10.5], 0))
    writeFileSync(after, one([13, 13.2, 13.4, 13.1, 13.3, 13.5], 1))
    const host = testHost(['compare', before, after, '--format', 'json'], { cwd: folder })
    expect(await main(host)).toBe(1)
    expect(JSON.parse(host.out())).toMatchObject({ verdict: 'fail', findings: [{ id: 'compare:time p(50) app' }] })
  })
})
