import type { Alarm } from '../../analysis/alarm.ts'
import type { Moment } from '../../analysis/moment.ts'
import type { Feed, FeedListener, FeedState } from '../../model/feed.ts'
import type { Alert } from '../../model/report.ts'
import type { Snapshot, SystemFacts } from '../../model/snapshot.ts'

/** The last ticks of a feed. */
export interface TickHistory {
  push(snapshot: Snapshot): void
  readonly length: number
  readonly newestAt: number
  moment(back: number): Moment | null
}

/** What went over a level. */
export interface AlarmLog {
  observe(snapshot: Snapshot): void
  report(alert: Alert & { readonly at: number }): void
  /** The newest first; the same list until something changes. */
  all(): readonly Alarm[]
}

/** A feed with all that is known of it. */
export interface FeedTrack {
  readonly feed: Feed
  readonly history: TickHistory
  readonly facts: SystemFacts | null
  readonly state: FeedState
  /** The latest last; the same list until something changes. */
  readonly alarms: readonly Alarm[]
  start(): void
}

/** Follows a feed: `ticked` after each tick, `changed` after other news; all that news cause happens inside of `guarded`. */
export function trackFeed(feed: Feed, history: TickHistory, log: AlarmLog, listener: { ticked(): void; changed(): void; readonly guarded: (action: () => void) => void }): FeedTrack {
  let facts: SystemFacts | null = null
  let state: FeedState = { kind: 'connecting' }
  let newestFirst: readonly Alarm[] = []
  let latestLast: readonly Alarm[] = []
  const { guarded } = listener
  const heard: FeedListener = {
    snapshot: (snapshot) => guarded(() => {
      history.push(snapshot)
      log.observe(snapshot)
      listener.ticked()
    }),
    facts: (news) => guarded(() => {
      facts = news
      listener.changed()
    }),
    alert: (alert) => guarded(() => {
      log.report(alert)
      listener.changed()
    }),
    state: (news) => guarded(() => {
      state = news
      listener.changed()
    }),
  }
  return {
    feed,
    history,
    get facts() {
      return facts
    },
    get state() {
      return state
    },
    get alarms() {
      const all = log.all()
      if (all !== newestFirst) {
        newestFirst = all
        latestLast = all.toReversed()
      }
      return latestLast
    },
    start: () => feed.start(heard),
  }
}
