import { existsSync } from 'node:fs'
import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

const ASK_EVERY_MS = 60_000
/** The wall clock counts whole milliseconds. */
const GRAIN_MS = 1
/** As fast as the kernel lets a time service slew the clock, in which nobody set anything (adjtimex(2)). */
const SLEW = 0.0005
/** Shorter sleeps are not told from the grain of the uptime. */
const LEAST_SLEEP_MS = 2_000
const UPTIME_GRAIN_MS = 10

interface Reading {
  readonly monotonicMs: number
  readonly aheadMs: number
  /** How far off `aheadMs` may be. */
  readonly doubtMs: number
  /** By how much the uptime is ahead of the monotonic clock, which stands still while the machine sleeps; NaN where it is not told. */
  readonly asleepMs: number
}

/** Steps of the wall clock, a sleep of the machine not taken for one, and whether systemd's time service says that it keeps it. */
export function clockProbe(world: LinuxWorld, scanner: ByteScanner): Probe {
  const uptime = new ProcFile(`${world.proc}/uptime`)
  let before: Reading | null = null
  let synchronized = Number.NaN
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    name: 'clock',
    measure(writer) {
      const now = read(world, uptime, scanner)
      if (before) {
        const slept = now.asleepMs - before.asleepMs
        const hasSlept = slept >= LEAST_SLEEP_MS
        const step = now.aheadMs - before.aheadMs - (hasSlept ? slept : 0)
        const doubt = now.doubtMs + before.doubtMs + (now.monotonicMs - before.monotonicMs) * SLEW + (hasSlept ? 2 * UPTIME_GRAIN_MS : 0)
        writer.set('clock.step', Math.abs(step) > doubt ? step : 0)
      }
      before = now
      if (now.monotonicMs - askedAt >= ASK_EVERY_MS) {
        askedAt = now.monotonicMs
        synchronized = isSynchronized(world.run)
      }
      writer.set('clock.synchronized', synchronized)
    },
    close: () => uptime.close(),
  }
}

/** The wall clock between two looks at the monotonic one: whoever is interrupted in between knows by how much it may be wrong. */
function read(world: LinuxWorld, uptime: ProcFile, scanner: ByteScanner): Reading {
  const uptimeMs = uptime.readNumber(scanner) * 1_000
  const from = world.monotonicMs()
  const wall = world.wallMs()
  const to = world.monotonicMs()
  return { monotonicMs: to, aheadMs: wall - (from + to) / 2, doubtMs: (to - from) / 2 + GRAIN_MS, asleepMs: uptimeMs - to }
}

/** systemd-timesyncd touches the file when it has set the clock; its folder goes when it stops. Other services leave no such word. */
function isSynchronized(run: string): number {
  if (existsSync(`${run}/systemd/timesync/synchronized`)) return 1
  return existsSync(`${run}/systemd/timesync`) ? 0 : Number.NaN
}
