import type { Feed, FeedState } from '../model/feed.ts'
import type { MetricName } from '../model/metric.ts'
import type { Report } from '../model/report.ts'
import type { Filter } from '../tui/top/filter.ts'
import { tagsOf, valueOf, type Snapshot, type SystemFacts } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'
import { showBytes, showNumber, showQuantity, showRatio } from '../model/unit.ts'
import { nothingReport } from './metrics-report.ts'
import { snapshots, type FeedLook } from './snapshots.ts'
import { topReport } from './top-report.ts'
import type { TopContext } from './top-run.ts'

/** How it is printed. */
export interface PrintTerms {
  readonly intervalMs: number
  /** How many looks; Infinity goes on until it is ended. */
  readonly most: number
  /** One line a look for people, rather than everything. */
  readonly asLines: boolean
  /** Of a recording, its last look alone. */
  readonly onlyLast: boolean
}

/** Prints a feed where there is no terminal to draw on: whole reports, for people as single lines. */
export async function* printTop({ host, flags, note }: TopContext, feed: Feed, filter: Filter | null, { intervalMs, most, asLines, onlyLast }: PrintTerms): AsyncGenerator<Report> {
  const startedAt = host.wallTime()
  const { drain } = host.interrupts
  const { tableRows } = await import('../tui/top/table.ts')
  const { startView } = await import('../tui/top/start-view.ts')
  const view = startView({ sort: flags.sort ?? 'cpu', filter })
  const reportOf = (look: FeedLook, looks: number): Report => topReport(look, {
    host, feed, intervalMs, startedAt, looks, isLast: looks >= most, isOneOfMany: most > 1, rowsOf: (table) => tableRows(table, view).map(({ process }) => process),
    // A recording that was not read to its end has another look that is its last.
    interrupted: onlyLast && drain.aborted ? (drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
  }, asLines ? (snapshot) => `${topLine(snapshot, -host.wallTime().getTimezoneOffset())}\n` : undefined)
  const { heard, news } = overhear(feed)
  // The first look of a recording may have no rates: where looks are counted it is shown only if it is the only one.
  const passesFirst = feed.kind === 'recording' && Number.isFinite(most)
  let kept: FeedLook | null = null
  let printed = 0
  for await (const look of snapshots(heard, drain)) {
    if (onlyLast || (passesFirst && printed === 0 && kept === null && Number.isNaN(look.snapshot.elapsedMs))) {
      kept = look
      continue
    }
    yield reportOf(look, ++printed)
    if (printed >= most) return
  }
  if (printed === 0) yield kept ? reportOf({ ...kept, facts: news.facts ?? kept.facts }, 1) : nothingReport(feed, host, startedAt, 'top')
  if (news.state?.kind === 'ended' && news.state.isIncomplete) await note(`${plain(feed.name)}: ${plain(news.state.reason, 1_000)}`)
}

/** A feed, and what it has told last. */
function overhear(feed: Feed): { readonly heard: Feed; readonly news: { facts: SystemFacts | null; state: FeedState | null } } {
  const news: { facts: SystemFacts | null; state: FeedState | null } = { facts: null, state: null }
  const start: Feed['start'] = (listener) => feed.start({
    ...listener,
    facts: (facts) => {
      news.facts = facts
      listener.facts(facts)
    },
    state: (state) => {
      news.state = state
      listener.state(state)
    },
  })
  return { heard: { ...feed, start }, news }
}

/** One look in one plain line. */
export function topLine(snapshot: Snapshot, zoneMinutes: number): string {
  const value = (metric: MetricName, tag = ''): number => valueOf(snapshot, metric, tag)
  const rate = (metric: MetricName, counts: (tag: string) => boolean): string => {
    const tags = tagsOf(snapshot, metric)
    const counted = tags.some(counts) ? tags.filter(counts) : tags
    return showQuantity({ value: counted.reduce((sum, tag) => sum + value(metric, tag), 0), unit: 'bytes_per_second' })
  }
  // What lies on other disks or goes over another interface as well must not be counted twice.
  const isDisk = (device: string): boolean => !/^(dm-|md)\d/.test(device)
  const isWire = (name: string): boolean => value('network.virtual', name) !== 1
  const known = (figure: number, text: string): string | false => Number.isFinite(figure) && text
  const first = snapshot.processes?.rows[0]
  const limit = value('cgroup.memory.limit')
  const parts = [
    new Date(snapshot.at + zoneMinutes * 60_000).toISOString().slice(11, 19),
    known(value('cpu.usage'), `cpu ${showRatio(value('cpu.usage'))}`),
    known(value('load.1'), `load ${showNumber(value('load.1'))}`),
    known(value('memory.usage'), `memory ${showRatio(value('memory.usage'))} of ${showBytes(Number.isFinite(limit) ? limit : value('memory.total'))}`),
    known(value('swap.usage'), `swap ${showRatio(value('swap.usage'))}`),
    tagsOf(snapshot, 'disk.read.rate').length > 0 && `disk read ${rate('disk.read.rate', isDisk)} written ${rate('disk.write.rate', isDisk)}`,
    tagsOf(snapshot, 'network.receive.rate').length > 0 && `net in ${rate('network.receive.rate', isWire)} out ${rate('network.send.rate', isWire)}`,
    known(value('api.request_rate'), `api ${showQuantity({ value: value('api.request_rate'), unit: 'per_second' })}`),
    known(value('api.duration.p95'), `p95 ${showQuantity({ value: value('api.duration.p95'), unit: 'ms' })}`),
    known(value('api.errors'), `errors ${showRatio(value('api.errors'))}`),
    first && Number.isFinite(first.cpu) && `top ${plain(first.program.name, 40)}(${first.program.pid}) ${Math.round(first.cpu * 100)}%`,
  ]
  return parts.filter((part) => typeof part === 'string').join('  ')
}
