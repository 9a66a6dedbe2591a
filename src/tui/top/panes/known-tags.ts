import type { Moment } from '../../../analysis/moment.ts'
import type { MetricName } from '../../../model/metric.ts'

/** The tags of the first of these metrics that has any: counters are known a look before the rates that follow from them. */
export function knownTags(moment: Moment, ...metrics: readonly MetricName[]): readonly string[] {
  for (const metric of metrics) {
    const tags = moment.tags(metric)
    if (tags.length > 0) return tags
  }
  return []
}
