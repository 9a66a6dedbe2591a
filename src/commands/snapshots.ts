import { UserError } from '../model/error.ts'
import type { Feed, FeedState } from '../model/feed.ts'
import type { Alert } from '../model/report.ts'
import type { Snapshot, SystemFacts } from '../model/snapshot.ts'
import { Channel } from './channel.ts'

/** One look of a feed, with what was known of the system by then. */
export interface FeedLook {
  readonly snapshot: Snapshot
  /** Null until the feed has told them. */
  readonly facts: SystemFacts | null
  /** Alerts that came since the look before. */
  readonly alerts: readonly Alert[]
}

/** Looks that may wait for a reader who is slower than the feed: a pager, a pipe that is full. */
const MOST_WAITING = 10
/** Looks of the past that may wait: an instance tells them all at once before it is live. */
const MOST_PAST = 600

/**
 * Starts a feed and yields its looks until it ends or the signal is aborted; then, or when the reader has enough, it is closed.
 * Of a live feed, looks that find too many waiting besides those of the past are left out; their alerts come with the next one.
 * Throws UserError `NO_ANSWER` when the feed is lost or ends before it has shown anything; later it is waited for.
 */
export async function* snapshots(feed: Feed, signal: AbortSignal): AsyncGenerator<FeedLook> {
  const looks = new Channel<FeedLook>()
  let facts: SystemFacts | null = null
  let alerts: Alert[] = []
  let failure: UserError | undefined
  let hasLooked = false
  let isLive = false
  let past = 0
  const end = (): void => looks.close()
  const settle = (state: FeedState): void => {
    isLive = state.kind === 'live'
    const isOver = state.kind === 'ended'
    if ((isOver || state.kind === 'lost') && !hasLooked) failure = (state.kind === 'ended' || state.kind === 'lost' ? state.error : undefined) ?? new UserError({ code: 'NO_ANSWER', kind: 'unreachable', message: `${feed.name} shows nothing: ${state.reason}`, hint: feed.kind === 'remote' ? 'see that the address is right and that the instance is running' : undefined })
    if (isOver || failure) end()
  }
  signal.addEventListener('abort', end)
  try {
    if (signal.aborted) return
    feed.start({
      snapshot: (snapshot) => {
        hasLooked = true
        past = Math.min(past, looks.waiting)
        const isPast = feed.kind === 'remote' && !isLive
        if (feed.kind !== 'recording' && looks.waiting >= (isPast ? MOST_PAST : past + MOST_WAITING)) return
        if (isPast) past++
        looks.push({ snapshot, facts, alerts })
        alerts = []
      },
      facts: (known) => {
        facts = known
      },
      alert: (alert) => {
        alerts = [...alerts, alert]
      },
      state: settle,
    })
    yield* looks
    if (failure) throw failure
  } finally {
    signal.removeEventListener('abort', end)
    await feed.close()
  }
}

/** Whether a look has everything a feed of its kind can give: facts, rates over a good part of the interval, and shares of processes. */
export function isWhole({ snapshot, facts }: FeedLook, feed: Feed, intervalMs: number, wantsProcesses: boolean): boolean {
  if (facts === null) return false
  if (feed.kind !== 'local') return true
  const rows = snapshot.processes?.rows ?? []
  const hasShares = rows.length === 0 || rows.some(({ cpu }) => !Number.isNaN(cpu))
  // The first looks of a feed may follow each other sooner than asked for.
  return snapshot.elapsedMs >= 0.75 * intervalMs && (!wantsProcesses || hasShares)
}
