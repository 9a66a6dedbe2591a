import { cpus, loadavg, networkInterfaces, uptime } from 'node:os'
import type { Systeminformation } from 'systeminformation'
import type { SampleWriter } from '../probes/probe.ts'

/** What is used of systeminformation (https://systeminformation.io); on each system it starts that system's own programs. */
export interface SystemInformation {
  mem(): Promise<Systeminformation.MemData>
  cpuCurrentSpeed(): Promise<Systeminformation.CpuCurrentSpeedData>
  cpuTemperature(): Promise<Systeminformation.CpuTemperatureData>
  disksIO(): Promise<Systeminformation.DisksIoData | null>
  networkStats(interfaces: string): Promise<Systeminformation.NetworkStatsData[]>
  fsSize(): Promise<Systeminformation.FsSizeData[]>
  processes(): Promise<Systeminformation.ProcessesData>
}

/** One question to the system. */
export interface Part {
  readonly name: string
  measure(si: SystemInformation, writer: SampleWriter): Promise<void> | void
}

/** All that is asked outside Linux, but for the processes; each part fails alone. */
export const PARTS: readonly Part[] = [
  { name: 'cpu', measure: measureProcessors },
  { name: 'load', measure: measureLoad },
  { name: 'memory', measure: measureMemory },
  { name: 'frequency', measure: measureFrequency },
  { name: 'temperature', measure: measureTemperature },
  { name: 'disk', measure: measureDisks },
  { name: 'network', measure: measureNetwork },
  { name: 'filesystem', measure: measureFileSystems },
]

const MODES = [['cpu.time.user', 'user'], ['cpu.time.nice', 'nice'], ['cpu.time.system', 'sys'], ['cpu.time.idle', 'idle'], ['cpu.time.irq', 'irq']] as const

function measureProcessors(_: SystemInformation, writer: SampleWriter): void {
  const processors = cpus()
  writer.set('cpu.cores', processors.length)
  for (const [metric, mode] of MODES) {
    writer.set(metric, processors.reduce((sum, { times }) => sum + times[mode], 0))
    for (const [number, { times }] of processors.entries()) writer.set(metric, times[mode], String(number))
  }
}

function measureLoad(_: SystemInformation, writer: SampleWriter): void {
  writer.set('uptime', uptime() * 1_000)
  const loads = loadavg()
  // Windows has none and says 0.
  if (loads.every((load) => load === 0)) return
  for (const [index, metric] of (['load.1', 'load.5', 'load.15'] as const).entries()) writer.set(metric, loads[index] ?? Number.NaN)
}

async function measureMemory(si: SystemInformation, writer: SampleWriter): Promise<void> {
  const memory = await si.mem()
  writer.set('memory.total', memory.total)
  writer.set('memory.free', memory.free)
  writer.set('memory.available', memory.available)
  writer.set('memory.used', memory.total - memory.available)
  // Systems without such a figure say 0.
  if (memory.cached > 0) writer.set('memory.cached', memory.cached)
  if (memory.buffers > 0) writer.set('memory.buffers', memory.buffers)
  if (memory.slab > 0) writer.set('memory.slab', memory.slab)
  writer.set('memory.dirty', memory.dirty ?? Number.NaN)
  writer.set('memory.writeback', memory.writeback ?? Number.NaN)
  if (!(memory.swaptotal > 0)) return
  writer.set('swap.total', memory.swaptotal)
  writer.set('swap.used', memory.swapused)
}

async function measureFrequency(si: SystemInformation, writer: SampleWriter): Promise<void> {
  const { avg, cores } = await si.cpuCurrentSpeed()
  if (avg > 0) writer.set('cpu.frequency', avg * 1e9)
  for (const [number, speed] of cores.entries()) if (speed > 0) writer.set('cpu.frequency', speed * 1e9, String(number))
}

async function measureTemperature(si: SystemInformation, writer: SampleWriter): Promise<void> {
  const { main } = await si.cpuTemperature()
  if (main > 0) writer.set('cpu.temperature', main)
}

async function measureDisks(si: SystemInformation, writer: SampleWriter): Promise<void> {
  // There is one figure for all disks.
  const io = await si.disksIO()
  if (io === null) return
  writer.set('disk.reads', io.rIO, 'all')
  writer.set('disk.writes', io.wIO, 'all')
}

async function measureNetwork(si: SystemInformation, writer: SampleWriter): Promise<void> {
  const internal = networkInterfaces()
  for (const { iface, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped } of await si.networkStats('*')) {
    writer.set('network.received', rx_bytes, iface)
    writer.set('network.sent', tx_bytes, iface)
    writer.set('network.receive.errors', rx_errors, iface)
    writer.set('network.send.errors', tx_errors, iface)
    writer.set('network.receive.drops', rx_dropped, iface)
    writer.set('network.send.drops', tx_dropped, iface)
    const isInternal = internal[iface]?.some((address) => address.internal) ?? false
    writer.set('network.virtual', isInternal || /^(lo\d*|utun|bridge|awdl|llw|gif|stf|veth|docker|br-|tun|tap|anpi)/.test(iface) ? 1 : 0, iface)
  }
}

async function measureFileSystems(si: SystemInformation, writer: SampleWriter): Promise<void> {
  for (const { mount, size, used, available, rw } of (await si.fsSize()).slice(0, 64)) {
    if (!(size > 0)) continue
    writer.set('filesystem.size', size, mount)
    writer.set('filesystem.used', used, mount)
    writer.set('filesystem.available', available, mount)
    writer.set('filesystem.usage', used / (used + available), mount)
    writer.set('filesystem.readonly', rw === false ? 1 : 0, mount)
    writer.set('filesystem.silent', 0, mount)
  }
}
