import type { Moment } from '../../../src/analysis/moment.ts'
import type { MetricName } from '../../../src/model/metric.ts'
import type { Process } from '../../../src/model/process.ts'
import { processKey } from '../../../src/model/process.ts'
import type { Application, SystemFacts } from '../../../src/model/snapshot.ts'
import type { Screen, TableRow } from '../../../src/tui/top/screen.ts'
import type { View } from '../../../src/tui/top/view.ts'

/** 21 November 2025, 02:13:44 UTC. */
export const NOON = Date.UTC(2025, 10, 21, 2, 13, 44)
const MI = 1_024 ** 2
const GI = 1_024 ** 3
const TICKS = 80
/** Ticks before the newest at which all was busy. */
const SPIKE = 46

/** Values of one series at every tick: a base with waves of its own, and the share it has of the spike. */
const wave = (base: number, swing: number, spike: number, phase: number) => (tick: number): number => {
  const away = (tick - (TICKS - 1 - SPIKE)) / 4
  return base + swing * (0.6 * Math.sin(tick / 5 + phase) + 0.4 * Math.sin(tick / 2.3 + 2 * phase)) + spike * Math.exp(-away * away)
}

export interface FakeOptions {
  readonly cores?: number
  readonly limited?: boolean
  readonly application?: boolean
  readonly system?: boolean
  readonly processes?: number | null
  readonly back?: number
  readonly veths?: number
  readonly trouble?: boolean
  /** Processors are known as a sum only. */
  readonly coreless?: boolean
  /** A limit of processors of whose use nothing is known. */
  readonly hostOnly?: boolean
  /** Nothing that takes two looks is known yet. */
  readonly first?: boolean
}

type Series = ReadonlyMap<MetricName, ReadonlyMap<string, (tick: number) => number>>

