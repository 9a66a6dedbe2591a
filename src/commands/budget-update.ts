import type { BudgetResult } from '../model/budget.ts'

/** What an update needs of its command. */
export interface UpdateContext {
  readonly host: { readonly files: { read(path: string): Promise<string>; write(path: string, text: string): Promise<void> } }
  readonly flags: { readonly yes: boolean | undefined; readonly margin?: number | undefined }
}

/** Tightens the limits in the files they were read from. */
export async function updateBudget(_context: UpdateContext, _results: readonly BudgetResult[]): Promise<readonly string[]> {
  throw new Error('budget --update is not there yet')
}
