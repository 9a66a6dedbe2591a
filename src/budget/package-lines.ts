import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLine, PackagesSubject } from '../model/budget.ts'
import { limitsOf } from './limits.ts'
import type { Origin } from './origin.ts'

const TITLES: Readonly<Record<PackagesSubject['measure'], string>> = { direct: 'direct dependencies', installed: 'installed packages', packed: 'packed size', unpacked: 'unpacked size' }

/** Lines of the section `packages`; `folder` is where package.json lies. */
export function packageLines(packages: NonNullable<BudgetText['packages']>, origin: Origin, folder: string): BudgetLine[] {
  return (['direct', 'installed', 'packed', 'unpacked'] as const).flatMap((measure) => {
    const written = packages[measure]
    if (written === undefined) return []
    const isSize = measure === 'packed' || measure === 'unpacked'
    const path = ['packages', measure]
    const where = origin.at(path, 'key')
    return [{
      id: `packages:${measure}`, section: 'packages', title: TITLES[measure], unit: isSize ? 'bytes' : 'count', better: 'lower', ...(where ? { where } : {}),
      subjects: [{ kind: 'packages', root: folder, measure }],
      limits: limitsOf(written, { origin, path, kind: isSize ? 'size' : 'count', better: 'lower' }),
    } satisfies BudgetLine]
  })
}
