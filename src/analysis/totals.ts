import type { MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'
import { sumOf } from './shape/figure.ts'
import { countedDisks, countedInterfaces, mainMountpoint } from './shape/part.ts'

type Parts = (sampled: { readonly samples: Samples }) => readonly string[]

const allOf = (metric: MetricName): Parts => ({ samples }) => [...(samples.get(metric)?.keys() ?? [])]
const mainDisk: Parts = (sampled) => [mainMountpoint(sampled) ?? ''].filter((name) => name !== '')

/** What is told of several things and meant of all of them together: the parts that count. */
const TOTALS: readonly (readonly [MetricName, Parts])[] = [
  ['network.receive.rate', countedInterfaces],
  ['network.send.rate', countedInterfaces],
  ['disk.read.rate', countedDisks],
  ['disk.write.rate', countedDisks],
  ['filesystem.usage', mainDisk],
  ['jobs.waiting', allOf('jobs.waiting')],
  ['jobs.active', allOf('jobs.active')],
  ['jobs.failed', allOf('jobs.failed')],
]

/** One figure for all disks, interfaces and queues together, where a source tells of each; nothing where none is known. */
export function totalsOf(samples: Samples): ReadonlyMap<MetricName, number> {
  const totals = new Map<MetricName, number>()
  for (const [metric, parts] of TOTALS) {
    const series = samples.get(metric)
    if (!series || series.has('')) continue
    const total = sumOf(parts({ samples }).map((part) => series.get(part) ?? Number.NaN))
    if (!Number.isNaN(total)) totals.set(metric, total)
  }
  return totals
}
