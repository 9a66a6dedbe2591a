import type { MetricName } from '../../model/metric.ts'
import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

const COLUMNS = ['CurrEstab', 'OutSegs', 'RetransSegs', 'ActiveOpens', 'PassiveOpens'] as const
const ALONE: readonly MetricName[] = ['tcp.established', 'tcp.segments.sent', 'tcp.retransmits']

/** TCP and sockets of the network namespace this runs in, from /proc/net/snmp (RFC 1213's names; IPv6 is in them) and /proc/net/sockstat. */
export function tcpProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const snmp = new ProcFile(`${proc}/net/snmp`)
  const sockstat = new ProcFile(`${proc}/net/sockstat`)
  const columns = new Int32Array(COLUMNS.length)
  const values = new Float64Array(COLUMNS.length)
  return {
    name: 'tcp',
    measure(writer) {
      if (snmp.read(scanner) && findTcp(scanner)) {
        scanHeadings(scanner, columns)
        scanner.nextLine()
        scanValues(scanner, columns, values)
        for (let index = 0; index < ALONE.length; index++) {
          const metric = ALONE[index]
          if (metric) writer.set(metric, values[index] ?? Number.NaN)
        }
        writer.set('tcp.opened', (values[3] ?? Number.NaN) + (values[4] ?? Number.NaN))
      }
      for (let more = sockstat.read(scanner); more; more = scanner.nextLine()) {
        if (scanner.take('sockets: used ')) writer.set('sockets.used', scanner.number())
        else if (scanner.take('TCP:')) while (scanner.word()) if (isWord(scanner, 'tw')) writer.set('tcp.time_wait', scanner.number())
      }
    },
    close() {
      snmp.close()
      sockstat.close()
    },
  }
}

/** Goes to the line of headings. */
function findTcp(scanner: ByteScanner): boolean {
  do if (scanner.take('Tcp:')) return true
  while (scanner.nextLine())
  return false
}

function scanHeadings(scanner: ByteScanner, columns: Int32Array): void {
  columns.fill(-1)
  for (let column = 0; scanner.word(); column++) {
    for (let index = 0; index < COLUMNS.length; index++) if (isWord(scanner, COLUMNS[index] ?? '')) columns[index] = column
  }
}

function scanValues(scanner: ByteScanner, columns: Int32Array, values: Float64Array): void {
  values.fill(Number.NaN)
  if (!scanner.take('Tcp:')) return
  for (let column = 0; ; column++) {
    const value = scanner.number()
    if (Number.isNaN(value)) return
    const index = columns.indexOf(column)
    if (index >= 0) values[index] = value
  }
}

function isWord(scanner: ByteScanner, text: string): boolean {
  if (scanner.wordTo - scanner.wordFrom !== text.length) return false
  for (let index = 0; index < text.length; index++) if (scanner.bytes[scanner.wordFrom + index] !== text.charCodeAt(index)) return false
  return true
}
