import { derive, type Look } from '../analysis/derive.ts'
import type { MetricName } from '../model/metric.ts'
import type { ProcessTable, SystemFacts } from '../model/snapshot.ts'
import type { Source } from '../model/source.ts'
import type { Lane } from '../sources/local-feed.ts'

/** The id of this machine among the sources. */
export const SYSTEM = 'system'

/** What is slow to find out (file systems, what the machine is) is looked at this often, milliseconds. */
const SLOW_EVERY_MS = 15_000

/** Whoever asks for processes asks again soon; after this time nobody does, and the files that are kept open for the next time are closed, milliseconds. */
const PROCESSES_KEPT_MS = 60_000

/** What a machine is watched with. */
export interface MachineOptions {
  readonly lane: Lane
  readonly intervalMs: number
  readonly now: () => number
  /** Processor time and resident memory of this process. */
  readonly usage: () => { readonly cpuMs: number; readonly rssBytes: number }
  /** What is known of the machine before it was looked at. */
  readonly facts: SystemFacts
}

/** This machine as a source; its processes are looked at when that is asked for. */
export interface Machine extends Source {
  facts(): SystemFacts
  /** The processes as they were last looked at; null where they never were, or too long ago for shares of the time since. */
  table(): ProcessTable | null
  /** The next collection looks at the processes too. */
  wantProcesses(): void
}

/** This machine as the source that matters most. */
export function openMachine({ lane, intervalMs, now, usage, facts }: MachineOptions): Machine {
  let before: Look | null = null
  let table: ProcessTable | null = null
  let known = facts
  let scannedAt = Number.NEGATIVE_INFINITY
  let isWanted = false
  let slowAt = Number.NEGATIVE_INFINITY
  let used: { readonly at: number; readonly cpuMs: number } | null = null

  const lookSlowly = async (): Promise<void> => {
    slowAt = now()
    known = (await lane.lookSlowly()) ?? known
  }

  return {
    id: SYSTEM, name: 'this machine', kind: 'system', priority: 'critical', intervalMs,
    facts: () => known,
    table: () => table,
    wantProcesses: () => void (isWanted = true),
    collect: async () => {
      const scans = isWanted
      isWanted = false
      const looked = await lane.look(scans)
      const { look } = looked
      if (scans) [table, scannedAt] = [looked.table, now()]
      else if (table && now() - scannedAt > PROCESSES_KEPT_MS) {
        table = null
        lane.forgetProcesses?.()
      }
      const samples = new Map<MetricName, ReadonlyMap<string, number>>(derive(before, look))
      before = look
      if (scans && table) samples.set('processes.total', new Map([['', table.total]])).set('processes.threads', new Map([['', table.rows.reduce((sum, { threads }) => sum + threads, 0)]]))
      const { cpuMs, rssBytes } = usage()
      if (used && look.monotonicMs > used.at) samples.set('self.cpu', new Map([['', (cpuMs - used.cpuMs) / (look.monotonicMs - used.at)]]))
      samples.set('self.memory', new Map([['', rssBytes]]))
      used = { at: look.monotonicMs, cpuMs }
      if (now() - slowAt >= SLOW_EVERY_MS) void lookSlowly()
      return { samples }
    },
    close: async () => lane.close(),
  }
}
