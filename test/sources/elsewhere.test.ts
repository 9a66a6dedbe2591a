import systeminformation from 'systeminformation'
import { describe, expect, it } from 'vitest'
import { valueOf } from '../../src/model/snapshot.ts'
import { openLane } from '../../src/sources/elsewhere-lane.ts'
import { openElsewhere } from '../../src/sources/elsewhere/elsewhere.ts'
import type { SystemInformation } from '../../src/sources/elsewhere/parts.ts'
import { openProcessList } from '../../src/sources/elsewhere/processes.ts'
import { testHost } from '../host.ts'

const host = testHost([])
const never = (): Promise<never> => new Promise(() => undefined)
const fail = (): Promise<never> => Promise.reject(new Error('no such program'))
/** A system of which nothing can be told. */
const MUTE: SystemInformation = { mem: fail, cpuCurrentSpeed: fail, cpuTemperature: fail, disksIO: fail, networkStats: fail, fsSize: fail, processes: fail }

describe('a system without a lane of its own', () => {
  it('is told by systeminformation, this one too', async () => {
    const { samples, processes } = await openElsewhere(host).look()
    expect(valueOf({ samples }, 'memory.total')).toBeGreaterThan(1e8)
    expect(valueOf({ samples }, 'memory.used')).toBeGreaterThan(0)
    expect(valueOf({ samples }, 'cpu.time.idle', '0')).toBeGreaterThan(0)
    expect(valueOf({ samples }, 'filesystem.size', '/')).toBeGreaterThan(0)
    expect(valueOf({ samples }, 'probe.success', 'memory')).toBe(1)
    const own = processes?.rows.find(({ program }) => program.pid === process.pid)
    expect(own?.residentBytes).toBeGreaterThan(1e7)
    expect(Math.abs((own?.program.startedAt ?? 0) - (Date.now() - process.uptime() * 1_000))).toBeLessThan(10_000)
  })

  it('tells the rest when parts of it fail', async () => {
    const { samples, processes } = await openElsewhere(host, MUTE).look()
    expect(processes).toBeNull()
    expect([valueOf({ samples }, 'probe.success', 'memory'), valueOf({ samples }, 'probe.success', 'processes'), valueOf({ samples }, 'probe.success', 'cpu')]).toEqual([0, 0, 1])
    expect(valueOf({ samples }, 'cpu.cores')).toBeGreaterThan(0)
  })

  it('is not asked again while a part hangs, nor waited for', async () => {
    let asked = 0
    const hanging = openElsewhere(host, { ...MUTE, mem: () => (asked++, never()) }, 50)
    for (let looks = 0; looks < 3; looks++) expect(valueOf(await hanging.look(), 'probe.success', 'memory')).toBe(0)
    expect(asked).toBe(1)
  })

  it('has one look at a time', async () => {
    let asked = 0
    const system = openElsewhere(host, { ...MUTE, mem: async () => (asked++, systeminformation.mem()) })
    await Promise.all([system.look(), system.look(), system.look()])
    expect(asked).toBe(1)
  })

  it('lists no processes, for which it would have to start programs, where nobody sees them', async () => {
    let asked = 0
    const lane = openLane(host, openElsewhere(host, { ...MUTE, processes: async () => (asked++, { all: 0, running: 0, blocked: 0, sleeping: 0, unknown: 0, list: [] }) }))
    expect((await lane.look(false)).table).toBeNull()
    expect(asked).toBe(0)
    expect((await lane.look(true)).table?.total).toBe(0)
  })

  it('takes the time of a look from its beginning, when counters are read, however long a part of it hangs', async () => {
    const before = host.now()
    const { look } = await openLane(host, openElsewhere(host, { ...MUTE, mem: never }, 100)).look(false)
    expect(host.now() - before).toBeGreaterThanOrEqual(99)
    expect(look.monotonicMs - before).toBeLessThan(host.now() - look.monotonicMs)
  })
})

describe('processes from a list', () => {
  const ps = { pid: 7, parentPid: 1, name: 'node', cpu: 50, cpuu: 0, cpus: 0, mem: 1, priority: 0, memVsz: 0, memRss: 1_000, nice: 0, started: '2026-01-02 03:04:05', state: 'running', tty: '', user: 'app', command: 'node', params: 'server.js', path: '/usr/bin' }

  it('are counted in shares of one processor', () => {
    expect(openProcessList({ platform: 'darwin', cores: 8 })([ps])[0]).toMatchObject({ cpu: 0.5, state: 'R', residentBytes: 1_024_000, memory: 0.01, program: { command: '/usr/bin/node server.js', startedAt: Date.parse('2026-01-02 03:04:05') } })
    expect(openProcessList({ platform: 'win32', cores: 8 })([ps])[0]?.cpu).toBe(4)
  })

  it('stay the same though the start is only known to the second, and are others when the pid is used again', () => {
    const rowsOf = openProcessList({ platform: 'darwin', cores: 8 })
    const [first] = rowsOf([ps])
    expect(rowsOf([{ ...ps, started: '2026-01-02 03:04:06' }])[0]?.program).toBe(first?.program)
    expect(rowsOf([{ ...ps, started: '2026-01-02 04:00:00' }])[0]?.program.startedAt).not.toBe(first?.program.startedAt)
  })
})
