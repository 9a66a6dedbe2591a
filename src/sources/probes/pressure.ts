import type { MetricName } from '../../model/metric.ts'
import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe, SampleWriter } from './probe.ts'
import { ProcFile } from './proc-file.ts'

/** What stands before a number, what it becomes and by how much it is divided: shares are in percent, times in microseconds. */
type Field = readonly [key: string, metric: MetricName, divisor: number]
const KINDS: readonly (readonly [word: string, fields: readonly Field[]])[] = [
  ['some', [[' avg10=', 'pressure.some', 100], [' avg60=', 'pressure.some.60', 100], [' avg300=', 'pressure.some.300', 100], [' total=', 'pressure.some.time', 1_000]]],
  ['full', [[' avg10=', 'pressure.full', 100], [' avg60=', 'pressure.full.60', 100], [' avg300=', 'pressure.full.300', 100], [' total=', 'pressure.full.time', 1_000]]],
]

/** What waits for processors, memory and I/O, from /proc/pressure (https://docs.kernel.org/accounting/psi.html). */
export function pressureProbe({ proc }: LinuxWorld, scanner: ByteScanner): Probe {
  const files = ['cpu', 'memory', 'io'].map((resource) => ({ resource, file: new ProcFile(`${proc}/pressure/${resource}`) }))
  return {
    name: 'pressure',
    measure(writer) {
      for (const { resource, file } of files) if (file.read(scanner)) writePressure(scanner, writer, resource)
    },
    close: () => files.forEach(({ file }) => file.close()),
  }
}

/** Writes what a file of pressure in the scanner says of a resource: the machine's, or a control group's. */
export function writePressure(scanner: ByteScanner, writer: SampleWriter, resource: string): void {
  do for (const [word, fields] of KINDS) if (scanner.take(word)) writeFields(scanner, fields, writer, resource)
  while (scanner.nextLine())
}

function writeFields(scanner: ByteScanner, fields: readonly Field[], writer: SampleWriter, resource: string): void {
  for (const [key, metric, divisor] of fields) if (scanner.take(key)) writer.set(metric, scanner.number() / divisor, resource)
}
