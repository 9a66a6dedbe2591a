import { seriesKey, type MeasuredSeries } from '../../model/measurements.ts'
import { IMPROVEMENT_CATEGORIES, type ImprovementStep } from './improvement.ts'
import { median } from './ranks.ts'

/** A category then and now, and by which figures; both NaN where the sides have none in common. */
export interface TracedStep extends ImprovementStep {
  /** Names of the figures, whose sum it is. */
  readonly figures: readonly string[]
}

/**
 * Where the categories stand among measured figures, the first that both sides have. The API's response time is a mean, as the documents give it;
 * a page's load time is what Lighthouse says of its main content where nothing measured the load itself.
 */
const SOURCES: Readonly<Record<keyof typeof IMPROVEMENT_CATEGORIES, readonly string[]>> = {
  apiResponseTime: ['http.duration avg', 'http.duration p(50)', 'api.duration.avg', 'apiResponseTime'],
  databaseQueries: ['db.query.avg', 'databaseQueries', 'databaseQueryTime'],
  pageLoadTime: ['pageLoadTime', 'page.load', 'page_load_time', 'largest-contentful-paint', 'interactive'],
  bundleSize: ['bundleSize', 'totalBundleSize', 'size', 'resource-summary:script:size'],
  memoryUsage: ['instance.memory', 'heap.used', 'memoryUsage', 'memory.used', 'memory_usage'],
  cacheHitRate: ['cache.hit_rate', 'cacheHitRate', 'cache_hit_rate', 'db.cache.hits'],
}

/** Where a source does not name the statistic, the first of these. */
const STATISTICS = ['', ' avg', ' p(50)', ' value', ' rate']

/** Every category of the guide, from what two sides measured. */
export function improvementSteps(base: readonly MeasuredSeries[], head: readonly MeasuredSeries[]): TracedStep[] {
  return Object.entries(IMPROVEMENT_CATEGORIES).map(([category, { better, unit }]): TracedStep => {
    for (const name of (SOURCES[category] ?? []).flatMap((source) => (source.startsWith('http.') ? [source] : STATISTICS.map((statistic) => source + statistic)))) {
      const [before, after] = [base, head].map((side) => side.filter((series) => series.unit === unit && isNamed(series, name)))
      const common = (before ?? []).flatMap((series) => {
        const other = after?.find((each) => seriesKey(each) === seriesKey(series))
        return other ? [{ series, other }] : []
      })
      // Of sizes one more or less makes another sum; of the rest the mean of what both have will do.
      if (common.length === 0 || (unit === 'bytes' && common.length < Math.max(before?.length ?? 0, after?.length ?? 0))) continue
      const divisor = unit === 'bytes' ? 1 : common.length
      const sum = (pick: (pair: (typeof common)[number]) => MeasuredSeries): number => common.reduce((total, pair) => total + median(pick(pair).values), 0) / divisor
      return { category, better, baseline: sum(({ series }) => series), current: sum(({ other }) => other), figures: common.map(({ series }) => seriesKey(series)) }
    }
    return { category, better, baseline: Number.NaN, current: Number.NaN, figures: [] }
  })
}

/** Of all together where that is told, of each page, bundle or endpoint where it is not: a figure of an endpoint is not the API's. */
function isNamed(series: MeasuredSeries, name: string): boolean {
  return seriesKey(series.metric.startsWith('http.') ? series : { ...series, of: '' }) === name
}
