import { narrow } from '../analysis/shape/narrow.ts'
import { UserError } from '../model/error.ts'
import type { Feed } from '../model/feed.ts'
import type { Report } from '../model/report.ts'
import { applicationReport } from './application-report.ts'
import type { Context } from './command.ts'
import type { FeedSources } from './feed-sources.ts'
import type { METRICS_FLAGS } from './metrics.ts'
import { metricsReport, nothingReport } from './metrics-report.ts'
import { isWhole, snapshots, type FeedLook } from './snapshots.ts'

type MetricsContext = Pick<Context<typeof METRICS_FLAGS>, 'host' | 'flags'>

const INTERVAL_MS = 1_000
const PROCESSES = 5
/** What is slow to find out (facts, file systems, a second look at the processes) is waited for over this many looks, then done without. */
const PATIENCE = 6

/** Looks at a system and yields what it says: once, or again and again. */
export async function* runMetrics({ host, flags }: MetricsContext, openSources: () => Promise<FeedSources>): AsyncGenerator<Report> {
  refuseStrayFlags(flags)
  const startedAt = host.wallTime()
  const sources = await openSources()
  if (flags.application) {
    const isInstance = sources.lookOnce !== undefined
    if (sources.askApplication) refuseOf(flags, isInstance)
    const question = { components: flags.component, timeRange: flags.timeRange, aggregation: flags.aggregation, orOfMetrics: true, intervalMs: isInstance ? undefined : (flags.interval ?? INTERVAL_MS) }
    const figures = sources.askApplication ? await sources.askApplication(question) : null
    const interrupted = host.interrupts.drain.aborted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined
    yield applicationReport(figures, question, { startedAt, finishedAt: host.wallTime(), interrupted, isInstance })
    return
  }
  const intervalMs = flags.interval ?? INTERVAL_MS
  const processes = flags.processes ?? PROCESSES
  const watches = flags.watch !== undefined || flags.count !== undefined
  const most = watches ? (flags.count ?? Number.POSITIVE_INFINITY) : 1
  const reportOf = (look: FeedLook, feed: Pick<Feed, 'name' | 'kind'>, count: number): Report => {
    const { snapshot } = look
    return metricsReport({ ...look, snapshot: flags.metrics ? { ...snapshot, samples: narrow(snapshot.samples, flags.metrics) } : snapshot }, {
      host, feed, intervalMs, processes, topics: flags.metrics, startedAt,
      looks: count, isLast: !watches || count >= most, isOneOfMany: watches,
      interrupted: !watches && host.interrupts.drain.aborted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
    })
  }

  if (!watches && sources.lookOnce) {
    if (flags.interval !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: '--interval means nothing here: one look at an instance is one answer', hint: 'leave it out, or go on looking with --watch' })
    const look = await sources.lookOnce()
    const told = reportOf({ ...look, alerts: [] }, { name: look.facts.host, kind: 'remote' }, 1)
    yield look.note ? { ...told, notes: [...told.notes, look.note] } : told
    return
  }
  const feed = await sources.openFeed({ intervalMs, processes: processes > 0 })
  let seen = 0
  let yielded = 0
  let last: FeedLook | undefined
  for await (const look of snapshots(feed, host.interrupts.drain)) {
    last = look
    seen++
    // A look that lacks something is passed over until there has been a whole one.
    if (yielded === 0 && seen < PATIENCE && !isWhole(look, feed, intervalMs, processes > 0)) continue
    yield reportOf(look, feed, ++yielded)
    if (yielded >= most) return
  }
  if (yielded > 0) return
  yield last ? reportOf(last, feed, 1) : nothingReport(feed, host, startedAt)
}

/** What an instance sums up it has recorded; what is measured here is of two looks. */
function refuseOf(flags: MetricsContext['flags'], isInstance: boolean): void {
  if (isInstance && flags.interval !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: '--interval means nothing here: one look at an instance is one answer', hint: 'leave it out; --time-range says which time it sums up' })
  const stray = isInstance ? undefined : (['timeRange', 'aggregation'] as const).find((name) => flags[name] !== undefined)
  if (stray !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: `${stray === 'timeRange' ? '--time-range' : '--aggregation'} asks for what an instance has recorded, and none is named`, hint: 'name one with --url http://host:port; what is measured here is of two looks, --interval apart' })
}

function refuseStrayFlags(flags: MetricsContext['flags']): void {
  const of = (names: readonly (keyof typeof flags)[]): string | undefined => names.find((name) => flags[name] !== undefined)
  const stray = flags.application ? of(['watch', 'count', 'metrics', 'processes']) : of(['component', 'timeRange', 'aggregation'])
  if (stray === undefined) return
  const notation = `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw new UserError({ code: 'USAGE', kind: 'usage', message: flags.application ? `${notation} cannot go with --application` : `${notation} belongs to --application`, hint: 'medianest-perf help metrics explains both' })
}
