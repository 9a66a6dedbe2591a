import type { Feed, FeedListener, FeedState } from '../../src/model/feed.ts'
import type { Alert } from '../../src/model/report.ts'
import type { Snapshot, SystemFacts } from '../../src/model/snapshot.ts'

/** What a feed in a test tells, in this order. */
export type Telling = { readonly snapshot: Snapshot } | { readonly facts: SystemFacts } | { readonly state: FeedState } | { readonly alert: Alert & { readonly at: number } } | { readonly call: () => void }

export interface FakeFeed extends Feed {
  readonly closed: () => boolean
  readonly wish: { intervalMs?: number; processes?: boolean }
}

/** A feed that tells what it is given, a little at a time, and then is silent. */
export function fakeFeed(tellings: readonly Telling[], kind: Feed['kind'] = 'local'): FakeFeed {
  let closed = false
  const tell = async (listener: FeedListener): Promise<void> => {
    for (const telling of tellings) {
      await new Promise<void>((done) => setImmediate(done))
      if (closed) return
      if ('snapshot' in telling) listener.snapshot(telling.snapshot)
      else if ('facts' in telling) listener.facts(telling.facts)
      else if ('state' in telling) listener.state(telling.state)
      else if ('alert' in telling) listener.alert(telling.alert)
      else telling.call()
    }
  }
  return {
    name: 'web-01', kind, wish: {},
    start: (listener) => void tell(listener),
    setInterval: () => undefined,
    setProcesses: () => undefined,
    close: async () => void (closed = true),
    closed: () => closed,
  }
}
