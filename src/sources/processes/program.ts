import { statSync } from 'node:fs'
import type { Program } from '../../model/process.ts'
import { openContainers } from './container.ts'
import { startOf } from './kernel.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Stat } from './stat.ts'
import type { Users } from './users.ts'

interface ProgramsOptions {
  readonly proc: string
  readonly bootAt: number
  readonly ticksPerSecond: number
  readonly users: Users
  /** Stands before the paths of container runtimes. */
  readonly root: string
}

/** Reads who a process is. The stat's name must still be in the buffer of `files`. Throws Node's error when the process has gone. */
export type ReadProgram = (pid: number, stat: Stat, before: Program | undefined) => Program

export function openPrograms(files: KeptFiles, { proc, bootAt, ticksPerSecond, users, root }: ProgramsOptions): ReadProgram {
  const containerOf = openContainers(root)
  return (pid, stat, before) => {
    const shown = stat.name(files.buffer)
    // Kernels differ in what they escape there; this file is as it is.
    const name = shown.includes('\\') ? readName(files, `${proc}/${pid}/comm`) || shown : shown
    const { isKernel } = stat
    // The directory belongs to the user of the process; files in it to root when the process may not be traced.
    const { uid } = statSync(`${proc}/${pid}`)
    const arguments_ = isKernel ? '' : readCommand(files, `${proc}/${pid}/cmdline`)
    const found: Program = {
      pid,
      name,
      // What has ended (a zombie) has no arguments any more.
      command: isKernel ? `[${name}]` : arguments_ !== '' ? arguments_ : before?.name === name ? before.command : name,
      user: users.nameOf(uid),
      uid,
      container: isKernel ? null : containerOf(readGroup(files, `${proc}/${pid}/cgroup`)),
      isKernel,
      startedAt: startOf(stat.startTicks, bootAt, ticksPerSecond),
    }
    return before !== undefined && isSame(found, before) ? before : found
  }
}

function isSame(a: Program, b: Program): boolean {
  return a.startedAt === b.startedAt && a.name === b.name && a.command === b.command && a.uid === b.uid && a.user === b.user && a.container === b.container && a.isKernel === b.isKernel
}

/** The command line, its NULs as spaces; at most one buffer of it. Empty where it may not be read. */
function readCommand(files: KeptFiles, path: string): string {
  let size = readUnlessDenied(files, path)
  const { buffer } = files
  while (size > 0 && (buffer[size - 1] === 0 || buffer[size - 1] === 0x20)) size--
  for (let at = 0; at < size; at++) if (buffer[at] === 0) buffer[at] = 0x20
  return buffer.toString('utf8', 0, size)
}

function readName(files: KeptFiles, path: string): string {
  return files.buffer.toString('utf8', 0, Math.max(0, readUnlessDenied(files, path) - 1))
}

function readGroup(files: KeptFiles, path: string): string {
  return files.buffer.toString('utf8', 0, readUnlessDenied(files, path))
}

/** A file that may not be read, or that this kernel does not have, is empty; the process has been seen, so ENOENT is no sign that it has gone. */
function readUnlessDenied(files: KeptFiles, path: string): number {
  try {
    return files.readOnce(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') throw error
    return 0
  }
}
