import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { History } from '../../src/analysis/history.ts'
import { processKey } from '../../src/model/process.ts'
import type { ProcessTable } from '../../src/model/snapshot.ts'
import { process, program, snapshot } from './looks.ts'

const table = (...rows: ProcessTable['rows']): { processes: ProcessTable } => ({ processes: { at: 1, total: rows.length, rows } })
/** Ticks 0, 1, 2, ... of one figure, a second apart. */
function filled(values: readonly number[], capacity?: number): History {
  const history = new History(capacity)
  for (const [index, value] of values.entries()) history.push(snapshot(index * 1_000, Number.isNaN(value) ? {} : { 'load.1': value }))
  return history
}

describe('going back in time', () => {
  test('nothing is known before the first tick, nor further back than there are ticks', () => {
    expect([new History().moment(0), new History().length, new History().newestAt]).toEqual([null, 0, Number.NaN])
    const history = filled([1, 2])
    expect([history.moment(1)?.value('load.1'), history.moment(2), history.moment(-1)]).toEqual([1, null, null])
  })

  test('each instant has its own time, figures and past', () => {
    const moment = filled([1, 2, Number.NaN, 4, 5], 4).moment(1)
    expect([moment?.at, moment?.length, moment?.stepMs, moment?.value('load.1')]).toEqual([3_000, 3, 1_000, 4])
    expect([...moment!.series('load.1', '', 10)]).toEqual([2, Number.NaN, 4])
    expect([...moment!.times(2)]).toEqual([2_000, 3_000])
    expect([...moment!.series('load.5', '', 2)]).toEqual([Number.NaN, Number.NaN])
  })

  test('the ring goes round for ever and always holds the last ticks', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.nat(1_000), { nil: Number.NaN }), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 12 }), fc.nat(11), fc.nat(14), (values, capacity, back, count) => {
      const moment = filled(values, capacity).moment(back)
      const known = values.slice(-capacity)
      if (back >= known.length) return void expect(moment).toBeNull()
      const upTo = known.slice(0, known.length - back)
      expect([...moment!.series('load.1', '', count)]).toEqual(count === 0 ? [] : upTo.slice(-count))
      expect(moment!.value('load.1')).toEqual(upTo.at(-1))
      const most = Math.max(...(count === 0 ? [] : upTo.slice(-count)).filter((value) => !Number.isNaN(value)))
      expect(moment!.peak('load.1', '', count)?.value ?? Number.NEGATIVE_INFINITY).toBe(most)
    }))
  })

  test('sizes are exact to the byte, years of uptime too', () => {
    const history = new History()
    history.push(snapshot(0, { 'memory.used': 1_099_511_627_777, 'files.open': 16_777_217 }))
    history.push(snapshot(1_000))
    expect([history.moment(1)?.value('memory.used'), history.moment(1)?.value('files.open')]).toEqual([1_099_511_627_777, 16_777_217])
  })

  test('counters are those of the newest tick, but for those that are shown as they are', () => {
    const history = new History()
    for (const at of [0, 1_000]) history.push(snapshot(at, { context_switches: 7, 'network.received': { eth0: 81e9 } }))
    expect([0, 1].map((back) => history.moment(back)?.value('context_switches'))).toEqual([7, Number.NaN])
    expect(history.moment(1)?.value('network.received', 'eth0')).toBe(81e9)
  })

  test('an instant knows the tags that it had, a disk that was pulled out is still in the past', () => {
    const history = new History()
    history.push(snapshot(0, { 'disk.utilization': { sda: 0.1, usb: 0.2 } }))
    history.push(snapshot(1_000, { 'disk.utilization': { sda: 0.3, new: 0 } }))
    expect([0, 1].map((back) => history.moment(back)?.tags('disk.utilization'))).toEqual([['sda', 'new'], ['sda', 'usb']])
  })

  test('a silence of the source is no gap; the times tell of it', () => {
    const history = filled([1, 2])
    history.push(snapshot(90_000, { 'load.1': 3 }, { elapsedMs: 89_000 }))
    const moment = history.moment(0)
    expect([[...moment!.series('load.1', '', 3)], [...moment!.times(3)], moment!.stepMs]).toEqual([[1, 2, 3], [0, 1_000, 90_000], 89_000])
  })

  test('after clear it is as new', () => {
    const history = filled([1, 2, 3])
    history.clear()
    expect([history.length, history.moment(0), history.seriesCount]).toEqual([0, null, 0])
    history.push(snapshot(9, { 'load.5': 1 }, table(process(1, { cpu: 1 }))))
    expect([history.length, [...history.moment(0)!.series('load.1', '', 5)]]).toEqual([1, [Number.NaN]])
  })
})

