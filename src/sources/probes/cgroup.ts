import { existsSync } from 'node:fs'
import type { ByteScanner } from './byte-scanner.ts'
import { CGROUP_FILES, type Place } from './cgroup-files.ts'
import { controlGroup, type ControlGroup, type Membership, readMembership } from './control-group.ts'
import { scanCores } from './core-list.ts'
import type { LinuxWorld } from './linux-world.ts'
import { writePressure } from './pressure.ts'
import type { Probe, SampleWriter } from './probe.ts'
import { ProcFile, readOnce } from './proc-file.ts'

/** How often limits are looked for: they hardly ever change, and there are as many files of them as groups above ours. */
const SURVEY_EVERY_MS = 10_000
/** What version 1 says where there is no limit is a page less than 2^63. */
const NO_LIMIT = 2 ** 62

/** The group whose limit binds, which may be one above ours: its use counts against the limit, siblings' included. Without a limit it is our own. */
interface Bound {
  readonly version: 1 | 2
  readonly folder: string
  /** NaN where there is none. */
  readonly limit: number
}

/**
 * Limits and use of the control group this process is in, the tightest of those above it too. In a group with a memory limit
 * `memory.usage` becomes the group's, and with version 2 pressure does, so this probe has to come after those of the machine's memory and pressure.
 */
export function cgroupProbe(world: LinuxWorld, scanner: ByteScanner): Probe {
  const files = new Map<string, ProcFile>()
  let inScanner: ProcFile | null = null
  let membership: Membership | null = null
  let surveyedAt = Number.NEGATIVE_INFINITY
  let memory: Bound | null = null
  let cpu: Bound | null = null
  let cpuTimes: string | null = null
  let tasks: Bound | null = null

  const close = (): void => {
    for (const file of files.values()) file.close()
    files.clear()
  }
  const fileAt = (path: string): ProcFile => {
    const known = files.get(path)
    if (known) return known
    const file = new ProcFile(path)
    files.set(path, file)
    return file
  }
  /** What waits in a group with a limit waits for its share: the machine's pressure would tell of others. */
  const writePressures = ({ version, folder, limit }: Bound, resources: readonly string[], writer: SampleWriter): void => {
    if (version === 1 || Number.isNaN(limit)) return
    for (const resource of resources) if (fileAt(`${folder}/${resource}.pressure`).read(scanner)) writePressure(scanner, writer, resource)
    inScanner = null
  }
  const numberAt = (folder: string, { file: name, key, factor = 1 }: Place): number => {
    const file = fileAt(`${folder}/${name}`)
    // Two numbers of one file are of one instant.
    if (file === inScanner) scanner.at = 0
    else if (!file.read(scanner)) {
      inScanner = null
      return Number.NaN
    } else inScanner = file
    if (key === undefined) return scanner.number() * factor
    do if (scanner.take(key)) return scanner.number() * factor
    while (scanner.nextLine())
    return Number.NaN
  }
  const survey = (): void => {
    const before = membership
    membership = readMembership(world, before)
    if (membership !== before) close()
    const machine = sizeOf(world, scanner)
    memory = bound(controlGroup(membership, 'memory'), machine.memory, (folder, version) => numberAt(folder, CGROUP_FILES[version].memory.limit))
    tasks = bound(controlGroup(membership, 'pids'), NO_LIMIT, (folder, version) => numberAt(folder, CGROUP_FILES[version].tasks.limit))
    const group = controlGroup(membership, 'cpu')
    cpu = bound(group, machine.cores, (folder, version) => {
      const quota = numberAt(folder, CGROUP_FILES[version].cpu.quota)
      const period = version === 2 ? scanner.number() : numberAt(folder, { file: 'cpu.cfs_period_us' })
      return quota > 0 ? quota / period : Number.NaN
    })
    // Being kept to some of the processors is a limit too; what is used of them is our own group's time.
    const pinned = coresOf(controlGroup(membership, 'cpuset'))
    const own = group?.folders[0]
    if (cpu && own !== undefined && pinned > 0 && pinned < machine.cores && !(pinned >= cpu.limit)) cpu = { ...cpu, folder: own, limit: pinned }
    cpuTimes = cpu?.version === 1 ? sameGroup(cpu, group, controlGroup(membership, 'cpuacct')) : (cpu?.folder ?? null)
  }
  const coresOf = (group: ControlGroup | null): number => {
    const [folder] = group?.folders ?? []
    return group && folder !== undefined && readOnce(`${folder}/${CGROUP_FILES[group.version].cores.file}`, scanner) ? scanCores(scanner).length : 0
  }
  return {
    name: 'cgroup',
    measure(writer) {
      inScanner = null
      const now = world.monotonicMs()
      if (now - surveyedAt >= SURVEY_EVERY_MS) {
        surveyedAt = now
        survey()
        inScanner = null
      }
      if (memory) {
        writeMemory(memory, numberAt, writer)
        writePressures(memory, ['memory', 'io'], writer)
      }
      if (cpu) {
        const { throttled, time } = CGROUP_FILES[cpu.version].cpu
        writer.set('cgroup.cpu.limit', cpu.limit)
        writer.set('cgroup.cpu.throttled.time', numberAt(cpu.folder, throttled))
        if (cpuTimes !== null) writer.set('cgroup.cpu.time', numberAt(cpuTimes, time))
        writePressures(cpu, ['cpu'], writer)
      }
      if (tasks) {
        writer.set('cgroup.tasks', numberAt(tasks.folder, CGROUP_FILES[tasks.version].tasks.used))
        writer.set('cgroup.tasks.limit', tasks.limit)
      }
    },
    close,
  }
}

