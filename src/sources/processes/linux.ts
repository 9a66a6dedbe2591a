import { readdirSync } from 'node:fs'
import type { Process, Program } from '../../model/process.ts'
import type { ProcessTable } from '../../model/snapshot.ts'
import { bootedAt, readKernelUnits } from './kernel.ts'
import { descriptorsToKeep, KeptFiles, type KeptFile } from './kept-files.ts'
import { openPrograms } from './program.ts'
import { numberAfterColon, Stat } from './stat.ts'
import { openUsers } from './users.ts'

export interface LinuxProcessesOptions {
  readonly proc?: string
  readonly passwd?: string
  readonly ticksPerSecond?: number
  readonly pageBytes?: number
  /** Milliseconds since 1970. */
  readonly bootAt?: number
  readonly mostDescriptors?: number
  /** Stands before the paths where container runtimes keep names. */
  readonly root?: string
}

/** The instant of a scan, and the memory this system may use. */
export interface ScanTime {
  readonly monotonicMs: number
  readonly wallMs: number
  readonly memoryBytes: number
}

/** The processes of this machine. */
export interface LinuxProcesses {
  /** Looks at all of them; about 10 µs each. What ends meanwhile, or may not be seen, is not there. Throws Node's error without a /proc. */
  scan(now: ScanTime): ProcessTable
  /** Forgets them, and closes all files; a later scan begins anew. */
  close(): void
}

const MOST_PROCESSES = 32_768
/** Scans after which the command line and the user are read again, for programs that rename themselves. */
const REFRESH_SCANS = 30
/** Scans from one look at the input and output of a process that uses no processor time to the next: it does hardly any, and each look costs 2 µs. */
const IDLE_SCANS = 4

/** What is remembered of a process from scan to scan. */
interface Entry {
  readonly pid: number
  readonly stat: KeptFile
  readonly io: KeptFile
  ioDenied: boolean
  /** The scan that saw it last. */
  seen: number
  refreshAt: number
  startTicks: number
  nameHash: number
  stackStart: number
  program: Program | undefined
  cpuTicks: number
  read: number
  written: number
  /** When `read` and `written` were read, monotonic. */
  ioMs: number
  last: Process | undefined
}

