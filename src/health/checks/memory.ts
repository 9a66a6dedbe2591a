import { valueOf } from '../../model/snapshot.ts'
import { showBytes, showRatio } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { outcomeOf } from '../remark.ts'
import { unmeasured } from '../unmeasured.ts'
import { usageLevels } from '../usage-levels.ts'

/** Memory in use and still to be had; where a control group has a limit, of that. */
export const look: Look<'memory'> = async (config, { world }) => {
  const machine = await world.machine()
  const usage = valueOf(machine, 'memory.usage')
  if (Number.isNaN(usage)) return unmeasured(machine, 'memory', 'memory in use')
  const groupUsage = valueOf(machine, 'cgroup.memory.usage')
  const isLimited = groupUsage === usage
  const total = isLimited ? valueOf(machine, 'cgroup.memory.limit') : valueOf(machine, 'memory.total')
  const machineAvailable = valueOf(machine, 'memory.available')
  // A group may have room that the machine no longer has.
  const available = isLimited ? Math.max(0, Math.min(total - valueOf(machine, 'cgroup.memory.used'), Number.isNaN(machineAvailable) ? Number.POSITIVE_INFINITY : machineAvailable)) : machineAvailable
  const kills = valueOf(machine, 'cgroup.oom_kills')
  const of = isLimited ? `the control group's limit of ${showBytes(total)}` : showBytes(total)
  const recommendation = isLimited ? 'see what uses it with: medianest-perf top; then end it, or give the container more memory' : 'see what uses it with: medianest-perf top; then end or restart that, or add memory'

  const used = judge({ name: 'usage', value: usage, unit: 'ratio', levels: readLevels(config.usage, 'ratio', usageLevels('memory.usage')), bad: 'above', min: 0, max: 1, say: (value) => `${value} of ${of} in use`, recommendation })
  const left = judge({ name: 'available', value: available, unit: 'bytes', levels: readLevels(config.available, 'bytes'), bad: 'below', min: 0, max: total, say: (value) => `only ${value} of memory available`, recommendation })
  const killed = used.remark !== null && kills > 0 ? { verdict: used.remark.verdict, text: `${kills === 1 ? '1 process was' : `${kills} processes were`} killed for want of memory since it began` } : null
  return outcomeOf({
    fine: `${showRatio(usage)} of ${of} in use, ${showBytes(available)} available`,
    remarks: [used.remark, left.remark, killed],
    measures: [used.measure, left.measure],
    details: { total: text(total), available: text(available), usage: `${Math.round(usage * 100)}%`, totalBytes: total, availableBytes: available, usagePercent: Number((usage * 100).toFixed(2)), ...(isLimited && { limitedBy: 'control group' }), ...(kills >= 0 && { oomKills: kills }) },
  })
}

function text(bytes: number): string {
  return showBytes(bytes).replace(' ', '')
}
