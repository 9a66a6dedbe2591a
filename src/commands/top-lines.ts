import type { Feed } from '../model/feed.ts'
import type { MetricName } from '../model/metric.ts'
import type { Report } from '../model/report.ts'
import type { Filter } from '../tui/top/filter.ts'
import { tagsOf, valueOf, type Snapshot } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'
import { showBytes, showNumber, showQuantity, showRatio } from '../model/unit.ts'
import { metricsReport, nothingReport } from './metrics-report.ts'
import { isWhole, snapshots, type FeedLook } from './snapshots.ts'
import type { TopContext } from './top-run.ts'

/** How it is printed. */
export interface PrintTerms {
  readonly intervalMs: number
  /** How many looks; Infinity goes on until it is ended. */
  readonly most: number
  /** One line a look for people, rather than everything. */
  readonly asLines: boolean
}

const PROCESSES = 20

/** Prints a feed where there is no terminal to draw on: whole reports, for people as single lines. */
export async function* printTop({ host, flags }: TopContext, feed: Feed, filter: Filter | null, { intervalMs, most, asLines }: PrintTerms): AsyncGenerator<Report> {
  const startedAt = host.wallTime()
  const { tableRows } = await import('../tui/top/table.ts')
  const { startView } = await import('../tui/top/start-view.ts')
  const view = startView({ sort: flags.sort ?? 'cpu', filter })
  const ordered = (snapshot: Snapshot): Snapshot => (snapshot.processes ? { ...snapshot, processes: { ...snapshot.processes, rows: tableRows(snapshot.processes, view).map(({ process }) => process) } } : snapshot)
  const reportOf = (look: FeedLook, looks: number): Report => {
    const isLast = looks >= most
    const snapshot = ordered(look.snapshot)
    const whole = metricsReport({ ...look, snapshot }, { host, feed, intervalMs, processes: PROCESSES, order: 'given', topics: undefined, startedAt, looks, isLast, isOneOfMany: most > 1, interrupted: undefined })
    return { ...whole, command: 'top', ...(asLines ? { text: `${topLine(snapshot, -host.wallTime().getTimezoneOffset())}\n` } : {}) }
  }
  let printed = 0
  let passedOver = 0
  for await (const look of snapshots(feed, host.interrupts.drain)) {
    // A look that lacks something is passed over until there has been a whole one; of a recording everything counts.
    if (feed.kind !== 'recording' && printed === 0 && !isWhole(look, feed, intervalMs, true) && passedOver++ < PATIENCE) continue
    yield reportOf(look, ++printed)
    if (printed >= most) return
  }
  if (printed === 0) yield nothingReport(feed, host, startedAt, 'top')
}

/** Looks that may be passed over for lacking something before they are printed all the same. */
const PATIENCE = 5

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
