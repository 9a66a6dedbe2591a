import type { BudgetLine } from '../model/budget.ts'

/** Lines of a file that another one takes over. Their limits are not written anew: nobody would look for the change there, and others may take the file over too. */
export function takenOver(lines: readonly BudgetLine[]): BudgetLine[] {
  return lines.map((line) => ({ ...line, limits: line.limits.map(({ path: _elsewhere, ...limit }) => limit) }))
}
