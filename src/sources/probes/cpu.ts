import type { MetricName } from '../../model/metric.ts'
import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe, SampleWriter } from './probe.ts'
import { ProcFile } from './proc-file.ts'

/** /proc counts in hundredths of a second whatever the kernel's own clock is (USER_HZ). */
const TICK_MS = 10

/** In the order of the file; what follows, time in guests, is already in the first two. */
const MODES: readonly MetricName[] = ['cpu.time.user', 'cpu.time.nice', 'cpu.time.system', 'cpu.time.idle', 'cpu.time.iowait', 'cpu.time.irq', 'cpu.time.softirq', 'cpu.time.steal']

const LINES: readonly (readonly [key: string, metric: MetricName])[] = [
  ['intr ', 'interrupts'],
  ['ctxt ', 'context_switches'],
  ['processes ', 'tasks.started'],
  ['procs_running ', 'tasks.running'],
  ['procs_blocked ', 'tasks.blocked'],
]

/** Times of processors and what the scheduler did, from /proc/stat (https://docs.kernel.org/filesystems/proc.html). */
export function cpuProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const stat = new ProcFile(`${proc}/stat`)
  const tags: string[] = []
  return {
    name: 'cpu',
    measure(writer) {
      const there = stat.read(scanner)
      let cores = 0
      for (let more = there; more; more = scanner.nextLine()) {
        if (!scanner.take('cpu')) {
          for (const [key, metric] of LINES) if (scanner.take(key)) writer.set(metric, scanner.number())
        } else if (scanner.take(' ')) {
          writeTimes(scanner, writer, '')
        } else {
          const core = scanner.number()
          if (!Number.isInteger(core) || core < 0) continue
          cores++
          writeTimes(scanner, writer, (tags[core] ??= String(core)))
        }
      }
      if (cores === 0) throw new Error(`${stat.path} names no processor`)
      writer.set('cpu.cores', cores)
    },
    close: () => stat.close(),
  }
}

function writeTimes(scanner: ByteScanner, writer: SampleWriter, tag: string): void {
  for (const metric of MODES) {
    const ticks = scanner.number()
    // Kernels before 2.6.33 know fewer modes.
    if (Number.isNaN(ticks)) return
    writer.set(metric, ticks * TICK_MS, tag)
  }
}
