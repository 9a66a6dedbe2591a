import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

/** Load averages, from /proc/loadavg. */
export function loadProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const file = new ProcFile(`${proc}/loadavg`)
  return {
    name: 'load',
    measure(writer) {
      const one = file.readNumber(scanner)
      if (Number.isNaN(one)) throw new Error(`${file.path} holds no load average`)
      writer.set('load.1', one)
      writer.set('load.5', scanner.number())
      writer.set('load.15', scanner.number())
    },
    close: () => file.close(),
  }
}
