import type { BudgetFormat } from './budget-format.ts'
import { guide } from './guide.ts'
import { lighthouseBudget } from './lighthouse-budget.ts'
import { lighthouserc } from './lighthouserc.ts'
import { own } from './own.ts'
import { sizeLimit } from './size-limit.ts'

/** Every way that budgets are written down, one file each; their marks exclude each other. */
export const BUDGET_FORMATS: readonly BudgetFormat[] = [own, guide, lighthouseBudget, lighthouserc, sizeLimit]
