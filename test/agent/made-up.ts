import { vi } from 'vitest'
import type { Asker } from '../../src/contract/instance.ts'
import { ENDPOINTS, type EndpointName } from '../../src/contract/endpoints.ts'
import { readQuestion, type RawQuestion } from '../../src/contract/read-question.ts'
import type { Resident } from '../../src/contract/resident.ts'
import type { MetricName } from '../../src/model/metric.ts'
import type { Process } from '../../src/model/process.ts'
import type { Samples, SystemFacts } from '../../src/model/snapshot.ts'
import type { Collected, Source } from '../../src/model/source.ts'
import { openResident, type ResidentOptions } from '../../src/agent/resident.ts'
import { settingsOf } from '../../src/agent/settings.ts'
import type { Lane } from '../../src/sources/local-feed.ts'

export const START = Date.parse('2026-03-01T00:00:00.000Z')

/** A moment in which timers stand still: `vi.advanceTimersByTimeAsync` moves clock and timers. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: START })
}

export function samplesOf(values: Readonly<Partial<Record<MetricName, number | Readonly<Record<string, number>>>>>): Samples {
  return new Map(Object.entries(values).map(([metric, value]) => [metric as MetricName, new Map(typeof value === 'number' ? [['', value]] : Object.entries(value))]))
}

export const facts: SystemFacts = { host: 'nas', os: 'Debian 12', platform: 'linux', arch: 'x64', kernel: '6.1', node: 'v20.19.0', cpuModel: 'Made Up 9000', cores: 4, container: null, filesystems: {} }

export const MACHINE: Readonly<Partial<Record<MetricName, number | Readonly<Record<string, number>>>>> = {
  'cpu.usage': 0.2, 'memory.usage': 0.4, 'memory.total': 8e9, 'memory.available': 4.8e9, 'cpu.cores': 4, 'load.1': 0.5, 'load.5': 0.4, 'load.15': 0.3, uptime: 3_600_000,
  'filesystem.size': { '/': 1e11, '/data': 1e12 }, 'filesystem.used': { '/': 4e10, '/data': 5e11 }, 'filesystem.available': { '/': 6e10, '/data': 5e11 },
  'network.receive.rate': { eth0: 1_000, lo: 5 }, 'network.send.rate': { eth0: 500, lo: 5 }, 'network.received': { eth0: 1e6, lo: 10 }, 'disk.read.rate': { sda: 100 },
}

const process: Process = {
  program: { pid: 7, name: 'node', command: 'node server.js --password hunter2', user: 'app', uid: 1_000, container: null, isKernel: false, startedAt: START - 60_000 },
  parent: 1, state: 'S', threads: 11, cpu: 0.25, cpuTimeMs: 5_000, residentBytes: 1e6, memory: 0.01, readRate: 0, writeRate: 0,
}

/** A lane that counts its looks; what it sees may be changed. */
export function madeUpLane() {
  const lane = {
    values: { ...MACHINE } as typeof MACHINE, looks: 0, scans: 0, slow: 0, closed: 0, forgotten: 0, takesMs: 0, fails: null as Error | null,
    look: async (processes: boolean) => {
      lane.looks++
      if (processes) lane.scans++
      if (lane.takesMs > 0) await new Promise((done) => setTimeout(done, lane.takesMs))
      if (lane.fails) throw lane.fails
      return { look: { monotonicMs: Date.now() - START, wallMs: Date.now(), samples: samplesOf(lane.values) }, table: processes ? { at: Date.now(), total: 1, rows: [process] } : null, tableMs: 1 }
    },
    lookSlowly: async () => {
      lane.slow++
      return facts
    },
    forgetProcesses: () => void lane.forgotten++,
    close: () => void lane.closed++,
  }
  return lane satisfies Lane
}

/** A source that answers what it is told, and counts. */
export function madeUpSource(parts: Partial<Source> & Pick<Source, 'id'>, answer: (signal: AbortSignal) => Promise<Collected> | Collected = () => ({ samples: new Map() })) {
  const source = {
    name: parts.id, kind: 'custom' as Source['kind'], priority: 'medium' as Source['priority'], intervalMs: 10_000, ...parts,
    asked: 0, underWay: 0, most: 0, closed: 0,
    collect: async (signal: AbortSignal): Promise<Collected> => {
      source.asked++
      source.most = Math.max(source.most, ++source.underWay)
      try {
        return await answer(signal)
      } finally {
        source.underWay--
      }
    },
    close: async () => void source.closed++,
  }
  return source
}

export const world = {
  now: () => Date.now() - START, wallTime: () => new Date(), usage: () => ({ cpuMs: (Date.now() - START) * 0.004, rssBytes: 6e7 }),
  files: { read: async (): Promise<string> => '', exists: async () => false, write: async () => undefined, expectWritable: async () => undefined }, log: () => undefined,
}

export async function madeUpResident(options: Partial<ResidentOptions> = {}): Promise<Resident> {
  return openResident({ world, settings: settingsOf(undefined, {}), lane: madeUpLane(), facts, sources: [], health: null, loadTests: null, userMetrics: null, statePath: null, commandLines: false, version: '1.2.3', ...options })
}

export const asker = (role: Asker['caller']['role'] = 'admin'): Asker => ({ caller: { id: 'somebody', role, userAgent: null }, signal: new AbortController().signal })

/** Asks as a server would, and checks the answer against the contract. */
export async function ask<E extends EndpointName>(resident: Resident, endpoint: E, raw: RawQuestion = {}, role: Asker['caller']['role'] = 'admin') {
  const { data, meta, alerts } = await resident.ask(endpoint, readQuestion(endpoint, raw), asker(role))
  const travelled = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))
  ENDPOINTS[endpoint].answer.parse(travelled(data))
  ENDPOINTS[endpoint].meta.parse(travelled(meta))
  return { data: travelled(data), meta: travelled(meta), alerts: travelled(alerts) ?? [] }
}
