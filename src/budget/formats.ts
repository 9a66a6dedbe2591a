import type { BudgetFormat } from './budget-format.ts'

/** Every way that budgets are written down, one file each; their marks exclude each other. */
export const BUDGET_FORMATS: readonly BudgetFormat[] = []
