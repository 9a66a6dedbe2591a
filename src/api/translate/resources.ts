import { readWireSnapshot } from '../../model/wire-snapshot.ts'
import type { Process } from '../../model/process.ts'
import type { ProcessTable } from '../../model/snapshot.ts'
import { type Body, bodies, contentOf, textOf, timeOf, under } from '../body.ts'
import { readBytes, readNumber, readTime } from '../figure.ts'
import { type Reading, reading } from '../reading.ts'
import { openSheet } from '../sheet.ts'
import { ALL } from './documented-metrics.ts'

/** What reading processes needs to know besides the answer. */
export interface ResourceContext {
  /** Milliseconds since 1970, where the answer does not say. */
  readonly at: number
  /** NaN where it is not known. */
  readonly memoryBytes: number
  readonly before: ProcessTable | null
}

/** The documented `resources`: processes (`cpu` in percent of one processor, `memory` in bytes, `uptime` in seconds) and sums of network and storage. */
export function readResources(body: unknown, context: ResourceContext): Reading {
  const data = contentOf(body)
  const at = timeOf(under(data, 'timestamp')) ?? context.at
  const own = readWireSnapshot(data)
  if (own) return reading({ ...own, at, isWhole: false })
  const sheet = openSheet()
  const sums = [
    ['network', 'bytesReceived', 'network.received'], ['network', 'bytesSent', 'network.sent'], ['network', 'packetsReceived', 'network.received.packets'], ['network', 'packetsSent', 'network.sent.packets'],
    ['network', 'errors', 'network.receive.errors'], ['storage', 'reads', 'disk.reads'], ['storage', 'writes', 'disk.writes'], ['storage', 'readBytes', 'disk.read'], ['storage', 'writeBytes', 'disk.written'],
  ] as const
  for (const [group, key, metric] of sums) sheet.set(metric, readBytes(under(data, group, key)), ALL)
  sheet.set('api.connections', readNumber(under(data, 'connections', 'http')))
  const rows = bodies(under(data, 'processes'), 2_000)
  const known = new Map(context.before?.rows.map((row) => [row.program.pid, row]))
  return reading({ at, samples: sheet.samples, processes: rows.length > 0 ? { at, total: rows.length, rows: rows.flatMap((row) => readProcess(row, at, context.memoryBytes, known)) } : null })
}

// Whole seconds of uptime, and answers that take their time, move the start about; a process must stay the same one.
const START_TOLERANCE_MS = 5_000

function readProcess(row: Body, at: number, memoryBytes: number, known: ReadonlyMap<number, Process>): Process[] {
  const pid = readNumber(row['pid'])
  if (!Number.isInteger(pid)) return []
  const name = textOf(row['name'], 100)
  const resident = readBytes(row['memory'])
  const began = at - readTime(row['uptime'], 1_000)
  const before = known.get(pid)?.program
  const isSame = before?.name === name && !(Math.abs(before.startedAt - began) > START_TOLERANCE_MS)
  return [{
    program: { pid, name, command: textOf(row['command'], 1_000) || name, user: textOf(row['user'], 50), uid: Number.NaN, container: null, isKernel: false, startedAt: isSame ? before.startedAt : began >= 0 ? began : 0 },
    parent: Number.NaN, state: '', threads: Number.NaN, cpu: readNumber(row['cpu']) / 100, cpuTimeMs: Number.NaN, residentBytes: resident, memory: memoryBytes > 0 ? resident / memoryBytes : Number.NaN, readRate: Number.NaN, writeRate: Number.NaN,
  }]
}
