import type { Feed, FeedListener, ProcessSignal } from '../../../src/model/feed.ts'
import type { Process } from '../../../src/model/process.ts'
import type { Snapshot } from '../../../src/model/snapshot.ts'
import type { Moment } from '../../../src/analysis/moment.ts'
import type { AlarmLog, TickHistory } from '../../../src/tui/top/feed-track.ts'

/** A feed that ticks when it is told to, and keeps what it was asked. */
export interface FakeFeed extends Feed {
  tick(processes?: readonly Process[]): void
  readonly asked: string[]
  readonly listener: FeedListener
}

/** Opens a fake feed; `refuse` is thrown when it is asked to send a signal. */
export function fakeFeed(name = 'web-01', refuse?: Error): FakeFeed {
  const asked: string[] = []
  let listener: FeedListener | undefined
  let ticks = 0
  const feed = {
    name,
    kind: 'local' as const,
    asked,
    get listener() {
      if (!listener) throw new Error('it was not started')
      return listener
    },
    start: (given: FeedListener) => {
      listener = given
      asked.push('start')
    },
    setInterval: (ms: number) => void asked.push(`interval ${ms}`),
    setProcesses: (wanted: boolean) => void asked.push(`processes ${wanted}`),
    signal: (pid: number, startedAt: number, signal: ProcessSignal) => {
      asked.push(`${signal} ${pid}@${startedAt}`)
      if (refuse) throw refuse
    },
    close: async () => void asked.push('close'),
    tick: (rows?: readonly Process[]) => {
      ticks++
      listener?.snapshot({ at: 1_700_000_000_000 + ticks * 1_000, elapsedMs: 1_000, samples: new Map(), processes: rows ? { at: 0, total: rows.length, rows } : null, application: null, alerts: [] })
    },
  }
  return feed
}

/** A history of a few ticks, kept as they came. */
export function fakeHistory(): TickHistory {
  const kept: Snapshot[] = []
  return {
    push: (snapshot) => {
      kept.push(snapshot)
      if (kept.length > 600) kept.shift()
    },
    get length() {
      return kept.length
    },
    get newestAt() {
      return kept.at(-1)?.at ?? Number.NaN
    },
    moment: (back): Moment | null => {
      const snapshot = kept.at(-1 - back)
      if (!snapshot) return null
      return {
        at: snapshot.at, length: kept.length - back, stepMs: 1_000, value: () => Number.NaN, tags: () => [], series: () => new Float32Array(), times: () => new Float64Array(), peak: () => null,
        processes: snapshot.processes, processSeries: (_key, count) => new Float32Array(count).map((_, index) => index / count), application: null,
      }
    },
  }
}

export function fakeAlarms(): AlarmLog {
  const none: readonly never[] = []
  return { observe: () => undefined, report: () => undefined, all: () => none }
}

/** A process as a table has it. */
export function process(pid: number, name: string, more: Partial<Process> = {}): Process {
  return {
    program: { pid, name, command: `${name} --serve`, user: 'app', uid: 1000, container: null, isKernel: false, startedAt: 1_700_000_000_000 },
    parent: 1, state: 'S', threads: 4, cpu: 0.25, cpuTimeMs: 61_000, residentBytes: 5e7, memory: 0.02, readRate: 0, writeRate: Number.NaN, ...more,
  }
}
