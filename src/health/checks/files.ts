import { valueOf } from '../../model/snapshot.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { outcomeOf, single } from '../remark.ts'
import { unmeasured } from '../unmeasured.ts'

/** systemd sets the most there is: nothing comes near it. */
const PRACTICALLY_ENDLESS = 2 ** 53

/** Open files of those the machine may have. */
export const look: Look<'files'> = async (config, { world }) => {
  const machine = await world.machine()
  const [open, limit] = [valueOf(machine, 'files.open'), valueOf(machine, 'files.limit')]
  if (Number.isNaN(open)) return machine.failures.has('files') ? unmeasured(machine, 'files', 'the open files') : null
  const details = { open, limit: limit < PRACTICALLY_ENDLESS ? limit : null }
  const count = { name: 'open', value: open, unit: 'count', min: 0 } as const
  if (!(limit < PRACTICALLY_ENDLESS)) return single('ok', `${open} open files, and no limit that matters`, undefined, { measures: [count], details })
  const { measure, remark } = judge({
    name: 'usage', value: limit > 0 ? open / limit : Number.NaN, unit: 'ratio', levels: readLevels(config.usage, 'ratio', { warning: 0.8, critical: 0.95 }), bad: 'above', min: 0, max: 1,
    say: (value) => `${open} files open, ${value} of the ${limit} this machine may have`, recommendation: 'see who has them open with: lsof -n; raise the limit with: sysctl fs.file-max',
  })
  return outcomeOf({ fine: `${open} open files of ${limit}`, remarks: [remark], measures: [measure, { ...count, max: limit }], details })
}
