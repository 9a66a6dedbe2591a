import { statfs } from 'node:fs/promises'
import type { Host } from '../host.ts'
import type { MachineUsage, MachineUsageSummary } from '../model/machine.ts'

const KEYS = ['cpu', 'memory', 'disk', 'network'] as const

/** Looks at this machine from time to time and keeps the most and the mean; one look costs well under a millisecond on Linux. */
export class MachineWatch {
  readonly #host: Host
  readonly #sums = { cpu: 0, memory: 0, disk: 0, network: 0 }
  readonly #counts = { cpu: 0, memory: 0, disk: 0, network: 0 }
  readonly #peaks = { cpu: Number.NaN, memory: Number.NaN, disk: Number.NaN, network: Number.NaN }
  #cpu: { readonly busyMs: number; readonly totalMs: number }
  #network: { readonly at: number; readonly bytes: number } | undefined
  #looking = false

  constructor(host: Host) {
    this.#host = host
    this.#cpu = host.cpuTimes()
  }

  /** Takes one look; one that is still under way is not overtaken. */
  async look(): Promise<MachineUsage | undefined> {
    if (this.#looking) return undefined
    this.#looking = true
    try {
      const usage = { cpu: this.#cpuUsage(), memory: 1 - this.#host.freeMemoryBytes() / this.#host.machine.memoryBytes, disk: await diskUsage(), network: await this.#networkRate() }
      for (const key of KEYS) {
        const value = usage[key]
        if (Number.isNaN(value)) continue
        this.#sums[key] += value
        this.#counts[key]++
        if (!(this.#peaks[key] >= value)) this.#peaks[key] = value
      }
      return usage
    } finally {
      this.#looking = false
    }
  }

  summary(): MachineUsageSummary {
    const mean = (key: (typeof KEYS)[number]): number => this.#sums[key] / this.#counts[key]
    return { peak: { ...this.#peaks }, average: { cpu: mean('cpu'), memory: mean('memory'), disk: mean('disk'), network: mean('network') } }
  }

  #cpuUsage(): number {
    const now = this.#host.cpuTimes()
    const busy = now.busyMs - this.#cpu.busyMs
    const total = now.totalMs - this.#cpu.totalMs
    this.#cpu = now
    return total > 0 ? Math.min(1, Math.max(0, busy / total)) : Number.NaN
  }

  async #networkRate(): Promise<number> {
    const bytes = await networkBytes(this.#host)
    const at = this.#host.now()
    const before = this.#network
    this.#network = { at, bytes }
    return before && bytes >= before.bytes ? (bytes - before.bytes) / ((at - before.at) / 1_000) : Number.NaN
  }
}

async function diskUsage(): Promise<number> {
  try {
    const { blocks, bfree, bavail } = await statfs('/')
    // As df counts: what is reserved for root is neither used nor available.
    const used = blocks - bfree
    return used / (used + bavail)
  } catch {
    return Number.NaN
  }
}

/** Bytes received and sent over all interfaces, loopback included: a test on one machine goes over it. */
async function networkBytes(host: Host): Promise<number> {
  if (host.machine.platform === 'linux') {
    const text = await host.files.read('/proc/net/dev').catch(() => '')
    let bytes = text === '' ? Number.NaN : 0
    for (const [, fields = ''] of text.matchAll(/^\s*[^\s:]+:\s*(.*)$/gm)) {
      const columns = fields.trim().split(/\s+/)
      bytes += Number(columns[0]) + Number(columns[8])
    }
    return bytes
  }
  const { default: systeminformation } = await import('systeminformation')
  const interfaces = await systeminformation.networkStats('*')
  return interfaces.reduce((sum, { rx_bytes, tx_bytes }) => sum + rx_bytes + tx_bytes, 0)
}
