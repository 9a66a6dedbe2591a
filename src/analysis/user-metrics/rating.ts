import type { WebMetricName } from '../../model/web-metrics.ts'

/** How good a figure is for the people who wait for it. */
export type Rating = 'good' | 'needs-improvement' | 'poor'

/** Up to where the 75th percentile is good, and from where on it is poor: milliseconds, of `web.cls` the score (https://web.dev/articles/vitals, and for each https://web.dev/articles/lcp, /inp, /cls, /fcp, /ttfb, /fid). */
export const WEB_LIMITS: Readonly<Partial<Record<WebMetricName, readonly [good: number, poor: number]>>> = {
  'web.lcp': [2_500, 4_000], 'web.inp': [200, 500], 'web.cls': [0.1, 0.25], 'web.fcp': [1_800, 3_000], 'web.ttfb': [800, 1_800], 'web.fid': [100, 300],
}

/** What a 75th percentile is rated; null where Web Vitals have no word for it, or it is not known. */
export function rate(metric: string, p75: number | null): Rating | null {
  const limits = Object.hasOwn(WEB_LIMITS, metric) ? WEB_LIMITS[metric as WebMetricName] : undefined // a name of the table
  if (limits === undefined || p75 === null || Number.isNaN(p75)) return null
  return p75 <= limits[0] ? 'good' : p75 <= limits[1] ? 'needs-improvement' : 'poor'
}
