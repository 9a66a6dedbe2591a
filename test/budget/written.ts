import type { BudgetFile } from '../../src/budget/budget-format.ts'
import type { BudgetLine } from '../../src/model/budget.ts'
import { readDocument } from '../../src/document.ts'
import { guide } from '../../src/budget/guide.ts'
import { own } from '../../src/budget/own.ts'

/** Reads a budget of a text, our own or the guide's; `others` are files beside it. */
export function readBudget(text: string, others: Readonly<Record<string, string>> = {}): Promise<BudgetFile> {
  const document = readDocument('budget.yaml', text)
  const format = [own, guide].find((each) => each.recognise(document.value))
  if (!format) return Promise.reject(new Error('no known shape'))
  return format.read(document, { file: 'budget.yaml', folder: '/srv/app', read: async (path) => others[path] ?? Promise.reject(new Error('there is no such file')) })
}

/** Limits as a person would say them: `fail <= 500000`. */
export function limitsOf(lines: readonly BudgetLine[], id: string): string[] {
  const line = lines.find((each) => each.id === id)
  if (!line) throw new Error(`no line ${id} among ${lines.map((each) => each.id).join(', ')}`)
  return line.limits.map(({ level, operator, value, against }) => `${level} ${operator} ${value}${against === 'nothing' ? '' : ` ${against}`}`)
}
