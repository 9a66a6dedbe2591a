import { percent } from '../../analysis/shape/figure.ts'
import { tagsOf, valueOf } from '../../model/snapshot.ts'
import { showRatio } from '../../model/unit.ts'
import { judge, readLevels, type Levels } from '../levels.ts'
import type { Look } from '../look.ts'
import { outcomeOf } from '../remark.ts'

const NONE: Levels = { warning: undefined, critical: undefined }

/** Waiting for a processor is what a busy machine is for: judged only where it is wanted. */
const RESOURCES = [
  { resource: 'cpu', noun: 'a processor', preset: NONE, recommendation: 'see what uses the processors with: medianest-perf top' },
  { resource: 'memory', noun: 'memory', preset: { warning: 0.1, critical: 0.4 }, recommendation: 'memory is short: see what uses it with: medianest-perf top; then end or restart that, or add memory' },
  { resource: 'io', noun: 'disks', preset: { warning: 0.4, critical: 0.8 }, recommendation: 'see which disk is busy, and what reads and writes, with: medianest-perf top' },
] as const

/** Share of the last minute in which something waited for a resource (PSI), the control group's where it has a limit. */
export const look: Look<'pressure'> = async (config, { world }) => {
  const machine = await world.machine()
  const told = tagsOf(machine, 'pressure.some.60')
  if (told.length === 0) return null
  const judged = RESOURCES.filter(({ resource }) => told.includes(resource) || config[resource] !== undefined).map(({ resource, noun, preset, recommendation }) => judge({
    name: 'waited', of: resource, value: valueOf(machine, 'pressure.some.60', resource), unit: 'ratio', levels: readLevels(config[resource], 'ratio', preset), bad: 'above', min: 0, max: 1,
    say: (value) => `${value} of the last minute something waited for ${noun}`, recommendation,
  }))
  return outcomeOf({
    fine: `waited in the last minute: ${judged.map(({ measure }) => `${measure.of ?? ''} ${showRatio(measure.value)}`).join(', ')}`,
    remarks: judged.map(({ measure, remark }) => (remark?.verdict === 'unknown' ? { ...remark, text: `pressure on ${measure.of ?? ''} could not be told` } : remark)),
    measures: judged.map(({ measure }) => measure),
    details: Object.fromEntries(judged.map(({ measure }) => [measure.of ?? '', percent(measure.value)])),
  })
}
