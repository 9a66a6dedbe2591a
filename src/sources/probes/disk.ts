import { existsSync, readFileSync } from 'node:fs'
import type { MetricName } from '../../model/metric.ts'
import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'
import { Roster } from './roster.ts'

/** Of the kernel's accounting, whatever the disk's own sectors are. */
const SECTOR_BYTES = 512

/** The fields after the name (https://docs.kernel.org/admin-guide/iostats.html); null for what is not asked for. */
const FIELDS: readonly (readonly [metric: MetricName, factor: number] | null)[] = [
  ['disk.reads', 1], null, ['disk.read', SECTOR_BYTES], ['disk.time.reading', 1],
  ['disk.writes', 1], null, ['disk.written', SECTOR_BYTES], ['disk.time.writing', 1],
  ['disk.in_flight', 1], ['disk.time.busy', 1], ['disk.time.weighted', 1],
]
const READS = 0
const WRITES = 4

/** Kinds that a kernel keeps by the dozen, empty: they count once something was read or written. */
const OFTEN_EMPTY = /^(loop|z?ram|nbd|sr|fd)\d/

interface Disk {
  readonly name: string
  readonly isWhole: boolean
  readonly isOftenEmpty: boolean
}

/** Traffic of whole disks, from /proc/diskstats: partitions are left out, what is built on disks (LVM, RAID) is not. */
export function diskProbe({ proc, sys }: LinuxWorld, scanner: ByteScanner): Probe {
  const file = new ProcFile(`${proc}/diskstats`)
  const names: string[] = []
  const roster = new Roster<Disk>((name) => {
    names.push(name)
    return { name, isWhole: isWholeDisk(sys, name, names), isOftenEmpty: OFTEN_EMPTY.test(name) }
  })
  const values = new Float64Array(FIELDS.length)
  return {
    name: 'disk',
    measure(writer) {
      roster.begin()
      for (let more = file.read(scanner); more; more = scanner.nextLine()) {
        if (Number.isNaN(scanner.number()) || Number.isNaN(scanner.number()) || !scanner.word()) continue
        const disk = roster.next(scanner, scanner.wordFrom, scanner.wordTo)
        if (!disk.isWhole) continue
        for (let index = 0; index < values.length; index++) values[index] = scanner.number()
        // A line with fewer fields is a partition's of kernels before 2.6.25, or cut off.
        if (Number.isNaN(values.at(-1)) || (disk.isOftenEmpty && values[READS] === 0 && values[WRITES] === 0)) continue
        for (let index = 0; index < values.length; index++) {
          const field = FIELDS[index]
          if (field) writer.set(field[0], (values[index] ?? 0) * field[1], disk.name)
        }
      }
      roster.end()
      names.length = 0
    },
    close: () => file.close(),
  }
}

function isWholeDisk(sys: string, name: string, earlier: readonly string[]): boolean {
  // The kernel writes a slash of a name as an exclamation mark there.
  const folder = name.replaceAll('/', '!')
  if (folder === '.' || folder === '..') return false
  if (!existsSync(`${sys}/block`)) return !earlier.some((disk) => isPartition(name, disk))
  if (!existsSync(`${sys}/block/${folder}`)) return false
  try {
    // One path of several to the same disk; the disk itself is listed too.
    return !readFileSync(`${sys}/block/${folder}/hidden`, 'utf8').startsWith('1')
  } catch {
    return true
  }
}

/** Without /sys the names must do: sda1 is of sda, nvme0n1p1 of nvme0n1. */
function isPartition(name: string, disk: string): boolean {
  return name.length > disk.length && name.startsWith(disk) && (/\d$/.test(disk) ? /^p\d+$/ : /^\d+$/).test(name.slice(disk.length))
}
