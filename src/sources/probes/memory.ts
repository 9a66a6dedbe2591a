import type { MetricName } from '../../model/metric.ts'
import type { ByteScanner } from './byte-scanner.ts'
import { scanKeyed } from './keyed-numbers.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

const KIB = 1_024
const KEYS = ['MemTotal:', 'MemAvailable:', 'SwapTotal:', 'SwapFree:', 'MemFree:', 'Buffers:', 'Cached:', 'SReclaimable:', 'Shmem:', 'Dirty:', 'Writeback:', 'Slab:'] as const
const LEVELS: readonly (readonly [key: (typeof KEYS)[number], metric: MetricName])[] = [
  ['MemTotal:', 'memory.total'],
  ['MemFree:', 'memory.free'],
  ['Buffers:', 'memory.buffers'],
  ['Cached:', 'memory.cached'],
  ['Dirty:', 'memory.dirty'],
  ['Writeback:', 'memory.writeback'],
  ['Slab:', 'memory.slab'],
  ['Shmem:', 'memory.shared'],
]
const COLUMNS: readonly (readonly [index: number, metric: MetricName])[] = LEVELS.map(([key, metric]) => [KEYS.indexOf(key), metric])

/** Memory and swap of the machine, from /proc/meminfo (https://docs.kernel.org/filesystems/proc.html#meminfo). */
export function memoryProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const file = new ProcFile(`${proc}/meminfo`)
  const values = new Float64Array(KEYS.length)
  return {
    name: 'memory',
    measure(writer) {
      if (file.read(scanner)) scanKeyed(scanner, KEYS, values)
      else values.fill(Number.NaN)
      for (let index = 0; index < values.length; index++) values[index] = (values[index] ?? 0) * KIB
      // One value for each key, in their order.
      const [total, known, swapTotal, swapFree, free, buffers, cached, reclaimable, shared] = values as unknown as [number, number, number, number, number, number, number, number, number]
      if (!(total > 0)) throw new Error(`${file.path} names no total`)
      for (const [index, metric] of COLUMNS) writer.set(metric, values[index] ?? Number.NaN)
      // Kernels before 3.14 leave the sum to us: what is free or could be given back, tmpfs excepted.
      const available = Number.isNaN(known) ? Math.max(free, free + buffers + cached + (reclaimable || 0) - (shared || 0)) : known
      const used = Math.max(0, total - available)
      writer.set('memory.available', available)
      writer.set('memory.used', used)
      writer.set('memory.usage', used / total)
      if (!(swapTotal > 0)) return
      writer.set('swap.total', swapTotal)
      writer.set('swap.used', swapTotal - swapFree)
      writer.set('swap.usage', (swapTotal - swapFree) / swapTotal)
    },
    close: () => file.close(),
  }
}
