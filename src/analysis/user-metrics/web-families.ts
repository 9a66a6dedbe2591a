import { METRICS, prometheusOf } from '../../model/metric.ts'
import { isWebMetric } from '../../model/web-metrics.ts'
import type { PageSeries } from './page-series.ts'

/** A family of Prometheus' type summary: quantiles are of the sliding window, sum and count of all since the series began. In base units. */
export interface SummaryFamily {
  readonly name: string
  readonly type: 'summary'
  readonly help: string
  readonly series: readonly {
    /** Their values are untrusted, and safe to show. */
    readonly labels: Readonly<Record<string, string>>
    readonly quantiles: readonly (readonly [quantile: number, value: number])[]
    readonly sum: number
    readonly count: number
  }[]
}

const QUANTILES = [0.5, 0.75, 0.95] as const
const PHASE = 'navigation.'

/** What browsers told as families: one for each metric of the catalogue, one for phases of navigations, one for measurements of other names. */
export function webFamilies(all: readonly PageSeries[], now: number): SummaryFamily[] {
  const families = new Map<string, { name: string; type: 'summary'; help: string; series: SummaryFamily['series'][number][] }>()
  for (const each of all) {
    const { name, help, labels, scale } = familyOf(each)
    const family = families.get(name) ?? { name, type: 'summary', help, series: [] }
    families.set(name, family)
    const { count, percentile } = each.values.summary(now)
    // Of an empty window a summary says that it knows nothing.
    family.series.push({ labels, quantiles: count === 0 ? [] : QUANTILES.map((quantile) => [quantile, percentile(quantile * 100) / (1 / scale)] as const), sum: each.sum / (1 / scale), count: each.count })
  }
  return [...families.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

function familyOf({ metric, page }: PageSeries): { name: string; help: string; labels: Record<string, string>; scale: number } {
  if (isWebMetric(metric)) {
    const { name, scale } = prometheusOf(metric)
    return { name, help: METRICS[metric].help, labels: { page }, scale }
  }
  if (metric.startsWith(PHASE)) return { name: 'medianest_web_navigation_phase_seconds', help: 'Time the phases of a navigation took, of real users.', labels: { page, phase: metric.slice(PHASE.length) }, scale: 0.001 }
  return { name: 'medianest_web_measurement_seconds', help: 'Times of other names that browsers of real users told.', labels: { page, type: metric }, scale: 0.001 }
}
