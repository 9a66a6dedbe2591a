import type { Cpu } from './timed-command.ts'

/** A tick of the times in /proc, whatever the kernel's own clock (USER_HZ is 100 on every architecture that Node runs on). */
export const CPU_STEP_MS = 10

/**
 * Processor time of all children that have ended and were waited for, with theirs, since this process began; null where the system does not tell.
 * The kernel adds nanoseconds up and shows whole ticks, so a difference of two looks is within one step of the truth, and above it as often as below.
 * `stat` is the text of /proc/self/stat. Source: proc(5), fields 16 (cutime) and 17 (cstime).
 */
export function parseChildrenCpu(stat: string): Cpu | null {
  // The name of the program, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [Number(fields[13] || Number.NaN), Number(fields[14] || Number.NaN)]
  return Number.isFinite(user) && Number.isFinite(system) ? { userMs: user * CPU_STEP_MS, systemMs: system * CPU_STEP_MS } : null
}

/** What was used from one look to the next. */
export function cpuBetween(before: Cpu | null, after: Cpu | null): Cpu | null {
  return before && after ? { userMs: after.userMs - before.userMs, systemMs: after.systemMs - before.systemMs } : null
}