function seriesOf({ cores = 8, limited = true, application = false, system = true, veths = 6, trouble = false, coreless = false, hostOnly = false }: FakeOptions): Series {
  const all = new Map<MetricName, Map<string, (tick: number) => number>>()
  const set = (metric: MetricName, value: number | ((tick: number) => number), tag = ''): void => {
    const tags = all.get(metric) ?? new Map<string, (tick: number) => number>()
    all.set(metric, tags.set(tag, typeof value === 'number' ? () => value : value))
  }
  if (system) {
    set('cpu.usage', wave(0.41, 0.09, 0.5, 0))
    set('cpu.user', wave(0.28, 0.05, 0.4, 0)); set('cpu.system', wave(0.11, 0.02, 0.1, 1)); set('cpu.iowait', wave(0.03, 0.01, 0.02, 2)); set('cpu.steal', 0.01)
    for (let core = 0; core < (coreless ? 0 : cores); core++) set('cpu.busy', wave(0.12 + 0.08 * ((core * 5) % 9), 0.06, 0.2, core), String(core))
    set('cpu.busy', wave(0.41, 0.09, 0.5, 0))
    if (hostOnly) set('cgroup.cpu.limit', 2)
    for (let core = 0; core < (coreless ? 0 : cores); core++) set('cpu.time.user', 1e6, String(core))
    set('cpu.frequency', 2.25e9); set('cpu.temperature', 58); set('cpu.cores', cores)
    set('load.1', 3.42); set('load.5', 2.1); set('load.15', 1.04); set('tasks.running', 3); set('tasks.blocked', 0)
    set('memory.total', 23.5 * GI); set('memory.used', wave(9.1 * GI, 0.2 * GI, GI, 0)); set('memory.available', 14.4 * GI); set('memory.usage', limited ? wave(0.7, 0.02, 0.1, 0) : wave(9.1 / 23.5, 0.2 / 23.5, 1 / 23.5, 0))
    set('memory.cached', 4 * GI); set('memory.dirty', 61 * MI); set('memory.slab', 402 * MI); set('memory.free', 2.1 * GI); set('memory.buffers', 310 * MI); set('memory.shared', 88 * MI); set('memory.writeback', 0); set('memory.page_faults.major', 48_213); set('memory.oom_kills', 0)
    set('swap.total', 2 * GI); set('swap.used', 41 * MI); set('swap.usage', 0.02); set('swap.in.rate', 0); set('swap.out.rate', 0)
    for (const resource of ['cpu', 'memory', 'io']) {
      set('pressure.some', resource === 'cpu' ? 0.124 : resource === 'io' ? 0.031 : 0, resource)
      set('pressure.full', resource === 'io' ? 0.02 : 0, resource)
    }
    const mounts = [['/', 252, 103, 0.41], ['/data', 1024, 880, 0.88], ['/boot', 1, 0.9, 0.93], ['/var/lib/postgresql/16/main', 512, 120, 0.25]] as const
    for (const [mount, whole, used, usage] of mounts) {
      set('filesystem.size', whole * GI, mount); set('filesystem.used', used * GI, mount); set('filesystem.available', (used / usage - used) * GI, mount); set('filesystem.usage', usage, mount)
      set('filesystem.readonly', 0, mount); set('filesystem.silent', 0, mount); set('filesystem.inodes.usage', usage / 3, mount)
    }
    if (trouble) {
      set('filesystem.silent', 1, '/mnt/nas')
      set('filesystem.readonly', 1, '/data')
    }
    const disks = [['vda', 1.2 * MI, 18 * MI, 41, 310, 0.22, 0.3], ['nvme0n1', 0, 96_000, 0, 4, 0, 0.1]] as const
    for (const [name, read, write, reads, writes, used, wait] of disks) {
      set('disk.read.rate', wave(read, read / 3, read, 0), name); set('disk.write.rate', wave(write, write / 3, write, 1), name)
      set('disk.reads.rate', reads, name); set('disk.writes.rate', writes, name); set('disk.utilization', used, name); set('disk.await', wait, name)
      set('disk.read', read * 1e5, name); set('disk.written', write * 1e5, name)
    }
    const interfaces = ['lo', 'eth0', ...Array.from({ length: veths }, (_, index) => `veth${(index * 40_503).toString(16).padStart(6, 'a')}`)]
    for (const [index, name] of interfaces.entries()) {
      const receive = name === 'eth0' ? 12.4 * MI : name === 'lo' ? 456_000 : 12_000 * index
      set('network.receive.rate', wave(receive, receive / 2, receive, index), name); set('network.send.rate', wave(receive / 6, receive / 20, receive, index), name)
      set('network.received.packets', receive * 8, name); set('network.sent.packets', receive, name); set('network.receive.errors', 0, name); set('network.receive.drops', index === 1 ? 12 : 0, name); set('network.send.errors', 0, name); set('network.send.drops', 0, name)
      set('network.received', receive * 6_500, name); set('network.sent', receive * 750, name); set('network.virtual', name === 'eth0' ? 0 : 1, name)
      set('network.errors.rate', trouble && name === 'eth0' ? 3.5 : 0, name); set('network.drops.rate', 0, name)
      set('network.receive.packets.rate', receive / 900, name); set('network.send.packets.rate', receive / 4_000, name)
    }
    set('tcp.established', 812); set('tcp.time_wait', 14); set('tcp.retransmits.rate', 0.2)
    set('uptime', (12 * 24 + 4) * 3_600_000 + 11 * 60_000)
    if (limited) {
      set('cgroup.memory.limit', 512 * MI); set('cgroup.memory.used', 363 * MI); set('cgroup.memory.usage', 363 / 512); set('cgroup.oom_kills', 0)
      set('cgroup.cpu.limit', 2); set('cgroup.cpu.usage', wave(0.41, 0.09, 0.5, 0)); set('cgroup.cpu.throttled', 0.03)
    }
  }
  if (application) {
    set('api.request_rate', wave(412, 60, 300, 0)); set('api.duration.avg', 31); set('api.duration.p50', 18); set('api.duration.p95', wave(142, 20, 300, 1)); set('api.duration.p99', 890); set('api.errors', wave(0.012, 0.004, 0.05, 0)); set('api.connections', 96)
    set('db.pool.size', 20); set('db.pool.active', 17); set('db.pool.waiting', 2); set('db.pool.usage', wave(0.82, 0.06, 0.1, 3)); set('db.query.avg', wave(4.2, 0.6, 9, 0)); set('db.query.slow', 7); set('db.cache.hits', 0.991)
    set('cache.hit_rate', 0.942); set('cache.memory', 186 * MI); set('cache.keys', 48_213); set('cache.operations.rate', wave(2_140, 300, 900, 0)); set('cache.evictions', 0)
    set('heap.used', 210 * MI); set('heap.total', 384 * MI)
    for (const [index, queue] of ['thumbnails', 'transcode', 'mail'].entries()) {
      set('jobs.active', index + 1, queue); set('jobs.waiting', [12, 340, 0][index] ?? 0, queue); set('jobs.failed', [0, 3, 0][index] ?? 0, queue); set('jobs.completed', [8_120, 911, 40_213][index] ?? 0, queue)
    }
  }
  return all
}