function writeMemory({ version, folder, limit }: Bound, numberAt: (folder: string, place: Place) => number, writer: SampleWriter): void {
  const places = CGROUP_FILES[version].memory
  const cache = numberAt(folder, places.cache)
  // What of the file cache was not used of late would be dropped before anything is killed.
  const used = Math.max(0, numberAt(folder, places.used) - (cache || 0))
  writer.set('cgroup.memory.limit', limit)
  writer.set('cgroup.memory.used', used)
  writer.set('cgroup.oom_kills', numberAt(folder, places.kills))
  if (Number.isNaN(limit) || Number.isNaN(used)) return
  writer.set('cgroup.memory.usage', used / limit)
  writer.set('memory.usage', used / limit)
}

/** The tightest limit of a group and those above it; of equal ones the outermost, in which more is used. Null where nothing is grouped. */
function bound(group: ControlGroup | null, ceiling: number, limitOf: (folder: string, version: 1 | 2) => number): Bound | null {
  const own = group?.folders[0]
  if (!group || own === undefined) return null
  const { version } = group
  let tightest: Bound = { version, folder: own, limit: Number.NaN }
  for (const folder of group.folders) {
    const limit = limitOf(folder, version)
    if (limit < ceiling && !(limit > tightest.limit)) tightest = { version, folder, limit }
  }
  return Number.isNaN(tightest.limit) && isWholeMachine(group, own) ? null : tightest
}

/** The group of all there is; only the others of version 2 have a type. */
function isWholeMachine({ version, isTop }: ControlGroup, own: string): boolean {
  return isTop && !(version === 2 && existsSync(`${own}/cgroup.type`))
}

/** The folder in another hierarchy that is as many steps above our group; null where we are grouped otherwise there. */
function sameGroup({ folder }: Bound, group: ControlGroup | null, other: ControlGroup | null): string | null {
  if (!group || other?.folders.length !== group.folders.length) return null
  const found = other.folders[group.folders.indexOf(folder)]
  return found?.split('/').at(-1) === folder.split('/').at(-1) || group.folders.length === 1 ? (found ?? null) : null
}

function sizeOf({ proc }: LinuxWorld, scanner: ByteScanner): { readonly memory: number; readonly cores: number } {
  const kib = readOnce(`${proc}/meminfo`, scanner) && scanner.take('MemTotal:') ? scanner.number() : Number.NaN
  let cores = 0
  if (readOnce(`${proc}/stat`, scanner)) while (scanner.nextLine() && scanner.take('cpu')) cores++
  return { memory: kib > 0 ? kib * 1_024 : NO_LIMIT, cores: cores > 0 ? cores : Number.POSITIVE_INFINITY }
}
