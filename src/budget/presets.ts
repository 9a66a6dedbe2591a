import type { BudgetLine } from '../model/budget.ts'

/** Names of budgets that come with the program. */
export const BUDGET_PRESETS: readonly { readonly name: string; readonly about: string }[] = []

/** The lines of a budget that comes with the program. */
export function budgetPreset(_name: string, _root: string): BudgetLine[] {
  return []
}
