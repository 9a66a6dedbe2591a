import { readFileSync } from 'node:fs'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'
import type { ProcessSignal } from '../model/feed.ts'
import { bootedAt, readKernelUnits, startOf } from './processes/kernel.ts'
import { Stat } from './processes/stat.ts'

/**
 * Sends a signal to a process of this machine, on Linux only if the pid still is the process that began at `startedAt`
 * (milliseconds since 1970, as in `Program`). Throws UserError `NO_SUCH_PROCESS` or `NOT_PERMITTED`.
 */
export function sendSignal(host: Pick<Host, 'kill' | 'machine'>, pid: number, startedAt: number, signal: ProcessSignal): void {
  // 0 and below stand for groups of processes; without 1 the system ends.
  if (!Number.isSafeInteger(pid) || pid <= 1) throw notPermitted(pid, signal, 'choose another process; process 1 and groups of processes are never signalled from here')
  if (host.machine.platform === 'linux' && startOfProcess(pid) !== startedAt) throw noSuchProcess(pid)
  try {
    host.kill(pid, signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH') throw noSuchProcess(pid)
    if (code === 'EPERM') throw notPermitted(pid, signal, 'it belongs to another user: run this as that user or as root')
    throw error
  }
}

/** NaN when there is no such process. */
function startOfProcess(pid: number): number {
  try {
    const bytes = readFileSync(`/proc/${pid}/stat`)
    const stat = new Stat()
    return stat.parse(bytes, bytes.length) ? startOf(stat.startTicks, bootedAt(), readKernelUnits().ticksPerSecond) : Number.NaN
  } catch {
    return Number.NaN
  }
}

function noSuchProcess(pid: number): UserError {
  return new UserError({ code: 'NO_SUCH_PROCESS', kind: 'input', message: `process ${pid} has ended`, hint: 'nothing was sent: another process may have its number by now' })
}

function notPermitted(pid: number, signal: ProcessSignal, hint: string): UserError {
  return new UserError({ code: 'NOT_PERMITTED', kind: 'input', message: `${signal} may not be sent to process ${pid}`, hint })
}