const APPLICATION: Application = {
  endpoints: [
    { method: 'GET', path: '/api/v1/media/search', count: 8_120, avgMs: 412, errors: 0.0015 }, { method: 'POST', path: '/api/v1/uploads', count: 214, avgMs: 1_840, errors: 0.014 },
    { method: 'GET', path: '/api/v1/media/:id', count: 40_120, avgMs: 22, errors: 0 }, { method: '', path: '/api/v1/playlists', count: Number.NaN, avgMs: 61, errors: Number.NaN },
  ],
  queries: [{ query: 'SELECT * FROM media WHERE title ILIKE $1 ORDER BY created_at DESC', count: 31, avgMs: 811 }, { query: 'UPDATE sessions SET seen_at = now()', count: 912, avgMs: 120 }],
}

const COMMANDS: readonly (readonly [pid: number, user: string, cpu: number, memory: number, resident: number, command: string, container: string | null, parent: number])[] = [
  [3121, 'app', 1.312, 0.029, 689 * MI, 'node server.js --cluster', 'api', 1], [2204, 'postgres', 0.48, 0.051, 1.2 * GI, 'postgres: app app 10.0.0.7(41822) SELECT', 'db', 1],
  [2209, 'postgres', 0.214, 0.049, 1.1 * GI, 'postgres: app app 10.0.0.7(41830) idle', 'db', 2204], [3397, 'www-data', 0.188, 0.001, 5.9 * MI, 'nginx: worker process', null, 1],
  [3122, 'app', 0.11, 0.024, 571 * MI, 'node server.js (worker 1)', 'api', 3121], [3123, 'app', 0.097, 0.024, 566 * MI, 'node server.js (worker 2)', 'api', 3121],
  [1810, 'redis', 0.031, 0.004, 96 * MI, 'redis-server *:6379', 'cache', 1], [77, 'root', 0.01, 0, 0, '[kdamond.0]', null, 2], [4411, 'müller', 0.008, 0.002, 12 * MI, '動画変換 --入力 映画.mkv 👩‍👩‍👧 done', null, 1],
  [4412, 'averyveryloginname', 0.007, 0.002, 11 * MI, 'evil\u001b[2J\u001b]0;owned\u0007\r\nname \u202egpj.exe', 'a-container-with-a-long-name', 1],
  [1, 'root', 0.004, 0.001, 17 * MI, '/sbin/init', null, 0], [990, 'root', 0, 0.002, 44 * MI, 'containerd', null, 1], [1204, 'root', 0, 0.001, 21 * MI, '/usr/sbin/rsyslogd -n -iNONE', null, 1], [1002, 'root', 0, 0.003, 71 * MI, 'dockerd -H fd://', null, 1],
]

/** As many processes as asked for: the known ones first, then workers nobody minds. */
export function fakeProcesses(count: number): Process[] {
  return Array.from({ length: count }, (_, index) => {
    const [pid, user, cpu, memory, residentBytes, command, container, parent] = COMMANDS[index] ?? [5_000 + index, 'app', Math.max(0, 0.003 - index / 40_000), 0.001, (40 - (index % 30)) * MI, `worker --number ${index}`, null, 1]
    const isKernel = command.startsWith('[')
    return {
      program: { pid, name: command.slice(0, 15), command, user, uid: 1_000, container, isKernel, startedAt: NOON - 3_600_000 - index },
      parent, state: cpu > 1 ? 'R' : isKernel ? 'I' : 'S', threads: 1 + (index % 14), cpu, cpuTimeMs: 161_200 + index * 71_630, residentBytes, memory,
      readRate: user === 'root' && index % 2 === 1 ? Number.NaN : index * 90_000, writeRate: user === 'root' && index % 2 === 1 ? Number.NaN : index === 0 ? 1.1 * MI : index * 20_000,
    }
  })
}

const DERIVED = /^cpu\.(usage|user|system|iowait|steal|busy)$|rate$|utilization|await|throttled|cgroup\.cpu\.usage/

