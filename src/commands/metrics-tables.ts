import { toneOfUsage } from '../analysis/usage-alert.ts'
import { disksOf, interfacesOf, partsOf } from '../analysis/shape/part.ts'
import { busiest } from '../analysis/shape/resources-shape.ts'
import { METRICS, type MetricName } from '../model/metric.ts'
import type { Cell, Table } from '../model/report.ts'
import { tagsOf, valueOf, type Snapshot, type SystemFacts } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'
import { showRatio } from '../model/unit.ts'
import { known } from './application-tables.ts'
import type { Topic } from '../contract/question-words.ts'

type Column = readonly [label: string, metric: MetricName]

const CPU: readonly Column[] = [['busy', 'cpu.busy'], ['user', 'cpu.user'], ['system', 'cpu.system'], ['iowait', 'cpu.iowait'], ['steal', 'cpu.steal'], ['clock', 'cpu.frequency']]
const MEMORY: readonly Column[] = [['available', 'memory.available'], ['free', 'memory.free'], ['cached', 'memory.cached'], ['buffers', 'memory.buffers'], ['shared', 'memory.shared'], ['slab', 'memory.slab'], ['dirty', 'memory.dirty']]
const PRESSURE: readonly Column[] = [['some 10s', 'pressure.some'], ['60s', 'pressure.some.60'], ['300s', 'pressure.some.300'], ['full 10s', 'pressure.full'], ['60s', 'pressure.full.60'], ['300s', 'pressure.full.300']]
const DISKS: readonly Column[] = [['read', 'disk.read.rate'], ['written', 'disk.write.rate'], ['reads', 'disk.reads.rate'], ['writes', 'disk.writes.rate'], ['busy', 'disk.utilization'], ['await', 'disk.await']]
const NETWORK: readonly Column[] = [['received', 'network.receive.rate'], ['sent', 'network.send.rate'], ['packets in', 'network.receive.packets.rate'], ['packets out', 'network.send.packets.rate'], ['errors', 'network.errors.rate'], ['drops', 'network.drops.rate']]
const TCP: readonly Column[] = [['established', 'tcp.established'], ['time wait', 'tcp.time_wait'], ['sent again', 'tcp.retransmits.rate'], ['sockets', 'sockets.used']]

/** Which processes come first: those that use the processor most, or as they are given. */
export type ProcessOrder = 'busiest' | 'given'

/** The tables of a look, those without rows left out. */
export function metricsTables(snapshot: Snapshot, facts: SystemFacts, topics: readonly Topic[], processes: number, order: ProcessOrder): Table[] {
  const has = (topic: Topic): boolean => topics.includes(topic)
  const part = (title: string, first: string, columns: readonly Column[], tags: readonly string[], name = plain): Table => partTable(snapshot, title, first, columns, tags, name)
  const tables = [
    has('cpu') && part('Processors', 'cpu', CPU, partsOf(snapshot, 'cpu.busy'), (cpu) => (cpu === '' ? 'all' : plain(cpu))),
    has('memory') && part('Memory', '', MEMORY, tagsOf(snapshot, 'memory.available'), () => 'machine'),
    part('Pressure', 'resource', PRESSURE, partsOf(snapshot, 'pressure.some', 'pressure.full')),
    has('disk') && filesystemTable(snapshot, facts),
    has('disk') && part('Disks', 'disk', DISKS, disksOf(snapshot)),
    has('network') && part('Network', 'interface', NETWORK, wiredFirst(snapshot)),
    has('network') && part('TCP', '', TCP, tagsOf(snapshot, 'tcp.established'), () => 'connections'),
    processTable(snapshot, processes, order),
  ]
  return tables.filter((table) => table !== false).filter((table) => table.rows.length > 0)
}

function partTable(snapshot: Snapshot, title: string, first: string, columns: readonly Column[], tags: readonly string[], name: (tag: string) => string): Table {
  // A column that nothing is known of would only take room.
  const filled = columns.filter(([, metric]) => tags.some((tag) => Number.isFinite(valueOf(snapshot, metric, tag))))
  return {
    title,
    columns: [{ label: first }, ...filled.map(([label]) => ({ label, align: 'right' as const }))],
    rows: tags.map((tag) => [name(tag), ...filled.map(([, metric]) => known(valueOf(snapshot, metric, tag), METRICS[metric].unit))]),
  }
}

function filesystemTable(snapshot: Snapshot, facts: SystemFacts): Table {
  const value = (metric: MetricName, tag: string): number => valueOf(snapshot, metric, tag)
  const mountpoints = partsOf(snapshot, 'filesystem.size', 'filesystem.silent')
  const stateOf = (mountpoint: string): Cell => (value('filesystem.silent', mountpoint) === 1 ? { text: 'does not answer', tone: 'warn' } : value('filesystem.readonly', mountpoint) === 1 ? 'read-only' : '')
  const hasStates = mountpoints.some((mountpoint) => stateOf(mountpoint) !== '')
  return {
    title: 'File systems',
    columns: [{ label: 'mounted on' }, { label: 'type' }, { label: 'used', align: 'right' }, { label: 'of', align: 'right' }, { label: 'usage', align: 'right' }, { label: 'inodes', align: 'right' }, ...(hasStates ? [{ label: 'state' }] : [])],
    rows: mountpoints.map((mountpoint) => {
      const isReadonly = value('filesystem.readonly', mountpoint) === 1
      const type = Object.hasOwn(facts.filesystems, mountpoint) ? facts.filesystems[mountpoint]?.type : undefined
      return [
        mountpoint, type ?? null, known(value('filesystem.used', mountpoint), 'bytes'), known(value('filesystem.size', mountpoint), 'bytes'),
        isReadonly ? known(value('filesystem.usage', mountpoint), 'ratio') : shareCell('filesystem.usage', value('filesystem.usage', mountpoint)), known(Number(value('filesystem.inodes.usage', mountpoint).toFixed(4)), 'ratio'), ...(hasStates ? [stateOf(mountpoint)] : []),
      ]
    }),
  }
}

function processTable(snapshot: Snapshot, most: number, order: ProcessOrder): Table {
  const rows = order === 'busiest' ? busiest(snapshot, most) : (snapshot.processes?.rows ?? []).slice(0, most)
  const total = snapshot.processes?.total ?? 0
  return {
    title: order === 'busiest' ? `Busiest processes of ${total}` : `${rows.length} of ${total} processes`,
    columns: [{ label: 'pid', align: 'right' }, { label: 'user' }, { label: 'cpu', align: 'right' }, { label: 'memory', align: 'right' }, { label: 'read', align: 'right' }, { label: 'written', align: 'right' }, { label: 'name' }],
    rows: rows.map(({ program, cpu, residentBytes, readRate, writeRate }) => [
      String(program.pid), program.user, known(cpu, 'ratio'), known(residentBytes, 'bytes'), known(readRate, 'bytes_per_second'), known(writeRate, 'bytes_per_second'), program.name,
    ]),
  }
}

/** Interfaces with hardware before the virtual ones. */
function wiredFirst(snapshot: Snapshot): string[] {
  return interfacesOf(snapshot).toSorted((a, b) => (valueOf(snapshot, 'network.virtual', a) || 0) - (valueOf(snapshot, 'network.virtual', b) || 0))
}

function shareCell(metric: MetricName, value: number): Cell {
  const tone = toneOfUsage(metric, value)
  return tone === 'ok' ? known(value, 'ratio') : { text: showRatio(value), tone }
}