/** Opens the processes of a Linux system (proc(5)): one listing and two reads of kept-open files per process and scan. */
export function openLinuxProcesses(options: LinuxProcessesOptions = {}): LinuxProcesses {
  const { proc = '/proc', bootAt = bootedAt(proc) } = options
  const { ticksPerSecond, pageBytes } = { ...readKernelUnits(), ...options }
  const files = new KeptFiles(options.mostDescriptors ?? descriptorsToKeep())
  const users = openUsers(options.passwd)
  const readProgram = openPrograms(files, { proc, bootAt, ticksPerSecond, users, root: options.root ?? '' })
  const stat = new Stat()
  const entries = new Map<number, Entry>()
  /** Processes that may not be seen; asked again from time to time. */
  const denied = new Set<number>()
  let scans = 0
  let lastMs = Number.NaN
  let lastWasWhole = false
  /** Ticks after boot at which the youngest process of the scans so far began. */
  let youngest = 0

  const entryOf = (pid: number): Entry => {
    const known = entries.get(pid)
    if (known !== undefined) return known
    const directory = `${proc}/${pid}`
    const entry: Entry = {
      pid, stat: { path: `${directory}/stat`, descriptor: -1 }, io: { path: `${directory}/io`, descriptor: -1 }, ioDenied: false, seen: scans, refreshAt: 0,
      startTicks: Number.NaN, nameHash: 0, stackStart: 0, program: undefined, cpuTicks: 0, read: 0, written: 0, ioMs: Number.NaN, last: undefined,
    }
    entries.set(pid, entry)
    return entry
  }
  const forget = (entry: Entry): void => {
    files.forget(entry.stat)
    files.forget(entry.io)
    entries.delete(entry.pid)
  }

  const readStat = (entry: Entry): boolean => {
    try {
      return stat.parse(files.buffer, files.read(entry.stat))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM') denied.add(entry.pid)
      return false
    }
  }

  /** The entry of a process whose stat has just been read; undefined when there is none any more. */
  const find = (pid: number): Entry | undefined => {
    let entry = entryOf(pid)
    if (!readStat(entry)) {
      const wasKnown = entry.program !== undefined
      forget(entry)
      // What is kept open belongs to the process that had the number before.
      if (!wasKnown || !readStat((entry = entryOf(pid)))) {
        forget(entry)
        return undefined
      }
    } else if (entry.program !== undefined && entry.startTicks !== stat.startTicks) {
      forget(entry)
      entry = entryOf(pid)
    }
    entry.seen = scans
    return entry
  }

  const identify = (entry: Entry): Program | undefined => {
    const isNew = entry.program === undefined
    const isOther = entry.nameHash !== stat.nameHash || entry.stackStart !== stat.stackStart
    if (!isNew && !isOther && scans < entry.refreshAt) return entry.program
    try {
      const program = readProgram(entry.pid, stat, entry.program)
      // Another program may be another user's.
      if (isOther) entry.ioDenied = false
      // A process that has only begun is likely to change its user; the others are spread over the scans.
      entry.refreshAt = scans + (isNew ? (scans === 1 ? 1 + (entry.pid % REFRESH_SCANS) : 2) : REFRESH_SCANS)
      entry.program = program
      entry.startTicks = stat.startTicks
      entry.nameHash = stat.nameHash
      entry.stackStart = stat.stackStart
      return program
    } catch {
      return undefined
    }
  }

  const readInputOutput = (entry: Entry): void => {
    entry.read = entry.written = Number.NaN
    try {
      const size = files.read(entry.io)
      entry.read = numberAfterColon(files.buffer, size, 5)
      entry.written = numberAfterColon(files.buffer, size, 6)
    } catch {
      entry.ioDenied = true
      files.forget(entry.io)
    }
  }

  const look = (pid: number, elapsedMs: number, memoryBytes: number): Process | undefined => {
    const entry = find(pid)
    if (entry === undefined) return undefined
    const isNew = entry.program === undefined
    const program = identify(entry)
    if (program === undefined) {
      forget(entry)
      return undefined
    }
    // One that began since the last scan had used nothing then; an older one was there and could not be seen.
    if (isNew) {
      entry.cpuTicks = entry.read = entry.written = lastWasWhole && stat.startTicks >= youngest ? 0 : Number.NaN
      entry.ioMs = lastMs - elapsedMs
    }

    const cpu = elapsedMs > 0 ? Math.max(0, ((stat.cpuTicks - entry.cpuTicks) * 1_000) / ticksPerSecond / elapsedMs) : Number.NaN
    entry.cpuTicks = stat.cpuTicks
    const { state, parent, threads } = stat
    const cpuTimeMs = (stat.cpuTicks * 1_000) / ticksPerSecond
    const residentBytes = stat.residentPages * pageBytes
    const memory = residentBytes / memoryBytes

    const { last } = entry
    const isIdle = last !== undefined && cpu === 0 && last.readRate === 0 && last.writeRate === 0
    let readRate = isIdle ? 0 : Number.NaN
    let writeRate = readRate
    if (!entry.ioDenied && (!isIdle || (scans + pid) % IDLE_SCANS === 0)) {
      const { read, written, ioMs } = entry
      readInputOutput(entry)
      entry.ioMs = lastMs
      readRate = rate(entry.read - read, lastMs - ioMs)
      writeRate = rate(entry.written - written, lastMs - ioMs)
    }

    // Most processes sleep most of the time: what is as it was needs no new object.
    if (
      last !== undefined && last.program === program && last.cpuTimeMs === cpuTimeMs && last.residentBytes === residentBytes && last.state === state && last.threads === threads && last.parent === parent &&
      last.memory === memory && Object.is(last.cpu, cpu) && Object.is(last.readRate, readRate) && Object.is(last.writeRate, writeRate)
    ) return last
    return (entry.last = { program, parent, state, threads, cpu, cpuTimeMs, residentBytes, memory, readRate, writeRate })
  }

  return {
    scan({ monotonicMs, wallMs, memoryBytes }) {
      const names = files.withRoom(() => readdirSync(proc))
      const elapsedMs = monotonicMs - lastMs
      lastMs = monotonicMs
      scans++
      if (scans % REFRESH_SCANS === 0) {
        users.refresh()
        denied.clear()
      }
      const rows: Process[] = []
      let unseen = 0
      let latest = 0
      for (const name of names) {
        const pid = pidOf(name)
        if (pid < 0 || denied.has(pid)) continue
        if (rows.length >= MOST_PROCESSES) {
          unseen++
          continue
        }
        const row = look(pid, elapsedMs, memoryBytes)
        if (row === undefined) continue
        rows.push(row)
        latest = Math.max(latest, stat.startTicks)
      }
      youngest = Math.max(youngest, latest)
      for (const entry of entries.values()) if (entry.seen !== scans) forget(entry)
      lastWasWhole = unseen === 0
      return { at: wallMs, total: rows.length + unseen, rows }
    },
    close() {
      files.close()
      entries.clear()
    },
  }
}

/** Bytes per second; NaN for a count that went back. */
function rate(bytes: number, elapsedMs: number): number {
  return bytes >= 0 && elapsedMs > 0 ? (bytes * 1_000) / elapsedMs : Number.NaN
}

/** -1 for what is no process. */
function pidOf(name: string): number {
  let pid = 0
  for (let at = 0; at < name.length; at++) {
    const digit = name.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return -1
    pid = pid * 10 + digit
  }
  return pid
}
