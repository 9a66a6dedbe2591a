import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLine } from '../model/budget.ts'
import { apiLines } from './api-lines.ts'
import { backendLines } from './backend-lines.ts'
import { bundleLines } from './bundle-lines.ts'
import { lighthouseLines } from './lighthouse-lines.ts'
import type { Origin } from './origin.ts'
import { packageLines } from './package-lines.ts'
import { resourceLines } from './resource-lines.ts'
import { thresholdLines } from './threshold-lines.ts'
import { timingLines } from './timing-lines.ts'
import { toldApart } from './told-apart.ts'

/** The lines of all sections of a budget, none of the same id; `folder` is where it lies. Throws UserError of the sections. */
export function linesOf(budget: BudgetText, origin: Origin, folder: string): BudgetLine[] {
  const { bundles, packages, timing, resources, lighthouse, api, backend, thresholds } = budget
  return toldApart([
    ...(bundles ? bundleLines(bundles, origin) : []),
    ...(packages ? packageLines(packages, origin, folder) : []),
    ...(timing ? timingLines(timing, origin) : []),
    ...(resources ? resourceLines(resources, origin) : []),
    ...(lighthouse ? lighthouseLines(lighthouse, origin) : []),
    ...(api ? apiLines(api, origin) : []),
    ...(backend ? backendLines(backend, origin) : []),
    ...(thresholds ? thresholdLines(thresholds, origin) : []),
  ])
}

/** Lines in order, a later one in the place of an earlier of the same id. */
export function overlaid(...lists: readonly (readonly BudgetLine[])[]): BudgetLine[] {
  return [...new Map(lists.flat().map((line) => [line.id, line])).values()]
}
