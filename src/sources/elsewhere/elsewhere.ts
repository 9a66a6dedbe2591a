import type { Host } from '../../host.ts'
import type { ProcessTable, Samples } from '../../model/snapshot.ts'
import type { SampleWriter } from '../probes/probe.ts'
import { PARTS, type SystemInformation } from './parts.ts'
import { SampleMap } from '../sample-map.ts'
import { openProcessList } from './processes.ts'

/** One look at a system that is not Linux. */
export interface ElsewhereLook {
  readonly samples: Samples
  /** null where they cannot be listed, or were not asked for. */
  readonly processes: ProcessTable | null
}

/** Such a system. */
export interface Elsewhere {
  /** Asks the system, which starts programs and takes its time; a look under way is joined. What fails is `probe.success` 0 of its part. Never rejects. */
  look(processes?: boolean): Promise<ElsewhereLook>
  /** Starts no more programs; those that run end by themselves. */
  close(): void
}

/** What a part says later than this is left out of the look; the part is not asked again before it is done. */
const PART_LIMIT_MS = 10_000

/** Opens a system through systeminformation; works everywhere, but is slow: for where nothing better can be read. */
export function openElsewhere(host: Pick<Host, 'machine' | 'now' | 'wallTime'>, information?: SystemInformation, limitMs = PART_LIMIT_MS, parts = PARTS): Elsewhere {
  const rowsOf = openProcessList(host.machine)
  const running = new Set<string>()
  let looking: Promise<ElsewhereLook> | undefined
  let isClosed = false

  /** True when it was done well and in time. */
  const attempt = async (name: string, measure: () => Promise<void> | void): Promise<boolean> => {
    if (running.has(name)) return false
    running.add(name)
    const work = (async () => measure())().then(() => true, () => false).finally(() => running.delete(name))
    let late: NodeJS.Timeout | undefined
    const tooLate = new Promise<false>((done) => (late = setTimeout(() => done(false), limitMs)))
    return Promise.race([work, tooLate]).finally(() => clearTimeout(late))
  }

  const look = async (withProcesses: boolean): Promise<ElsewhereLook> => {
    const si = information ?? (await import('systeminformation')).default
    const kept = new SampleMap()
    let isOpen = true
    let processes: ProcessTable | null = null
    const writer: SampleWriter = {
      set: (metric, value, tag) => {
        if (isOpen) kept.set(metric, value, tag)
      },
    }
    const listProcesses = async (): Promise<void> => {
      const { list } = await si.processes()
      if (!isOpen) return
      const rows = rowsOf(list)
      processes = { at: host.wallTime().getTime(), total: list.length, rows }
      writer.set('processes.total', list.length)
    }
    const run = async (name: string, measure: () => Promise<void> | void): Promise<void> => {
      const startedAt = host.now()
      const isDone = await attempt(name, measure)
      writer.set('probe.duration', host.now() - startedAt, name)
      writer.set('probe.success', isDone ? 1 : 0, name)
    }
    await Promise.all([...parts.map((part) => run(part.name, () => part.measure(si, writer))), ...(withProcesses ? [run('processes', listProcesses)] : [])])
    // What a late part still says belongs to no look.
    isOpen = false
    return { samples: kept.samples, processes }
  }

  return {
    look: (withProcesses = true) => (isClosed ? Promise.resolve({ samples: new Map(), processes: null }) : (looking ??= look(withProcesses).finally(() => (looking = undefined)))),
    close: () => {
      isClosed = true
    },
  }
}
