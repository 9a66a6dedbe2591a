import { valueOf, type Snapshot, type SystemFacts } from '../../model/snapshot.ts'
import { bandwidthText, figure, percent, sumOf, throughputText } from './figure.ts'
import { countedDisks, countedInterfaces, interfacesOf, mainMountpoint } from './part.ts'
import { hostMemory, usableMemory } from './usable-memory.ts'

/** `metrics.cpu` as documented; `usage` is of what this system may use, `limit` in processors. */
export function cpuShape(snapshot: Snapshot, facts: SystemFacts) {
  const value = reader(snapshot)
  return {
    usage: percent(value('cpu.usage')),
    loadAverage: loadAverage(snapshot),
    cores: figure(value('cpu.cores')) ?? facts.cores,
    model: facts.cpuModel,
    user: percent(value('cpu.user')),
    system: percent(value('cpu.system')),
    iowait: percent(value('cpu.iowait')),
    steal: percent(value('cpu.steal')),
    temperature: figure(value('cpu.temperature'), 1),
    perCore: [...(snapshot.samples.get('cpu.busy') ?? [])].filter(([cpu]) => cpu !== '').map(([cpu, busy]) => ({ cpu, usage: percent(busy), frequency: figure(value('cpu.frequency', cpu), 0) })),
    ...(Number.isFinite(value('cgroup.cpu.limit')) ? { limit: figure(value('cgroup.cpu.limit')), host: { usage: percent(value('cpu.busy')) } } : {}),
  }
}

/** `metrics.memory` as documented, in bytes; inside a limited control group the group's own, with the machine's under `host`. */
export function memoryShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const [own, host] = [usableMemory(snapshot), hostMemory(snapshot)]
  return {
    ...spaceShape(own),
    usage: percent(own.usage),
    buffers: figure(value('memory.buffers'), 0),
    cached: figure(value('memory.cached'), 0),
    swapTotal: figure(value('swap.total'), 0),
    swapUsed: figure(value('swap.used'), 0),
    available: figure(own.isLimited ? own.free : value('memory.available'), 0),
    dirty: figure(value('memory.dirty'), 0),
    slab: figure(value('memory.slab'), 0),
    shared: figure(value('memory.shared'), 0),
    ...(own.isLimited ? { host: { ...spaceShape(host), usage: percent(host.usage) } } : {}),
  }
}

/** `metrics.disk` as documented: the space of the root's file system, and the traffic of all disks. */
export function diskShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const mountpoint = mainMountpoint(snapshot)
  const disks = countedDisks(snapshot)
  const [read, write] = (['disk.read.rate', 'disk.write.rate'] as const).map((metric) => sumOf(disks.map((disk) => value(metric, disk))))
  return {
    total: figure(value('filesystem.size', mountpoint), 0),
    free: figure(value('filesystem.available', mountpoint), 0),
    used: figure(value('filesystem.used', mountpoint), 0),
    usage: percent(value('filesystem.usage', mountpoint)),
    mountpoint: mountpoint ?? null,
    iops: { read: figure(sumOf(disks.map((disk) => value('disk.reads.rate', disk)))), write: figure(sumOf(disks.map((disk) => value('disk.writes.rate', disk)))) },
    throughput: {
      read: throughputText(read ?? Number.NaN), write: throughputText(write ?? Number.NaN),
      readBytesPerSecond: figure(read ?? Number.NaN), writeBytesPerSecond: figure(write ?? Number.NaN),
    },
  }
}

/** `metrics.network` as documented; the total is of interfaces with hardware, so that what passes through bridges counts once. */
export function networkShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const counted = countedInterfaces(snapshot)
  const direction = (name: string, way: 'received' | 'sent', act: 'receive' | 'send') => ({
    bytes: figure(value(`network.${way}`, name), 0), packets: figure(value(`network.${way}.packets`, name), 0),
    errors: figure(value(`network.${act}.errors`, name), 0), dropped: figure(value(`network.${act}.drops`, name), 0),
  })
  const [rx, tx] = (['network.receive.rate', 'network.send.rate'] as const).map((metric) => sumOf(counted.map((name) => value(metric, name))))
  return {
    interfaces: Object.fromEntries(interfacesOf(snapshot).map((name) => [name, { rx: direction(name, 'received', 'receive'), tx: direction(name, 'sent', 'send') }])),
    totalBandwidth: {
      rx: bandwidthText(rx ?? Number.NaN), tx: bandwidthText(tx ?? Number.NaN),
      rxBytesPerSecond: figure(rx ?? Number.NaN), txBytesPerSecond: figure(tx ?? Number.NaN),
    },
  }
}

/** The three load averages, null where the system has none. */
export function loadAverage(snapshot: Snapshot): (number | null)[] {
  return (['load.1', 'load.5', 'load.15'] as const).map((metric) => figure(valueOf(snapshot, metric)))
}

/** The value of a series of one snapshot. */
export function reader(snapshot: Pick<Snapshot, 'samples'>): (metric: Parameters<typeof valueOf>[1], tag?: string) => number {
  return (metric, tag) => valueOf(snapshot, metric, tag)
}

function spaceShape({ total, free, used }: { readonly total: number; readonly free: number; readonly used: number }) {
  return { total: figure(total, 0), free: figure(free, 0), used: figure(used, 0) }
}
