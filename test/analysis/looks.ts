import type { Look } from '../../src/analysis/derive.ts'
import type { MetricName } from '../../src/model/metric.ts'
import type { Process, Program } from '../../src/model/process.ts'
import type { Samples, Snapshot } from '../../src/model/snapshot.ts'

type Values = Partial<Record<MetricName, number | Record<string, number>>>

/** Samples as they are written in a test: a number for the series without a tag, else one per tag. */
export function samplesOf(values: Values): Map<MetricName, Map<string, number>> {
  // Object.entries forgets that the keys are metric names.
  const entries = Object.entries(values) as [MetricName, number | Record<string, number>][]
  return new Map(entries.map(([metric, value]) => [metric, new Map(typeof value === 'number' ? [['', value]] : Object.entries(value))]))
}

export function look(monotonicMs: number, values: Values): Look {
  return { monotonicMs, wallMs: 1_700_000_000_000 + monotonicMs, samples: samplesOf(values) }
}

export function plainly(samples: Samples): Record<string, number | Record<string, number>> {
  return Object.fromEntries([...samples].map(([metric, series]) => [metric, series.size === 1 && series.has('') ? (series.get('') ?? Number.NaN) : Object.fromEntries(series)]))
}

export function snapshot(at: number, values: Values = {}, rest: Partial<Snapshot> = {}): Snapshot {
  return { at, elapsedMs: 1_000, samples: samplesOf(values), processes: null, application: null, alerts: [], ...rest }
}

export function program(pid: number, rest: Partial<Program> = {}): Program {
  return { pid, name: `p${pid}`, command: `/usr/bin/p${pid} --serve`, user: 'app', uid: 1_000, container: null, isKernel: false, startedAt: 1_700_000_000_000 + pid, ...rest }
}

export function process(pid: number, rest: Partial<Process> = {}): Process {
  return { program: program(pid), parent: 1, state: 'S', threads: 1, cpu: 0, cpuTimeMs: 0, residentBytes: 1_000_000, memory: 0.001, readRate: 0, writeRate: 0, ...rest }
}

const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const

/** The counters and levels of an ordinary machine (8 processors, 6 disks, 10 interfaces, 8 file systems) after so many seconds. */
export function machine(second: number): Map<MetricName, Map<string, number>> {
  const values: Values = { 'cpu.cores': 8, 'load.1': 1 + (second % 7) / 10, 'load.5': 1.2, 'load.15': 1.1, 'memory.total': 25e9, 'memory.available': 14e9 - second * 1e5, 'memory.free': 3e9, 'memory.buffers': 1e8, 'memory.cached': 4e9, 'memory.dirty': 6e7, 'memory.slab': 4e8, 'swap.total': 2e9, 'swap.used': 4e7, 'swap.in': 4_096 * second, 'swap.out': 0, context_switches: 9_000 * second, interrupts: 4_000 * second, 'tasks.running': 3, 'tasks.blocked': 0, 'tcp.established': 812, 'tcp.retransmits': Math.floor(second / 5), 'memory.oom_kills': 0, uptime: 1_051_860_000 + second * 1_000 }
  const each = (metric: MetricName, tags: readonly string[], value: (index: number) => number): void => void (values[metric] = Object.fromEntries(tags.map((tag, index) => [tag, value(index)])))
  const processors = Array.from({ length: 8 }, (_, index) => String(index))
  for (const [order, mode] of MODES.entries()) {
    const all = processors.map((_, core) => Math.round((1e8 + second * 1_000 * [0.3, 0, 0.1, 0.55, 0.02, 0, 0.02, 0.01][order]! * (1 + 0.05 * Math.sin(core + second / 9))) / 10) * 10)
    values[`cpu.time.${mode}`] = Object.fromEntries([['', all.reduce((sum, value) => sum + value)], ...processors.map((core, index) => [core, all[index]!])])
  }
  each('cpu.frequency', processors, (index) => 2.25e9 + index * 1e6 + second * 10)
  const disks = ['vda', 'vdb', 'nvme0n1', 'nvme1n1', 'sda', 'sdb']
  for (const metric of ['disk.reads', 'disk.writes', 'disk.time.reading', 'disk.time.writing', 'disk.time.busy', 'disk.time.weighted'] as const) each(metric, disks, (index) => index > 2 ? 5_000 : Math.floor(second * (index + 1) * 41))
  for (const metric of ['disk.read', 'disk.written'] as const) each(metric, disks, (index) => index > 2 ? 7e9 : second * (index + 1) * 1_200_384)
  each('disk.in_flight', disks, (index) => (second + index) % 2)
  const interfaces = ['eth0', 'lo', 'docker0', ...Array.from({ length: 7 }, (_, index) => `veth0a${index}f3c`)]
  for (const metric of ['network.received', 'network.sent'] as const) each(metric, interfaces, (index) => second * (index + 1) * 124_031)
  for (const metric of ['network.received.packets', 'network.sent.packets'] as const) each(metric, interfaces, (index) => second * (index + 1) * 131)
  for (const metric of ['network.receive.errors', 'network.send.errors', 'network.receive.drops', 'network.send.drops'] as const) each(metric, interfaces, () => 0)
  each('network.virtual', interfaces, (index) => Number(index > 0))
  const mounts = ['/', '/boot', '/data', '/home', '/var', '/srv', '/tmp', '/mnt/backup']
  each('filesystem.size', mounts, () => 252e9)
  each('filesystem.used', mounts, (index) => 103e9 + index * 1e9 + second * 4_096)
  each('filesystem.available', mounts, (index) => 140e9 - index * 1e9 - second * 4_096)
  each('filesystem.inodes', mounts, () => 16e6)
  each('filesystem.inodes.free', mounts, () => 14e6)
  for (const metric of ['pressure.some', 'pressure.full', 'pressure.some.60'] as const) each(metric, ['cpu', 'memory', 'io'], (index) => ((second + index) % 13) / 100)
  return samplesOf(values)
}
