import type { Snapshot, SystemFacts } from '../../model/snapshot.ts'
import { figure, percent } from './figure.ts'
import { reader } from './machine-shape.ts'
import { disksOf, interfacesOf, partsOf } from './part.ts'

/** What we know of a machine beyond the documented answer: shares in percent, sizes in bytes, times in the unit their name ends with. */
export function detailShape(snapshot: Snapshot, facts: SystemFacts) {
  const value = reader(snapshot)
  return {
    pressure: pressureShape(snapshot),
    cgroup: cgroupShape(snapshot),
    tasks: {
      running: figure(value('tasks.running')), blocked: figure(value('tasks.blocked')), processes: figure(value('processes.total')), threads: figure(value('processes.threads')),
      contextSwitchesPerSecond: figure(value('context_switches.rate')),
    },
    swap: { usage: percent(value('swap.usage')), inBytesPerSecond: figure(value('swap.in.rate')), outBytesPerSecond: figure(value('swap.out.rate')) },
    oomKills: figure(value('memory.oom_kills')),
    filesystems: partsOf(snapshot, 'filesystem.size', 'filesystem.silent').map((mountpoint) => filesystemShape(snapshot, facts, mountpoint)),
    disks: disksOf(snapshot).map((device) => diskDetail(snapshot, device)),
    interfaces: interfacesOf(snapshot).map((name) => interfaceDetail(snapshot, name)),
    tcp: {
      established: figure(value('tcp.established')), timeWait: figure(value('tcp.time_wait')), opened: figure(value('tcp.opened')), segmentsSent: figure(value('tcp.segments.sent')),
      retransmits: figure(value('tcp.retransmits')), retransmitsPerSecond: figure(value('tcp.retransmits.rate')), sockets: figure(value('sockets.used')),
    },
    files: { open: figure(value('files.open')), limit: figure(value('files.limit'), 0) },
    clock: { synchronized: flag(value('clock.synchronized')), stepMs: figure(value('clock.step')) },
    probes: partsOf(snapshot, 'probe.success').map((name) => ({ name, success: flag(value('probe.success', name)), durationMs: figure(value('probe.duration', name), 3) })),
  }
}

function pressureShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const resources = partsOf(snapshot, 'pressure.some', 'pressure.full')
  if (resources.length === 0) return null
  return Object.fromEntries(resources.map((resource) => [resource, {
    some: { avg10: percent(value('pressure.some', resource)), avg60: percent(value('pressure.some.60', resource)), avg300: percent(value('pressure.some.300', resource)) },
    full: { avg10: percent(value('pressure.full', resource)), avg60: percent(value('pressure.full.60', resource)), avg300: percent(value('pressure.full.300', resource)) },
  }]))
}

/** The control group this runs in; null where nothing of one is known. */
function cgroupShape(snapshot: Snapshot) {
  const value = reader(snapshot)
  const shape = {
    memory: { limit: figure(value('cgroup.memory.limit'), 0), used: figure(value('cgroup.memory.used'), 0), usage: percent(value('cgroup.memory.usage')), oomKills: figure(value('cgroup.oom_kills')) },
    cpu: { limit: figure(value('cgroup.cpu.limit')), usage: percent(value('cgroup.cpu.usage')), throttled: percent(value('cgroup.cpu.throttled')), throttledSeconds: figure(value('cgroup.cpu.throttled.time') / 1_000, 3) },
    tasks: { count: figure(value('cgroup.tasks')), limit: figure(value('cgroup.tasks.limit')) },
  }
  return Object.values(shape).every((part) => Object.values(part).every((each) => each === null)) ? null : shape
}

function filesystemShape(snapshot: Snapshot, facts: SystemFacts, mountpoint: string) {
  const value = reader(snapshot)
  const known = Object.hasOwn(facts.filesystems, mountpoint) ? facts.filesystems[mountpoint] : undefined
  return {
    mountpoint, device: known?.device ?? null, type: known?.type ?? null,
    total: figure(value('filesystem.size', mountpoint), 0), used: figure(value('filesystem.used', mountpoint), 0), free: figure(value('filesystem.available', mountpoint), 0), usage: percent(value('filesystem.usage', mountpoint)),
    inodes: figure(value('filesystem.inodes', mountpoint), 0), inodesFree: figure(value('filesystem.inodes.free', mountpoint), 0), inodesUsage: percent(value('filesystem.inodes.usage', mountpoint)),
    readonly: flag(value('filesystem.readonly', mountpoint)), silent: flag(value('filesystem.silent', mountpoint)),
  }
}

function diskDetail(snapshot: Snapshot, device: string) {
  const value = reader(snapshot)
  return {
    device,
    reads: figure(value('disk.reads', device), 0), writes: figure(value('disk.writes', device), 0), readBytes: figure(value('disk.read', device), 0), writeBytes: figure(value('disk.written', device), 0),
    readsPerSecond: figure(value('disk.reads.rate', device)), writesPerSecond: figure(value('disk.writes.rate', device)),
    readBytesPerSecond: figure(value('disk.read.rate', device)), writeBytesPerSecond: figure(value('disk.write.rate', device)),
    utilization: percent(value('disk.utilization', device)), awaitMs: figure(value('disk.await', device), 3), inFlight: figure(value('disk.in_flight', device)),
  }
}

function interfaceDetail(snapshot: Snapshot, name: string) {
  const value = reader(snapshot)
  return {
    name, virtual: flag(value('network.virtual', name)),
    rxBytesPerSecond: figure(value('network.receive.rate', name)), txBytesPerSecond: figure(value('network.send.rate', name)),
    rxPacketsPerSecond: figure(value('network.receive.packets.rate', name)), txPacketsPerSecond: figure(value('network.send.packets.rate', name)),
    errorsPerSecond: figure(value('network.errors.rate', name)), dropsPerSecond: figure(value('network.drops.rate', name)),
  }
}

function flag(value: number): boolean | null {
  return Number.isNaN(value) ? null : value !== 0
}
