/** One class of a histogram. */
export interface Bucket {
  /** Upper end, included; Infinity for the last. */
  readonly le: number
  /** How many observations are at most that, those of the classes before included. */
  readonly count: number
}

/**
 * A quantile (0..1) of a histogram, as `histogram_quantile` estimates it: observations lie evenly in their class, the first begins at 0 where it ends above 0, and what
 * would lie in the class without end is told as the highest end there is, so the truth may be more. NaN without a class +Inf, with no other class, or without observations.
 * Source: `BucketQuantile`, https://github.com/prometheus/prometheus/blob/main/promql/quantile.go; https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile.
 */
export function histogramQuantile(share: number, buckets: readonly Bucket[]): number {
  const sorted = rising(buckets)
  const last = sorted.length - 1
  if (last < 1 || sorted[last]?.le !== Infinity) return Number.NaN
  const total = sorted[last].count
  if (!(total > 0)) return Number.NaN
  const rank = share * total
  const found = sorted.slice(0, last).findIndex(({ count }) => count >= rank)
  const { le: end, count } = sorted[found] ?? { le: Number.NaN, count: Number.NaN }
  if (found < 0) return sorted[last - 1]?.le ?? Number.NaN
  if (found === 0 && end <= 0) return end
  const before = sorted[found - 1] ?? { le: 0, count: 0 }
  return before.le + (end - before.le) * ((rank - before.count) / (count - before.count))
}

/**
 * How many observations are at most `limit`: read off where a class ends there, else between two ends as `histogramQuantile` does; beyond the highest end only what
 * is known to lie below it. Never falls as counts grow or as `limit` does.
 */
export function countUpTo(limit: number, buckets: readonly Bucket[]): number {
  const sorted = rising(buckets)
  const above = sorted.findIndex(({ le }) => le >= limit)
  const { le: end, count } = sorted[above] ?? { le: Infinity, count: 0 }
  if (end === limit) return count
  const before = sorted[(above < 0 ? sorted.length : above) - 1] ?? { le: 0, count: 0 }
  if (end === Infinity) return before.count
  return before.count + (count - before.count) * ((limit - before.le) / (end - before.le))
}

/** In order of their ends, each end once, and no count below the one before it, as a scrape in the middle of an observation may show. */
function rising(buckets: readonly Bucket[]): Bucket[] {
  const rows: { le: number; count: number }[] = []
  for (const { le, count } of buckets.toSorted((a, b) => a.le - b.le)) {
    const before = rows.at(-1)
    if (before?.le === le) before.count += count
    else rows.push({ le, count })
  }
  let most = 0
  for (const row of rows) row.count = most = Math.max(most, row.count)
  return rows
}
