import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { derive, type Look } from '../analysis/derive.ts'
import type { FileSystem, MachineLook } from '../model/machine-look.ts'
import { tagsOf, valueOf, type Samples } from '../model/snapshot.ts'
import { openElsewhere } from './elsewhere/elsewhere.ts'
import { PARTS } from './elsewhere/parts.ts'
import type { HealthLook, HealthLookHost } from './health-look.ts'
import { othersThan } from './processes/others.ts'

const partsNamed = (...names: readonly string[]): typeof PARTS => PARTS.filter(({ name }) => names.includes(name))

/** Looks at the health of a system that is not Linux, as far as systeminformation can tell; each question is asked only where it is needed. */
export function openLook(host: HealthLookHost, open: (parts: typeof PARTS) => Pick<ReturnType<typeof openElsewhere>, 'look' | 'close'> = (parts) => openElsewhere(host, undefined, undefined, parts)): HealthLook {
  const [machine, processors, disks, processes] = [open(partsNamed('load', 'memory', 'network')), open(partsNamed('cpu')), open(partsNamed('filesystem')), open([])]
  return {
    machine: async () => {
      const { samples } = await machine.look(false)
      return { samples: derive(null, { monotonicMs: host.now(), wallMs: host.wallTime().getTime(), samples }), interfaces: interfacesIn(samples), failures: failuresIn(samples) }
    },
    usage: async (overMs, signal) => {
      const look = async (): Promise<Look> => ({ samples: (await processors.look(false)).samples, monotonicMs: host.now(), wallMs: host.wallTime().getTime() })
      const before = await look()
      await sleep(overMs, undefined, { signal }).catch(() => undefined)
      return derive(before, await look())
    },
    fileSystems: async (paths, deadlineMs) => {
      let late: NodeJS.Timeout | undefined
      const tooLate = new Promise<null>((done) => (late = setTimeout(() => done(null), deadlineMs)))
      const asked = Promise.all([disks.look(false), ...(paths ?? []).map(async (path) => ((await host.files.exists(path)) ? null : path))])
      const found = await Promise.race([asked, tooLate]).finally(() => clearTimeout(late))
      const [{ samples }, ...absent] = found ?? [{ samples: new Map() as Samples }]
      return pick(paths, readFileSystems(samples)).map((each) => (absent.some((path) => path === each.path) ? { ...each, answer: 'absent' } : each))
    },
    processes: async () => {
      const { processes: table } = await processes.look(true)
      if (table === null) throw new Error('the system did not list its processes')
      return othersThan(host.pid, table.rows)
    },
    close: () => {
      for (const each of [machine, processors, disks, processes]) each.close()
    },
  }
}

/** Node lists those that are up and have an address. */
function interfacesIn(samples: Samples): MachineLook['interfaces'] {
  const up = networkInterfaces()
  const names = new Set([...tagsOf({ samples }, 'network.virtual'), ...Object.keys(up)])
  return [...names].map((name) => ({ name, isUp: name in up, isVirtual: valueOf({ samples }, 'network.virtual', name) === 1 || (up[name]?.every(({ internal }) => internal) ?? false) }))
}

function failuresIn(samples: Samples): ReadonlyMap<string, string> {
  return new Map(tagsOf({ samples }, 'probe.success').filter((name) => valueOf({ samples }, 'probe.success', name) === 0).map((name) => [name, 'the system did not say it in time']))
}

function readFileSystems(samples: Samples): FileSystem[] {
  return tagsOf({ samples }, 'filesystem.size').map((path) => {
    const value = (metric: 'filesystem.size' | 'filesystem.used' | 'filesystem.available' | 'filesystem.readonly'): number => valueOf({ samples }, metric, path)
    return {
      ...unknownAt(path), isMountpoint: true, answer: 'ok',
      sizeBytes: value('filesystem.size'), usedBytes: value('filesystem.used'), availableBytes: value('filesystem.available'), isReadOnly: value('filesystem.readonly') === 1,
    }
  })
}

/** The file system with the longest mount point that a path begins with; links are not followed. */
function pick(paths: readonly string[] | undefined, all: readonly FileSystem[]): FileSystem[] {
  if (paths === undefined) return [...all]
  return paths.map((path) => {
    const best = all.filter(({ mountpoint }) => isWithin(path, mountpoint)).toSorted((a, b) => b.mountpoint.length - a.mountpoint.length)[0]
    return best === undefined ? unknownAt(path) : { ...best, path, isMountpoint: path === best.mountpoint }
  })
}

function isWithin(path: string, mountpoint: string): boolean {
  const folder = mountpoint.replace(/[/\\]+$/, '')
  return path === mountpoint || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`)
}

function unknownAt(path: string): FileSystem {
  return {
    path, mountpoint: path, isMountpoint: false, device: '', type: '', answer: 'refused', sizeBytes: Number.NaN, usedBytes: Number.NaN, availableBytes: Number.NaN, inodes: Number.NaN, inodesFree: Number.NaN, isReadOnly: false, shouldBeReadOnly: undefined,
  }
}
