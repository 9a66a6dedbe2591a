import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { METRICS, type MetricName } from '../../../src/model/metric.ts'
import { processKey, type Process } from '../../../src/model/process.ts'
import { valueOf, type Snapshot } from '../../../src/model/snapshot.ts'
import { process, program, samplesOf, snapshot } from '../../analysis/looks.ts'
import { FACTS, notesOf, ordinary, pieces, read, record, snapshotsOf } from './recordings.ts'
import { readRecording } from '../../../src/sources/recording/read.ts'

const NAMES = Object.keys(METRICS) as MetricName[]
const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('', '__proto__', '\x1b[2J', '\n{"f":1', 'x'.repeat(2_000), '\ud800'))
const figure = fc.oneof(fc.double(), fc.nat(1e9), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e-320, Number.MAX_VALUE))
const samples = fc.array(fc.tuple(fc.constantFrom(...NAMES.slice(0, 60)), fc.constantFrom('', '0', 'eth0', '__proto__', '/\x1b'), figure), { maxLength: 30 }).map((rows) => {
  const map = samplesOf({})
  for (const [metric, tag, value] of rows) if (Number.isFinite(value)) map.set(metric, (map.get(metric) ?? new Map<string, number>()).set(tag, value))
  return map
})
const row: fc.Arbitrary<Process> = fc.record({ pid: fc.integer({ min: 1, max: 8 }), command: hostile, cpu: figure, residentBytes: figure, readRate: figure }).map(({ pid, command, ...rest }) => ({ ...process(pid, rest), program: program(pid, { command: command.slice(0, 5), name: command, user: command, container: pid % 2 ? null : command, uid: rest.cpu, startedAt: pid === 8 ? rest.cpu : pid }) }))
const table = fc.option(fc.uniqueArray(row, { selector: ({ program: each }) => processKey(each) + each.command, maxLength: 10 }).map((rows) => ({ at: 5, total: rows.length, rows })))
const application = fc.option(fc.record({ endpoints: fc.array(fc.record({ method: hostile, path: hostile, count: figure, avgMs: figure, errors: figure }), { maxLength: 3 }), queries: fc.constant([]) }))
const alerts = fc.array(fc.record({ level: fc.constantFrom('info' as const, 'critical' as const), metric: hostile, message: hostile, value: figure }), { maxLength: 2 })
const tick: fc.Arbitrary<Snapshot> = fc.record({ at: fc.integer({ min: 0, max: 2e12 }), elapsedMs: fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(Number.NaN)), samples, processes: table, application, alerts })

function near(actual: number, expected: number): void {
  if (Number.isFinite(expected) && Math.abs(expected) < 1.797e308) expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 5e-5 + 1e-322)
}

test('whatever a feed says, the recording says the same to four digits and more, and every line of it can be read', async () => {
  await fc.assert(fc.asyncProperty(fc.array(tick, { minLength: 1, maxLength: 8 }), hostile, async (ticks, name) => {
    const many = Array.from({ length: 70 }, (_, index) => ticks[index % ticks.length]!)
    const entries = await read(await record(many, { ...FACTS, host: name, cores: Number.NaN, filesystems: { [name]: { device: name, type: name } } }))
    expect(notesOf(entries)).toEqual([])
    const found = snapshotsOf(entries)
    expect(found).toHaveLength(many.length)
    for (const [index, now] of found.entries()) {
      const then = many[index]!
      expect(now.at).toBe(then.at)
      near(now.elapsedMs, then.elapsedMs)
      for (const [metric, series] of then.samples) for (const [tag, value] of series) near(valueOf(now, metric, tag), value)
      for (const [metric, series] of now.samples) for (const tag of series.keys()) expect(then.samples.get(metric)?.has(tag)).toBe(true)
      expect(now.processes === null).toBe(then.processes === null)
      const important = (rows: readonly Process[] = []): string[] => rows.filter(({ residentBytes }) => residentBytes > 0 && Number.isFinite(residentBytes)).map(({ program: { pid } }) => String(pid)).sort()
      expect(now.processes?.rows.map(({ program: { pid } }) => String(pid)).sort() ?? []).toEqual(expect.arrayContaining(important(then.processes?.rows)))
      expect([now.alerts.length, now.application?.endpoints.length]).toEqual([then.alerts.length, then.application?.endpoints.length])
    }
  }), { numRuns: 60 })
})

test('an ordinary hour is small: about two and a half kilobytes a second, a fifth of that packed', async () => {
  const text = await record(ordinary(120))
  const perTick = text.length / 120
  const packed = gzipSync(text).length / 120
  if (globalThis.process.env['SHOW_SIZES']) globalThis.process.stderr.write(`${Math.round(perTick)} bytes a tick, ${Math.round(packed)} packed\n`)
  expect(perTick).toBeLessThan(4_000)
  expect(packed).toBeLessThan(1_500)
})

test('a process table that was not looked at anew is not written again, and is the same table when it is read', async () => {
  const [first] = ordinary(1)
  const text = await record([first!, { ...first!, at: first!.at + 1_000 }])
  expect(text.split('\n')[2]!.length).toBeLessThan(80)
  const [one, other] = snapshotsOf(await read(text))
  expect(one!.processes?.rows).toHaveLength(50)
  expect(other!.processes).toBe(one!.processes)
})

test('what was given out does not change when the next tick comes', async () => {
  const { entries } = await readRecording(pieces(await record([snapshot(1, { 'load.1': 1 }), snapshot(2, { 'load.1': 2 })])), 'f')
  const first = (await entries.next()).value
  await entries.next()
  expect(first && first.kind === 'snapshot' && valueOf(first.snapshot, 'load.1')).toBe(1)
})

test('metrics of a later version are left out and the others read', async () => {
  const text = await record([snapshot(1, { 'load.1': 1, 'load.5': 5 })])
  const [only] = snapshotsOf(await read(text.replace('load.1', 'brain.waves')))
  expect([...only!.samples]).toEqual([['load.5', new Map([['', 5]])]])
})
