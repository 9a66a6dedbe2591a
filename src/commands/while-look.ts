import { Stretcher, type Stretch } from '../analysis/stretch.ts'
import type { Host } from '../host.ts'
import type { Feed } from '../model/feed.ts'
import type { Finding } from '../model/finding.ts'
import type { Alert } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import type { FeedSources } from './feed-sources.ts'
import { snapshots, type FeedLook } from './snapshots.ts'

/** What a while of looking came to; without a stretch nothing was seen. */
type Looked = { readonly feed: Feed } & (
  | { readonly stretch: null }
  | { readonly stretch: Stretch; readonly last: FeedLook; /** Alerts that came meanwhile. */ readonly sent: readonly Alert[]; readonly spanMs: number; /** Whether it told nothing more before the time was over. */ readonly isSilent: boolean }
)

const FOR_MS = 5_000
const INTERVAL_MS = 1_000
/** Alerts that an instance sends meanwhile are kept, the latest of many. */
const MOST_ALERTS = 1_000
/** A system that has fallen silent is waited for so long beyond the time that was asked for. */
const LATE_MS = 30_000

/** Looks at a system for a while, five seconds unless told. */
export async function lookForAWhile(host: Pick<Host, 'interrupts'>, flags: { readonly for: number | undefined; readonly interval: number | undefined }, sources: FeedSources): Promise<Looked> {
  const forMs = flags.for ?? FOR_MS
  const intervalMs = flags.interval ?? Math.max(100, Math.min(INTERVAL_MS, forMs / 5))
  const feed = await sources.openFeed({ intervalMs, processes: false })
  const seen = new Stretcher()
  let last: FeedLook | undefined
  let sent: readonly Alert[] = []
  let spanMs = 0
  const silence = new AbortController()
  const late = setTimeout(() => silence.abort(), forMs + LATE_MS)
  try {
    for await (const look of snapshots(feed, AbortSignal.any([host.interrupts.drain, silence.signal]))) {
      seen.add(look.snapshot)
      last = look
      sent = [...sent, ...look.alerts].slice(-MOST_ALERTS)
      spanMs += Number.isFinite(look.snapshot.elapsedMs) ? look.snapshot.elapsedMs : 0
      if (spanMs >= forMs) break
    }
  } finally {
    clearTimeout(late)
  }
  const stretch = seen.stretch()
  return stretch && last ? { feed, stretch, last, sent, spanMs, isSilent: silence.signal.aborted } : { feed, stretch: null }
}

/** What is said of a system that fell silent. */
export function silent(name: string, spanMs: number): Finding {
  return { id: 'silent', verdict: 'unknown', title: `${plain(name)} told nothing more after ${showDuration(spanMs)}`, hint: 'see that it is still running, and ask again' }
}
