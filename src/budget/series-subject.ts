import type { OfPattern, SeriesSubject } from '../model/budget.ts'
import type { Statistic } from '../model/threshold.ts'

export const P75: Statistic = { kind: 'p', percent: 75 }
export const RATE: Statistic = { kind: 'rate' }

/** A figure of results; of several runs the median, unlike lhci, which takes the best. */
export function seriesSubject(metric: string, statistic: Statistic | null = null, of: OfPattern | null = null): SeriesSubject {
  return { kind: 'series', metric, statistic, of, aggregate: 'median' }
}

/** Pages whose path fits a glob; all of them without one. */
export function pagesLike(glob: string | undefined): OfPattern | null {
  return glob === undefined ? null : { syntax: 'glob', pattern: glob }
}
