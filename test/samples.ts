import type { MetricName } from '../src/model/metric.ts'
import type { Process } from '../src/model/process.ts'
import type { Samples, Snapshot, SystemFacts } from '../src/model/snapshot.ts'

/** Values by metric: a number is the series with the empty tag. */
export type Values = Partial<Record<MetricName, number | Readonly<Record<string, number>>>>

export function samplesOf(values: Values): Samples {
  return new Map((Object.entries(values) as [MetricName, number | Readonly<Record<string, number>>][]).map(([metric, value]) => [metric, new Map(typeof value === 'number' ? [['', value]] : Object.entries(value))]))
}

export function snapshotOf(values: Values, parts: Partial<Snapshot> = {}): Snapshot {
  return { at: Date.parse('2026-03-01T12:00:00.000Z'), elapsedMs: 1_000, samples: samplesOf(values), processes: null, application: null, alerts: [], ...parts }
}

export function processOf(pid: number, name: string, parts: Partial<Process> = {}): Process {
  return {
    program: { pid, name, command: `${name} --secret hunter2`, user: 'app', uid: 1000, container: null, isKernel: false, startedAt: Date.parse('2026-03-01T11:00:00.000Z') },
    parent: 1, state: 'S', threads: 4, cpu: 0.155, cpuTimeMs: 61_200, residentBytes: 256_000_000, memory: 0.031, readRate: 0, writeRate: 1_048_576, ...parts,
  }
}

export const FACTS: SystemFacts = {
  host: 'web-01', os: 'Debian 12', platform: 'linux', arch: 'x64', kernel: '6.1.0', node: 'v20.19.0', cpuModel: 'Intel(R) Core(TM) i7-9700K', cores: 8, container: null,
  filesystems: { '/': { device: '/dev/vda1', type: 'ext4' }, '/data': { device: '/dev/vdb', type: 'xfs' } },
}