/** A moment of a history of 80 ticks that had a spike 46 ticks before its end. */
export function fakeMoment(options: FakeOptions = {}): Moment {
  const { back = 0, processes = 40, application = false } = options
  const series = options.first ? new Map([...seriesOf(options)].filter(([metric]) => !DERIVED.test(metric))) : seriesOf(options)
  const last = TICKS - 1 - back
  const timeOf = (tick: number): number => NOON - (TICKS - 1 - tick) * 1_000
  const values = (metric: MetricName, tag: string, count: number): Float32Array => {
    const line = series.get(metric)?.get(tag)
    const length = Math.max(0, Math.min(count, last + 1))
    return Float32Array.from({ length }, (_, index) => line?.(last - length + 1 + index) ?? Number.NaN)
  }
  const list = processes === null ? null : fakeProcesses(processes)
  const rows = back > 0 ? (list?.slice(0, 20) ?? null) : list
  return {
    at: timeOf(last), length: last + 1, stepMs: 1_000,
    value: (metric, tag = '') => series.get(metric)?.get(tag)?.(last) ?? Number.NaN,
    tags: (metric) => [...(series.get(metric)?.keys() ?? [])],
    series: values,
    times: (count) => {
      const length = Math.max(0, Math.min(count, last + 1))
      return Float64Array.from({ length }, (_, index) => timeOf(last - length + 1 + index))
    },
    peak: (metric, tag, count) => {
      const found = values(metric, tag, count)
      if (found.length === 0 || !series.has(metric)) return null
      const value = Math.max(...found)
      return { value, at: timeOf(last - found.length + 1 + found.indexOf(value)), culprit: 'node(3121)' }
    },
    processes: rows && { at: timeOf(last), total: list?.length ?? 0, rows },
    processSeries: (key, count) => {
      const process = list?.find(({ program }) => processKey(program) === key)
      const length = Math.max(0, Math.min(count, last + 1))
      return Float32Array.from({ length }, (_, index) => (process ? Math.max(0, process.cpu * (1 + 0.4 * Math.sin((last - length + index) / 3 + process.program.pid))) : 0))
    },
    application: application && back === 0 ? APPLICATION : null,
  }
}

export const FACTS: SystemFacts = {
  host: 'web-01', os: 'Debian 12', platform: 'linux', arch: 'x64', kernel: '6.1.0', node: '20.19.0', cpuModel: 'AMD EPYC 7B13', cores: 8, container: 'docker',
  filesystems: { '/': { device: '/dev/vda1', type: 'ext4' }, '/data': { device: '/dev/nvme0n1', type: 'xfs' }, '/boot': { device: '/dev/vda2', type: 'ext4' } },
}

export const VIEW: View = {
  feed: 0, back: 0, frozen: false, sort: 'cpu', reversed: false, tree: false, filter: null, zoomed: null, focused: 'processes', hidden: new Set(), selected: null, offset: 0, network: 0, disk: 0, intervalMs: 1_000, dialog: null, notice: null,
}

/** A list, or a tree in which the workers of node stand below it. */
export function rowsOf(processes: readonly Process[], tree = false): TableRow[] {
  return processes.map((process) => ({ process, branch: tree && process.parent > 1 ? (process.program.pid === 3122 ? '├─ ' : '└─ ') : '' }))
}

/** What is painted, with a fake moment unless another is given. */
export function fakeScreen(options: FakeOptions = {}, parts: Partial<Omit<Screen, 'view'>> & { readonly view?: Partial<View> } = {}): Screen {
  const { view, ...rest } = parts
  const moment = rest.moment === undefined ? fakeMoment(options) : rest.moment
  return {
    facts: options.limited === false ? { ...FACTS, container: null } : FACTS,
    feed: { name: 'web-01', kind: 'local', state: { kind: 'live' }, index: 0, of: 1, newestAt: NOON },
    rows: rowsOf(moment?.processes?.rows ?? [], view?.tree ?? false),
    alarms: [
      { id: 'cpu', level: 'warning', text: 'CPU > 90%', since: NOON - 49_000, until: NOON - 45_000 },
      { id: 'data', level: 'critical', text: '/data > 85%', since: NOON - 284_000, until: null },
    ],
    self: { cpu: 0.007, memoryBytes: 58 * MI }, recording: false, reachMs: 600_000, now: NOON, zoneMinutes: 0,
    ...rest,
    moment,
    view: { ...VIEW, ...(options.back ? { back: options.back } : {}), ...view },
  }
}
