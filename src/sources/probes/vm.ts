import { readKernelUnits } from '../processes/kernel.ts'
import type { ByteScanner } from './byte-scanner.ts'
import { scanKeyed } from './keyed-numbers.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

const KEYS = ['pgmajfault ', 'oom_kill ', 'pswpin ', 'pswpout ']

/** Page faults, processes killed for memory and swapping, from /proc/vmstat. */
export function vmProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const file = new ProcFile(`${proc}/vmstat`)
  const values = new Float64Array(KEYS.length)
  let pageBytes = 0
  return {
    name: 'vm',
    measure(writer) {
      if (!file.read(scanner)) return
      scanKeyed(scanner, KEYS, values)
      pageBytes ||= readKernelUnits(`${proc}/self/auxv`).pageBytes
      // One value for each key, in their order.
      const [majorFaults, oomKills, swappedIn, swappedOut] = values as unknown as [number, number, number, number]
      writer.set('memory.page_faults.major', majorFaults)
      writer.set('memory.oom_kills', oomKills)
      writer.set('swap.in', swappedIn * pageBytes)
      writer.set('swap.out', swappedOut * pageBytes)
    },
    close: () => file.close(),
  }
}
