import { valueOf } from '../../model/snapshot.ts'
import { showBytes, showRatio } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { outcomeOf } from '../remark.ts'

/** Swap space in use. */
export const look: Look<'swap'> = async (config, { world }) => {
  const machine = await world.machine()
  const [total, used, usage] = [valueOf(machine, 'swap.total'), valueOf(machine, 'swap.used'), valueOf(machine, 'swap.usage')]
  if (Number.isNaN(usage)) return null
  const { measure, remark } = judge({
    name: 'usage', value: usage, unit: 'ratio', levels: readLevels(config.usage, 'ratio', { warning: 0.5, critical: 0.8 }), bad: 'above', min: 0, max: 1,
    say: (value) => `${value} of ${showBytes(total)} of swap in use`, recommendation: 'memory was short, or still is: see what uses it with: medianest-perf top',
  })
  return outcomeOf({ fine: `${showRatio(usage)} of ${showBytes(total)} in use`, remarks: [remark], measures: [measure], details: { totalBytes: total, usedBytes: used, usagePercent: Number((usage * 100).toFixed(2)) } })
}
