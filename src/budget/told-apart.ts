import type { BudgetLine } from '../model/budget.ts'

/** Lines of one id get a number each, in the file's order: none may take the place of another. */
export function toldApart(lines: readonly BudgetLine[]): BudgetLine[] {
  const taken = new Set<string>()
  return lines.map((line) => {
    let { id } = line
    for (let nth = 2; taken.has(id); nth++) id = `${line.id} #${nth}`
    taken.add(id)
    return id === line.id ? line : { ...line, id }
  })
}
