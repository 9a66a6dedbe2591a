import { percent } from '../../analysis/shape/figure.ts'
import { valueOf } from '../../model/snapshot.ts'
import { parseDuration, showDuration, showRatio } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { outcomeOf, single } from '../remark.ts'
import { usageLevels } from '../usage-levels.ts'

const OVER_MS = 1_000
/** Of its time; a share of a shorter time than was asked for is still told. */
const SHARE_OF_TIME = 0.8

/** Processors in use, by the documented levels; it takes as long as it watches, so it is no part of the preset: load and pressure tell of minutes at once. */
export const look: Look<'cpu'> = async (config, { world, signal, timeoutMs }) => {
  const overMs = Math.min(config.over === undefined ? OVER_MS : parseDuration(String(config.over)), timeoutMs * SHARE_OF_TIME)
  const samples = await world.usage(overMs, signal)
  const value = (metric: Parameters<typeof valueOf>[1]): number => valueOf({ samples }, metric)
  const use = value('cpu.usage')
  if (Number.isNaN(use)) return single('unknown', 'the use of processors could not be told', 'see whether /proc may be read, and whether it watches long enough (over)')
  const usage = judge({
    name: 'usage', value: use, unit: 'ratio', levels: readLevels(config.usage, 'ratio', usageLevels('cpu.usage')), bad: 'above', min: 0, max: 1,
    say: (shown) => `${shown} of the processors in use over ${showDuration(overMs)}`, recommendation: 'see what runs with: medianest-perf top',
  })
  const share = (metric: Parameters<typeof valueOf>[1]): number | null => percent(value(metric))
  return outcomeOf({
    fine: `${showRatio(use)} of the processors in use over ${showDuration(overMs)}`,
    remarks: [usage.remark],
    measures: [usage.measure],
    details: { usagePercent: share('cpu.usage'), userPercent: share('cpu.user'), systemPercent: share('cpu.system'), iowaitPercent: share('cpu.iowait'), stealPercent: share('cpu.steal'), throttledPercent: share('cgroup.cpu.throttled'), overMs },
  })
}
