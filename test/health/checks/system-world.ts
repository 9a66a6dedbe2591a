import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConfigOf } from '../../../src/health-schema/schema.ts'
import type { Look } from '../../../src/health/look.ts'
import type { FileSystem, HealthWorld, MachineLook } from '../../../src/health/world.ts'
import type { CheckType, Outcome } from '../../../src/model/health.ts'
import type { MetricName } from '../../../src/model/metric.ts'
import type { Process } from '../../../src/model/process.ts'

export const NOW = Date.parse('2026-11-21T12:00:00Z')

/** A world in which nothing is there but what a test puts into it; files are real. */
export function world(parts: Partial<HealthWorld> = {}): HealthWorld {
  const none = (): Promise<never> => Promise.reject(new Error('nobody asked for this'))
  const noSignals = { kill: () => undefined }
  return {
    ...noSignals,
    now: () => performance.now(), wallTime: () => new Date(NOW), random: () => 0.5, env: {}, cores: 4,
    readFile: (path) => readFile(path, 'utf8'), resolve: (path) => resolve('/etc/medianest', path),
    machine: none, usage: none, fileSystems: none, processes: none, askInstance: none, ...parts,
  }
}

export type SampleTable = Partial<Record<MetricName, number | Readonly<Record<string, number>>>>

/** A machine that says what the table says. */
export function machine(table: SampleTable, parts: Partial<MachineLook> = {}): HealthWorld {
  const samples = new Map(Object.entries(table).map(([metric, value]) => [metric as MetricName, new Map(typeof value === 'number' ? [['', value]] : Object.entries(value ?? {}))]))
  return world({ machine: async () => ({ samples, interfaces: [], failures: new Map(), ...parts }) })
}

/** A file system of 100 GB with half of it in use. */
export function fileSystem(parts: Partial<FileSystem> = {}): FileSystem {
  const mountpoint = parts.mountpoint ?? '/'
  return {
    path: mountpoint, mountpoint, isMountpoint: true, device: '/dev/sda1', type: 'ext4', answer: 'ok', sizeBytes: 100e9, usedBytes: 50e9, availableBytes: 50e9, inodes: 1_000_000, inodesFree: 900_000, isReadOnly: false, shouldBeReadOnly: undefined, ...parts,
  }
}

/** A process that sleeps. */
export function aProcess(parts: Partial<Process['program']> & Partial<Omit<Process, 'program'>>): Process {
  const { parent = 1, state = 'S', residentBytes = 10e6, ...program } = parts
  return {
    program: { pid: 100, name: 'nginx', command: '/usr/sbin/nginx -g daemon off;', user: 'root', uid: 0, container: null, isKernel: false, startedAt: NOW - 3_600_000, ...program },
    parent, state, threads: 1, cpu: Number.NaN, cpuTimeMs: 0, residentBytes, memory: 0, readRate: Number.NaN, writeRate: Number.NaN,
  }
}

/** Looks once; a look that says that there is nothing to look at is an error. */
export async function run<T extends CheckType>(look: Look<T>, config: ConfigOf<T>, inWorld: HealthWorld, timeoutMs = 5_000): Promise<Outcome> {
  const outcome = await look(config, { world: inWorld, signal: new AbortController().signal, timeoutMs })
  if (outcome === null) throw new Error('there is nothing to look at')
  return outcome
}

/** The verdict and the words. */
export async function said<T extends CheckType>(look: Look<T>, config: ConfigOf<T>, inWorld: HealthWorld): Promise<string> {
  const { verdict, message } = await run(look, config, inWorld)
  return `${verdict}: ${message}`
}
