import { readdirSync, readFileSync } from 'node:fs'

/** Processor time of all processes of a session at a moment. */
export interface ProcessorTime {
  /** By the kernel's ticks, milliseconds; holds what ended children used. */
  readonly tickedMs: number
  /** By the scheduler's own count, milliseconds; of the threads that are there. NaN where the kernel does not tell. */
  readonly exactMs: number
  /** Which threads these are: two readings of the same ones can be told apart exactly. */
  readonly threads: string
}

/** What was used between two readings, and the smallest step that can be told, milliseconds. */
export interface ProcessorUse {
  readonly ms: number
  readonly stepMs: number
}

/** Linux counts in hundredths of a second wherever programs can see it (USER_HZ). */
const TICK_MS = 10

/** Reads the processor time of a session: its leader and all that it started. Null where there is no /proc, or nothing of it is left. Source: proc_pid_stat(5). */
export function readProcessorTime(session: number, proc = '/proc'): ProcessorTime | null {
  const pids = listed(proc).filter((pid) => sessionOf(statOf(proc, pid)) === session)
  if (pids.length === 0) return null
  let [ticks, exactMs] = [0, 0]
  const threads: string[] = []
  for (const pid of pids) {
    // utime, stime, and both of children that were waited for.
    for (const field of statOf(proc, pid).slice(11, 15)) ticks += Number(field)
    for (const thread of listed(`${proc}/${pid}/task`)) {
      exactMs += Number(read(`${proc}/${pid}/task/${thread}/schedstat`).split(' ')[0] || Number.NaN) / 1e6
      threads.push(thread)
    }
  }
  return { tickedMs: ticks * TICK_MS, exactMs, threads: threads.join(' ') }
}

/** What was used from one reading to the next; by ticks where threads came or went, since theirs would be missing. */
export function usedBetween(before: ProcessorTime, after: ProcessorTime): ProcessorUse {
  const exact = after.exactMs - before.exactMs
  if (before.threads === after.threads && exact >= 0) return { ms: exact, stepMs: 0 }
  return { ms: Math.max(0, after.tickedMs - before.tickedMs), stepMs: TICK_MS }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // It ended meanwhile, or may not be seen.
    return ''
  }
}

/** The fields of stat from the state on: a name may hold anything, brackets too, but nothing after it does. */
function statOf(proc: string, pid: string): string[] {
  const text = read(`${proc}/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).trim().split(' ')
}

function sessionOf(fields: readonly string[]): number {
  return Number(fields[3])
}
