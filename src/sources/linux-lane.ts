import type { Look } from '../analysis/derive.ts'
import type { Host } from '../host.ts'
import type { ProcessTable } from '../model/snapshot.ts'
import type { Lane } from './local-feed.ts'
import { readFacts } from './facts.ts'
import { openMounts } from './mounts/mounts.ts'
import { linuxProbes, measureAll } from './probes/linux.ts'
import { openLinuxProcesses, type LinuxProcesses } from './processes/linux.ts'
import { SampleMap } from './sample-map.ts'

/** Looks at a Linux machine: everything of a tick at once and synchronously, file systems in the slow lane. */
export function openLane(host: Host, processes: LinuxProcesses = openLinuxProcesses()): Lane {
  const now = (): number => host.now()
  const wallMs = (): number => host.wallTime().getTime()
  const probes = linuxProbes({ proc: '/proc', sys: '/sys', cgroup: '/sys/fs/cgroup', run: '/run', monotonicMs: now, wallMs })
  const mounts = openMounts({ now, env: host.env })
  const scan = (writer: SampleMap, { monotonicMs, wallMs: at }: Look): ProcessTable => {
    const memoryBytes = writer.samples.get('cgroup.memory.limit')?.get('') ?? writer.samples.get('memory.total')?.get('') ?? host.machine.memoryBytes
    return processes.scan({ monotonicMs, wallMs: at, memoryBytes })
  }
  return {
    look: (withProcesses) => {
      const writer = new SampleMap()
      // Processors are read first, and their shares are of the time between two looks.
      const [monotonicMs, at] = [now(), wallMs()]
      measureAll(probes, writer, now)
      mounts.write(writer)
      const scanned = now()
      const look: Look = { monotonicMs, wallMs: at, samples: writer.samples, idleIsMeasured: true }
      let table: ProcessTable | null = null
      // One more probe: a table that cannot be read is told like any other failure.
      if (withProcesses) measureAll([{ name: 'processes', measure: () => (table = scan(writer, look)), close: () => undefined }], writer, now)
      return { look, table, tableMs: now() - scanned }
    },
    lookSlowly: async () => {
      await mounts.look()
      return readFacts(host, mounts.kinds())
    },
    forgetProcesses: () => processes.close(),
    close: () => {
      for (const probe of probes) probe.close()
      processes.close()
      mounts.close()
    },
  }
}
