import { setTimeout as sleep } from 'node:timers/promises'
import { derive, type Look } from '../analysis/derive.ts'
import type { MachineLook, NetworkInterface } from '../model/machine-look.ts'
import type { HealthLook, HealthLookHost } from './health-look.ts'
import { ByteScanner } from './probes/byte-scanner.ts'
import { cgroupProbe } from './probes/cgroup.ts'
import { clockProbe } from './probes/clock.ts'
import { filesProbe } from './probes/files.ts'
import { readInterfaces } from './probes/interfaces.ts'
import type { LinuxWorld } from './probes/linux-world.ts'
import { loadProbe } from './probes/load.ts'
import { memoryProbe } from './probes/memory.ts'
import { pressureProbe } from './probes/pressure.ts'
import type { Probe } from './probes/probe.ts'
import { uptimeProbe } from './probes/uptime.ts'
import { SampleMap } from './sample-map.ts'

/** What is judged by one look: no processors, disks and traffic, which have only rates. A control group has the last word on memory. */
const PROBES: readonly ((world: LinuxWorld, scanner: ByteScanner) => Probe)[] = [loadProbe, memoryProbe, pressureProbe, filesProbe, uptimeProbe, clockProbe, cgroupProbe]

/** Looks at the health of a Linux machine. */
export function openLook(host: HealthLookHost, roots: Pick<LinuxWorld, 'proc' | 'sys' | 'cgroup' | 'run'> = { proc: '/proc', sys: '/sys', cgroup: '/sys/fs/cgroup', run: '/run' }): HealthLook {
  const world: LinuxWorld = { ...roots, monotonicMs: () => host.now(), wallMs: () => host.wallTime().getTime() }
  let probes: readonly Probe[] | undefined
  return {
    machine: async () => {
      const scanner = new ByteScanner()
      probes ??= PROBES.map((begin) => begin(world, scanner))
      return measure(probes, world)
    },
    usage: async (overMs, signal) => {
      const { cpuProbe } = await import('./probes/cpu.ts')
      const scanner = new ByteScanner()
      const watched = [cpuProbe, cgroupProbe].map((begin) => begin(world, scanner))
      const look = (): Look => {
        const at = { monotonicMs: world.monotonicMs(), wallMs: world.wallMs() }
        const writer = new SampleMap()
        for (const probe of watched) probe.measure(writer)
        return { ...at, samples: writer.samples, idleIsMeasured: true }
      }
      try {
        const before = look()
        await sleep(overMs, undefined, { signal }).catch(() => undefined)
        return derive(before, look())
      } finally {
        for (const probe of watched) probe.close()
      }
    },
    fileSystems: async (paths, deadlineMs) => {
      const { askFileSystems } = await import('./mounts/file-systems.ts')
      return askFileSystems(paths, deadlineMs, { env: host.env, mountinfo: `${roots.proc}/self/mountinfo` })
    },
    processes: async () => {
      const [{ openLinuxProcesses }, { othersThan }] = await Promise.all([import('./processes/linux.ts'), import('./processes/others.ts')])
      const processes = openLinuxProcesses({ proc: roots.proc, mostDescriptors: 0 })
      try {
        const { rows } = processes.scan({ monotonicMs: world.monotonicMs(), wallMs: world.wallMs(), memoryBytes: host.machine.memoryBytes })
        return othersThan(host.pid, rows)
      } finally {
        processes.close()
      }
    },
    close: () => {
      for (const probe of probes ?? []) probe.close()
      probes = undefined
    },
  }
}

function measure(probes: readonly Probe[], world: LinuxWorld): MachineLook {
  const writer = new SampleMap()
  const failures = new Map<string, string>()
  const attempt = <T>(name: string, look: () => T, otherwise: T): T => {
    try {
      return look()
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error))
      return otherwise
    }
  }
  for (const probe of probes) attempt(probe.name, () => probe.measure(writer), undefined)
  const interfaces = attempt<readonly NetworkInterface[]>('network', () => readInterfaces(world), [])
  return { samples: writer.samples, interfaces, failures }
}
