import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

/** Time since the machine was started, from /proc/uptime. */
export function uptimeProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const file = new ProcFile(`${proc}/uptime`)
  return {
    name: 'uptime',
    measure(writer) {
      const seconds = file.readNumber(scanner)
      if (Number.isNaN(seconds)) throw new Error(`${file.path} holds no time`)
      writer.set('uptime', seconds * 1_000)
    },
    close: () => file.close(),
  }
}
