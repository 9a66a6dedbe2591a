import type { Report } from '../model/report.ts'
import type { BudgetContext } from './budget-run.ts'

/** Writes a budget from what is there. */
export function initBudget(_context: BudgetContext): AsyncIterable<Report> {
  throw new Error('budget init is not there yet')
}
