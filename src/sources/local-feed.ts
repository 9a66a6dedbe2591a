import { derive, type Look } from '../analysis/derive.ts'
import type { Host } from '../host.ts'
import type { Feed, FeedListener } from '../model/feed.ts'
import type { ProcessTable, Samples, SystemFacts } from '../model/snapshot.ts'
import { sendSignal } from './signal.ts'

export interface LocalFeedOptions {
  readonly intervalMs: number
  /** Whether processes are looked at from the beginning. */
  readonly processes: boolean
}

/** What a lane has seen. */
export interface LaneLook {
  readonly look: Look
  readonly table: ProcessTable | null
  /** What looking at the processes cost this program, milliseconds. */
  readonly tableMs: number
}

/** One way of looking at this machine. */
export interface Lane {
  /** Everything at once: levels and counters. Processes are left alone unless asked for. */
  look(processes: boolean): Promise<LaneLook> | LaneLook
  /** What is slow to find out and changes slowly; resolves with the facts as they are now, null where they are not known. Never rejects. */
  lookSlowly(): Promise<SystemFacts | null>
  /** Gives back what is kept for the next look at the processes, where there is any: they will not be asked for soon. */
  forgetProcesses?(): void
  close(): void
}

/** The second look comes early, so that the first rates are not a whole interval away. */
const SECOND_LOOK_MS = 250
/** The slow lane: soon after the first picture, then now and then. */
const SLOW_EVERY_MS = 15_000
/** Above this share of the interval, processes are looked at less often. */
const DEAR = 0.02
/** At most this many ticks between two looks at the processes. */
const RAREST = 10

/** This machine as a feed: looks at an even pace, never two at a time, and less closely when looking costs too much. */
export async function openLocalFeed(host: Host, options: LocalFeedOptions): Promise<Feed> {
  const { openLane } = await (host.machine.platform === 'linux' ? import('./linux-lane.ts') : import('./elsewhere-lane.ts'))
  return laneFeed(host, openLane(host), options)
}

/** A feed from a lane. */
export function laneFeed(host: Host, lane: Lane, options: LocalFeedOptions): Feed {
  let { intervalMs, processes } = options
  let listener: FeedListener | undefined
  let timer: NodeJS.Timeout | undefined
  let before: Look | null = null
  let table: ProcessTable | null = null
  let ticks = 0
  let scanEvery = 1
  let dueAt = 0
  let slowAt = Number.NEGATIVE_INFINITY
  let usage: { readonly at: number; readonly cpuMs: number } | undefined
  let lastFacts = ''
  let looking = false
  let closed = false

  const schedule = (): void => {
    clearTimeout(timer)
    // A look under way says itself when the next one is due.
    if (closed || looking) return
    timer = setTimeout(() => void tick(), Math.max(1, dueAt - host.now()))
  }

  const tick = async (): Promise<void> => {
    const begun = host.now()
    // The first two looks are needed for shares of processes.
    const scans = processes && (ticks < 2 || ticks % scanEvery === 0 || table === null)
    looking = true
    const looked = await lane.look(scans)
    looking = false
    if (closed || !listener) return
    if (scans) {
      table = looked.table
      // What the first one costs (every program is read, nothing is compiled yet) says nothing about the others.
      if (ticks > 0) scanEvery = Math.min(RAREST, Math.max(1, Math.ceil(looked.tableMs / (DEAR * intervalMs))))
    }
    const { look } = looked
    listener.snapshot({
      at: look.wallMs,
      elapsedMs: before ? look.monotonicMs - before.monotonicMs : Number.NaN,
      samples: complete(derive(before, look), look.monotonicMs),
      processes: processes ? table : null,
      application: null,
      alerts: [],
    })
    before = look
    ticks++
    dueAt = ticks === 1 ? begun + Math.min(SECOND_LOOK_MS, intervalMs) : nextOnGrid(dueAt, intervalMs, host.now())
    schedule()
    if (host.now() - slowAt >= SLOW_EVERY_MS) {
      slowAt = host.now()
      void lookSlowly()
    }
  }

  const lookSlowly = async (): Promise<void> => {
    const facts = await lane.lookSlowly()
    if (!facts || closed) return
    const text = JSON.stringify(facts)
    if (text === lastFacts) return
    lastFacts = text
    listener?.facts(facts)
  }

  /** Adds what this program uses itself, and how many processes there were when they were last looked at. */
  const complete = (samples: Samples, at: number): Samples => {
    const { cpuMs, rssBytes } = host.usage()
    const all = new Map(samples)
    if (table) all.set('processes.total', new Map([['', table.total]])).set('processes.threads', new Map([['', table.rows.reduce((sum, { threads }) => sum + threads, 0)]]))
    if (usage && at > usage.at) all.set('self.cpu', new Map([['', (cpuMs - usage.cpuMs) / (at - usage.at)]]))
    all.set('self.memory', new Map([['', rssBytes]]))
    usage = { at, cpuMs }
    return all
  }

  return {
    name: host.machine.name,
    kind: 'local',
    start: (given) => {
      listener = given
      listener.state({ kind: 'live' })
      dueAt = host.now()
      void tick()
    },
    setInterval: (ms) => {
      intervalMs = ms
      dueAt = Math.min(dueAt, host.now() + ms)
      if (ticks > 0) schedule()
    },
    setProcesses: (wanted) => {
      processes = wanted
      if (!wanted) table = null
    },
    signal: (pid, startedAt, signal) => sendSignal(host, pid, startedAt, signal),
    close: async () => {
      closed = true
      clearTimeout(timer)
      lane.close()
    },
  }
}

/**
 * An even grid, of which what was missed (a program that was stopped, a look that took long) is left out. The next look is at least half
 * an interval away: counters grow in steps, and a step divided by next to no time would be a spike.
 */
function nextOnGrid(dueAt: number, intervalMs: number, now: number): number {
  return Math.min(now + intervalMs, dueAt + intervalMs * Math.max(1, Math.ceil((now - dueAt) / intervalMs + 0.5)))
}
