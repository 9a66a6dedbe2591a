import type { BudgetResult } from '../model/budget.ts'
import type { BudgetContext } from './budget-run.ts'

/** Tightens the budget's files to what was measured; says what it did. */
export async function updateBudget(_context: BudgetContext, _results: readonly BudgetResult[]): Promise<readonly string[]> {
  throw new Error('budget --update is not there yet')
}
