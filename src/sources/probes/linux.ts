import { ByteScanner } from './byte-scanner.ts'
import { cgroupProbe } from './cgroup.ts'
import { clockProbe } from './clock.ts'
import { cpuProbe } from './cpu.ts'
import { diskProbe } from './disk.ts'
import { filesProbe } from './files.ts'
import { frequencyProbe } from './frequency.ts'
import type { LinuxWorld } from './linux-world.ts'
import { loadProbe } from './load.ts'
import { memoryProbe } from './memory.ts'
import { networkProbe } from './network.ts'
import { pressureProbe } from './pressure.ts'
import type { Probe, SampleWriter } from './probe.ts'
import { tcpProbe } from './tcp.ts'
import { temperatureProbe } from './temperature.ts'
import { uptimeProbe } from './uptime.ts'
import { vmProbe } from './vm.ts'

export type { LinuxWorld } from './linux-world.ts'

/** In the order they are looked at: a control group has the last word on memory. */
const PROBES: readonly ((world: LinuxWorld, scanner: ByteScanner) => Probe)[] = [
  cpuProbe, loadProbe, memoryProbe, vmProbe, pressureProbe, diskProbe, networkProbe, tcpProbe, filesProbe, uptimeProbe, clockProbe, frequencyProbe, temperatureProbe, cgroupProbe,
]

/** All that Linux says of itself without processes and file systems. They share one buffer, so one is looked at after another. */
export function linuxProbes(world: LinuxWorld): readonly Probe[] {
  const scanner = new ByteScanner()
  return PROBES.map((begin) => begin(world, scanner))
}

/** One that could not tell. */
export interface ProbeFailure {
  readonly probe: string
  readonly error: unknown
}

/** Looks at everything once and writes down how long each took (`now` is in monotonic milliseconds) and whether it could tell. Never throws for a probe; returns the failures. */
export function measureAll(probes: readonly Probe[], writer: SampleWriter, now: () => number): readonly ProbeFailure[] {
  const failures: ProbeFailure[] = []
  let began = now()
  for (const probe of probes) {
    let success = 1
    try {
      probe.measure(writer)
    } catch (error) {
      success = 0
      failures.push({ probe: probe.name, error })
    }
    const ended = now()
    writer.set('probe.duration', ended - began, probe.name)
    writer.set('probe.success', success, probe.name)
    began = ended
  }
  return failures
}