describe('the processes of an instant', () => {
  test('all of them now; back in time those that used the processor, the disks and the memory most', () => {
    const history = new History()
    const rows = Array.from({ length: 300 }, (_, index) => process(index, { residentBytes: 1_000 + index, memory: 0.25, cpu: index < 100 ? index / 100 : Number.NaN, readRate: index === 150 ? 5e6 : Number.NaN, state: 'R', threads: 3, parent: 7, cpuTimeMs: 1_234.5 }))
    history.push(snapshot(0, {}, table(...rows)))
    history.push(snapshot(1_000, {}, table(process(1))))
    expect(history.moment(0)?.processes?.rows).toHaveLength(1)
    const past = history.moment(1)?.processes
    expect([past?.total, past?.rows.length]).toEqual([300, 20])
    expect(past?.rows.map(({ program: { pid } }) => pid)).toEqual([99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 89, 88, 150, 299, 298, 297, 296, 295, 294, 293])
    expect(past?.rows[0]).toEqual({ ...rows[99], cpu: Math.fround(0.99) })
  })

  test('a process is followed through time by its pid and start, not by its pid alone', () => {
    const history = new History()
    const again = { ...process(5), program: program(5, { startedAt: 99 }) }
    history.push(snapshot(0, {}, table(process(5, { cpu: 0.5 }))))
    history.push(snapshot(1_000))
    history.push(snapshot(2_000, {}, table({ ...again, cpu: 0.25 })))
    const moment = history.moment(0)
    expect([...moment!.processSeries(processKey(program(5)), 10)]).toEqual([0.5, Number.NaN, 0])
    expect([...moment!.processSeries(processKey(again.program), 10)]).toEqual([0, Number.NaN, 0.25])
    expect([...moment!.processSeries('nonsense', 2)]).toEqual([Number.NaN, 0])
    const undated = { ...process(7, { cpu: 0.75 }), program: program(7, { startedAt: Number.NaN }) }
    history.push(snapshot(3_000, {}, table(undated)))
    expect([...history.moment(0)!.processSeries(processKey(undated.program), 1)]).toEqual([0.75])
  })

  test('a peak says when it was and who used the processor most then', () => {
    const history = new History()
    history.push(snapshot(1_000, { 'cpu.usage': 0.5 }, table(process(1, { cpu: 0.4 }))))
    history.push(snapshot(2_000, { 'cpu.usage': 0.95 }, table(process(2, { cpu: 0.1 }), { ...process(3121, { cpu: 3 }), program: program(3121, { name: 'node' }) })))
    history.push(snapshot(3_000, { 'cpu.usage': 0.1 }))
    expect(history.moment(0)?.peak('cpu.usage', '', 60)).toEqual({ value: Math.fround(0.95), at: 2_000, culprit: 'node(3121)' })
    expect(history.moment(0)?.peak('cpu.usage', '', 1)?.culprit).toBeNull()
    expect(history.moment(0)?.peak('cpu.temperature', '', 60)).toBeNull()
  })
})

describe('it does not grow', () => {
  test('10,000 interfaces that come and go leave no more than the ring holds', () => {
    const history = new History(60)
    for (let tick = 0; tick < 2_000; tick++) history.push(snapshot(tick, { 'load.1': 1, 'network.receive.rate': Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`veth${tick * 5 + index}`, 1])) }))
    expect(history.seriesCount).toBe(1 + 60 * 5)
    for (let tick = 0; tick < 60; tick++) history.push(snapshot(tick, { 'load.1': 1 }))
    expect(history.seriesCount).toBe(1)
  })

  test('when there are too many series the silent ones make room, and what speaks on keeps its past', () => {
    const history = new History(10)
    const names = (tick: number): Record<string, number> => Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`veth${tick}-${index}`, tick]))
    for (let tick = 0; tick < 12; tick++) {
      history.push(snapshot(tick, { 'load.1': tick, 'network.receive.rate': names(tick) }))
      expect(history.seriesCount).toBeLessThanOrEqual(4_000)
    }
    expect([...history.moment(0)!.series('load.1', '', 3)]).toEqual([9, 10, 11])
    expect(history.moment(0)?.value('network.receive.rate', 'veth11-899')).toBe(11)
  })

  test('2,000 ticks of an ordinary machine with 400 processes need less than 1 MB more than the full ring', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medianest-history-'))
    try {
      const outfile = join(folder, 'pushes.mjs')
      await build({ entryPoints: [join(import.meta.dirname, 'pushes.ts')], outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20.19', logLevel: 'error' })
      const { stdout } = await promisify(execFile)(globalThis.process.execPath, ['--expose-gc', outfile], { timeout: 20_000 })
      const { grownBytes, series } = JSON.parse(stdout)
      expect(series).toBeGreaterThan(150)
      expect(grownBytes).toBeLessThan(1_000_000)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
