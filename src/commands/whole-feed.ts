import type { Feed } from '../model/feed.ts'
import type { SystemFacts } from '../model/snapshot.ts'
import { isWhole } from './snapshots.ts'

/** Looks that may be passed over for lacking something before they are told all the same. */
const PATIENCE = 5

/** The same feed from its first whole look on: who prints or records looks wants none without rates. Of a recording everything counts. */
export function fromFirstWhole(feed: Feed, intervalMs: number): Feed {
  if (feed.kind === 'recording') return feed
  let facts: SystemFacts | null = null
  let passedOver = 0
  let begun = false
  return {
    ...feed,
    start: (listener) => feed.start({
      ...listener,
      facts: (known) => {
        facts = known
        listener.facts(known)
      },
      snapshot: (snapshot) => {
        begun ||= isWhole({ snapshot, facts, alerts: [] }, feed, intervalMs, true) || passedOver++ >= PATIENCE
        if (begun) listener.snapshot(snapshot)
      },
    }),
  }
}
