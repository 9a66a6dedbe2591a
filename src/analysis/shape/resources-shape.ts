import type { MetricName } from '../../model/metric.ts'
import type { Process } from '../../model/process.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { figure, percent, sumOf } from './figure.ts'
import { reader } from './machine-shape.ts'
import { countedDisks, countedInterfaces } from './part.ts'

/** The documented answer of `/resources`: these processes, all with the busiest first unless told, and sums over the disks and interfaces that count. Command lines stay out: they hold secrets. */
export function resourcesShape(snapshot: Snapshot, processes: readonly Process[] = busiest(snapshot, Number.POSITIVE_INFINITY)) {
  const value = reader(snapshot)
  const [disks, interfaces] = [countedDisks(snapshot), countedInterfaces(snapshot)]
  const sum = (parts: readonly string[], ...metrics: readonly MetricName[]): number | null => figure(sumOf(metrics.flatMap((metric) => parts.map((part) => value(metric, part)))), 0)
  return {
    timestamp: new Date(snapshot.at).toISOString(),
    processes: processes.map((process) => processShape(process, snapshot.at)),
    network: {
      bytesReceived: sum(interfaces, 'network.received'), bytesSent: sum(interfaces, 'network.sent'),
      packetsReceived: sum(interfaces, 'network.received.packets'), packetsSent: sum(interfaces, 'network.sent.packets'),
      errors: sum(interfaces, 'network.receive.errors', 'network.send.errors'),
    },
    storage: {
      reads: sum(disks, 'disk.reads'), writes: sum(disks, 'disk.writes'), readBytes: sum(disks, 'disk.read'), writeBytes: sum(disks, 'disk.written'),
      iops: figure(sumOf((['disk.reads.rate', 'disk.writes.rate'] as const).flatMap((metric) => disks.map((disk) => value(metric, disk))))),
    },
    connections: { database: figure(value('db.pool.active')), redis: null, websocket: null, http: figure(value('api.connections')), tcp: figure(value('tcp.established')) },
  }
}

/** The processes that use the processor most, by memory where they use it alike. */
export function busiest({ processes }: Snapshot, most: number): Process[] {
  const known = (value: number): number => (Number.isNaN(value) ? 0 : value)
  return (processes?.rows ?? []).toSorted((a, b) => known(b.cpu) - known(a.cpu) || known(b.residentBytes) - known(a.residentBytes)).slice(0, most)
}

function processShape({ program, parent, state, threads, cpu, cpuTimeMs, residentBytes, memory, readRate, writeRate }: Process, at: number) {
  return {
    name: program.name, pid: program.pid, cpu: percent(cpu), memory: figure(residentBytes, 0), uptime: figure(Math.max(0, at - program.startedAt) / 1_000, 0),
    parent, user: program.user, state, threads, container: program.container, memoryPercent: percent(memory), cpuTimeSeconds: figure(cpuTimeMs / 1_000),
    readBytesPerSecond: figure(readRate), writeBytesPerSecond: figure(writeRate),
  }
}
