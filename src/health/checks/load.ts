import { valueOf } from '../../model/snapshot.ts'
import { plural } from '../../model/text.ts'
import { showNumber } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { outcomeOf } from '../remark.ts'
import { unmeasured } from '../unmeasured.ts'

const METRICS = { 1: 'load.1', 5: 'load.5', 15: 'load.15' } as const

/** Load for each processor, over 5 minutes unless told: a shorter time wakes people for every compilation. */
export const look: Look<'load'> = async (config, { world }) => {
  const machine = await world.machine()
  const average = config.average ?? 5
  const load = valueOf(machine, METRICS[average])
  if (Number.isNaN(load)) return machine.failures.has('load') ? unmeasured(machine, 'load', 'the load') : null
  const perCore = judge({
    name: 'per core', value: load / world.cores, unit: 'count', levels: readLevels(config.perCore, 'count', { warning: 2, critical: 4 }), bad: 'above', min: 0,
    say: (value) => `load of ${value} for each processor over ${plural(average, 'minute')}`, recommendation: 'see what runs, and what waits for disks, with: medianest-perf top',
  })
  return outcomeOf({
    fine: `load ${showNumber(load)} over ${plural(average, 'minute')} on ${plural(world.cores, 'processor')}`,
    remarks: [perCore.remark],
    measures: [perCore.measure],
    details: { load1: given(valueOf(machine, 'load.1')), load5: given(valueOf(machine, 'load.5')), load15: given(valueOf(machine, 'load.15')), cores: world.cores },
  })
}

function given(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
