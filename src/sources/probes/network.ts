import { existsSync } from 'node:fs'
import type { MetricName } from '../../model/metric.ts'
import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'
import { Roster } from './roster.ts'

const COLON = 58

/** The sixteen fields after the name; null for what is not asked for. */
const FIELDS: readonly (MetricName | null)[] = [
  'network.received', 'network.received.packets', 'network.receive.errors', 'network.receive.drops', null, null, null, null,
  'network.sent', 'network.sent.packets', 'network.send.errors', 'network.send.drops', null, null, null, null,
]

/** Traffic of interfaces, from /proc/net/dev: those of the network namespace this runs in. */
export function networkProbe({ proc, sys }: LinuxWorld, scanner: ByteScanner): Probe {
  const file = new ProcFile(`${proc}/net/dev`)
  const roster = new Roster((name) => ({ name, virtual: isVirtual(sys, name) }))
  const values = new Float64Array(FIELDS.length)
  return {
    name: 'network',
    measure(writer) {
      roster.begin()
      for (let more = file.read(scanner); more; more = scanner.nextLine()) {
        const from = skipBlanks(scanner)
        const to = lastColon(scanner)
        // The two lines of headings have none.
        if (to <= from) continue
        scanner.at = to + 1
        for (let index = 0; index < values.length; index++) values[index] = scanner.number()
        if (Number.isNaN(values.at(-1))) continue
        const { name, virtual } = roster.next(scanner, from, to)
        for (let index = 0; index < values.length; index++) {
          const metric = FIELDS[index]
          if (metric) writer.set(metric, values[index] ?? 0, name)
        }
        writer.set('network.virtual', virtual, name)
      }
      roster.end()
    },
    close: () => file.close(),
  }
}

function skipBlanks(scanner: ByteScanner): number {
  while (scanner.take(' '));
  return scanner.at
}

/** The one before the numbers: old kernels write `eth0:1:123`, and without a blank before the first number. */
function lastColon(scanner: ByteScanner): number {
  let at = scanner.lineEnd()
  while (at >= scanner.at && scanner.bytes[at] !== COLON) at--
  return at
}

/** 1, 0, or NaN where /sys does not know the interface. */
function isVirtual(sys: string, name: string): number {
  if (name === 'lo') return 1
  if (name === '.' || name === '..' || name.includes('/')) return Number.NaN
  if (existsSync(`${sys}/class/net/${name}/device`)) return 0
  return existsSync(`${sys}/devices/virtual/net/${name}`) || existsSync(`${sys}/class/net/${name}`) ? 1 : Number.NaN
}
