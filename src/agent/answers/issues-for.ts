import type { Issue } from '../../analysis/advice.ts'
import { type Caller, seesAll } from '../../contract/instance.ts'
import { METRICS, type Metric } from '../../model/metric.ts'

/** What could be better, as far as somebody may know it: names of disks and file systems are for who sees all. */
export function issuesFor(caller: Caller, issues: readonly Issue[]): readonly Issue[] {
  if (seesAll(caller)) return issues
  return issues.filter(({ metric }) => {
    const { tag }: Metric = METRICS[metric]
    return tag === undefined || tag === 'resource'
  })
}
