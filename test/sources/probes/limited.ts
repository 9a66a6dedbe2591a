import { setTimeout as wait } from 'node:timers/promises'
import { REAL, watch } from './look.ts'

/** What a process in a limited control group sees of it: at first, after a second at full speed, and with 60 MB more in memory. */
export interface Seen {
  readonly limit: number | undefined
  readonly used: number | undefined
  readonly usage: number | undefined
  readonly headline: number | undefined
  readonly cpuLimit: number | undefined
  readonly cpuTimeMs: number | undefined
  readonly throttledMs: number | undefined
  readonly tasks: number | undefined
  readonly failures: readonly string[]
}

const machine = watch(REAL)
const see = (): Seen => {
  const { value, failures } = machine.look()
  return {
    limit: value('cgroup.memory.limit'), used: value('cgroup.memory.used'), usage: value('cgroup.memory.usage'), headline: value('memory.usage'), cpuLimit: value('cgroup.cpu.limit'),
    cpuTimeMs: value('cgroup.cpu.time'), throttledMs: value('cgroup.cpu.throttled.time'), tasks: value('cgroup.tasks'), failures: failures.map(({ probe, error }) => `${probe}: ${String(error)}`),
  }
}

const first = see()
const end = performance.now() + 1_000
while (performance.now() < end);
const busy = see()
const filled = Buffer.alloc(60_000_000, 1)
await wait(50)
const full = see()
console.log(JSON.stringify({ first, busy, full, filled: filled.length }))
machine.close()
