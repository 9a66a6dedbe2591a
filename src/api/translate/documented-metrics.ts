import type { MetricName } from '../../model/metric.ts'
import type { Samples } from '../../model/snapshot.ts'
import { type Body, bodies, isBody, textOf, timeOf, under } from '../body.ts'
import { readByteRate, readBytes, readNumber, readPercent, readTime } from '../figure.ts'
import { facts, type Reading, reading } from '../reading.ts'
import { openSheet, type Sheet } from '../sheet.ts'

/** What there is one figure of for all disks, or all interfaces, together. */
export const ALL = 'all'

/** The documented `metrics` with `system` and `metrics.{cpu,memory,disk,network}`: percentages are 0..100, `system.uptime` is in seconds. */
export function readDocumentedMetrics(data: Body): Reading {
  const sheet = openSheet()
  const { metrics, system } = data
  sheet.set('uptime', readTime(under(system, 'uptime'), 1_000))
  readMachine(metrics, sheet)
  const cpu = under(metrics, 'cpu')
  return reading({
    at: timeOf(data['timestamp']),
    samples: sheet.samples,
    facts: facts({
      host: textOf(under(system, 'hostname'), 100), platform: textOf(under(system, 'platform'), 50), arch: textOf(under(system, 'arch'), 50), node: textOf(under(system, 'nodeVersion'), 50),
      cpuModel: textOf(under(cpu, 'model'), 100), cores: readNumber(under(cpu, 'cores')),
    }),
    backfill: readHistory(metrics),
  })
}

/** The groups cpu, memory, disk and network, which a full answer holds in all detail and an event in part. */
export function readMachine(groups: unknown, sheet: Sheet): void {
  readProcessors(under(groups, 'cpu'), sheet)
  readMemory(under(groups, 'memory'), sheet)
  readDisk(under(groups, 'disk'), sheet)
  readNetwork(under(groups, 'network'), sheet)
}

function readProcessors(cpu: unknown, sheet: Sheet): void {
  sheet.set('cpu.usage', readPercent(under(cpu, 'usage')))
  sheet.set('cpu.cores', readNumber(under(cpu, 'cores')))
  readLoad(under(cpu, 'loadAverage'), sheet)
}

/** The load averages over 1, 5 and 15 minutes. */
export function readLoad(list: unknown, sheet: Sheet): void {
  if (!Array.isArray(list)) return
  for (const [index, metric] of (['load.1', 'load.5', 'load.15'] as const).entries()) sheet.set(metric, readNumber(list[index]))
}

function readMemory(memory: unknown, sheet: Sheet): void {
  const sizes: readonly (readonly [string, MetricName])[] = [
    ['total', 'memory.total'], ['free', 'memory.free'], ['used', 'memory.used'], ['available', 'memory.available'], ['buffers', 'memory.buffers'], ['cached', 'memory.cached'], ['swapTotal', 'swap.total'], ['swapUsed', 'swap.used'],
    ['heapUsed', 'heap.used'], ['heapTotal', 'heap.total'],
  ]
  for (const [key, metric] of sizes) sheet.set(metric, readBytes(under(memory, key)))
  sheet.set('memory.usage', usageOf(memory))
  const swap = readBytes(under(memory, 'swapTotal'))
  if (swap > 0) sheet.set('swap.usage', readBytes(under(memory, 'swapUsed')) / swap)
}

function readDisk(disk: unknown, sheet: Sheet): void {
  sheet.set('filesystem.size', readBytes(under(disk, 'total')), ALL)
  sheet.set('filesystem.used', readBytes(under(disk, 'used')), ALL)
  sheet.set('filesystem.available', readBytes(under(disk, 'free')), ALL)
  sheet.set('filesystem.usage', usageOf(disk), ALL)
  sheet.set('disk.reads.rate', readNumber(under(disk, 'iops', 'read')), ALL)
  sheet.set('disk.writes.rate', readNumber(under(disk, 'iops', 'write')), ALL)
  sheet.set('disk.read.rate', readByteRate(under(disk, 'throughput', 'read')), ALL)
  sheet.set('disk.write.rate', readByteRate(under(disk, 'throughput', 'write')), ALL)
}

// The two references call the same percentage `usage` and `percentage`.
function usageOf(group: unknown): number {
  const usage = readPercent(under(group, 'usage'))
  return Number.isNaN(usage) ? readPercent(under(group, 'percentage')) : usage
}

function readNetwork(network: unknown, sheet: Sheet): void {
  const interfaces = under(network, 'interfaces')
  const names = isBody(interfaces) ? Object.keys(interfaces).slice(0, 200) : []
  const directions = [
    ['rx', ['network.received', 'network.received.packets', 'network.receive.errors', 'network.receive.drops']],
    ['tx', ['network.sent', 'network.sent.packets', 'network.send.errors', 'network.send.drops']],
  ] as const
  for (const name of names)
    for (const [direction, metrics] of directions)
      for (const [index, key] of ['bytes', 'packets', 'errors', 'dropped'].entries()) {
        const metric = metrics[index]
        if (metric) sheet.set(metric, readNumber(under(interfaces, name, direction, key)), name)
      }
  // What all interfaces carry together is what the only one carries.
  const whole = names.length === 1 ? names[0] : ALL
  sheet.set('network.receive.rate', readByteRate(under(network, 'totalBandwidth', 'rx')), whole)
  sheet.set('network.send.rate', readByteRate(under(network, 'totalBandwidth', 'tx')), whole)
}

const HISTORIES: readonly (readonly [string, MetricName, string])[] = [['cpu', 'cpu.usage', ''], ['memory', 'memory.usage', ''], ['disk', 'filesystem.usage', ALL]]

/** The `history` of each group, joined by time; oldest first. */
function readHistory(metrics: unknown): Reading['backfill'] {
  const instants = new Map<number, Map<MetricName, ReadonlyMap<string, number>>>()
  for (const [group, metric, tag] of HISTORIES)
    for (const entry of bodies(under(metrics, group, 'history'), 1_000)) {
      const at = timeOf(entry['timestamp'])
      const usage = usageOf(entry)
      if (at === null || Number.isNaN(usage)) continue
      const samples = instants.get(at) ?? new Map<MetricName, ReadonlyMap<string, number>>()
      instants.set(at, samples.set(metric, new Map([[tag, usage]])))
    }
  return [...instants].sort(([a], [b]) => a - b).map(([at, samples]): { at: number; samples: Samples } => ({ at, samples }))
}
