import type { MetricName } from '../model/metric.ts'

/** By what a difference is divided: seconds or milliseconds that passed, milliseconds of all processors that may be used, or what other counters gained. */
export type Over = 'seconds' | 'time' | 'processors' | readonly MetricName[]

interface Difference {
  readonly metric: MetricName
  /** The counters whose gains are added up; those that a system does not have are left out. */
  readonly of: readonly MetricName[]
  readonly over: Over
  /** The value where the divisor is 0; NaN for none. */
  readonly idle: number
  readonly most: number
}

interface Level {
  readonly metric: MetricName
  readonly from: readonly MetricName[]
  readonly by: (...values: number[]) => number
}

/** The counters that a processor's time is divided into. */
export const MODES = ['cpu.time.user', 'cpu.time.nice', 'cpu.time.system', 'cpu.time.idle', 'cpu.time.iowait', 'cpu.time.irq', 'cpu.time.softirq', 'cpu.time.steal'] as const
const BUSY = MODES.filter((mode) => mode !== 'cpu.time.idle' && mode !== 'cpu.time.iowait')

const rate = (metric: MetricName, ...of: MetricName[]): Difference => ({ metric, of, over: 'seconds', idle: Number.NaN, most: Number.POSITIVE_INFINITY })
const share = (metric: MetricName, over: Over, ...of: MetricName[]): Difference => ({ metric, of, over, idle: Number.NaN, most: 1 })

/** What two looks at counters say: metric, the counters it comes from, and what they are divided by. */
export const DIFFERENCES: readonly Difference[] = [
  share('cpu.busy', MODES, ...BUSY),
  share('cpu.user', MODES, 'cpu.time.user', 'cpu.time.nice'),
  share('cpu.system', MODES, 'cpu.time.system', 'cpu.time.irq', 'cpu.time.softirq'),
  share('cpu.iowait', MODES, 'cpu.time.iowait'),
  share('cpu.steal', MODES, 'cpu.time.steal'),
  share('cgroup.cpu.usage', 'processors', 'cgroup.cpu.time'),
  // Time is counted for each processor that was held back, so it may be more than has passed.
  share('cgroup.cpu.throttled', 'time', 'cgroup.cpu.throttled.time'),
  share('disk.utilization', 'time', 'disk.time.busy'),
  { metric: 'disk.await', of: ['disk.time.reading', 'disk.time.writing'], over: ['disk.reads', 'disk.writes'], idle: 0, most: Number.POSITIVE_INFINITY },
  rate('context_switches.rate', 'context_switches'),
  rate('swap.in.rate', 'swap.in'),
  rate('swap.out.rate', 'swap.out'),
  rate('disk.read.rate', 'disk.read'),
  rate('disk.write.rate', 'disk.written'),
  rate('disk.reads.rate', 'disk.reads'),
  rate('disk.writes.rate', 'disk.writes'),
  rate('network.receive.rate', 'network.received'),
  rate('network.send.rate', 'network.sent'),
  rate('network.receive.packets.rate', 'network.received.packets'),
  rate('network.send.packets.rate', 'network.sent.packets'),
  rate('network.errors.rate', 'network.receive.errors', 'network.send.errors'),
  rate('network.drops.rate', 'network.receive.drops', 'network.send.drops'),
  rate('tcp.retransmits.rate', 'tcp.retransmits'),
]

/**
 * By how many milliseconds a counter may go back without having been restarted: on Linux `iowait` does whenever a task moves, and `idle`
 * a little (proc_stat(5); 3 seconds is the border that node_exporter's cpu collector takes).
 */
export const MAY_FALL: Readonly<Partial<Record<MetricName, number>>> = { 'cpu.time.iowait': Number.POSITIVE_INFINITY, 'cpu.time.idle': 3_000 }

const part = (value: number, whole: number): number => (whole > 0 ? value / whole : Number.NaN)

/** What levels of one look say together, where the source does not say it itself; an earlier row goes first. */
export const LEVELS: readonly Level[] = [
  { metric: 'memory.used', from: ['memory.total', 'memory.available'], by: (total, available) => total - available },
  { metric: 'memory.used', from: ['memory.total', 'memory.free', 'memory.buffers', 'memory.cached'], by: (total, free, buffers, cached) => total - free - buffers - cached },
  { metric: 'cgroup.memory.usage', from: ['cgroup.memory.used', 'cgroup.memory.limit'], by: part },
  { metric: 'memory.usage', from: ['cgroup.memory.usage'], by: (usage) => usage },
  { metric: 'memory.usage', from: ['memory.used', 'memory.total'], by: part },
  { metric: 'swap.usage', from: ['swap.used', 'swap.total'], by: part },
  { metric: 'filesystem.usage', from: ['filesystem.used', 'filesystem.available'], by: (used, available) => part(used, used + available) },
  { metric: 'filesystem.inodes.usage', from: ['filesystem.inodes', 'filesystem.inodes.free'], by: (all, free) => part(all - free, all) },
  { metric: 'db.pool.usage', from: ['db.pool.active', 'db.pool.size'], by: part },
]
