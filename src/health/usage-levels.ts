import { USAGE_LEVELS } from '../analysis/usage-alert.ts'
import type { MetricName } from '../model/metric.ts'
import type { Levels } from './levels.ts'

/** The documented levels for the use of a resource; none for what has none. */
export function usageLevels(metric: MetricName): Levels {
  const found = USAGE_LEVELS.find((level) => level.metric === metric)
  return { warning: found?.warning, critical: found?.critical }
}
