import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

/** Open file handles of the machine, from /proc/sys/fs/file-nr: allocated, of these unused (0 since 2.6), most. */
export function filesProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const file = new ProcFile(`${proc}/sys/fs/file-nr`)
  return {
    name: 'files',
    measure(writer) {
      const allocated = file.readNumber(scanner)
      if (Number.isNaN(allocated)) return
      writer.set('files.open', allocated - scanner.number())
      writer.set('files.limit', scanner.number())
    },
    close: () => file.close(),
  }
}
