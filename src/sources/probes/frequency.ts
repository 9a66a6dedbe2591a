import type { ByteScanner } from './byte-scanner.ts'
import { scanCores } from './core-list.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { readOnce } from './proc-file.ts'

const LOOK_EVERY_MS = 5_000
/** /proc/cpuinfo is long: pages for every processor. */
const CPUINFO_EVERY_MS = 30_000
/** Kernels before 5.18 sleep 10 ms for each processor that is asked: the others wait for the next tick. */
const BUDGET_MS = 1
const KHZ = 1_000
const MHZ = 1_000_000

/** Present clocks of processors, from cpufreq, else as /proc/cpuinfo says. What was seen last stands until it is looked at again. */
export function frequencyProbe(world: LinuxWorld, scanner: ByteScanner): Probe {
  let cores: readonly number[] = []
  let next = 0
  let roundAt = Number.NEGATIVE_INFINITY
  let cpuinfoAt = Number.NEGATIVE_INFINITY
  const hertz = new Map<number, number>()

  const begin = (now: number): void => {
    roundAt = now
    next = 0
    cores = readOnce(`${world.sys}/devices/system/cpu/online`, scanner) ? scanCores(scanner) : []
    const online = new Set(cores)
    for (const core of hertz.keys()) if (!online.has(core)) hertz.delete(core)
  }
  const look = (now: number): void => {
    if (next >= cores.length && now - roundAt >= LOOK_EVERY_MS) begin(now)
    while (next < cores.length && world.monotonicMs() - now < BUDGET_MS) {
      const core = cores[next++] ?? 0
      if (readOnce(`${world.sys}/devices/system/cpu/cpu${core}/cpufreq/scaling_cur_freq`, scanner)) hertz.set(core, scanner.number() * KHZ)
      // No cpufreq on the first is none on the others: the usual case in virtual machines.
      else if (next === 1) next = cores.length
    }
  }
  return {
    name: 'frequency',
    measure(writer) {
      const now = world.monotonicMs()
      look(now)
      const isTold = hertz.size > 0 && cpuinfoAt === Number.NEGATIVE_INFINITY
      if (!isTold && next >= cores.length && now - cpuinfoAt >= CPUINFO_EVERY_MS) {
        cpuinfoAt = now
        if (readOnce(`${world.proc}/cpuinfo`, scanner)) scanCpuinfo(scanner, hertz)
      }
      for (const [core, value] of hertz) if (value > 0) writer.set('cpu.frequency', value, String(core))
    },
    close: () => undefined,
  }
}

/** `processor : 0` and, some lines below, `cpu MHz : 2596.150`; not there on every architecture. */
function scanCpuinfo(scanner: ByteScanner, hertz: Map<number, number>): void {
  hertz.clear()
  let core = Number.NaN
  do {
    if (scanner.take('processor\t: ')) core = scanner.number()
    else if (scanner.take('cpu MHz\t\t: ')) {
      const mhz = scanner.number()
      if (core >= 0 && mhz > 0) hertz.set(core, mhz * MHZ)
    }
  } while (scanner.nextLine())
}
