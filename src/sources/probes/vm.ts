import { readFileSync } from 'node:fs'
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
      pageBytes ||= pageSize(proc)
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

const AT_PAGESZ = 6n

/** Bytes of a page of memory: what the kernel told this program in its auxiliary vector (getauxval(3)), else 4096. */
export function pageSize(proc: string): number {
  try {
    const bytes = readFileSync(`${proc}/self/auxv`)
    const words = new BigUint64Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 8))).buffer)
    for (let index = 0; index + 1 < words.length; index += 2) {
      const size = Number(words[index + 1])
      if (words[index] === AT_PAGESZ && size >= 4_096 && size <= 1_048_576) return size
    }
  } catch {
    // Without /proc/self there is nothing to swap either.
  }
  return 4_096
}
