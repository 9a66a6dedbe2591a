import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricName } from '../../src/model/metric.ts'
import type { Process } from '../../src/model/process.ts'
import type { Snapshot, SystemFacts } from '../../src/model/snapshot.ts'
import { readWireFacts, readWireSnapshot, writeWireFacts, writeWireSnapshot } from '../../src/model/wire-snapshot.ts'

const process: Process = {
  program: { pid: 7, name: 'node', command: 'node server.js', user: 'app', uid: 1_000, container: 'api', isKernel: false, startedAt: 1_000 },
  parent: 1, state: 'S', threads: 11, cpu: 0.25, cpuTimeMs: 5_000, residentBytes: 1_000_000, memory: 0.01, readRate: Number.NaN, writeRate: 12,
}
const samples = new Map<MetricName, Map<string, number>>([['cpu.usage', new Map([['', 1 / 3]])], ['disk.read', new Map([['sda', 123_456_789_012], ['sdb', Number.NaN]])], ['cpu.time.user', new Map([['', 1_234_567.8919]])]])
const snapshot: Snapshot = { at: 5_000, elapsedMs: 1_000.00049, samples, processes: { at: 4_000, total: 9, rows: [process] }, application: { endpoints: [{ method: 'GET', path: '/', count: 3, avgMs: 4, errors: Number.NaN }], queries: [] }, alerts: [] }
const travelled = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a snapshot on the wire', () => {
  it('arrives as it was, rounded to what can be seen', () => {
    const arrived = readWireSnapshot(travelled(writeWireSnapshot(snapshot, { commandLines: true })))
    expect(arrived).toEqual({
      elapsedMs: 1_000,
      samples: new Map([['cpu.usage', new Map([['', 0.333333]])], ['disk.read', new Map([['sda', 123_456_789_012]])], ['cpu.time.user', new Map([['', 1_234_567.892]])]]),
      processes: snapshot.processes,
      application: snapshot.application,
    })
  })

  it('holds no more processes than asked for, and says how many there are', () => {
    const many = { ...snapshot, processes: { at: 1, total: 800, rows: Array.from({ length: 800 }, () => process) } }
    expect(writeWireSnapshot(many, { rows: 20 }).processes).toMatchObject({ total: 800, rows: { length: 20 } })
  })

  it('names programs without their arguments, which may be secrets, unless it is told to', () => {
    expect(readWireSnapshot(travelled(writeWireSnapshot(snapshot)))?.processes?.rows[0]?.program.command).toBe('node')
  })

  it('is taken over field by field: what is broken in it leaves the rest as it is', () => {
    const arrived = readWireSnapshot({ samples: [['cpu.usage', '', 0.5], ['cpu.usage', 'a\u001bb', 0.1], ['from.the.future', '', 1], ['load.1', '', 'x'], 'x', null, ['load.1']], processes: { at: 1, total: 2, rows: [{ pid: 'x' }, { pid: 3, name: 'a\u0007', cpu: null }] }, application: 5 })
    expect(arrived?.samples).toEqual(new Map([['cpu.usage', new Map([['', 0.5], ['a\ufffdb', 0.1]])]]))
    expect(arrived?.processes?.rows).toMatchObject([{ program: { pid: 3, name: 'a\ufffd', command: '' }, cpu: Number.NaN }])
    expect(arrived?.application).toBeNull()
  })

  it('has no times that no calendar knows', () => {
    const tables = [1e16, -1, 8e15].map((at) => readWireSnapshot({ samples: [], processes: { at, total: 0, rows: [] } })?.processes)
    expect(tables).toEqual([null, null, { at: 8e15, total: 0, rows: [] }])
    const rows = readWireSnapshot({ samples: [], processes: { at: 1, total: 2, rows: [{ pid: 3, started: 1e300 }, { pid: 4, started: 5_000 }] } })?.processes?.rows
    expect(rows?.map(({ program }) => program.startedAt)).toEqual([Number.NaN, 5_000])
  })

  it('is none without samples, and never breaks', () => {
    expect([null, 5, {}, [], { samples: {} }].map(readWireSnapshot)).toEqual([null, null, null, null, null])
    fc.assert(fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.jsonValue(), fc.jsonValue(), (list, processes, application) => void readWireSnapshot({ samples: list, processes, application })), { numRuns: 200 })
  })
})

describe('facts on the wire', () => {
  it('arrive as they were, also where something is not known', () => {
    const facts: SystemFacts = { host: 'nas', os: 'Debian 12', platform: 'linux', arch: 'x64', kernel: '6.1', node: '20.19.0', cpuModel: '', cores: Number.NaN, container: null, filesystems: { '/': { device: '/dev/sda1', type: 'ext4' } } }
    expect(readWireFacts(travelled(writeWireFacts(facts)))).toEqual(facts)
    expect([null, 5, {}, { host: 5 }].map(readWireFacts)).toEqual([null, null, null, null])
  })
})
